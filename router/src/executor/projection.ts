import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { Bare, type Fetched, isFetched } from './data.ts';
import { type Chosen, isIntrospection, PLACEHOLDER } from './document.ts';

/** Where in the answer something is, from the end. */
interface Place {
  readonly up: Place | undefined;
  readonly key: string | number;
}

/** One shaping of one answer. */
interface Shaping {
  readonly introspected: Fetched | null;
  /** Collected only when asked for: places cost on every field, and are wanted nearly never. */
  readonly violations: GraphQLError[] | undefined;
  violated: boolean;
}

/**
 * Fetched → shown. `undefined` says that a place which may not be null had nothing, and that this was reported: whoever may
 * be null becomes null.
 */
type Complete = (value: unknown, shaping: Shaping, place: Place | undefined) => unknown;

interface Field {
  readonly name: string;
  readonly key: string;
  /** Such as `Product.name`, for messages. */
  readonly called: string;
  readonly complete: Complete;
  readonly nonNull: boolean;
}

export interface Shaped {
  readonly data: object | null;
  /** Places that had to be null against the schema; empty unless asked for. */
  readonly violations: readonly GraphQLError[];
  readonly violated: boolean;
}

/** Makes the client's answer of what was fetched: its names, its order, no field it did not ask for. */
export type Projection = (fetched: Fetched, introspected: Fetched | null, explain: boolean) => Shaped;

export function compileProjection(
  schema: GraphQLSchema,
  { operation, fragments }: Chosen,
  keys: ReadonlyMap<FieldNode, string>,
): Projection {
  const root = compileObject(schema.getRootType(operation.operation)!, [operation.selectionSet]);

  /** The fields a selection has on an object type, in the order and with the merging that execution gives them. */
  function collect(
    type: GraphQLObjectType,
    set: SelectionSetNode,
    fields: Map<string, FieldNode[]>,
    seen: Set<FragmentDefinitionNode>,
  ): void {
    for (const node of set.selections) {
      if (node === PLACEHOLDER) continue;
      if (node.kind === Kind.FIELD) {
        const name = node.alias?.value ?? node.name.value;
        const known = fields.get(name);
        if (known) known.push(node);
        else fields.set(name, [node]);
        continue;
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)!;
      if (fragment.kind === Kind.FRAGMENT_DEFINITION) {
        if (seen.has(fragment)) continue;
        seen.add(fragment);
      }
      if (applies(fragment.typeCondition?.name.value, type)) collect(type, fragment.selectionSet, fields, seen);
    }
  }

  function applies(condition: string | undefined, type: GraphQLObjectType): boolean {
    if (condition === undefined || condition === type.name) return true;
    const wanted = schema.getType(condition);
    return isAbstractType(wanted) && schema.isSubType(wanted, type);
  }

  function compileObject(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Complete {
    // Compiled when first met: types may nest without end where fragments do not.
    let compiled: readonly Field[] | undefined;
    return (value, shaping, place) => {
      if (value === null || value === undefined) return null;
      if (!isFetched(value)) return violate(shaping, place, `a ${type.name} that is no object`);
      compiled ??= compileFields(type, sets);
      const shown = new Bare();
      for (const field of compiled) {
        const at = shaping.violations ? { up: place, key: field.name } : undefined;
        const done = field.complete(value[field.key], shaping, at);
        if (done !== undefined && done !== null) shown[field.name] = done;
        else if (!field.nonNull) shown[field.name] = null;
        else return done === undefined ? undefined : violate(shaping, at, `no ${field.called}, which may not be null`);
      }
      return shown;
    };
  }

  function compileFields(type: GraphQLObjectType, sets: readonly SelectionSetNode[]): Field[] {
    const found = new Map<string, FieldNode[]>();
    const seen = new Set<FragmentDefinitionNode>();
    for (const set of sets) collect(type, set, found, seen);
    return [...found].map(([name, nodes]) => {
      const node = nodes[0]!;
      const called = `${type.name}.${node.name.value}`;
      if (node.name.value === '__typename') {
        return { name, key: '__typename', called, complete: () => type.name, nonNull: true };
      }
      if (isIntrospection(node)) {
        const complete: Complete = (_value, { introspected }) => introspected?.[name] ?? null;
        return { name, key: name, called, complete, nonNull: false };
      }
      const declared = type.getFields()[node.name.value]!.type;
      const inner = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
      return {
        name,
        key: keys.get(node)!,
        called,
        complete: compileType(isNonNullType(declared) ? declared.ofType : declared, inner, called),
        nonNull: isNonNullType(declared),
      };
    });
  }

  /** For a type without its non-null wrapper, which is up to the place that holds it. */
  function compileType(type: GraphQLOutputType, sets: readonly SelectionSetNode[], called: string): Complete {
    if (isListType(type)) return compileList(type.ofType, sets, called);
    if (isLeafType(type)) {
      const fits = leafCheck(type);
      return (value, shaping, place) => {
        if (value === null || value === undefined) return null;
        return fits(value) ? value : violate(shaping, place, `a value of ${called} that its type does not know`);
      };
    }
    if (isObjectType(type)) return compileObject(type, sets);
    return compileAbstract(type as GraphQLNamedType, sets, called);
  }

  function compileList(item: GraphQLOutputType, sets: readonly SelectionSetNode[], called: string): Complete {
    const nonNull = isNonNullType(item);
    const complete = compileType(nonNull ? item.ofType : item, sets, called);
    return (value, shaping, place) => {
      if (value === null || value === undefined) return null;
      if (!Array.isArray(value)) return violate(shaping, place, `a value of ${called} that is no list`);
      const shown: unknown[] = new Array(value.length);
      for (let index = 0; index < value.length; index++) {
        const at = shaping.violations ? { up: place, key: index } : undefined;
        const done = complete(value[index], shaping, at);
        if (done !== undefined && done !== null) shown[index] = done;
        else if (!nonNull) shown[index] = null;
        else
          return done === undefined ? undefined : violate(shaping, at, `no item in ${called}, which may not be null`);
      }
      return shown;
    };
  }

  function compileAbstract(type: GraphQLNamedType, sets: readonly SelectionSetNode[], called: string): Complete {
    const byName = new Map<string, Complete>();
    for (const possible of isAbstractType(type) ? schema.getPossibleTypes(type) : []) {
      byName.set(possible.name, compileObject(possible, sets));
    }
    return (value, shaping, place) => {
      if (value === null || value === undefined) return null;
      const named = isFetched(value) ? byName.get(value.__typename as string) : undefined;
      return named
        ? named(value, shaping, place)
        : violate(shaping, place, `a value of ${called} of no type it may have`);
    };
  }

  return (fetched, introspected, explain) => {
    const shaping: Shaping = { introspected, violations: explain ? [] : undefined, violated: false };
    const data = (root(fetched, shaping, undefined) ?? null) as object | null;
    return { data, violations: shaping.violations ?? [], violated: shaping.violated };
  };
}

function violate(shaping: Shaping, place: Place | undefined, what: string): undefined {
  shaping.violated = true;
  if (!shaping.violations) return undefined;
  const path: (string | number)[] = [];
  for (let at = place; at; at = at.up) path.push(at.key);
  shaping.violations.push(
    new GraphQLError(`The subgraphs gave ${what}.`, { path: path.reverse(), extensions: { code: 'INTERNAL' } }),
  );
  return undefined;
}

/** What a subgraph may send for a scalar or an enum; what is a client's to see of a scalar of ours is the subgraph's affair. */
function leafCheck(type: GraphQLNamedType): (value: unknown) => boolean {
  if (isEnumType(type)) {
    const names = new Set(type.getValues().map(({ name }) => name));
    return (value) => names.has(value as string);
  }
  switch (type.name) {
    case 'String':
      return (value) => typeof value === 'string';
    case 'ID':
      return (value) => typeof value === 'string' || Number.isInteger(value);
    case 'Int':
      return (value) => Number.isInteger(value);
    case 'Float':
      return (value) => typeof value === 'number' && Number.isFinite(value);
    case 'Boolean':
      return (value) => typeof value === 'boolean';
    default:
      return () => true;
  }
}
