import type { Fact, OrderId } from '@souk/schema';
import { type Kysely, sql } from 'kysely';
import { Query, Resolver } from 'type-graphql';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemViewer } from './auth.ts';
import { redrive } from './dead-letters.ts';
import { defineSubgraph } from './index.ts';
import { earOf, type Hears } from './messages.ts';
import { startTestHouses, type TestHouses } from './testing.ts';

@Resolver()
class Nothing {
  @Query(() => String, { description: 'Nothing.' })
  nothing(): string {
    return '';
  }
}

const house = defineSubgraph<Record<string, never>>({
  name: 'inventory',
  resolvers: [Nothing],
  entities: {},
  migrations: {},
  hears: {},
  ticks: {},
  loaders: () => ({}),
});

describe('a parked key of a house of two processes', () => {
  let t: TestHouses;
  const heard: string[] = [];
  const hears: Hears<unknown> = { 'orders.OrderDelivered': async (_tx, fact) => void heard.push(fact.id) };
  beforeAll(async () => {
    t = await startTestHouses([house]);
  });
  beforeEach(() => {
    heard.length = 0;
  });
  afterAll(() => t.stop());

  const db = (): Kysely<unknown> => t.house('inventory').context(systemViewer).db;
  /** The ear of a process: each remembers for itself what is parked. */
  const options = () => ({ house: 'inventory', db: db(), hears, committed: async () => undefined });
  const fact = (key: string): Fact => ({
    id: v7(),
    type: 'orders.OrderDelivered',
    at: '2026-01-01T00:00:00.000Z',
    key,
    version: 1,
    subject: null,
    trace: null,
    data: { orderId: key as OrderId, orderNumber: 'A' },
  });
  const letters = async (): Promise<string[]> =>
    (await sql<{ fact_id: string }>`select fact_id from inventory.dead_letters order by seq`.execute(db())).rows.map(
      ({ fact_id }) => fact_id,
    );

  it('is parked for the other one too, once it has looked', async () => {
    const [one, two] = [earOf(options()), earOf(options())];
    const key = v7();
    const [first, second] = [fact(key), fact(key)];
    await one.park(first, 5, new Error('no'));
    await two.refresh!([second]);
    expect(await two.deliver([second])).toBe('PARKED');
    expect(heard).toEqual([]);
    expect(await redrive(options(), two, first.id)).toEqual({ heard: 2, failed: null });
    expect(heard).toEqual([first.id, second.id]);
  });

  it('that was driven again by one is free for the other: nothing is set aside behind a letter that is gone', async () => {
    const [one, two] = [earOf(options()), earOf(options())];
    const key = v7();
    const [first, second] = [fact(key), fact(key)];
    await one.park(first, 5, new Error('no'));
    expect(await redrive(options(), two, first.id)).toEqual({ heard: 1, failed: null });
    expect(await one.deliver([second])).toBe('HEARD');
    expect(heard).toEqual([first.id, second.id]);
    expect(await letters()).toEqual([]);
  });

  it('takes a fact that comes while it is driven again: behind the letter, or after it', async () => {
    const [one, two] = [earOf(options()), earOf(options())];
    const key = v7();
    const [first, second] = [fact(key), fact(key)];
    await one.park(first, 5, new Error('no'));
    await Promise.all([redrive(options(), two, first.id), one.deliver([second])]);
    expect(heard.toSorted()).toEqual([first.id, second.id].toSorted());
    expect(await letters()).toEqual([]);
    expect(heard[0]).toBe(first.id);
  });
});
