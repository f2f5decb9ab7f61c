import { setTimeout as sleep } from 'node:timers/promises';
import { type Caller, callersOf } from '../../router/src/caller.testing.ts';
import { watchStock } from '../../router/src/watchers.testing.ts';
import { openBalancer } from './balancer.ts';
import { complaints, endsOf, openStock, sendShoppers } from './clients.ts';
import type { Found, Row, Scene } from './row.ts';
import { type Stack, withStack } from './stack.ts';

const DRAINED_SECONDS = 10;
const PAUSE_MS = 1_000;
/** In the short form these are two each, and one by chance beside them. */
const SHORT = ['orders', 'router'] as const;
const OTHERS = ['users', 'products', 'inventory', 'carts', 'payments', 'platform'] as const;

export const rolling: Row = {
  name: 'rolling',
  promise:
    'SIGTERM of every process in turn under load, two of each: no request fails, and each is drained within 10 s',
  run(scene) {
    const chosen = scene.short ? [...SHORT, scene.chance.pick(OTHERS)] : undefined;
    const replicas = chosen ? chosen.map((name) => `${name}=2`).join(',') : '2,router=2';
    return withStack(scene, { replicas, env: { SOUK_POSTGRES_POOL: '90' } }, (stack) => run(scene, stack, chosen));
  },
};

async function run(scene: Scene, stack: Stack, chosen: readonly string[] | undefined): Promise<Found> {
  const { chance, say } = scene;
  const shop = await openStock(stack);
  const balancer = await openBalancer(stack.routers);
  const wrongs: string[] = [];
  let rolled = 'nothing';
  const failed = (what: string): void => void wrongs.push(`${what} while ${rolled} was restarted.`);
  const watchers = watchStock(`${balancer.url}/graphql`, shop.variant('A'), failed);
  try {
    // As many as come while it goes on.
    const crowd = sendShoppers(strict(`${balancer.url}/graphql`, failed), shop, {
      count: 100_000,
      atOnce: 6,
      leaves: () => false,
    });
    await until(() => crowd.acknowledged() > 12);
    const victims = shuffled(
      stack.names.filter((name) => isVictim(name, chosen)),
      (below) => chance.below(below),
    );
    let slowest = 0;
    for (const victim of victims) {
      rolled = victim;
      const seconds = await restart(stack, victim);
      slowest = Math.max(slowest, seconds);
      // The short form measures no time.
      if (!scene.short && seconds > DRAINED_SECONDS) wrongs.push(`${victim} took ${seconds.toFixed(1)} s to end.`);
      const before = crowd.acknowledged();
      await until(() => crowd.acknowledged() > before + 12);
      say(`${victim} restarted, ${crowd.acknowledged()} answers`);
    }
    crowd.close();
    await crowd.done;
    const rest = await stack.rest(scene.short ? 240 : 60);
    wrongs.push(...rest.wrongs, ...(await complaints(stack, [crowd])));
    wrongs.push(...(await watchers.miss(shop)));
    return {
      done: `${victims.length} processes restarted, ${crowd.acknowledged()} answers, ${crowd.logs.length} checkouts (${await endsOf(stack)}), slowest drain ${slowest.toFixed(1)} s`,
      wrongs,
    };
  } finally {
    watchers.stop();
    await balancer.close();
  }
}

const isVictim = (name: string, chosen: readonly string[] | undefined): boolean =>
  !['PostgreSQL', 'NATS', 'Redis'].includes(name) && (!chosen || chosen.includes(name.replace(/-\d+$/, '')));

function shuffled<T>(all: readonly T[], below: (end: number) => number): T[] {
  const left = [...all];
  return all.map(() => left.splice(below(left.length), 1)[0]!);
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(50);
}

/** Tells a process to stop and waits until it has ended, and another serves at its place; how long it took to end. */
async function restart(stack: Stack, name: string): Promise<number> {
  const pid = stack.pid(name);
  const told = performance.now();
  stack.signal(name, 'SIGTERM');
  await until(() => !isAlive(pid));
  const seconds = (performance.now() - told) / 1000;
  await until(() => !stack.down.has(name));
  return seconds;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Guests who take no answer but a whole one, and complain of any other. */
function strict(graph: string, failed: (what: string) => void) {
  const callers = callersOf(graph);
  const strictly = (caller: Caller): Caller => ({
    ...caller,
    async run(query, variables) {
      try {
        return await caller.run(query, variables);
      } catch (error) {
        const { cause } = error as { cause?: unknown };
        failed(`"${query.slice(0, 60)}" failed (${String(error)}${cause ? `: ${String(cause)}` : ''})`);
        throw error;
      }
    },
  });
  return {
    async guest(): Promise<Caller> {
      // A restart takes far longer than a checkout: without a pause there would be a thousand of them to be looked at again.
      await sleep(PAUSE_MS);
      const start = 'mutation { startGuestSession { session { accessToken } } }';
      const { startGuestSession } = await strictly(callers.caller(null)).run(start);
      return strictly(callers.caller(startGuestSession.session.accessToken));
    },
  };
}
