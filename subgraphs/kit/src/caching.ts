import { type ConstDirectiveNode, type GraphQLField, type GraphQLSchema, isObjectType, Kind } from 'graphql';
import { Extensions } from 'type-graphql';
import { directive, withDirectives } from './sdl.ts';

/** How long routers may keep what a field shows, seconds, and whether for everybody alike or for one viewer alone. */
export interface Cacheable {
  readonly maxAge: number;
  readonly scope?: 'PUBLIC' | 'PRIVATE';
}

type Anywhere = ClassDecorator & PropertyDecorator & MethodDecorator;

/**
 * Lets routers keep what a field shows, or all fields of a type but those that say otherwise or that staff alone may see:
 * @cacheControl. A promise: whatever changes it evicts it (`tx.evict`), and what changes by time alone says until when it holds
 * (`context.holds`). Public is what every viewer of a channel and locale but staff is shown alike.
 */
export const Cached = (maxAge: number, scope: Cacheable['scope'] = 'PUBLIC'): Anywhere =>
  Extensions({ cacheable: { maxAge, scope } satisfies Cacheable }) as Anywhere;

/** A field of a cached type that is never kept: nobody evicts what it shows, or not at once. */
export const Uncached = (): PropertyDecorator => Extensions({ cacheable: null }) as PropertyDecorator;

const URL = 'https://specs.souk.example/cacheControl/v1.0';

/** What a subgraph that caches anything says before its types. By its name the scope is no part of the graph that clients see. */
const DEFINITION = `extend schema @link(url: "${URL}", import: ["@cacheControl"]) @federation__composeDirective(name: "@cacheControl")
directive @cacheControl(maxAge: Int, scope: cacheControl__Scope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
"""Whose copy of a field a cache may keep."""
enum cacheControl__Scope {
  """Everybody’s."""
  PUBLIC
  """One viewer’s."""
  PRIVATE
}
`;

/** Writes into a schema which fields may be kept, and answers what has to be said before it. */
export function declareCaching(schema: GraphQLSchema): string {
  let some = false;
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    const whole = type.extensions.cacheable as Cacheable | undefined;
    for (const field of Object.values(type.getFields())) {
      const cacheable = cacheableOf(field, whole);
      if (!cacheable) continue;
      withDirectives(field, cacheControl(cacheable));
      some = true;
    }
  }
  return some ? DEFINITION : '';
}

function cacheableOf(
  { name, extensions }: GraphQLField<unknown, unknown>,
  whole: Cacheable | undefined,
): Cacheable | null {
  if (extensions.cacheable !== undefined) return extensions.cacheable as Cacheable | null;
  return name === 'id' || extensions.guard !== undefined ? null : (whole ?? null);
}

function cacheControl({ maxAge, scope }: Cacheable): ConstDirectiveNode {
  const node = directive('cacheControl', { maxAge });
  if (scope !== 'PRIVATE') return node;
  const name = { kind: Kind.NAME, value: 'scope' } as const;
  return {
    ...node,
    arguments: [...node.arguments!, { kind: Kind.ARGUMENT, name, value: { kind: Kind.ENUM, value: scope } }],
  };
}
