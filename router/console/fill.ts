/** Values seen in answers, by the name that an example remembers them under. */
export type Remembered = Readonly<Record<string, unknown>>;

export interface Example {
  /** The file beside the manifest, without `.graphql`. */
  file: string;
  title: string;
  explanation: string;
  /** Who may run it, for the label beside the title. */
  as?: 'guest' | 'customer' | 'staff';
  /** `"{{name}}"` as a whole value is replaced by what was remembered; `{{newKey}}` is a fresh idempotency key. */
  variables?: Record<string, unknown>;
  /** Name → path into `data`, such as `products.nodes.0.id`. */
  remembers?: Record<string, string>;
}

export interface Story {
  title: string;
  explanation: string;
  examples: Example[];
}

const HOLE = /^\{\{(\w+)\}\}$/;

/** The names an example waits for, without `newKey`, which is always at hand. */
export function holesOf(value: unknown): string[] {
  if (typeof value === 'string') {
    const name = HOLE.exec(value)?.[1];
    return name && name !== 'newKey' ? [name] : [];
  }
  if (Array.isArray(value)) return value.flatMap(holesOf);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(holesOf);
  return [];
}

/** Variables with every hole filled; what is not known yet names the example to run first. */
export function fillVariables(
  template: unknown,
  remembered: Remembered,
  newKey: () => string,
  source: (name: string) => string,
): unknown {
  if (typeof template === 'string') {
    const name = HOLE.exec(template)?.[1];
    if (!name) return template;
    if (name === 'newKey') return newKey();
    return Object.hasOwn(remembered, name) ? remembered[name] : `run “${source(name)}” first`;
  }
  if (Array.isArray(template)) return template.map((each) => fillVariables(each, remembered, newKey, source));
  if (typeof template === 'object' && template !== null) {
    return Object.fromEntries(
      Object.entries(template).map(([key, each]) => [key, fillVariables(each, remembered, newKey, source)]),
    );
  }
  return template;
}

/** What an answer teaches. A path that leads nowhere teaches nothing and forgets nothing. */
export function collect(remembers: Record<string, string>, data: unknown): Remembered {
  const found = Object.entries(remembers).map(([name, path]) => [name, at(data, path)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined && value !== null));
}

function at(data: unknown, path: string): unknown {
  let value = data;
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
