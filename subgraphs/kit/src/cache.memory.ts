import { type Cache, type CacheBounds, defaultBounds, type Entry, MOST_EVICTED, MOST_TTL_MS } from './cache.ts';
import { monotonicMs } from './clock.ts';

interface Kept extends Entry {
  readonly bytes: number;
  readonly until: number;
}

/** What a key, its tags and the maps that hold them take besides the value, roughly. */
const OVERHEAD_BYTES = 200;

/** One process's cache: what was not asked for longest goes first. */
export function memoryCache({ entries: mostEntries, bytes: mostBytes }: CacheBounds = defaultBounds): Cache {
  const entries = new Map<string, Kept>();
  const byTag = new Map<string, Set<string>>();
  /** Tag → when it was evicted last. */
  const evicted = new Map<string, number>();
  let now = 0;
  /** What was marked before this is too old to be judged. */
  let epoch = 0;
  let bytes = 0;

  function drop(key: string): void {
    const kept = entries.get(key);
    if (!kept) return;
    entries.delete(key);
    bytes -= kept.bytes;
    for (const tag of kept.tags) {
      const keys = byTag.get(tag);
      keys?.delete(key);
      if (keys?.size === 0) byTag.delete(tag);
    }
  }

  function keep(entry: Entry): void {
    const size = JSON.stringify(entry.value).length + entry.key.length + OVERHEAD_BYTES;
    if (size > mostBytes / 10) return;
    drop(entry.key);
    entries.set(entry.key, { ...entry, bytes: size, until: monotonicMs() + Math.min(entry.ttlMs, MOST_TTL_MS) });
    bytes += size;
    for (const tag of entry.tags) {
      const keys = byTag.get(tag);
      if (keys) keys.add(entry.key);
      else byTag.set(tag, new Set([entry.key]));
    }
    while (entries.size > mostEntries || bytes > mostBytes) drop(entries.keys().next().value!);
  }

  function forget(): void {
    now += 1;
    epoch = now;
    bytes = 0;
    for (const map of [entries, byTag, evicted]) map.clear();
  }

  function find(key: string, at: number): unknown {
    const kept = entries.get(key);
    if (!kept) return undefined;
    if (kept.until <= at) {
      drop(key);
      return undefined;
    }
    entries.delete(key);
    entries.set(key, kept);
    return kept.value;
  }

  return {
    async look(keys) {
      const at = monotonicMs();
      return { mark: now, found: keys.map((key) => find(key, at)) };
    },
    async put(mark, all) {
      if (typeof mark !== 'number' || mark < epoch) return 0;
      const kept = all.filter(
        ({ tags, ttlMs }) => ttlMs > 0 && tags.every((tag) => (evicted.get(tag) ?? Number.NEGATIVE_INFINITY) <= mark),
      );
      for (const entry of kept) keep(entry);
      return kept.length;
    },
    async evict(tags) {
      if (evicted.size + tags.length > MOST_EVICTED) return forget();
      now += 1;
      for (const tag of tags) {
        evicted.set(tag, now);
        for (const key of [...(byTag.get(tag) ?? [])]) drop(key);
      }
    },
    forget: async () => forget(),
    size: () => ({ entries: entries.size, bytes }),
  };
}
