import { parameterInvalid, parameterMissing, parameterUnknown } from './simulator.errors.ts';

/** A decoded form body: nested brackets become nested objects, lists stay objects keyed by their index. */
export interface FormTree {
  [key: string]: string | FormTree;
}

const MAX_PAIRS = 1_000;
const MAX_DEPTH = 8;

const newTree = (): FormTree => Object.create(null) as FormTree;

/** Reads `a[b][0]=c` as Stripe does. Objects have no prototype, so `__proto__` is a key like any other. */
export function parseForm(text: string): FormTree {
  const root = newTree();
  let pairs = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    pairs += 1;
    if (pairs > MAX_PAIRS) throw parameterInvalid('', `A request has at most ${MAX_PAIRS} parameters.`);
    put(root, pathOf(name), value, name);
  }
  return root;
}

function pathOf(name: string): string[] {
  const open = name.indexOf('[');
  if (open === -1) return [name];
  if (open === 0 || !/^(?:\[[^[\]]*\])+$/.test(name.slice(open))) {
    throw parameterInvalid(name, `Invalid parameter name: ${name}.`);
  }
  return [name.slice(0, open), ...name.slice(open + 1, -1).split('][')];
}

function put(root: FormTree, path: readonly string[], value: string, name: string): void {
  if (path.length > MAX_DEPTH) throw parameterInvalid(name, `Parameters are nested at most ${MAX_DEPTH} deep.`);
  let node = root;
  path.forEach((step, depth) => {
    const key = step === '' ? String(Object.keys(node).length) : step;
    if (depth === path.length - 1) {
      node[key] = value;
      return;
    }
    const next = node[key] ?? newTree();
    if (typeof next === 'string')
      throw parameterInvalid(name, `Invalid parameter: ${name} is both a value and an object.`);
    node[key] = next;
    node = next;
  });
}

/** The same parameters in any order give the same text: what an idempotency key is compared by. */
export function canonical(tree: FormTree): string {
  const sorted = (node: string | FormTree): unknown =>
    typeof node === 'string'
      ? node
      : Object.keys(node)
          .sort()
          .map((key) => [key, sorted(node[key]!)]);
  return JSON.stringify(sorted(tree));
}

/** Typed reading of one (nested) set of parameters; whatever is not asked for is refused by `done`. */
export class Params {
  readonly #asked = new Set<string>(['expand']);

  constructor(
    private readonly tree: FormTree,
    private readonly prefix = '',
  ) {}

  #name(key: string): string {
    return this.prefix === '' ? key : `${this.prefix}[${key}]`;
  }

  text(key: string): string | null {
    this.#asked.add(key);
    const value = this.tree[key];
    if (value === undefined) return null;
    if (typeof value !== 'string') throw parameterInvalid(this.#name(key), `Invalid string: ${this.#name(key)}.`);
    return value === '' ? null : value;
  }

  requiredText(key: string): string {
    const value = this.text(key);
    if (value === null) throw parameterMissing(this.#name(key));
    return value;
  }

  integer(key: string): number | null {
    const value = this.text(key);
    if (value === null) return null;
    const number = /^-?\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (!Number.isSafeInteger(number))
      throw parameterInvalid(this.#name(key), `Invalid integer: ${value}`, 'parameter_invalid_integer');
    return number;
  }

  requiredInteger(key: string): number {
    const value = this.integer(key);
    if (value === null) throw parameterMissing(this.#name(key));
    return value;
  }

  boolean(key: string): boolean | null {
    const value = this.text(key);
    if (value === null) return null;
    if (value !== 'true' && value !== 'false') throw parameterInvalid(this.#name(key), `Invalid boolean: ${value}`);
    return value === 'true';
  }

  oneOf<T extends string>(key: string, allowed: readonly T[]): T | null {
    const value = this.text(key);
    if (value === null) return null;
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) {
      throw parameterInvalid(this.#name(key), `Invalid ${this.#name(key)}: must be one of ${allowed.join(', ')}`);
    }
    return found;
  }

  list(key: string): string[] {
    this.#asked.add(key);
    const value = this.tree[key];
    if (value === undefined || value === '') return [];
    if (typeof value === 'string') throw parameterInvalid(this.#name(key), `Invalid array: ${this.#name(key)}.`);
    return Object.values(value).map((item) => {
      if (typeof item !== 'string') throw parameterInvalid(this.#name(key), `Invalid array: ${this.#name(key)}.`);
      return item;
    });
  }

  /** Stripe's metadata: up to 50 keys of 40 characters, values of 500. */
  metadata(key = 'metadata'): Record<string, string> {
    this.#asked.add(key);
    const value = this.tree[key];
    if (value === undefined || value === '') return {};
    if (typeof value === 'string') throw parameterInvalid(this.#name(key), 'Invalid object: metadata.');
    const entries = Object.entries(value).map(([name, text]): [string, string] => {
      if (typeof text !== 'string' || name.length > 40 || text.length > 500) {
        throw parameterInvalid(
          `${this.#name(key)}[${name}]`,
          'Metadata keys have up to 40 characters, values up to 500.',
        );
      }
      return [name, text];
    });
    if (entries.length > 50) throw parameterInvalid(this.#name(key), 'Metadata can have up to 50 keys.');
    return Object.fromEntries(entries.filter(([, text]) => text !== ''));
  }

  nested(key: string): Params | null {
    this.#asked.add(key);
    const value = this.tree[key];
    if (value === undefined || value === '') return null;
    if (typeof value === 'string') throw parameterInvalid(this.#name(key), `Invalid object: ${this.#name(key)}.`);
    return new Params(value, this.#name(key));
  }

  expand(): string[] {
    return this.list('expand');
  }

  /** Call it after the last read: a parameter nobody asked for is a typing mistake, told as Stripe tells it. */
  done(): void {
    const unknown = Object.keys(this.tree).find((key) => !this.#asked.has(key));
    if (unknown !== undefined) throw parameterUnknown(this.#name(unknown));
  }
}
