import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { callersOf } from '../../router/src/caller.testing.ts';
import { openBalancer } from './balancer.ts';
import { type Crowd, complaints, endsOf, openStock, sendShoppers } from './clients.ts';
import type { Found, Row, Scene } from './row.ts';
import { type Stack, withStack } from './stack.ts';

/** Longer than what is leased by time, and than an idle transaction may hold its locks. */
const LEASES_MS = 40_000;
/** What a process that goes on does of what it had begun, it does at once. */
const AFTERMATH_MS = 5_000;
const TRIES = 12;
const STILL_MS = 5_000;

/** A house whose process is halted in the middle of a transaction, and the table at which it is caught. */
interface Trap {
  readonly house: string;
  readonly table: string;
}

const traps: readonly Trap[] = [
  // An ear, between its inbox row and its commit.
  { house: 'inventory', table: 'inventory.levels' },
  // A call of the provider, under a lease.
  { house: 'payments', table: 'payments.payments' },
  // A saga, and the relay beside it.
  { house: 'orders', table: 'orders.orders' },
];

export const zombie: Row = {
  name: 'zombie',
  promise:
    'SIGSTOP of a subgraph with its relay, or a router, for longer than its leases, then SIGCONT: others take over, stale writes are fenced, the laws hold',
  run(scene) {
    const chosen = scene.short ? [scene.chance.pick(traps)] : traps;
    const replicas = [...chosen.map(({ house }) => house), ...(scene.short ? [] : ['router'])]
      .map((name) => `${name}=2`)
      .join(',');
    const options = { replicas, patienceMs: Number.POSITIVE_INFINITY, env: { SOUK_POSTGRES_POOL: '90' } };
    return withStack(scene, options, (stack) => run(scene, stack, chosen));
  },
};

async function run(scene: Scene, stack: Stack, chosen: readonly Trap[]): Promise<Found> {
  const { say, short, chance } = scene;
  const shop = await openStock(stack);
  const balancer = await openBalancer(stack.routers);
  const callers = callersOf(`${balancer.url}/graphql`);
  const count = short ? 12 : 60;
  const crowds: Crowd[] = [];
  const wrongs: string[] = [];
  const send = (): Crowd => {
    const crowd = sendShoppers(callers, shop, { count, atOnce: 4, leaves: () => false });
    crowds.push(crowd);
    return crowd;
  };
  /** Halts, sees that everything goes on without it for longer than its leases, and lets it go on too. */
  async function without(name: string): Promise<void> {
    say(`${name} is halted`);
    const since = performance.now();
    send();
    // Also who was asking the one that is halted: whatever it holds, others get at it in time.
    await Promise.all(crowds.map((crowd) => crowd.done));
    const rest = await stack.rest(short ? 240 : 120);
    wrongs.push(...rest.wrongs.map((wrong) => `While ${name} was halted: ${wrong}`));
    await sleep(Math.max(0, LEASES_MS - (performance.now() - since)));
    stack.signal(name, 'SIGCONT');
    say(`${name} goes on after ${((performance.now() - since) / 1000).toFixed(0)} s`);
    await sleep(AFTERMATH_MS);
  }
  try {
    for (const trap of chosen) {
      const name = await haltHolding(scene, stack, trap, send);
      if (name === null) wrongs.push(`No process of ${trap.house} could be halted in a transaction.`);
      else await without(name);
    }
    if (!short) {
      const victim = chance.pick(['router', 'router-2']);
      send();
      await sleep(500);
      stack.signal(victim, 'SIGSTOP');
      await without(victim);
    }
    const rest = await stack.rest(short ? 240 : 60);
    wrongs.push(...rest.wrongs, ...(await complaints(stack, crowds)));
    return {
      done: `${chosen.map(({ house }) => house).join(', ')}${short ? '' : ' and a router'} halted for ${LEASES_MS / 1000} s and more, ${crowds.flatMap(({ logs }) => logs).length} checkouts (${await endsOf(stack)})`,
      wrongs,
    };
  } finally {
    callers.stop();
    await balancer.close();
  }
}

/**
 * Halts a process of the house that holds an open transaction: it is kept waiting at a table, halted, and then given what it
 * waited for. Which of the two waits nobody can see from outside, so one is tried after the other. The name, or null.
 */
async function haltHolding(
  scene: Scene,
  stack: Stack,
  { house, table }: Trap,
  send: () => Crowd,
): Promise<string | null> {
  let busy = false;
  const keepBusy = (): void => {
    if (busy) return;
    busy = true;
    void send().done.then(() => {
      busy = false;
    });
  };
  const keeper = new pg.Client({ connectionString: stack.postgresUrl });
  await keeper.connect();
  const backends = (state: string): Promise<{ id: string }[]> =>
    stack.sql(
      `select pid || '/' || xact_start as id from pg_stat_activity where datname = current_database()
         and application_name = 'souk-${house}' and ${state}`,
    );
  /** Whether a transaction that has written stands still, not only for as long as a busy machine lets one stand. */
  const holds = async (): Promise<boolean> => {
    const standing = async () =>
      (await backends(`state = 'idle in transaction' and backend_xid is not null`)).map(({ id }) => id);
    await sleep(1_000);
    const before = await standing();
    if (before.length === 0) return false;
    await sleep(STILL_MS);
    const after = await standing();
    return before.some((id) => after.includes(id));
  };
  try {
    for (let tries = 0; tries < TRIES; tries++) {
      keepBusy();
      const name = scene.chance.pick([house, `${house}-2`]);
      await keeper.query('begin');
      await keeper.query(`lock table ${table} in exclusive mode`);
      for (let waited = 0; waited < 5_000 && (await backends(`wait_event_type = 'Lock'`)).length === 0; waited += 50)
        await sleep(50);
      stack.signal(name, 'SIGSTOP');
      await keeper.query('rollback');
      if (await holds()) return name;
      stack.signal(name, 'SIGCONT');
    }
    return null;
  } finally {
    await keeper.end();
  }
}
