import { EVICTIONS_TOPIC, type Heard, type Live } from '@souk/kit';
import type { EntityCache } from './cache.ts';

/** Commits that may wait to be heard; with more of them everything is forgotten instead. */
const MOST_WAITING = 10_000;

const isLost = (heard: Heard): boolean => 'lost' in heard;

/** Lets a cache hear of commits that were made through other routers, or by nobody's mutation. */
export async function followEvictions(
  cache: EntityCache,
  live: Live,
  onLiveLost: (listener: () => void) => void = () => undefined,
): Promise<{ stop(): Promise<void> }> {
  const touches = live.subscribe([EVICTIONS_TOPIC], MOST_WAITING);
  onLiveLost(() => cache.leave());

  async function follow(): Promise<void> {
    for await (const heard of touches) {
      if (isLost(heard)) await cache.rejoin();
      else if ('id' in heard) await cache.evict(heard.id.split(' '));
    }
  }

  const following = follow();
  // Whatever is fetched from now on is evicted in time.
  await touches.listening;
  await cache.forget();
  return {
    async stop() {
      await touches.return?.();
      await following;
    },
  };
}
