import type { OrderId, VariantId } from '@souk/schema';
import { type Kysely, sql } from 'kysely';
import { Query, Resolver } from 'type-graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineSubgraph, type Last, type Parts } from './index.ts';
import { startTestHouses, statementsOf, type TestHouses } from './testing.ts';

@Resolver()
class Nothing {
  @Query(() => String, { description: 'Nothing.' })
  nothing(): string {
    return '';
  }
}

interface EarsDb {
  tallies: { order_id: string; heard: number };
}
type Tally = { order_id: string; heard: number };

const counted = (ids: readonly string[]): Parts<Tally> => ({
  with: [
    sql`counted as (
      insert into tallies (order_id, heard) select o::uuid, 1 from unnest(${ids}::text[]) o, taken
      where (select count(*) from taken) = ${ids.length}
      on conflict (order_id) do update set heard = tallies.heard + 1 returning order_id, heard)`,
  ],
  answer: 'counted',
});

const doubled = (id: string, check?: Last<Tally>['check']): Last<Tally> => ({
  with: [sql`doubled as (update tallies set heard = heard * 2 where order_id = ${id} returning order_id, heard)`],
  answer: 'doubled',
  check,
  refused: () => new Error('refused'),
});

const raised = (id: string, to: number): Parts<Tally> => ({
  with: [
    sql`raised as (update tallies set heard = ${to} where order_id = ${id} and heard < ${to} returning order_id, heard)`,
  ],
  answer: 'raised',
});

let trouble: 'CHECK' | 'REFUSED' | null = null;
const nudged: string[] = [];
const raise = { id: '', to: 0, answered: [] as unknown[] };

const house = defineSubgraph<EarsDb>({
  name: 'inventory',
  resolvers: [Nothing],
  entities: {},
  migrations: {
    '0001_ears': {
      up: (db: Kysely<unknown>) =>
        sql`create table tallies (order_id uuid primary key, heard int not null check (heard < 100))`.execute(
          db,
        ) as never,
    },
  },
  hears: {
    'orders.OrderDelivered': {
      atOnce: ([fact]) => counted([fact!.data.orderId]),
      after: (aftermath, _facts, rows) => rows.length > 0 && aftermath.nudge('note'),
    },
    'orders.VoidRequested': {
      lock: ([fact]) => ({
        with: [sql`mine as materialized (select * from tallies where order_id = ${fact!.data.orderId} for update)`],
        answer: 'mine',
      }),
      async hear(tx, [fact], rows: readonly Tally[]) {
        if (rows.length === 0) throw new Error('not counted yet');
        const { orderId } = fact!.data;
        tx.emit({
          type: 'inventory.StockChanged',
          key: orderId,
          version: 1,
          data: { variantId: orderId as string as VariantId, available: 1, onHand: 1, lowStock: false },
        });
        // The second sends the first on its own.
        await tx.last(doubled(orderId));
        await tx.last({
          ...doubled(orderId, (after) => {
            if (trouble === 'CHECK' || after[0]?.heard !== rows[0]!.heard * 4) throw new Error('unexpected');
          }),
          ...(trouble === 'REFUSED' ? { with: [sql`doubled as (update tallies set heard = 100 returning *)`] } : {}),
        });
      },
    },
    'orders.PaymentSubmitted': {
      shortcut: {
        atOnce: ([fact]) => raised(fact!.data.orderId, fact!.data.attempt),
        after: (aftermath, _facts, rows) => rows.length > 0 && aftermath.nudge('note'),
      },
      lock: ([fact]) => raised(fact!.data.orderId, fact!.data.attempt),
      async hear(tx, [fact], rows: readonly Tally[]) {
        if (rows.length === 0)
          await tx.db.insertInto('tallies').values({ order_id: fact!.data.orderId, heard: 1 }).execute();
      },
    },
  },
  ticks: {
    note: { everySeconds: 3_600, run: async () => void nudged.push('note') },
    raise: {
      everySeconds: 3_600,
      async run(duty) {
        const rows = await duty.writeAtOnce(raised(raise.id, raise.to), {
          say: [1, 2].map((version) => ({
            type: 'inventory.StockChanged' as const,
            key: raise.id,
            version,
            data: { variantId: raise.id as VariantId, available: raise.to, onHand: raise.to, lowStock: false },
          })),
          nudge: ['note'],
        });
        raise.answered.push(rows);
      },
    },
  },
  loaders: () => ({}),
});

describe('an ear', () => {
  let t: TestHouses;
  beforeAll(async () => {
    t = await startTestHouses([house]);
  });
  afterAll(() => t.stop());

  const id = '01900000-0000-7000-8000-000000000001' as OrderId;
  const delivered = { key: id, data: { orderId: id, orderNumber: 'A' } };
  const voided = { key: id, data: { orderId: id, refundId: id as never } };
  const tallies = () => t.sql<Tally>('select order_id, heard from inventory.tallies');
  const said = async () => (await t.said('inventory')).length;

  it('that hears at once takes one statement, has one effect, and nudges after it', async () => {
    const sent = await statementsOf(() => t.hear('inventory', 'orders.OrderDelivered', delivered));
    expect(sent).toHaveLength(1);
    await t.quiet();
    expect(nudged).toEqual(['note']);
    await t.hear('inventory', 'orders.OrderDelivered', delivered, 3);
    await t.quiet();
    expect(await tallies()).toEqual([{ order_id: id, heard: 2 }]);
    expect(nudged).toEqual(['note', 'note']);
  });
  it('that hears under a lock writes its last with what it says', async () => {
    const sent = await statementsOf(() => t.hear('inventory', 'orders.VoidRequested', voided));
    expect(sent.filter((text) => !text.includes('published_at'))).toHaveLength(5);
    expect(await tallies()).toEqual([{ order_id: id, heard: 8 }]);
    expect(await said()).toBe(1);
  });
  it('keeps nothing, inbox row and facts included, where the last write is refused or not as it should be', async () => {
    const before = await t.sql('select * from inventory.inbox');
    trouble = 'CHECK';
    await expect(t.hear('inventory', 'orders.VoidRequested', voided)).rejects.toThrow('unexpected');
    trouble = 'REFUSED';
    await expect(t.hear('inventory', 'orders.VoidRequested', voided)).rejects.toThrow('refused');
    trouble = null;
    expect(await tallies()).toEqual([{ order_id: id, heard: 8 }]);
    expect(await said()).toBe(1);
    expect(await t.sql('select * from inventory.inbox')).toEqual(before);
  });
  it('of either kind hears a dead letter once when it is driven again', async () => {
    const ear = t.house('inventory').ear;
    const other = '01900000-0000-7000-8000-000000000002' as OrderId;
    const letter = (type: 'orders.OrderDelivered' | 'orders.VoidRequested', n: number) => ({
      id: `01900000-0000-7000-8000-00000000010${n}`,
      type,
      at: '2026-01-01T00:00:00.000Z',
      key: other,
      version: n,
      subject: null,
      trace: null,
      data: { orderId: other, orderNumber: 'B', refundId: other },
    });
    const [first, second] = [letter('orders.OrderDelivered', 1), letter('orders.VoidRequested', 2)];
    await ear.park(first, 5, new Error('parked'));
    await ear.deliver([second]);
    expect(await t.house('inventory').redrive(first.id)).toEqual({ heard: 2, failed: null });
    expect(await t.sql('select heard from inventory.tallies where order_id = $1', [other])).toEqual([{ heard: 4 }]);
    expect(await said()).toBe(2);
    await ear.deliver([first]);
    expect(await t.sql('select heard from inventory.tallies where order_id = $1', [other])).toEqual([{ heard: 4 }]);
  });

  it('with a shortcut hears by it where it can, and else in a transaction', async () => {
    const third = '01900000-0000-7000-8000-000000000003' as OrderId;
    const submitted = (attempt: number) => ({
      key: third,
      data: { orderId: third, attempt, paymentMethod: 'pm_card_visa' },
    });
    const hear = async (attempt: number, times = 1) => {
      const sent = await statementsOf(() => t.hear('inventory', 'orders.PaymentSubmitted', submitted(attempt), times));
      await t.quiet();
      const [inbox] = await t.sql<{ n: number }>('select count(*)::int as n from inventory.inbox');
      const heard = (await tallies()).find(({ order_id }) => order_id === third)?.heard;
      return { statements: sent.length, heard, inbox: inbox!.n };
    };
    const [before] = await t.sql<{ n: number }>('select count(*)::int as n from inventory.inbox');
    nudged.length = 0;
    // Nothing to raise yet: the shortcut, then BEGIN, the lock, the insert and COMMIT.
    expect(await hear(5)).toEqual({ statements: 5, heard: 1, inbox: before!.n + 1 });
    expect(nudged).toEqual([]);
    expect(await hear(7)).toEqual({ statements: 1, heard: 7, inbox: before!.n + 2 });
    expect(nudged).toEqual(['note']);
    // Delivered twice: the shortcut has an effect once, and the transaction knows the fact.
    expect(await hear(8, 2)).toEqual({ statements: 5, heard: 8, inbox: before!.n + 3 });
    expect(nudged).toEqual(['note', 'note']);
  });

  it('and a duty that writes at once says, nudges and answers only where its write had an effect', async () => {
    const fourth = '01900000-0000-7000-8000-000000000004';
    await t.sql(`insert into inventory.tallies values ('${fourth}', 1)`);
    const before = await said();
    nudged.length = 0;
    Object.assign(raise, { id: fourth, to: 9 });
    const sent = await statementsOf(() => t.house('inventory').runTick('raise'));
    await t.quiet();
    expect(sent.filter((text) => !text.includes('published_at'))).toHaveLength(1);
    await t.house('inventory').runTick('raise');
    await t.quiet();
    expect(raise.answered).toEqual([[{ order_id: fourth, heard: 9 }], []]);
    expect(nudged).toEqual(['note']);
    expect((await t.said('inventory')).slice(before)).toMatchObject([
      { key: fourth, version: 1, data: { available: 9 } },
      { key: fourth, version: 2, data: { available: 9 } },
    ]);
    const rows = await t.sql<{ same: boolean }>(
      `select at = date_trunc('milliseconds', at) and published_at is not null as same from inventory.outbox where key = '${fourth}'`,
    );
    expect(rows).toEqual([{ same: true }, { same: true }]);
  });
});
