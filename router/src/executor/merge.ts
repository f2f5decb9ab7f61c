import type { FetchDataRewrite } from '@apollo/query-planner';
import { Kind, type SelectionSetNode } from 'graphql';
import { type Fetched, isFetched, own, reader } from './data.ts';

/** The keys a fetch was planned to bring, level by level. Whatever else a subgraph sends is left out. */
export interface Shape {
  readonly keys: readonly Key[];
}

interface Key {
  readonly name: string;
  readonly read: (object: Fetched) => unknown;
  readonly inner: Shape | undefined;
}

type Growing = Map<string, Growing | undefined>;

export function shapeOf(set: SelectionSetNode, rewrites: readonly FetchDataRewrite[] = []): Shape {
  const growing: Growing = new Map();
  grow(growing, set);
  for (const rewrite of rewrites) {
    if (rewrite.kind !== 'KeyRenamer') continue;
    const parents = rewrite.path.slice(0, -1).filter((part) => !part.startsWith('... on '));
    let level: Growing | undefined = growing;
    for (const part of parents) level = level?.get(part);
    level?.set(rewrite.renameKeyTo, level.get(rewrite.path.at(-1)!));
  }
  return harden(growing);
}

function grow(level: Growing, set: SelectionSetNode): void {
  for (const node of set.selections) {
    if (node.kind === Kind.FRAGMENT_SPREAD) throw new Error('a subgraph’s text was planned with a named fragment');
    if (node.kind === Kind.INLINE_FRAGMENT) {
      grow(level, node.selectionSet);
      continue;
    }
    const key = node.alias?.value ?? node.name.value;
    const inner = level.get(key) ?? (node.selectionSet ? new Map() : undefined);
    level.set(key, inner);
    if (node.selectionSet) grow(inner!, node.selectionSet);
  }
}

const harden = (level: Growing): Shape => ({
  keys: [...level].map(([name, inner]) => ({ name, read: reader(name), inner: inner && harden(inner) })),
});

/** Adds what came to what is there. What is there is never lost to a null. */
export function merge(target: Fetched, source: Fetched, shape: Shape): void {
  for (const { name, read, inner } of shape.keys) {
    const value = read(source);
    if (value === undefined) continue;
    const present = read(target);
    if (present === undefined || present === null) target[name] = value;
    else if (value !== null) target[name] = inner ? mergeValue(present, value, inner) : value;
  }
}

function mergeValue(present: unknown, value: unknown, shape: Shape): unknown {
  if (isFetched(present) && isFetched(value)) {
    merge(present, value, shape);
    return present;
  }
  if (Array.isArray(present) && Array.isArray(value) && present.length === value.length) {
    for (let index = 0; index < value.length; index++) {
      if (value[index] == null) continue;
      present[index] = present[index] == null ? value[index] : mergeValue(present[index], value[index], shape);
    }
    return present;
  }
  return value;
}

/** Calls `visit` with each object at a path of keys and lists (`@`) below `root`, and the indexes on the way to it. */
export function visitAt(
  root: Fetched,
  path: readonly string[],
  visit: (object: Fetched, indexes: readonly number[]) => void,
): void {
  const indexes: number[] = [];
  function descend(value: unknown, step: number): void {
    if (value === null || value === undefined) return;
    if (step === path.length) {
      if (isFetched(value)) visit(value, indexes.slice());
      return;
    }
    const part = path[step]!;
    if (part !== '@') {
      if (isFetched(value)) descend(own(value, part), step + 1);
      return;
    }
    if (!Array.isArray(value)) return;
    for (let index = 0; index < value.length; index++) {
      indexes.push(index);
      descend(value[index], step + 1);
      indexes.pop();
    }
  }
  descend(root, 0);
}

/** The client's path to something: list indexes filled in, private names mapped back. */
export function clientPath(
  path: readonly string[],
  indexes: readonly number[],
  below: readonly (string | number)[],
  clientName: (key: string) => string,
): (string | number)[] {
  let next = 0;
  return [
    ...path.map((part) => (part === '@' ? indexes[next++]! : clientName(part))),
    ...below.map((part) => (typeof part === 'string' ? clientName(part) : part)),
  ];
}
