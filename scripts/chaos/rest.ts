import { setTimeout as sleep } from 'node:timers/promises';
import { violations } from '@souk/router/laws';
import type { KillableSouk } from '../../router/src/killable.testing.ts';
import { CHARGED_TWICE, OPEN_ORDERS } from '../../router/src/shoppers.testing.ts';

/** Longer than anything takes that ends by itself: deadlines, leases and back-offs come one after the other. */
const PATIENCE_MS = 240_000;

/** Asks until the answer satisfies; the last answer where it never does. */
export async function until<T>(
  ask: () => Promise<T>,
  satisfies: (answer: T) => boolean,
  patienceMs = PATIENCE_MS,
): Promise<T> {
  const since = performance.now();
  for (;;) {
    const answer = await ask();
    if (satisfies(answer) || performance.now() - since > patienceMs) return answer;
    await sleep(200);
  }
}

/** Waits until everything has ended by itself; what has not, each law that is broken then, and what the provider did twice. */
export async function wrongsAtRest(
  souk: Pick<KillableSouk, 'sql' | 'quiet'>,
  patienceMs = PATIENCE_MS,
): Promise<string[]> {
  const open = await until(
    () => souk.sql<{ id: string; status: string }>(OPEN_ORDERS),
    (orders) => orders.length === 0,
    patienceMs,
  );
  await souk.quiet();
  // A tick that was just nudged may have something left to do.
  const broken = await until(
    () => violations((sql) => souk.sql(sql)),
    (found) => found.length === 0,
    60_000,
  );
  return [
    ...open.map(({ id, status }) => `The order ${id} stays ${status}.`),
    ...broken.map(({ law, examples }) => `Law ${law.number} (${law.text}) is broken: ${JSON.stringify(examples[0])}.`),
    ...(await souk.sql(CHARGED_TWICE)).map((row) => `The provider worked twice for one order: ${JSON.stringify(row)}.`),
  ];
}

/** Collects what is not as it should be. */
export function inspection(): {
  readonly wrongs: string[];
  expect(what: string, found: unknown, wanted: unknown): void;
} {
  const wrongs: string[] = [];
  return {
    wrongs,
    expect(what, found, wanted) {
      const [is, should] = [JSON.stringify(found), JSON.stringify(wanted)];
      if (is !== should) wrongs.push(`${what}: ${is} instead of ${should}.`);
    },
  };
}
