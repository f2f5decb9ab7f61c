import { buildSubgraphSchema } from '@apollo/subgraph';
import { printSchemaWithDirectives } from '@graphql-tools/utils';
import { decodeId, encodeId, type IdKind, type Role } from '@souk/schema';
import { type GraphQLFieldResolver, type GraphQLSchema, isInterfaceType, isObjectType, parse } from 'graphql';
import { buildSchemaSync, createResolversMap, getMetadataStorage, type NonEmptyArray } from 'type-graphql';
import { declareCaching } from './caching.ts';
import { declareCosts } from './costs.ts';
import { authorize, declareGuards } from './guards.ts';
import type { HouseContext } from './house.ts';
import { MoneyResolver, Node, UserError } from './types.ts';

/** A class, as type-graphql takes it. */
export type Class = abstract new (...args: never[]) => unknown;

/**
 * How a house answers for an entity. `load` gets the UUID and the whole representation (with `@requires` fields) and
 * answers null for what does not exist or may not be seen. `owned` marks the house that can tell whether it exists.
 */
// biome-ignore lint/suspicious/noExplicitAny: each house narrows context and reference to its own; the registry holds all kinds
export interface Entity<Context = any, Ref extends { id: string } = any> {
  readonly owned: boolean;
  readonly load: (ref: Ref, context: Context) => unknown;
}

/** An entity whose row this house keeps. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export const owned = <Context = any>(load: (id: never, context: Context) => unknown): Entity<Context> => ({
  owned: true,
  load: (ref: { id: string }, context) => load(ref.id as never, context),
});

/** An entity of another house to which this one adds fields: taken at its word, id decoded. */
// biome-ignore lint/suspicious/noExplicitAny: as above
export const extended = <Context = any, Ref extends { id: string } = any>(
  load: (ref: Ref, context: Context) => unknown = (ref) => ref,
): Entity<Context, Ref> => ({ owned: false, load });

const FEDERATION = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@shareable", "@external", "@requires", "@provides", "@tag", "@override", "@inaccessible", "@interfaceObject",
  "@authenticated", "@requiresScopes", "@policy", "@cost", "@listSize"
])\n`;

export interface HouseSchema {
  readonly schema: GraphQLSchema;
  readonly sdl: string;
}

interface Options {
  readonly resolvers: readonly Class[];
  /** Object types no field names directly: implementers of interfaces, entity stubs. */
  readonly orphans?: readonly Class[];
  readonly entities: Readonly<Record<string, Entity>>;
}

/** type-graphql asks for one although every subscription brings its own `subscribe` over the live port. */
const noPubSub = {
  publish: () => undefined,
  subscribe: () => {
    throw new Error('a subscription names its own subscribe function');
  },
};

const built = new WeakMap<Options, HouseSchema>();

/** TypeGraphQL classes → federated subgraph schema and its SDL. Pure, so a house that starts again has it at once. */
export function buildHouseSchema(definition: Options): HouseSchema {
  const known = built.get(definition) ?? build(definition);
  built.set(definition, known);
  return known;
}

function build({ resolvers, orphans = [], entities }: Options): HouseSchema {
  const built = buildSchemaSync({
    resolvers: [...resolvers, MoneyResolver] as unknown as NonEmptyArray<() => void>,
    orphanedTypes: [...orphans, Node, UserError] as unknown as (() => void)[],
    authChecker: ({ context, info }, roles) =>
      authorize((context as HouseContext).viewer, roles as Role[], info.parentType.name),
    validate: false,
    pubSub: noPubSub,
    skipCheck: true,
  });
  declareGuards(built);
  declareCosts(built, (type) => entities[type]?.owned === false);
  const sdl = FEDERATION + declareCaching(built) + printSchemaWithDirectives(built);
  const map = createResolversMap(built) as Record<string, Record<string, unknown>>;
  dropPlainResolvers(map);
  for (const type of Object.values(built.getTypeMap())) {
    if (type.name.startsWith('__') || (!isObjectType(type) && !isInterfaceType(type))) continue;
    for (const field of Object.values(type.getFields())) {
      const kind = field.extensions.idKind as IdKind | undefined;
      if (!kind || !isObjectType(type)) continue;
      map[type.name] = { ...map[type.name], [field.name]: idResolver(kind) };
    }
    if (isInterfaceType(type)) map[type.name] = { __resolveType: resolveType };
  }
  for (const [name, entity] of Object.entries(entities)) {
    map[name] = {
      ...map[name],
      __resolveReference: async (reference: { id: string }, context: HouseContext) => {
        const id = decodeId(name as IdKind, reference.id);
        if (!id) return null;
        return entity.load({ ...reference, id }, context);
      },
    };
  }
  return { schema: buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: map as never }]), sdl };
}

/**
 * A field that only shows a property needs no resolver but GraphQL's own: type-graphql's asks for middlewares and guards
 * each time. One with a guard or a method of its own, in whichever house, keeps it.
 */
function dropPlainResolvers(map: Record<string, Record<string, unknown>>): void {
  const { objectTypes, fieldResolvers } = getMetadataStorage();
  const handled = Map.groupBy(fieldResolvers, (resolver) => resolver.getObjectType?.());
  const plain = new Map<string, boolean>();
  for (const { name: type, target, fields = [] } of objectTypes) {
    for (const { name, schemaName, roles, middlewares } of fields) {
      const own = handled.get(target as never)?.some(({ methodName }) => methodName === name) ?? false;
      const bare = !own && name === schemaName && roles === undefined && (middlewares ?? []).length === 0;
      const key = `${type}.${schemaName}`;
      plain.set(key, bare && plain.get(key) !== false);
    }
  }
  for (const [key, isPlain] of plain) {
    const [type, field] = key.split('.') as [string, string];
    if (isPlain && map[type]) delete map[type][field];
  }
}

const idResolver =
  (kind: IdKind): GraphQLFieldResolver<Record<string, string | null>, unknown> =>
  (source, _args, _context, info) => {
    const uuid = source[info.fieldName];
    return uuid == null ? null : encodeId(kind, uuid);
  };

/** Implementers of an interface say which they are by `__typename`, or by being instances of their class. */
function resolveType(value: { __typename?: string; constructor?: { name: string } }): string | undefined {
  return value.__typename ?? value.constructor?.name;
}
