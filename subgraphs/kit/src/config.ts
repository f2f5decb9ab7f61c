import { z } from 'zod';
import { limitSettings } from './config.limits.ts';
import { type Setting, setting } from './config.setting.ts';
import { split } from './db.places.ts';
import { StartupError } from './errors.ts';
import { isRedisUrl } from './redis.url.ts';

const port = z.coerce.number().int().min(0).max(65535);
const postgresUrl = z.url({ protocol: /^postgres(ql)?$/ });
const STRIPE = 'https://api.stripe.com';
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** Every environment variable Souk reads: the source of the types, of `.env.example` and of `npm run doctor`. */
export const settings = {
  SOUK_ENV: setting(
    z.enum(['development', 'test', 'production']).default('development'),
    'development',
    'development, test or production. Production refuses default secrets, the Stripe simulator and introspection.',
  ),
  SOUK_PORT: setting(port.default(4000), '4000', 'Port of the graph, the console and the mailbox.'),
  SOUK_HOST: setting(z.string().min(1).default('127.0.0.1'), '127.0.0.1', 'Address to listen on.'),
  SOUK_PUBLIC_URL: setting(
    z.url().optional(),
    '',
    'URL under which browsers reach the router. Default: http://localhost and the port.',
    { demand: 'production needs the address shoppers use.' },
  ),
  SOUK_STOREFRONT_URL: setting(
    z.url({ protocol: /^https?$/ }).optional(),
    '',
    'URL of the shop that shoppers see: mails link to its /orders/NUMBER. Default: mails say how to look an order up, and link to none.',
  ),
  SOUK_ALLOWED_ORIGINS: setting(
    z.string().optional(),
    '',
    'Comma-separated origins that may call the graph from a browser, besides its own.',
  ),
  SOUK_DATA_DIR: setting(
    z.string().min(1).optional(),
    '',
    'Folder for the engines that Souk starts itself, and uploads. Default: .souk, or .souk-distributed.',
  ),
  SOUK_LOG_LEVEL: setting(
    z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    'info',
    'debug, info, warn, error or silent.',
  ),
  SOUK_POSTGRES_URL: setting(
    postgresUrl.optional(),
    '',
    "URL of PostgreSQL 18 or newer, for the distributed profile. An administrator's role sets up every subgraph; SOUK_POSTGRES_URL_ORDERS and so on are for a subgraph that lives elsewhere or has a role of its own.",
  ),
  SOUK_POSTGRES_POOLER_URL: setting(
    postgresUrl.optional(),
    '',
    'URL of a pooler such as PgBouncer in front of it, if any: postgres://host:6432 is enough. Migrations go past it. Also per subgraph, as above.',
  ),
  SOUK_POSTGRES_REPLICA_URL: setting(
    postgresUrl.optional(),
    '',
    'URL of a streaming standby that queries may read: postgres://host:5432 is enough. Also per subgraph, as above.',
  ),
  SOUK_POSTGRES_POOL: setting(
    z.coerce.number().int().min(9).max(500).default(48),
    '48',
    'Most PostgreSQL connections over all subgraphs together.',
  ),
  SOUK_REDIS_URL: setting(
    z.string().refine(isRedisUrl).optional(),
    'redis://localhost:6379',
    'Redis of the distributed profile, 6.2 or newer: redis://user:password@host:6379 for one node, redis+cluster://host1:6379,host2:6379 for a Redis Cluster, rediss for TLS.',
  ),
  SOUK_NATS_URL: setting(
    z.string().min(1).optional(),
    'nats://localhost:4222',
    'NATS 2.9 or newer with JetStream, for the distributed profile: nats://user:password@host:4222, or several of one cluster with commas between them; tls:// for TLS.',
  ),
  SOUK_NATS_REPLICAS: setting(
    z.coerce.number().int().min(1).max(5).default(1),
    '1',
    'Copies of each stream of facts: 1 for a single server, 3 in a cluster.',
  ),
  SOUK_SUBGRAPH_URLS: setting(
    z.string().optional(),
    '',
    'Where the subgraphs of the distributed profile listen: users=http://host:4101,products=http://host:4102 and so on. A subgraph that runs as several processes has several addresses: orders=http://one:4105,http://two:4105.',
  ),
  SOUK_DRAIN_SECONDS: setting(
    z.coerce.number().min(0).max(4).default(1),
    '1',
    'Seconds for which a process that was told to stop still takes requests while its readiness says no, so that whoever balances notices first. For the distributed profile; 0 to 4, of ten that stopping takes at most.',
  ),
  SOUK_HEALTH_PORT: setting(
    port.optional(),
    '',
    'Port where /health/live, /health/ready and /metrics answer by plain HTTP, for probes and Prometheus. Publish it to nobody else. Default: health on SOUK_PORT alone.',
  ),
  SOUK_METRICS_TOKEN: setting(
    z.string().min(16).optional(),
    '',
    'Secret of at least 16 characters for which /metrics also answers on SOUK_PORT, as "Authorization: Bearer …". Default: there it is not found; a subgraph shows it to its own machine.',
  ),
  SOUK_TRACE_URL: setting(
    z
      .url({ protocol: /^https?$/ })
      .refine((text) => /\{(traceId|requestId)\}/.test(text))
      .optional(),
    '',
    'Where the console sends staff to see a trace, with {traceId} or {requestId} in it, such as https://jaeger.example/trace/{traceId}. Default: the ids are shown and link to nothing.',
    { of: ['router'] },
  ),
  SOUK_ACCESS_LOG: setting(
    z.coerce.number().min(0).max(1).optional(),
    '',
    'Share of the operations that the router writes a log line of, 0 to 1: what it was by name, how it ended and how long it took, never a value. Faults of ours are always written, unless it is 0. Default: 1 in production, else 0.',
    { of: ['router'] },
  ),
  SOUK_SPAN_LOG: setting(
    flag.default(false),
    'false',
    'true writes a log line for each span: an operation, a mutation in its subgraph, a fact that is heard, a tick; with W3C trace, span and parent ids.',
  ),
  SOUK_VIEWER_PRIVATE_KEY: setting(
    z.string().optional(),
    '',
    'Ed25519 private key (PKCS #8 PEM) with which the router and the platform subgraph sign who asks, for the distributed profile.',
    { of: ['router', 'platform'] },
  ),
  SOUK_VIEWER_PUBLIC_KEYS: setting(
    z.string().optional(),
    '',
    'Ed25519 public keys (PEM, one after the other) whose word about who asks a subgraph believes. Two while a key is being changed.',
  ),
  SOUK_TLS_CERT: setting(
    z.string().min(1).optional(),
    '',
    'File of the certificate (PEM) that this process shows to the others. Goes with SOUK_TLS_KEY and SOUK_TLS_CA.',
  ),
  SOUK_TLS_KEY: setting(z.string().min(1).optional(), '', 'File of its private key (PEM).'),
  SOUK_TLS_CA: setting(
    z.string().min(1).optional(),
    '',
    'File of the authority (PEM) that signed the certificates of all processes: no other is let in.',
  ),
  SOUK_INTROSPECTION: setting(flag.optional(), '', 'true or false. Default: on, except in production.'),
  ROUTER_EXECUTOR: setting(
    z.enum(['compiled', 'stock']).default('compiled'),
    'compiled',
    "compiled or stock: who runs the plans of the router, its own executor or that of Apollo's gateway.",
  ),
  SOUK_SUPERGRAPH: setting(
    z.string().min(1).optional(),
    '',
    'File of the supergraph that the router serves. A new one is taken while it runs; one that cannot serve is refused. Default: schema/supergraph.graphql.',
    { of: ['router'] },
  ),
  SOUK_SUPERGRAPH_POLL_SECONDS: setting(
    z.coerce.number().min(0.1).max(3600).default(10),
    '10',
    'Seconds between readings of that file, where nobody tells of its changes, such as on a network drive.',
    { of: ['router'] },
  ),
  ROUTER_CACHE: setting(
    z.enum(['memory', 'redis', 'off']).default('memory'),
    'memory',
    'memory, redis or off: where the router keeps what every shopper of a channel is shown alike, until it changes. redis shares it among all routers, memory is faster.',
    { of: ['router'] },
  ),
  SOUK_PERSISTED_OPERATIONS: setting(
    z.enum(['log', 'id', 'safelist']).default('log'),
    'log',
    'log, id or safelist: what clients may ask. log runs everything and logs once what is in no manifest; id runs registered operations alone, asked for by their ids; safelist only those registered for the very client. Staff may write operations in the console in any case.',
    { of: ['router'] },
  ),
  SOUK_JWT_PRIVATE_KEY: setting(
    z.string().optional(),
    '',
    'Ed25519 private key (PKCS #8 PEM) that signs access tokens. Default outside production: made once and kept in the data folder.',
    { of: ['users'], demand: 'production needs a key of your own.' },
  ),
  SOUK_JWT_PUBLIC_KEY: setting(
    z.string().optional(),
    '',
    'Its public half (PEM), for a router in a process of its own, which then needs no private key of accounts.',
    { of: ['router'] },
  ),
  SOUK_ADMIN_EMAIL: setting(
    z.email().default('admin@souk.example'),
    'admin@souk.example',
    'E-mail address of the first administrator, made when there is no account yet.',
    { of: ['users'] },
  ),
  SOUK_ADMIN_PASSWORD: setting(
    z.string().min(10).max(200).optional(),
    '',
    'Password of the first administrator, 10 to 200 characters. Default outside production: a demo password, printed at start.',
    { of: ['users'], demand: 'production needs a password of your own for the first administrator.' },
  ),
  SOUK_FETCH_IMAGES: setting(
    flag.default(false),
    'false',
    'true lets Souk fetch the pictures an import names, from public https addresses only.',
  ),
  STRIPE_SECRET_KEY: setting(
    z.string().startsWith('sk_').optional(),
    '',
    'Secret key of the Stripe account. Default outside production: the local simulator.',
    { of: ['payments'], demand: 'production needs a Stripe account, not the simulator.' },
  ),
  STRIPE_WEBHOOK_SECRET: setting(
    z.string().startsWith('whsec_').optional(),
    '',
    'Signing secret of the Stripe webhook endpoint. Goes with STRIPE_SECRET_KEY.',
    { of: ['payments'] },
  ),
  STRIPE_PUBLISHABLE_KEY: setting(
    z.string().startsWith('pk_').optional(),
    '',
    "Publishable key of the Stripe account, told to browsers that show Stripe's own card fields.",
    { of: ['payments'] },
  ),
  STRIPE_API_URL: setting(
    z.url({ protocol: /^https?$/ }).default(STRIPE),
    STRIPE,
    "Where Stripe's API is. Only for a stand-in of your own; production talks to Stripe itself.",
  ),
  SOUK_PAYMENT_DEADLINE_MINUTES: setting(
    z.coerce.number().min(0.01).max(1440).default(15),
    '15',
    'Minutes an order waits for its payment before it is cancelled and its stock released.',
  ),
  SMTP_URL: setting(
    z.url({ protocol: /^smtps?$/ }).optional(),
    '',
    'smtp:// or smtps:// server for mail. Default outside production: the local mailbox page.',
    { of: ['notifications'], demand: 'production needs a mail server.' },
  ),
  MAIL_FROM: setting(
    z.string().min(3).default('Souk <hello@souk.example>'),
    'Souk <hello@souk.example>',
    'Sender of mails.',
  ),
  ...limitSettings,
} satisfies Record<string, Setting>;

export { unheld } from './config.limits.ts';

export type Config = { readonly [K in keyof typeof settings]: z.output<(typeof settings)[K]['schema']> } & {
  /** Settings said for one subgraph alone, by their whole name: SOUK_POSTGRES_URL_ORDERS. */
  readonly ofHouse: Readonly<Record<string, string>>;
};

/** Whether a process uses a setting; `process` is a subgraph's name or `router`. */
export const isOf = (name: string, process: string): boolean =>
  (settings as Readonly<Record<string, Setting>>)[name]?.of?.includes(process) ?? true;

/**
 * Parses the environment once. Every mistake is reported together, by name and never by value. A `process` of the distributed
 * profile, by its subgraph's name or `router`, lacks nothing that is only others'.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, process?: string): Config {
  const problems: string[] = [];
  const parsed: Record<string, unknown> = {};
  for (const [name, { schema, meaning }] of Object.entries(settings)) {
    const text = env[name] === '' ? undefined : env[name];
    const result = (schema as z.ZodType).safeParse(text);
    if (result.success) parsed[name] = result.data;
    else problems.push(`${name}: not a valid value. ${meaning}`);
  }
  const ofHouse: Record<string, string> = {};
  for (const [name, text] of Object.entries(env)) {
    const general = text && split(name);
    if (!general) continue;
    if (postgresUrl.safeParse(text).success) ofHouse[name] = text;
    else problems.push(`${name}: not a valid value. ${settings[general[1]].meaning}`);
  }
  const config = { ...parsed, ofHouse } as Config;
  if (problems.length === 0) problems.push(...crossChecks(config, process));
  if (problems.length > 0) {
    throw new StartupError(
      `The configuration has ${problems.length === 1 ? 'a mistake' : `${problems.length} mistakes`}:\n  ${problems.join('\n  ')}`,
      'Correct the environment or the .env file; .env.example names every variable.',
    );
  }
  return config;
}

function crossChecks(config: Config, process: string | undefined): string[] {
  const problems: string[] = [];
  const concerns = (name: string): boolean => process === undefined || isOf(name, process);
  if (concerns('STRIPE_SECRET_KEY') && Boolean(config.STRIPE_SECRET_KEY) !== Boolean(config.STRIPE_WEBHOOK_SECRET)) {
    problems.push('STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET go together: set both or none.');
  }
  const tls = [config.SOUK_TLS_CERT, config.SOUK_TLS_KEY, config.SOUK_TLS_CA].filter(Boolean).length;
  if (tls !== 0 && tls !== 3) {
    problems.push('SOUK_TLS_CERT, SOUK_TLS_KEY and SOUK_TLS_CA go together: set all or none.');
  }
  const stripe = new URL(config.STRIPE_API_URL);
  if (stripe.protocol === 'http:' && !LOOPBACK.test(stripe.hostname))
    problems.push('STRIPE_API_URL: the key travels by http only within this machine; use https.');
  if (config.SOUK_ENV !== 'production') return problems;
  if (config.STRIPE_API_URL !== STRIPE)
    problems.push('STRIPE_API_URL: production talks to Stripe itself; leave it out.');
  for (const [name, { demand }] of Object.entries(settings) as [keyof typeof settings, Setting][]) {
    if (demand && concerns(name) && config[name] === undefined) problems.push(`${name}: ${demand}`);
  }
  if (process === 'router' && !config.SOUK_JWT_PUBLIC_KEY && !config.SOUK_JWT_PRIVATE_KEY) {
    problems.push(
      'SOUK_JWT_PUBLIC_KEY: production needs the public half of the key with which users signs access tokens.',
    );
  }
  return problems;
}

/** The text of `.env.example`: every variable with its meaning, commented out. */
export function envExample(): string {
  const lines = Object.entries(settings).map(([name, { example, meaning }]) => `# ${meaning}\n# ${name}=${example}\n`);
  return `# Copy to .env and set what you need: every variable has a default for development.\n\n${lines.join('\n')}`;
}

/** The first administrator; outside production with a password known to everybody who reads this. */
export const firstAdmin = ({ SOUK_ADMIN_EMAIL, SOUK_ADMIN_PASSWORD }: Config): { email: string; password: string } => ({
  email: SOUK_ADMIN_EMAIL,
  password: SOUK_ADMIN_PASSWORD ?? 'souk-demo-admin',
});
