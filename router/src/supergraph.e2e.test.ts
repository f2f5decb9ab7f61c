import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep } from '@souk/kit';
import { parse, print, visit } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codesOf, type Door, httpDoor, socketDoor } from './doors.testing.ts';
import { type Caller, startSouk, type TestSouk } from './souk.testing.ts';

let souk: TestSouk;
let folder: string;
let file: string;
let whole: string;
let smaller: string;

/** As an editor saves: a new file gets the old one's name. */
async function put(sdl: string): Promise<void> {
  await writeFile(`${file}.new`, sdl);
  await rename(`${file}.new`, file);
}

/** Asks for a field that the smaller supergraph lacks. */
const BY_SKU = '{ variantBySku(sku: "none") { id } }';
const graph = () => `${souk.url}/graphql`;
const doors: Door[] = [httpDoor(graph), socketDoor(graph)];

/** Asks until the router knows the field, or no longer. */
async function untilFound(known: boolean): Promise<void> {
  for (;;) {
    const { errors } = await doors[0]!.ask({ query: BY_SKU });
    if ((errors.length === 0) === known) return;
    await sleep(20);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-supergraph-'));
  file = join(folder, 'supergraph.graphql');
  whole = await readFile(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
  smaller = print(
    visit(parse(whole), {
      ObjectTypeDefinition: ({ name }) => (name.value === 'Query' ? undefined : false),
      FieldDefinition: ({ name }) => (name.value === 'variantBySku' ? null : undefined),
    }),
  );
  expect([whole, smaller].map((sdl) => /^ {2}variantBySku\(/m.test(sdl))).toEqual([true, false]);
  await put(smaller);
  souk = await startSouk({ env: { SOUK_SUPERGRAPH: file }, ticks: false });
});
afterAll(async () => {
  await souk?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('a new supergraph', () => {
  it('brings a field, and takes it away', async () => {
    expect(codesOf(await doors[0]!.ask({ query: BY_SKU }))).toEqual(['BAD_USER_INPUT']);
    await put(whole);
    await untilFound(true);
    await put(smaller);
    await untilFound(false);
  });

  it('drops no request of those that are under way, at any door', async () => {
    let stop = false;
    let asked = 0;
    const wrong: unknown[] = [];
    /** Never the same text twice, so that each is parsed, validated, planned and run. */
    const shopper = async (door: Door, name: string): Promise<void> => {
      for (let n = 0; !stop; n += 1) {
        asked += 1;
        const said = await door.ask({
          query: `{ ${name}_${n}: context { channel { code } } products(first: 1) { nodes { id } } }`,
        });
        const { code } = said.data?.[`${name}_${n}`]?.channel ?? {};
        if (said.errors.length > 0 || code !== 'default' || !said.data.products) wrong.push(said);
      }
    };
    const shoppers = doors.flatMap((door) =>
      Array.from({ length: 4 }, (_, index) => shopper(door, `${door.name.toLowerCase()}${index}`)),
    );
    for (let round = 0; round < 3; round += 1) {
      await put(whole);
      await untilFound(true);
      await put(smaller);
      await untilFound(false);
    }
    stop = true;
    await Promise.all(shoppers);
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(24);
  });

  it('that is broken changes nothing, and the next good one is taken', async () => {
    await put(smaller);
    await untilFound(false);
    for (const broken of [whole.slice(0, -500), whole.replace('name: "products"', 'name: "elsewhere"'), '']) {
      await put(broken);
      // Whatever the router makes of the file, nobody notices.
      for (let n = 0; n < 25; n += 1) {
        const { errors, data } = await doors[0]!.ask({ query: '{ products(first: 1) { nodes { id } } }' });
        expect({ errors, answered: Array.isArray(data.products.nodes) }).toEqual({ errors: [], answered: true });
        await sleep(10);
      }
      expect(codesOf(await doors[0]!.ask({ query: BY_SKU }))).toEqual(['BAD_USER_INPUT']);
    }
    await put(whole);
    await untilFound(true);
  });
});

describe.each(doors)('the graph over $name', (door) => {
  const TYPES =
    'query ($name: String!) { one: __type(name: $name) { name } __schema { mutationType { fields { name } } types { name } } }';
  const shown = async (caller: Caller | null) => {
    const headers: Record<string, string> = caller?.token ? { authorization: `Bearer ${caller.token}` } : {};
    const { data, errors } = await door.ask({ query: TYPES, variables: { name: 'Warehouse' } }, headers);
    expect(errors).toEqual([]);
    const names = (list: { name: string }[]): Set<string> => new Set(list.map(({ name }) => name));
    const types = names(data.__schema.types);
    const mutations = names(data.__schema.mutationType.fields);
    return {
      warehouse: data.one?.name ?? null,
      types: ['Product', 'Warehouse', 'TaxZone'].filter((name) => types.has(name)),
      mutations: ['addToCart', 'createProduct'].filter((name) => mutations.has(name)),
    };
  };
  const open = { warehouse: null, types: ['Product'], mutations: ['addToCart'] };

  it('shows the public schema to strangers, guests and customers', async () => {
    expect(await shown(null)).toEqual(open);
    expect(await shown(await souk.guest())).toEqual(open);
    expect(await shown(await souk.customer())).toEqual(open);
  });

  it('shows staff all of it', async () => {
    expect(await shown(await souk.admin())).toEqual({
      warehouse: 'Warehouse',
      types: ['Product', 'Warehouse', 'TaxZone'],
      mutations: ['addToCart', 'createProduct'],
    });
  });

  it('answers an admin’s field asked for by others like every field that is guarded', async () => {
    const { token } = await souk.guest();
    const said = await door.ask({ query: '{ warehouses { id } }' }, { authorization: `Bearer ${token}` });
    expect(codesOf(said)).toEqual([expect.stringMatching(/^(FORBIDDEN|UNAUTHENTICATED)$/)]);
  });
});
