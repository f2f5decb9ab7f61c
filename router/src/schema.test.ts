import { existsSync, readFileSync } from 'node:fs';
import { buildHouseSchema } from '@souk/kit';
import { nodeKinds } from '@souk/platform';
import { type Fact, type FactType, facts } from '@souk/schema';
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { compose } from './compose.ts';
import { houses } from './houses.ts';
import { viewsOf } from './views.ts';

const file = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const config = parseYaml(file('supergraph.yaml')) as {
  subgraphs: Record<string, { routing_url: string; schema: { file: string } }>;
};
const composed = compose(
  houses,
  new Map(Object.entries(config.subgraphs).map(([name, { routing_url }]) => [name, routing_url])),
);

describe('the committed schema', () => {
  it('is what the classes emit', () => {
    for (const [name, sdl] of composed.subgraphs)
      expect(file(config.subgraphs[name]!.schema.file) === sdl, `${name}: run npm run compose`).toBe(true);
    expect(file('schema/supergraph.graphql') === composed.supergraph, 'run npm run compose').toBe(true);
  });

  it('describes every type, field, argument and enum value', () => {
    const missing: string[] = [];
    for (const house of composed.subgraphs.keys()) {
      const { schema } = buildHouseSchema(houses.find((one) => one.name === house)!);
      for (const type of Object.values(schema.getTypeMap())) missing.push(...undescribed(type, house));
    }
    expect([...new Set(missing)]).toEqual([]);
  });

  it('lets node(id:) answer for every entity that a house owns', () => {
    const owned = houses
      .filter((house) => house.name !== 'platform')
      .flatMap((house) =>
        Object.entries(house.entities)
          .filter(([, entity]) => entity.owned)
          .map(([type]) => type),
      );
    expect([...nodeKinds].sort()).toEqual(owned.sort());
  });

  it('asks for an idempotency key wherever money, orders or stock move', () => {
    const schema = buildSchema(composed.supergraph, { assumeValidSDL: true });
    // importOrders repeats by itself: an order's number from elsewhere is taken once.
    const moving =
      /^(createOrder|payOrder|cancelOrder|refundOrder|shipOrder|deliverOrder|setStockLevels|adjustStock|transferStock)$/;
    const fields = Object.values(schema.getMutationType()!.getFields()).filter((field) => moving.test(field.name));
    expect(fields.map((field) => field.name).sort()).toEqual([
      'adjustStock',
      'cancelOrder',
      'createOrder',
      'deliverOrder',
      'payOrder',
      'refundOrder',
      'setStockLevels',
      'shipOrder',
      'transferStock',
    ]);
    for (const field of fields) {
      const input = field.args
        .find((arg) => arg.name === 'input')!
        .type.toString()
        .replace(/!$/, '');
      const type = schema.getType(input);
      expect(isInputObjectType(type) && type.getFields().idempotencyKey?.type.toString(), field.name).toBe('String!');
    }
  });

  it('shows the public what no guard keeps from it, and staff all', () => {
    const views = viewsOf(composed.supergraph);
    for (const view of ['public', 'admin'] as const)
      expect(file(`schema/${view}.graphql`) === views[view], `${view}: run npm run compose`).toBe(true);
    const open = buildSchema(views.public);
    expect(['Product', 'Cart', 'Order', 'MoneyInput'].filter((name) => !open.getType(name))).toEqual([]);
    // Nodes like the others, to which only staff are led.
    expect(['Warehouse', 'TaxZone', 'Message', 'DeadLetter'].filter((name) => open.getType(name))).toEqual([]);
    const fields = open.getMutationType()!.getFields();
    expect(['createProduct', 'refundOrder', 'setUserRoles'].filter((name) => name in fields)).toEqual([]);
    expect(['addToCart', 'createOrder', 'register'].filter((name) => !(name in fields))).toEqual([]);
  });

  it('tags for staff whatever a role guards', () => {
    const lines = [...composed.subgraphs.values()].join('').split('\n');
    const guarded = lines.filter((line) => /\B@requiresScopes\(/.test(line));
    expect(guarded.filter((line) => !line.includes('@tag(name: "admin")'))).toEqual([]);
    expect(lines.filter((line) => line.includes('@tag(name: "admin")')).length).toBeGreaterThan(80);
  });

  it('never uses Float for anything', () => {
    expect(composed.supergraph.match(/: \[?Float/g)).toBeNull();
  });
});

describe('the facts', () => {
  const types = Object.keys(facts) as FactType[];

  it('are heard by exactly the houses the table names', () => {
    const heard = Object.fromEntries(
      types.map((type) => [
        type,
        houses
          .filter((house) => type in house.hears)
          .map((house) => house.name)
          .sort(),
      ]),
    );
    expect(heard).toEqual(Object.fromEntries(types.map((type) => [type, [...facts[type].heardBy].sort()])));
  });

  it('each have an example of their own shape', () => {
    for (const type of types) {
      const path = new URL(`../../schema/events/examples/${type}.json`, import.meta.url);
      expect(existsSync(path), `${type} has no example`).toBe(true);
      const example = JSON.parse(readFileSync(path, 'utf8')) as Fact;
      expect(Object.keys(example).sort(), type).toEqual([
        'at',
        'data',
        'id',
        'key',
        'subject',
        'trace',
        'type',
        'version',
      ]);
      expect(example.type).toBe(type);
      for (const field of facts[type].personal) expect(Object.keys(example.data as object), type).toContain(field);
    }
  });
});

function undescribed(type: GraphQLNamedType, house: string): string[] {
  if (type.name.startsWith('_') || type.name.startsWith('federation__') || type.name.startsWith('link__')) return [];
  if (isEnumType(type))
    return type
      .getValues()
      .filter((value) => !value.description)
      .map((value) => `${house} ${type.name}.${value.name}`);
  if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) return [];
  const fields: readonly (GraphQLField<unknown, unknown> | GraphQLInputField)[] = Object.values(type.getFields());
  return fields.flatMap((field) => {
    if (field.name.startsWith('_')) return [];
    const name = `${house} ${type.name}.${field.name}`;
    const args =
      'args' in field ? field.args.filter((arg) => !arg.description).map((arg) => `${name}(${arg.name})`) : [];
    return field.description ? args : [name, ...args];
  });
}
