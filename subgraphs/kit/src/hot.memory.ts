import { monotonicMs } from './clock.ts';
import { COPY_SECONDS, type Copy, GONE_SECONDS, type Hot, NOBODY, READING_MS } from './hot.ts';

interface Entry {
  /** Null shuts the key. */
  readonly id: string | null;
  readonly version: number;
  readonly json: string;
  readonly until: number;
}

/** One process's copies. At most `capacity` of them: the oldest written goes first. */
export function memoryHot(capacity = 10_000): Hot {
  const entries = new Map<string, Entry>();
  /** When what was kept was dropped for want of room: a reading that began before must not put back what is older. */
  const dropped = new Map<string, number>();

  const entryOf = (key: string): Entry | undefined => {
    const entry = entries.get(key);
    if (entry && entry.until > monotonicMs()) return entry;
    entries.delete(key);
    return undefined;
  };
  const put = (key: string, id: string | null, version: number, json: string, seconds: number) => {
    entries.delete(key);
    entries.set(key, { id, version, json, until: monotonicMs() + seconds * 1000 });
    if (entries.size <= capacity) return;
    const oldest = entries.keys().next().value!;
    entries.delete(oldest);
    const now = monotonicMs();
    for (const [known, at] of dropped) {
      if (now - at <= READING_MS) break;
      dropped.delete(known);
    }
    dropped.delete(oldest);
    dropped.set(oldest, now);
  };
  const keep = (key: string, copy: Copy<unknown> | undefined) =>
    put(key, copy?.id ?? NOBODY, copy?.version ?? 0, JSON.stringify(copy?.value ?? null), COPY_SECONDS);
  const shut = (key: string) => put(key, null, 0, '', GONE_SECONDS);
  const copyOf = <T>({ id, version, json }: Entry): Copy<T> | undefined =>
    id === null || id === NOBODY ? undefined : { id, version, value: JSON.parse(json) as T };

  return {
    async get<T>(key: string, read: () => Promise<Copy<T> | undefined>) {
      const known = entryOf(key);
      if (known && known.id !== null) return copyOf<T>(known);
      const began = monotonicMs();
      const found = await read();
      if (monotonicMs() - began > READING_MS || (dropped.get(key) ?? -1) >= began) return found;
      const now = entryOf(key);
      if (!now) keep(key, found);
      else if (now.id === (found?.id ?? NOBODY)) {
        if (now.version >= (found?.version ?? 0)) return copyOf<T>(now);
        keep(key, found);
      } else if (now.id !== null) {
        // Two things claim one key: one of them is over.
        shut(key);
        return read();
      }
      return found;
    },
    async replace(key, copy) {
      if (copy === null) return shut(key);
      const now = entryOf(key);
      if (!now || now.id === NOBODY) keep(key, copy);
      else if (now.id === copy.id) {
        if (now.version < copy.version) keep(key, copy);
      } else if (now.id !== null) shut(key);
    },
    async close() {
      entries.clear();
    },
  };
}
