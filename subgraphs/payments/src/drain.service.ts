import { type Duty, sleep } from '@souk/kit';

const LOOK_AGAIN_MS = 250;

/** MORE where something came due that nobody else will look for. */
export type Drained = 'DONE' | 'MORE';

/**
 * Takes what is due and works on it, `atOnce` things side by side, until nothing is left. While a slow one is under way
 * the others go on: work that comes due meanwhile is taken as soon as there is room.
 */
export async function drain<T>(
  atOnce: number,
  claim: (limit: number) => Promise<readonly T[]>,
  work: (claimed: T) => Promise<Drained>,
  { log, signal }: Pick<Duty<never, never>, 'log' | 'signal'>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  let more = false;
  for (;;) {
    more = false;
    const room = atOnce - running.size;
    const claimed = room > 0 && !signal.aborted ? await claim(room) : [];
    for (const one of claimed) {
      const done: Promise<void> = work(one)
        .then((drained) => {
          more ||= drained === 'MORE';
        })
        .catch((error: unknown) => log.error({ error }, 'a payment duty failed; it is taken again when its lease ends'))
        .finally(() => running.delete(done));
      running.add(done);
    }
    if (running.size === 0) return;
    const settled = Promise.all(running);
    // Fewer than there was room for: nothing else is due, so a short look suffices until something is.
    await Promise.race([claimed.length === room ? Promise.race(running) : settled, sleep(LOOK_AGAIN_MS)]);
    if (running.size === 0 && claimed.length < room && !more) return;
  }
}
