import { type OrderId, Rejection, type VariantId } from '@souk/schema';
import { parse } from 'graphql';
import { type Kysely, sql } from 'kysely';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  batchById,
  defineSubgraph,
  extended,
  type HouseContext,
  IdField,
  owned,
  Staff,
  UserError,
  watch,
  wireId,
} from './index.ts';
import { anonymous, guest, staff, startTestHouses, type TestHouses } from './testing.ts';

interface Note {
  id: OrderId;
  body: string;
  version: number;
}
interface NotesDb {
  notes: Note;
}
type Ctx_ = HouseContext<NotesDb, { noteById: { load(id: string): Promise<Note | null> } }>;

@ObjectType('Order')
@Directive('@key(fields: "id")')
class NoteType {
  @IdField('Order')
  id!: OrderId;
  @Field(() => String, { description: 'Text.' })
  body!: string;
  @Staff('SUPPORT')
  @Field(() => String, { nullable: true, description: 'For staff.' })
  secret!: string | null;
}
@ObjectType({ implements: UserError })
class NoteError extends UserError {
  @Field(() => String, { description: 'Code.' })
  code!: string;
}
@ObjectType()
class NotePayload {
  @Field(() => NoteType, { nullable: true, description: 'The note.' })
  note!: NoteType | null;
  @Field(() => [NoteError], { description: 'Mistakes.' })
  errors!: NoteError[];
}
@InputType()
class NoteInput {
  @Field(() => String, { description: 'Text.' })
  body!: string;
  @Field(() => String, { nullable: true, description: 'Key.' })
  idempotencyKey!: string | null;
}
@ObjectType()
class NoteEvent {
  @Field(() => String, { description: 'Where in the stream.' })
  eventId!: string;
  @Field(() => NoteType, { nullable: true, description: 'The note.' })
  note!: Note | null;
}

@Resolver(() => NoteType)
class NoteResolver {
  @Query(() => NoteType, { nullable: true, description: 'One note.' })
  note(@Arg('id', () => ID) id: string, @Ctx() ctx: Ctx_) {
    return ctx.loaders.noteById.load(id);
  }
  @Query(() => Int, { description: 'Breaks.' })
  broken(): number {
    throw new Error('select * from secrets');
  }
  @Mutation(() => NotePayload, { description: 'Writes a note.' })
  write(@Arg('input', () => NoteInput) input: NoteInput, @Ctx() ctx: Ctx_) {
    return ctx.mutate(
      'write',
      input,
      async (tx) => {
        const id = tx.newId<'Order'>();
        await tx.db.insertInto('notes').values({ id, body: input.body, version: 1 }).execute();
        tx.emit({ type: 'speaker.Said', key: id, version: 1, data: { id, body: input.body } });
        tx.touch(`note:${id}`, id, 1);
        if (input.body === '') throw new Rejection('EMPTY', 'Write something.', ['input', 'body']);
        return id;
      },
      (id) => ({ note: ctx.loaders.noteById.load(id) }),
    );
  }
  @Subscription(() => NoteEvent, {
    description: 'A note as it changes.',
    subscribe: ({ context, args }) =>
      watch({
        live: context.platform.live,
        topics: [`note:${args.id}`],
        after: null,
        read: async () => {
          const note = await context.db.selectFrom('notes').selectAll().where('id', '=', args.id).executeTakeFirst();
          return note ? [{ id: note.id, version: note.version, value: note }] : [];
        },
      }),
  })
  noteChanged(@Arg('id', () => ID) _id: string, @Root() event: { eventId: string; value: Note }) {
    return { eventId: event.eventId, note: event.value };
  }
}

const speaker = defineSubgraph<NotesDb>({
  name: 'orders',
  resolvers: [NoteResolver],
  orphans: [NoteError],
  entities: { Order: owned((id: OrderId, ctx: Ctx_) => ctx.loaders.noteById.load(id)) },
  migrations: {
    '0001_notes': {
      up: (db: Kysely<unknown>) =>
        sql`create table notes (id uuid primary key, body text not null, version int not null)`.execute(db) as never,
    },
  },
  hears: {},
  ticks: {},
  loaders: ({ db }) => ({
    noteById: batchById<OrderId, Note>((ids) => db.selectFrom('notes').selectAll().where('id', 'in', ids).execute()),
  }),
});

let poisoned = true;
const hearer = defineSubgraph<{ heard: { order_id: string; at: Date } }>({
  name: 'inventory',
  resolvers: [NoteResolver],
  entities: { Order: extended() },
  migrations: {
    '0001_heard': {
      up: (db: Kysely<unknown>) => sql`create table heard (order_id uuid, at timestamptz)`.execute(db) as never,
    },
  },
  hears: {
    'orders.OrderCreated': async (tx, fact) => {
      await tx.db.insertInto('heard').values({ order_id: fact.data.orderId, at: tx.now }).execute();
      if (fact.data.orderNumber === 'POISON' && poisoned) throw new Error('cannot');
      tx.emit({
        type: 'inventory.StockChanged',
        key: fact.key,
        version: 1,
        data: { variantId: fact.data.orderId as unknown as VariantId, available: 1, onHand: 1, lowStock: false },
      });
    },
  },
  ticks: {},
  loaders: () => ({}),
});

describe('a house', () => {
  let t: TestHouses;
  beforeAll(async () => {
    t = await startTestHouses([speaker, hearer]);
  });
  afterAll(() => t.stop());

  const write =
    'mutation ($input: NoteInput!) { write(input: $input) { note { id body } errors { code message field } } }';

  it('refuses a fact that is not its own, and keeps nothing of the transaction', async () => {
    const { errors } = await t.ask('orders', guest(), write, { input: { body: 'x' } });
    expect(errors?.[0]?.extensions.code).toBe('INTERNAL');
    expect(await t.sql('select * from orders.notes')).toEqual([]);
  });
  it('does not run a write for an anonymous viewer', async () => {
    const { errors } = await t.ask('orders', anonymous(), write, { input: { body: 'x' } });
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });
  it('masks a fault', async () => {
    const { errors } = await t.ask('orders', guest(), '{ broken }');
    expect(errors?.[0]?.message).toBe('Something went wrong on our side. Please try again.');
  });
  it('shows a staff field to staff alone', async () => {
    const id = '01900000-0000-7000-8000-00000000abcd';
    await t.sql(`insert into orders.notes values ($1, 'hello', 1)`, [id]);
    const q = '{ note(id: "01900000-0000-7000-8000-00000000abcd") { id body secret } }';
    expect((await t.ask('orders', guest(), q)).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect((await t.run('orders', staff('SUPPORT'), q)).note).toEqual({
      id: wireId('Order', id),
      body: 'hello',
      secret: null,
    });
    expect((await t.ask('orders', staff('FINANCE'), q)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
  it('hears a fact once however often it comes', async () => {
    const orderId = '01900000-0000-7000-8000-000000000abc' as OrderId;
    const data = {
      orderId,
      orderNumber: 'A',
      principal: 'guest:1',
      channelId: orderId,
      lines: [],
      total: { amountMinor: 1, currency: 'EUR' },
      holdUntil: '',
    };
    await t.hear('inventory', 'orders.OrderCreated', { key: orderId, data: data as never }, 3);
    expect(await t.sql('select order_id from inventory.heard')).toEqual([{ order_id: orderId }]);
    expect(await t.said('inventory')).toHaveLength(1);
  });
  it('parks a poison fact after five tries, lets other keys flow, and hears it once when re-driven', async () => {
    const say = (n: string, key: string) => ({ key, data: { orderId: key, orderNumber: n } });
    const [bad, good] = ['01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000002'];
    const insert = ({ key, data }: { key: string; data: object }) =>
      t.sql(
        `insert into orders.outbox (id, type, at, key, version, data) values (uuidv7(), 'orders.OrderCreated', now(), $1, 1, $2)`,
        [key, data],
      );
    await insert(say('POISON', bad!));
    await insert(say('later', bad!));
    await insert(say('good', good!));
    t.platform.bus.nudge('orders', await t.house('orders').mouth.listUnpublished(10));
    await t.quiet();
    expect(await t.sql('select reason, tries from inventory.dead_letters order by seq')).toEqual([
      { reason: 'FAILED', tries: 5 },
      { reason: 'KEY_PARKED', tries: 0 },
    ]);
    expect(await t.sql('select 1 as n from inventory.heard where order_id = $1', [good])).toHaveLength(1);
    expect(await t.sql('select 1 from orders.outbox where published_at is null')).toEqual([]);
    poisoned = false;
    const [letter] = await t.sql<{ fact_id: string }>('select fact_id from inventory.dead_letters order by seq');
    expect(await t.house('inventory').redrive(letter!.fact_id)).toEqual({ heard: 2, failed: null });
    expect(await t.sql('select 1 as n from inventory.heard where order_id = $1', [bad])).toHaveLength(2);
    expect(await t.sql('select * from inventory.dead_letters')).toEqual([]);
  });
  it('starts a subscription with the present state and goes on with newer versions', async () => {
    const id = '01900000-0000-7000-8000-00000000abcd';
    const house = t.house('orders');
    const stream = (await house.subscribe({
      document: parse(`subscription { noteChanged(id: "${id}") { eventId note { body } } }`),
      context: house.context(guest()),
    })) as AsyncIterableIterator<{ data: { noteChanged: { eventId: string } } }>;
    expect((await stream.next()).value).toEqual({
      data: { noteChanged: { eventId: `1-${id}`, note: { body: 'hello' } } },
    });
    await t.sql(`update orders.notes set body = 'bye', version = 2 where id = $1`, [id]);
    const next = stream.next();
    await t.platform.live.publish(`note:${id}`, { id, version: 2 });
    expect((await next).value).toEqual({ data: { noteChanged: { eventId: `2-${id}`, note: { body: 'bye' } } } });
    const parked = stream.next();
    await stream.return?.();
    expect((await parked).done).toBe(true);
  });
});
