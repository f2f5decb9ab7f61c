import { defineSubgraph, type Hears } from '@souk/kit';
import { staff, startTestHouses, type TestHouses } from '@souk/kit/testing';
import { encodeId, type Fact } from '@souk/schema';
import { type Kysely, sql } from 'kysely';
import { Query, Resolver } from 'type-graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { platform } from './index.ts';

@Resolver()
class Nothing {
  @Query(() => String, { description: 'Nothing.' })
  nothing(): string {
    return '';
  }
}

interface HeardDb {
  heard: { version: number };
}

/** Facts of these versions cannot be heard; the words of the error name a person. */
const poison = new Set<number>();

const hears: Hears<HeardDb> = {
  'orders.OrderDelivered': async (tx, { version }) => {
    if (poison.has(version)) throw new RangeError('aiko@example.org');
    await tx.db.insertInto('heard').values({ version }).execute();
  },
};
const listener = (name: string) =>
  defineSubgraph<HeardDb>({
    name,
    resolvers: [Nothing],
    entities: {},
    migrations: {
      '0001_heard': {
        up: (db: Kysely<unknown>) => sql`create table heard (version int primary key)`.execute(db) as never,
      },
    },
    hears,
    ticks: {},
    loaders: () => ({}),
  });

const uuid = (n: number): string => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const idOf = (n: number): string => encodeId('DeadLetter', uuid(n));
const factOf = (n: number, key = uuid(0xabc)): Fact => ({
  id: uuid(n),
  type: 'orders.OrderDelivered',
  at: '2026-01-01T00:00:00.000Z',
  key,
  version: n,
  subject: null,
  trace: null,
  data: { orderId: key, orderNumber: 'S-1' } as never,
});

describe('dead letters', () => {
  let t: TestHouses;
  const admin = staff('ADMIN');
  beforeAll(async () => {
    t = await startTestHouses([platform, listener('inventory'), listener('carts')]);
  });
  afterAll(() => t.stop());
  beforeEach(async () => {
    poison.clear();
    for (const house of ['inventory', 'carts']) {
      await t.sql(`truncate ${house}.dead_letters, ${house}.heard, ${house}.inbox`);
      await t.house(house).redrive(uuid(1));
    }
  });

  const park = async (house: string, ...facts: readonly Fact[]) => {
    for (const fact of facts) await t.house(house).ear.park(fact, 5, new TypeError('aiko@example.org'));
  };
  const redrive = async (id: string, house = 'inventory') =>
    (
      await t.run(
        'platform',
        admin,
        `mutation ($input: RedriveDeadLetterInput!) { redriveDeadLetter(input: $input) {
          heard deadLetter { id house type reason error tries } errors { code message field } } }`,
        { input: { id, house } },
      )
    ).redriveDeadLetter;
  const list = async (args = '') =>
    (
      await t.run(
        'platform',
        admin,
        `{ deadLetters${args} { nodes { id house reason error tries } pageInfo { hasNextPage endCursor } count { value precision } } }`,
      )
    ).deadLetters;
  const heard = async () =>
    (await t.sql<{ version: number }>('select version from inventory.heard order by version')).map(
      (row) => row.version,
    );

  it('are heard again, oldest first, with all that waits behind them', async () => {
    await park('inventory', factOf(1), factOf(2));
    expect(await redrive(idOf(2))).toEqual({ heard: 2, deadLetter: null, errors: [] });
    expect(await heard()).toEqual([1, 2]);
    expect((await list()).nodes).toEqual([]);
  });

  it('tell which of them failed again and why, by class and never by value, and keep what was heard before it', async () => {
    await park('inventory', factOf(1), factOf(2), factOf(3));
    poison.add(2);
    const again = {
      heard: 1,
      deadLetter: {
        id: idOf(2),
        house: 'inventory',
        type: 'orders.OrderDelivered',
        reason: 'FAILED',
        error: 'RangeError',
        tries: 6,
      },
      errors: [
        {
          code: 'FAILED_AGAIN',
          message:
            'The ear of inventory failed again at orders.OrderDelivered with RangeError, try 6. Mend the cause, then drive it again.',
          field: ['input', 'id'],
        },
      ],
    };
    expect(await redrive(idOf(1))).toEqual(again);
    expect(await heard()).toEqual([1]);
    expect((await list()).nodes).toMatchObject([
      { id: idOf(2), error: 'RangeError', tries: 6 },
      { id: idOf(3), error: 'TypeError', tries: 5 },
    ]);
    expect(await redrive(idOf(3))).toMatchObject({ heard: 0, deadLetter: { id: idOf(2), tries: 7 } });
    // Its key still waits.
    await t.house('inventory').ear.deliver([factOf(4)]);
    expect(await heard()).toEqual([1]);
    poison.clear();
    expect(await redrive(idOf(2))).toEqual({ heard: 3, deadLetter: null, errors: [] });
    expect(await heard()).toEqual([1, 2, 3, 4]);
  });

  it('are heard once when two drive them at the same time', async () => {
    await park('inventory', factOf(1), factOf(2), factOf(3));
    const both = await Promise.all([redrive(idOf(1)), redrive(idOf(1))]);
    expect(both.flatMap(({ errors }) => errors.filter(({ code }: { code: string }) => code !== 'NOT_FOUND'))).toEqual(
      [],
    );
    expect(both.reduce((sum, answer) => sum + (answer.heard ?? 0), 0)).toBe(3);
    expect(await heard()).toEqual([1, 2, 3]);
  });

  it('that are not there are not driven', async () => {
    await park('inventory', factOf(1));
    const no = (field: string) => ({
      heard: null,
      deadLetter: null,
      errors: [
        {
          code: 'NOT_FOUND',
          message: 'There is no such dead letter; it may have been heard by now.',
          field: ['input', field],
        },
      ],
    });
    expect(await redrive(idOf(1), 'carts')).toEqual(no('id'));
    expect(await redrive(idOf(1), 'nowhere')).toEqual(no('house'));
    for (const id of [idOf(9), encodeId('Order', uuid(1)), '', 'nonsense']) expect(await redrive(id)).toEqual(no('id'));
    expect((await list()).nodes).toHaveLength(1);
  });

  it('are listed by age over all houses, a page at a time, also where one fact is dead at two ears', async () => {
    await park('inventory', factOf(1), factOf(2), factOf(3));
    await park('carts', factOf(2), factOf(3));
    const places: string[] = [];
    let after: string | null = null;
    do {
      const page = await list(`(first: 1${after ? `, after: "${after}"` : ''})`);
      places.push(...page.nodes.map(({ id, house }: { id: string; house: string }) => `${house} ${id}`));
      expect(page.count).toEqual({ value: 5, precision: 'EXACT' });
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect(places).toEqual([
      `inventory ${idOf(1)}`,
      `carts ${idOf(2)}`,
      `inventory ${idOf(2)}`,
      `carts ${idOf(3)}`,
      `inventory ${idOf(3)}`,
    ]);
    expect((await list('(house: "carts")')).nodes).toHaveLength(2);
    expect((await list('(house: "nowhere")')).nodes).toEqual([]);
  });

  it.each(['first: 0', 'first: 101', 'first: -1', 'after: "nonsense"', 'after: ""', 'last: 1', `before: "x"`])(
    'are not listed by %s',
    async (args) => {
      const { errors } = await t.ask('platform', admin, `{ deadLetters(${args}) { nodes { id } } }`);
      expect(errors?.map((error) => error.extensions.code)).toEqual(['BAD_USER_INPUT']);
    },
  );
});
