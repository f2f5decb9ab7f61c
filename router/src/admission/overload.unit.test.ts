import { GraphQLError } from 'graphql';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { askerOf, learn, prepare, viewers } from './admission.testing.ts';
import { type Capacity, decide, gatekeeper, type Leave, type Load, type Rank, rankOf } from './overload.ts';

const capacity: Capacity = { atOnce: 2, waiting: 8, delayMs: 100 };
const idle: Load = { running: 0, waiting: 0, delayMs: 0 };
const ranks: readonly Rank[] = [0, 1, 2, 3];
const all = (load: Partial<Load>, of: Capacity = capacity) =>
  ranks.map((rank) => decide({ ...idle, ...load }, of, rank));

describe('who goes on under load', () => {
  it('are those who buy, and last of all strangers who look', () => {
    expect(rankOf('query', false)).toBe(0);
    expect(rankOf('subscription', false)).toBe(0);
    expect(rankOf('query', true)).toBe(1);
    expect(rankOf('mutation', false)).toBe(2);
    expect(rankOf('mutation', true)).toBe(3);
  });
  it('are all, as long as there is room', () => {
    expect(all({ running: 1 })).toEqual(['run', 'run', 'run', 'run']);
    expect(all({ running: 2 })).toEqual(['wait', 'wait', 'wait', 'wait']);
    // Whoever comes passes nobody who waits.
    expect(all({ running: 1, waiting: 1 })).toEqual(['wait', 'wait', 'wait', 'wait']);
  });
  it('are fewer the more wait', () => {
    expect(all({ running: 2, waiting: 2 })).toEqual(['refuse', 'wait', 'wait', 'wait']);
    expect(all({ running: 2, waiting: 4 })).toEqual(['refuse', 'refuse', 'wait', 'wait']);
    expect(all({ running: 2, waiting: 6 })).toEqual(['refuse', 'refuse', 'refuse', 'wait']);
    expect(all({ running: 2, waiting: 8 })).toEqual(['refuse', 'refuse', 'refuse', 'refuse']);
  });
  it('are fewer the later everything is, but never less than those who buy', () => {
    expect(all({ running: 1, delayMs: 100 })).toEqual(['run', 'run', 'run', 'run']);
    expect(all({ running: 1, delayMs: 101 })).toEqual(['refuse', 'run', 'run', 'run']);
    expect(all({ running: 1, delayMs: 201 })).toEqual(['refuse', 'refuse', 'run', 'run']);
    expect(all({ running: 1, delayMs: 100_000 })).toEqual(['refuse', 'refuse', 'refuse', 'run']);
    expect(all({ running: 1, delayMs: 100_000 }, { ...capacity, delayMs: 0 })).toEqual(['run', 'run', 'run', 'run']);
  });
  it('are some of everybody, however late it is', () => {
    expect(all({ delayMs: 100_000 })).toEqual(['run', 'run', 'run', 'run']);
    const wide = { ...capacity, atOnce: 100 };
    expect(all({ running: 49, delayMs: 200 }, wide)).toEqual(['run', 'run', 'run', 'run']);
    expect(all({ running: 50, delayMs: 200 }, wide)).toEqual(['refuse', 'run', 'run', 'run']);
    expect(all({ running: 74, delayMs: 134 }, wide)).toEqual(['refuse', 'run', 'run', 'run']);
    expect(all({ running: 73, delayMs: 134 }, wide)).toEqual(['run', 'run', 'run', 'run']);
    // Half of the places are everybody's, or refusing would be all that is done.
    expect(all({ running: 49, delayMs: 100_000 }, wide)).toEqual(['run', 'run', 'run', 'run']);
    expect(all({ running: 50, delayMs: 100_000 }, wide)).toEqual(['refuse', 'refuse', 'refuse', 'run']);
  });
});

describe('a gatekeeper', () => {
  const { schema } = learn('type Query { a: Int } type Mutation { b: Int }');
  const read = prepare(schema, '{ a }');
  const change = prepare(schema, 'mutation { b }');
  const stranger = askerOf(viewers.anonymous);
  const guest = askerOf(viewers.guest);
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const refused = async (work: () => unknown): Promise<GraphQLError> => {
    const error = await (async () => work())().then(
      () => null,
      (why: unknown) => why,
    );
    expect(error).toBeInstanceOf(GraphQLError);
    return error as GraphQLError;
  };
  /** Fills every place; each answer frees one. */
  const full = async (keeper: ReturnType<typeof gatekeeper>): Promise<Leave[]> => [
    await keeper.enter(read, stranger),
    await keeper.enter(read, stranger),
  ];

  it('gives a place that is given back once', async () => {
    const keeper = gatekeeper(capacity, () => 0);
    const [first] = await full(keeper);
    expect(keeper.load).toEqual({ running: 2, waiting: 0, delayMs: 0 });
    first!();
    first!();
    expect(keeper.load.running).toBe(1);
  });
  it('lets those in first who buy, and the others in their order', async () => {
    const keeper = gatekeeper(capacity, () => 0);
    const leaves = await full(keeper);
    const came: string[] = [];
    const enter = async (name: string, prepared: typeof read, asker: typeof guest) => {
      const leave = await keeper.enter(prepared, asker);
      came.push(name);
      leave();
    };
    const entering = [
      enter('looks', read, stranger),
      enter('looks too', read, stranger),
      enter('reads', read, guest),
      enter('buys', change, guest),
    ];
    leaves[0]!();
    await Promise.all(entering);
    expect(came).toEqual(['buys', 'reads', 'looks', 'looks too']);
    expect(keeper.load).toEqual({ running: 1, waiting: 0, delayMs: 0 });
  });
  it('refuses with OVERLOADED, 503 and Retry-After, those who buy with the shortest wait', async () => {
    const keeper = gatekeeper({ ...capacity, waiting: 0 }, () => 0);
    await full(keeper);
    expect((await refused(() => keeper.enter(read, stranger))).extensions).toEqual({
      code: 'OVERLOADED',
      retryAfterMs: 5_000,
      http: { status: 503, headers: { 'retry-after': '5' } },
    });
    expect((await refused(() => keeper.enter(change, guest))).extensions.retryAfterMs).toBe(1_000);
  });
  it('makes room for those who buy, by whoever looks and came last', async () => {
    const keeper = gatekeeper({ ...capacity, waiting: 2 }, () => 0);
    await full(keeper);
    const looking = refused(() => keeper.enter(read, stranger));
    const buying = [keeper.enter(change, guest)];
    expect(keeper.load.waiting).toBe(2);
    buying.push(keeper.enter(change, guest));
    expect((await looking).extensions.code).toBe('OVERLOADED');
    await refused(() => keeper.enter(change, guest));
    expect(keeper.load.waiting).toBe(2);
    keeper.stop();
    for (const one of buying) await refused(() => one);
    expect(keeper.load.waiting).toBe(0);
  });
  it('waits no longer than a client would', async () => {
    const keeper = gatekeeper(capacity, () => 0);
    await full(keeper);
    const looking = refused(() => keeper.enter(read, stranger));
    const buying = refused(() => keeper.enter(change, guest));
    vi.advanceTimersByTime(1_000);
    await looking;
    expect(keeper.load.waiting).toBe(1);
    vi.advanceTimersByTime(9_000);
    await buying;
    expect(keeper.load).toEqual({ running: 2, waiting: 0, delayMs: 0 });
  });
});
