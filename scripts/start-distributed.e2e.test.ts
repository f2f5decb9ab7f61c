import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspectPostgres, removePostgres } from '@souk/kit/postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callersOf } from '../router/src/caller.testing.ts';
import { surely } from '../router/src/killable.testing.ts';
import { violations } from '../router/src/laws.ts';
import { fillCart, openShop, pay, placeOrder, type Shop } from '../router/src/shop.testing.ts';
import { hasEngines } from '../router/src/souk.profile.testing.ts';
import { freePort, killLaunched, lastWords, launch, type Run } from './run/command.testing.ts';

let dataDir: string;
let port: number;
let souk: Run;
let shop: Shop;
const running = 'Ctrl-C stops everything.';

const env = (): Record<string, string> => ({ SOUK_DATA_DIR: dataDir, SOUK_PORT: String(port) });
const start = (more: Readonly<Record<string, string>> = {}): Run =>
  launch('start-distributed', [], { ...env(), ...more });
/** The process of a line of the last table that was printed. */
const pidOf = (name: string): number =>
  Number([...souk.said().matchAll(new RegExp(`^ {2}${name} +(\\d+) `, 'gm'))].at(-1)![1]);
const secret = (name: string): Promise<string> => readFile(join(dataDir, 'secrets', name), 'utf8');
const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}/cmdline`);

async function sql<Row extends object>(text: string): Promise<Row[]> {
  const { url } = await inspectPostgres(join(dataDir, 'postgres'));
  const client = new pg.Client(Object.assign(new URL(url!), { pathname: '/souk' }).href);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'souk-distributed-'));
  await chmod(folder, 0o711);
  dataDir = join(folder, 'data');
  await mkdir(dataDir);
  // The shop is filled in a story of its own.
  await writeFile(join(dataDir, 'made-by-souk'), '');
  await writeFile(join(dataDir, 'seeded'), 'nothing\n');
  port = await freePort();
});

afterAll(async () => {
  if (souk?.child.exitCode === null) souk.child.kill('SIGTERM');
  await souk?.ended;
  await killLaunched();
  await removePostgres(join(dataDir, 'postgres'));
  await rm(join(dataDir, '..'), { recursive: true, force: true });
});

describe('npm run start:distributed, where something is missing', () => {
  it('says which engine to install or where to name one, before it starts anything', async () => {
    const lacking = start({ SOUK_REDIS_URL: 'redis://127.0.0.1:1' });
    expect(await lacking.ended).toBe(1);
    if (hasEngines) {
      expect(lastWords(lacking)).toEqual([
        '✗ Nothing listens at redis://127.0.0.1:1: the connection was refused.',
        '  Start Redis there, or correct SOUK_REDIS_URL.',
      ]);
    } else {
      expect(lastWords(lacking)).toEqual([
        '✗ nats-server is not on this machine, and nothing says where the NATS server is.',
        '  Install it (apt-get install nats-server on Debian and Ubuntu, brew install nats-server on macOS), or set SOUK_NATS_URL to one that runs elsewhere.',
      ]);
    }
  });
});

describe.runIf(hasEngines)('npm run start:distributed', () => {
  const callers = () => callersOf(`http://localhost:${port}/graphql`);

  it('starts the engines and every process, and prints what runs where', async () => {
    souk = start();
    await souk.until(running);
    const names = [...souk.said().matchAll(/^ {2}(\w+) +\d+ +\S+:\d+/gm)].map(([, name]) => name);
    expect(names).toEqual([
      ...['PostgreSQL', 'NATS', 'Redis'],
      ...['users', 'products', 'inventory', 'carts', 'orders', 'payments', 'notifications', 'platform', 'router'],
    ]);
    for (const name of names) expect(isAlive(pidOf(name!)), name).toBe(true);
    const health = await fetch(`http://localhost:${port}/health/ready`);
    expect([health.status, ((await health.json()) as { status: string }).status]).toEqual([200, 'ready']);
  });

  it('keeps its keys to itself', async () => {
    for (const file of ['viewer.pem', 'redis', 'nats-orders']) {
      expect((await stat(join(dataDir, 'secrets', file))).mode & 0o777, file).toBe(0o600);
    }
    expect(souk.said()).not.toContain(await secret('redis'));
    expect(souk.said()).not.toContain(await secret('nats-orders'));
  });

  it('refuses a second Souk on the same folder in one sentence', async () => {
    const second = start();
    expect(await second.ended).toBe(1);
    expect(lastWords(second)).toEqual([
      `✗ Another Souk (process ${souk.child.pid}) is already running on ${dataDir}.`,
      '  Stop it first with Ctrl-C in its window, or use that one.',
    ]);
  });

  it('sells while a subgraph, then NATS and Redis are killed in the middle of a checkout: the order ends by itself', async () => {
    const { guest, signedIn, stop } = callers();
    const admin = await signedIn('admin@souk.example', 'souk-demo-admin');
    shop = await openShop(
      {
        admin: async () => admin,
        // What is in the products' outbox is at inventory when it can be counted there.
        quiet: async () => {
          const behind = `select id from products.outbox where type = 'products.ProductPublished'
            and id not in (select fact_id from inventory.inbox)`;
          while ((await sql(behind)).length > 0) await sleep(50);
        },
      },
      { MUG: { amount: '19.00', stock: 20 } },
    );
    for (const victims of [['payments'], ['orders'], ['inventory', 'NATS'], ['Redis', 'carts']]) {
      const shopper = await surely(() => guest());
      const quoted = await surely(() => fillCart(shopper, shop, { MUG: 1 }));
      const order = await surely(() => placeOrder(shopper, quoted));
      const before = souk.said().length;
      for (const victim of victims) process.kill(pidsNow().get(victim)!, 'SIGKILL');
      await surely(() => pay(shopper, order.id));
      const status = async () =>
        (await surely(() => shopper.run('query ($id: ID!) { order(id: $id) { status } }', { id: order.id }))).order;
      await expect
        .poll(status, { timeout: 120_000, interval: 100, message: victims.join(' and ') })
        .toEqual({ status: 'CONFIRMED' });
      for (const victim of victims) await souk.until(`${victim} is back`, before);
    }
    stop();
    await expect.poll(() => violations((text) => sql(text)), { timeout: 60_000, interval: 500 }).toEqual([]);
  });

  /** Processes by name as they are now: the table, and what was started again since. */
  function pidsNow(): Map<string, number> {
    const table = [...souk.said().matchAll(/^ {2}(\w+) +(\d+) +\S+:\d+/gm)];
    const back = [...souk.said().matchAll(/^· (\w+) is back \(process (\d+)\)/gm)];
    return new Map([...table, ...back].map(([, name, pid]) => [name!, Number(pid)]));
  }

  it('leaves nothing that blocks the next start when it is killed itself', async () => {
    const pids = pidsNow();
    souk.child.kill('SIGKILL');
    await souk.ended;
    souk = start();
    await souk.until(running);
    for (const [name, pid] of pids) expect(isAlive(pid), name).toBe(false);
    expect(souk.said()).not.toContain('Filling');
    const { guest, stop } = callers();
    expect((await fillCart(await guest(), shop, { MUG: 1 })).total.amount).toBe('23.90');
    stop();
  });

  it('stops everything on SIGTERM, the router before the subgraphs and these before the engines', async () => {
    const pids = pidsNow();
    souk.child.kill('SIGTERM');
    expect(await souk.ended).toBe(0);
    for (const [name, pid] of pids) expect(isAlive(pid), name).toBe(false);
  });
});
