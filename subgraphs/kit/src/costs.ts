import {
  type ConstDirectiveNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
} from 'graphql';
import { Directive } from 'type-graphql';
import { argumentWithDirectives, directive, withDirectives } from './sdl.ts';

/** A write locks, says and wakes others; the IBM specification's own example is as heavy. */
const MUTATION = 10;
/** Words are looked for through an index of their own, with facets and ranks. */
const SEARCH = 10;
/** It brings another house into the plan, with a call for all at once. */
const OTHER_HOUSE = 2;
const OTHER_HOUSE_LEAF = 1;
/** What a page holds where nobody says how much: `PageArgs`. */
const PAGE = 20;

/** What a field costs where that is not what the kit reckons by itself: @cost of the IBM specification. */
export const Cost = (weight: number): PropertyDecorator & MethodDecorator =>
  Directive(`@cost(weight: ${weight})`) as PropertyDecorator & MethodDecorator;

/** Writes into a schema what its fields cost and how long its lists are (@cost, @listSize). */
export function declareCosts(schema: GraphQLSchema, isOthers: (type: string) => boolean): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const weight = has(field, 'cost') ? null : weightOf(field, type.name, isOthers);
      if (weight !== null) withDirectives(field, directive('cost', { weight }));
      const size = has(field, 'listSize') ? null : sizeOf(field);
      if (size) withDirectives(field, size);
      const words = field.args.find(({ name }) => name === 'search');
      if (words) argumentWithDirectives(words, directive('cost', { weight: SEARCH }));
    }
  }
}

const has = ({ astNode }: GraphQLField<unknown, unknown>, ...names: string[]): boolean =>
  astNode?.directives?.some(({ name }) => names.includes(name.value)) ?? false;

function weightOf(
  field: GraphQLField<unknown, unknown>,
  type: string,
  isOthers: (type: string) => boolean,
): number | null {
  if (type === 'Mutation') return MUTATION;
  if (!isOthers(type) || field.name === 'id' || has(field, 'external', 'shareable')) return null;
  return isLeafType(getNamedType(field.type)) ? OTHER_HOUSE_LEAF : OTHER_HOUSE;
}

function sizeOf(field: GraphQLField<unknown, unknown>): ConstDirectiveNode | null {
  const names = field.args.map(({ name }) => name);
  const slicing = ['first', 'last'].filter((name) => names.includes(name));
  if (!getNamedType(field.type).name.endsWith('Connection') || slicing.length === 0) return null;
  return directive('listSize', {
    assumedSize: PAGE,
    slicingArguments: slicing,
    sizedFields: ['edges', 'nodes'],
    requireOneSlicingArgument: false,
  });
}
