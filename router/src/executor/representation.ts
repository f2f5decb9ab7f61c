import type { FetchDataRewrite, QueryPlanSelectionNode } from '@apollo/query-planner';
import { type GraphQLSchema, isAbstractType } from 'graphql';
import { Bare, type Fetched, isFetched, own, reader } from './data.ts';

/** What a subgraph is told of an entity it shall add to; null where what it needs is not known or the type is another. */
export type Represent = (entity: Fetched) => Fetched | null;

type Fill = (from: Fetched, into: Fetched) => boolean;

/** True for objects of a type, or of a type that implements it. Types are those of the whole supergraph. */
export type IsOfType = (object: Fetched, type: string) => boolean;

export function typeTest(supergraph: GraphQLSchema): IsOfType {
  const known = new Map<string, ReadonlySet<string>>();
  const namesOf = (name: string): ReadonlySet<string> => {
    let names = known.get(name);
    if (!names) {
      const type = supergraph.getType(name);
      const implementers = isAbstractType(type)
        ? [...supergraph.getPossibleTypes(type), ...Object.values(supergraph.getTypeMap())].filter(
            (other) => other.name !== name && 'getInterfaces' in other && supergraph.isSubType(type, other),
          )
        : [];
      names = new Set([name, ...implementers.map((other) => other.name)]);
      known.set(name, names);
    }
    return names;
  };
  return (object, type) => namesOf(type).has(object.__typename as string);
}

/** Compiles a fetch's `requires`. */
export function compileRepresentation(
  requires: readonly QueryPlanSelectionNode[],
  rewrites: readonly FetchDataRewrite[] | undefined,
  isOfType: IsOfType,
): Represent {
  const fill = compileFill(requires, isOfType);
  const rewrite = compileRewrites(rewrites, isOfType);
  return (entity) => {
    const representation = new Bare();
    if (!fill(entity, representation) || !representation.__typename) return null;
    rewrite?.(representation);
    return representation;
  };
}

function compileFill(selections: readonly QueryPlanSelectionNode[], isOfType: IsOfType): Fill {
  const fills = selections.map((selection): Fill => {
    if (selection.kind === 'InlineFragment') {
      const inner = compileFill(selection.selections, isOfType);
      const { typeCondition } = selection;
      return (from, into) => typeCondition === undefined || !isOfType(from, typeCondition) || inner(from, into);
    }
    const name = selection.alias ?? selection.name;
    const read = reader(name);
    const inner = selection.selections ? compileFill(selection.selections, isOfType) : undefined;
    const take = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(take);
      if (!inner || !isFetched(value)) return value;
      const taken = new Bare();
      return inner(value, taken) ? taken : null;
    };
    return (from, into) => {
      const value = read(from);
      if (value === undefined) return false;
      into[name] = inner ? take(value) : value;
      return true;
    };
  });
  return (from, into) => {
    for (const fill of fills) if (!fill(from, into)) return false;
    return true;
  };
}

/** Compiles the planner's changes to what is sent or received; undefined where there are none. */
export function compileRewrites(
  rewrites: readonly FetchDataRewrite[] | undefined,
  isOfType: IsOfType,
): ((value: unknown) => void) | undefined {
  if (!rewrites || rewrites.length === 0) return undefined;
  const all = rewrites.map((rewrite) => compileRewrite(rewrite, isOfType));
  return (value) => {
    for (const rewrite of all) rewrite(value);
  };
}

const FRAGMENT = '... on ';

function compileRewrite(rewrite: FetchDataRewrite, isOfType: IsOfType): (value: unknown) => void {
  const parents = rewrite.path.slice(0, -1);
  const last = rewrite.path.at(-1)!;
  let apply = (object: Fetched): void => {
    if (rewrite.kind === 'ValueSetter') {
      object[last] = rewrite.setValueTo;
      return;
    }
    const value = own(object, last);
    if (value === undefined || value === null) return;
    object[rewrite.renameKeyTo] = value;
    object[last] = undefined;
  };
  for (const part of parents.reverse()) {
    const then = apply;
    apply = part.startsWith(FRAGMENT)
      ? (object) => {
          const type = part.slice(FRAGMENT.length);
          // Where no type was asked for there is but one it can be.
          if (!object.__typename || isOfType(object, type)) then(object);
        }
      : (object) => each(own(object, part), then);
  }
  return (value) => each(value, apply);
}

function each(value: unknown, apply: (object: Fetched) => void): void {
  if (Array.isArray(value)) for (const item of value) each(item, apply);
  else if (isFetched(value)) apply(value);
}

/** Renamed key → the key it had when it was asked for: where an error is and the planner had to rename. */
export const renamings = (rewrites: readonly FetchDataRewrite[] | undefined): ReadonlyMap<string, string> =>
  new Map(
    (rewrites ?? []).flatMap((rewrite) =>
      rewrite.kind === 'KeyRenamer' ? [[rewrite.path.at(-1)!, rewrite.renameKeyTo] as const] : [],
    ),
  );
