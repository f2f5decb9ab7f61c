import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type HttpAnswer, type HttpRequest, type Log, type Platform, StartupError, surviveLoss } from '@souk/kit';
import pg from 'pg';
import { stripeEvents, stripeGateway } from './payment-gateway.stripe.ts';
import { type PaymentsPorts, SIMULATOR_PATH } from './payments.ports.ts';
import { SCHEMA } from './simulator/simulator.tables.ts';
import { type Simulator, startSimulator } from './simulator/simulator.ts';

/** Takes a webhook as it came. */
type Hearing = (request: Pick<HttpRequest, 'body' | 'headers'>, ports: PaymentsPorts) => Promise<HttpAnswer>;

/** With three tries it stays within the lease of a payment that is being called about. */
const TIMEOUT_MS = 8_000;
const RETURN_PATH = '/payments/return';
const SIMULATOR_POOL = 6;

/** The gateway of this process: Stripe's where an account is configured, the local simulator's otherwise. */
export async function openPorts(platform: Platform, log: Log, hear: Hearing): Promise<PaymentsPorts> {
  const {
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STRIPE_API_URL: apiUrl,
  } = platform.config;
  const returnUrl = new URL(RETURN_PATH, platform.publicUrl).href;
  if (!secretKey || !webhookSecret) return openSimulator(platform, log, hear, returnUrl);
  const gateway = stripeGateway({
    secretKey,
    apiUrl,
    webhookSecrets: [webhookSecret],
    timeoutMs: TIMEOUT_MS,
  });
  return {
    gateway,
    provider: 'STRIPE',
    publishableKey: platform.config.STRIPE_PUBLISHABLE_KEY ?? null,
    returnUrl,
    simulator: null,
    close: async () => undefined,
  };
}

/**
 * Starts the simulator beside this house. Its webhooks come to a loopback door of ours that answers as `/webhooks/stripe`
 * does, so they arrive whatever the public address is and before it listens. Keys are new with every start: nobody who
 * can reach the public route can sign a webhook.
 */
async function openSimulator(platform: Platform, log: Log, hear: Hearing, returnUrl: string): Promise<PaymentsPorts> {
  if (platform.adminUrl === null) {
    throw new StartupError(
      'The payments house has no payment provider.',
      'Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET. The simulator runs in the embedded profile only.',
    );
  }
  const pool = surviveLoss(
    new pg.Pool({
      connectionString: await prepareSimulator(platform.adminUrl),
      max: SIMULATOR_POOL,
      application_name: 'souk-stripe-simulator',
    }),
  );
  const secretKey = `sk_test_${randomBytes(16).toString('hex')}`;
  const webhookSecret = `whsec_${randomBytes(24).toString('hex')}`;
  let simulator: Simulator | undefined;
  const door = await openDoor((request) => hear(request, ports), log);
  const close = async () => {
    await simulator?.stop();
    door.server.close();
    door.server.closeAllConnections();
    await pool.end();
  };
  try {
    simulator = await startSimulator({
      pool,
      secretKey,
      webhook: null,
      environment: { SOUK_ENV: platform.config.SOUK_ENV },
      publicUrl: new URL(SIMULATOR_PATH, platform.publicUrl).href,
      onError: (message, error) => log.error({ error }, message),
    });
  } catch (error) {
    await close();
    throw error;
  }
  const ports: PaymentsPorts = {
    gateway: stripeGateway({
      secretKey,
      apiUrl: simulator.url,
      webhookSecrets: [webhookSecret],
      timeoutMs: TIMEOUT_MS,
    }),
    provider: 'SIMULATOR',
    publishableKey: null,
    returnUrl,
    simulator: {
      url: simulator.url,
      secretKey,
      webhookUrl: door.url,
      webhookSecret,
      answerPage: simulator.answerPage,
    },
    close,
  };
  simulator.deliverTo({ url: door.url, secret: webhookSecret, events: stripeEvents });
  return ports;
}

type Answering = (request: Pick<HttpRequest, 'body' | 'headers'>) => Promise<HttpAnswer>;

async function openDoor(answer: Answering, log: Log): Promise<{ server: Server; url: string }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const signature = request.headers['stripe-signature'];
    try {
      const headers = { 'stripe-signature': typeof signature === 'string' ? signature : undefined };
      const { status, body } = await answer({ body: Buffer.concat(chunks), headers });
      response.writeHead(status).end(body);
    } catch (error) {
      log.warn({ error }, 'a webhook could not be taken and will be sent again');
      response.writeHead(500).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the webhook door has no port');
  return { server, url: `http://127.0.0.1:${address.port}/webhooks/stripe` };
}

/** The simulator's own role and schema: it stands for a company elsewhere, and the house has no right in it. */
async function prepareSimulator(adminUrl: string): Promise<string> {
  const own = new URL(adminUrl);
  const secret = decodeURIComponent(own.password);
  own.username = SCHEMA;
  own.password = createHmac('sha256', secret).update(`souk role ${SCHEMA}`).digest('hex');
  const keeperUrl = new URL(adminUrl);
  const database = decodeURIComponent(keeperUrl.pathname.slice(1));
  keeperUrl.pathname = '/postgres';
  // Roles are the cluster's: two starts on two databases take turns by the lock that preparing the houses takes.
  await withClient(keeperUrl.href, async (keeper) => {
    await keeper.query(`select pg_advisory_lock(hashtext('souk prepare'))`);
    const known = await keeper.query('select from pg_roles where rolname = $1', [SCHEMA]);
    if (known.rowCount === 0) await keeper.query(`create role ${SCHEMA} login`);
    await keeper.query(`alter role ${SCHEMA} password ${pg.escapeLiteral(own.password)}`);
    await keeper.query(`grant connect on database ${pg.escapeIdentifier(database)} to ${SCHEMA}`);
  });
  await withClient(adminUrl, (admin) => admin.query(`create schema if not exists ${SCHEMA} authorization ${SCHEMA}`));
  return own.href;
}

async function withClient(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
