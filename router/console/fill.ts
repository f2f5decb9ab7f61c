/** Values seen in answers, by the name that an example remembers them under. */
export type Remembered = Readonly<Record<string, unknown>>;

/**
 * Where a value lies in an answer's `data`: `products.nodes.0.id`; a step `?name` is the first item of a list whose
 * `name` is neither empty, false nor 0. Or a list made anew: of each item the fields that are named.
 */
export type Finding = string | { list: string; each: Readonly<Record<string, string>> };

export interface Example {
  /** The file beside the manifest, without `.graphql`. */
  file: string;
  title: string;
  explanation: string;
  /** Who may run it, for the label beside the title. */
  as?: 'guest' | 'customer' | 'staff';
  /** `"{{name}}"` as a whole value is replaced by what was remembered, or made on the spot where `Fresh` has the name. */
  variables?: Record<string, unknown>;
  remembers?: Record<string, Finding>;
}

export interface Story {
  title: string;
  explanation: string;
  examples: Example[];
}

/** What is made anew each time an example opens. */
export interface Fresh {
  /** An idempotency key. */
  newKey(): string;
  /** An e-mail address nobody has an account with. */
  newEmail(): string;
}

const HOLE = /^\{\{(\w+)\}\}$/;
const isFresh = (name: string): name is keyof Fresh => name === 'newKey' || name === 'newEmail';

/** The names an example waits for, without those that are made on the spot. */
export function holesOf(value: unknown): string[] {
  if (typeof value === 'string') {
    const name = HOLE.exec(value)?.[1];
    return name && !isFresh(name) ? [name] : [];
  }
  if (Array.isArray(value)) return value.flatMap(holesOf);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(holesOf);
  return [];
}

/** Variables with every hole filled; what is not known yet names the example to run first. */
export function fillVariables(
  template: unknown,
  remembered: Remembered,
  fresh: Fresh,
  source: (name: string) => string,
): unknown {
  if (typeof template === 'string') {
    const name = HOLE.exec(template)?.[1];
    if (!name) return template;
    if (isFresh(name)) return fresh[name]();
    return Object.hasOwn(remembered, name) ? remembered[name] : `run “${source(name)}” first`;
  }
  if (Array.isArray(template)) return template.map((each) => fillVariables(each, remembered, fresh, source));
  if (typeof template === 'object' && template !== null) {
    return Object.fromEntries(
      Object.entries(template).map(([key, each]) => [key, fillVariables(each, remembered, fresh, source)]),
    );
  }
  return template;
}

/** What an answer teaches. A path that leads nowhere teaches nothing and forgets nothing. */
export function collect(remembers: Readonly<Record<string, Finding>>, data: unknown): Remembered {
  const found = Object.entries(remembers).map(([name, finding]) => [name, find(data, finding)] as const);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined && value !== null));
}

function find(data: unknown, finding: Finding): unknown {
  if (typeof finding === 'string') return at(data, finding);
  const items = at(data, finding.list);
  if (!Array.isArray(items)) return undefined;
  return items.map((item) =>
    Object.fromEntries(Object.entries(finding.each).map(([name, path]) => [name, at(item, path)])),
  );
}

function at(data: unknown, path: string): unknown {
  let value = data;
  for (const step of path.split('.')) {
    if (step.startsWith('?')) {
      value = Array.isArray(value) ? value.find((item) => Boolean(at(item, step.slice(1)))) : undefined;
      continue;
    }
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
