/** An object as a subgraph sent it, or as it grows while answers are merged into it. */
export type Fetched = Record<string, unknown>;

/**
 * An object that inherits nothing, so that `constructor` and `__proto__` are keys like any other. Made by `new`, unlike
 * `Object.create(null)`, it keeps the engine's fast layout.
 */
export const Bare = function Bare() {} as unknown as { new (): Fetched };
(Bare as unknown as { prototype: object }).prototype = Object.create(null);

export const isFetched = (value: unknown): value is Fetched =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A property of the object's own, never an inherited one. */
export const own = (object: Fetched, key: string): unknown => (Object.hasOwn(object, key) ? object[key] : undefined);

/** Reads a key; the choice between the fast and the careful way is made once, by name. */
export const reader = (key: string): ((object: Fetched) => unknown) =>
  key in Object.prototype ? (object) => own(object, key) : (object) => object[key];

/** A copy that shares no object and no list with its original. */
export function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy) as T;
  const copied = new Bare();
  for (const key of Object.keys(value)) copied[key] = copy((value as Fetched)[key]);
  return copied as T;
}
