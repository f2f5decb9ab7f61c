import { readFile } from 'node:fs/promises';
import type { FactOf, FactType } from '@souk/schema';

/** The published example of a fact, as hearers may rely on it. */
export async function exampleOf<T extends FactType>(type: T): Promise<FactOf<T>> {
  const url = new URL(`../../../schema/events/examples/${type}.json`, import.meta.url);
  return JSON.parse(await readFile(url, 'utf8')) as FactOf<T>;
}

/**
 * What a fact is made of, without its values: a speaker's real fact and its example have equal shapes. A list has the shapes
 * of its elements, each once.
 */
export function shapeOf(value: unknown): unknown {
  if (value === null) return 'null';
  if (value instanceof Date) return 'string';
  if (Array.isArray(value)) {
    const shapes = new Map(value.map((element) => [JSON.stringify(shapeOf(element)), shapeOf(element)]));
    return [...shapes.keys()].sort().map((text) => shapes.get(text));
  }
  if (typeof value !== 'object') return typeof value;
  // Whether a fact has a trace is a matter of what led to it.
  const entries = Object.entries(value).map(
    ([name, inner]) => [name, name === 'trace' ? 'string or null' : shapeOf(inner)] as const,
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
