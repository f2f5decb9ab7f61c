import { withoutSecrets } from './secrets.ts';
import { isRecord } from './store.ts';

// GraphiQL keeps its tabs and its history in localStorage, and the history with the headers of each run: a token would
// stay there for whoever uses this browser next.

const FORGOTTEN = new Set(['graphiql:headers', 'graphiql:shouldPersistHeaders']);
const TEXTS = new Set(['query', 'variables']);

/** What may be kept of a value that GraphiQL would store; null for nothing. */
export function keepable(key: string, value: string): string | null {
  if (FORGOTTEN.has(key)) return null;
  if (!key.startsWith('graphiql:')) return value;
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed === 'object' && parsed !== null) return JSON.stringify(cleaned(parsed));
  } catch {
    // A text of its own.
  }
  return withoutSecrets(value);
}

function cleaned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(cleaned);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      if (name === 'headers' || name === 'response') return [name, null];
      return [name, TEXTS.has(name) && typeof one === 'string' ? withoutSecrets(one) : cleaned(one)];
    }),
  );
}

/** Takes out what an older console kept. */
export function cleanStorage(storage: Storage): void {
  for (const key of Object.keys(storage).filter((name) => name.startsWith('graphiql:'))) {
    const before = storage.getItem(key) ?? '';
    const after = keepable(key, before);
    if (after === null) storage.removeItem(key);
    else if (after !== before) storage.setItem(key, after);
  }
}

/** localStorage as GraphiQL may use it. */
export const safeStorage = {
  getItem: (key: string): string | null => localStorage.getItem(key),
  setItem(key: string, value: string): void {
    const kept = keepable(key, value);
    if (kept === null) localStorage.removeItem(key);
    else localStorage.setItem(key, kept);
  },
  removeItem: (key: string): void => localStorage.removeItem(key),
  clear(): void {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith('graphiql:')))
      localStorage.removeItem(key);
  },
  get length(): number {
    return Object.keys(localStorage).filter((name) => name.startsWith('graphiql:')).length;
  },
};
