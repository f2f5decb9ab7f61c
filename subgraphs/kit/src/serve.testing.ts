import type { OrderId } from '@souk/schema';
import { type Kysely, sql } from 'kysely';
import {
  Arg,
  Ctx,
  Directive,
  Field,
  ID,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { sleep } from './clock.ts';
import { batchById, defineSubgraph, type HouseContext, IdField, owned, watch, wireId } from './index.ts';

interface Note {
  id: OrderId;
  body: string;
  version: number;
}
interface NotesDb {
  notes: Note;
}
type NotesContext = HouseContext<NotesDb, { noteById: { load(id: string): Promise<Note | null> } }>;

@ObjectType('Order')
@Directive('@key(fields: "id")')
class NoteType {
  @IdField('Order')
  id!: OrderId;
  @Field(() => String, { description: 'Text.' })
  body!: string;
}
@ObjectType()
class NoteEvent {
  @Field(() => String, { description: 'Where in the stream.' })
  eventId!: string;
  @Field(() => NoteType, { nullable: true, description: 'The note.' })
  note!: Note | null;
}

/** Slow work that has begun. */
export const begun = { count: 0 };

@Resolver(() => NoteType)
class NoteResolver {
  @Query(() => String, { description: 'Who asks.' })
  who(@Ctx() ctx: NotesContext): string {
    return ctx.viewer.principal;
  }
  @Query(() => Int, { description: 'Takes a while.' })
  async slow(@Arg('ms', () => Int) ms: number): Promise<number> {
    begun.count += 1;
    await sleep(ms);
    return ms;
  }
  @Mutation(() => ID, { description: 'Writes a note, taking a while in its transaction.' })
  async write(@Arg('body', () => String) body: string, @Arg('ms', () => Int) ms: number, @Ctx() ctx: NotesContext) {
    const { id } = await ctx.mutate<{ id: string }>(
      'write',
      {},
      async (tx) => {
        const note = tx.newId<'Order'>();
        await sql`select pg_sleep(${ms / 1000})`.execute(tx.db);
        await tx.db.insertInto('notes').values({ id: note, body, version: 1 }).execute();
        tx.emit({ type: 'orders.VoidRequested', key: note, version: 1, data: { orderId: note } as never });
        tx.touch('notes', note, 1);
        return note;
      },
      (note) => ({ id: note }),
    );
    return wireId('Order', id as OrderId);
  }
  @Subscription(() => NoteEvent, {
    description: 'Notes as they come.',
    subscribe: ({ context }) =>
      watch({
        live: context.platform.live,
        topics: ['notes'],
        after: null,
        read: async (id) => {
          const found = context.db.selectFrom('notes').selectAll().orderBy('id');
          const notes: Note[] = await (id === null ? found : found.where('id', '=', id)).execute();
          return notes.map((note) => ({ id: note.id, version: note.version, value: note }));
        },
      }),
  })
  noteCame(@Root() event: { eventId: string; value: Note }) {
    return { eventId: event.eventId, note: event.value };
  }
}

/** A house with notes in it: what its process promises holds for every house. */
export const notes = defineSubgraph<NotesDb>({
  name: 'orders',
  resolvers: [NoteResolver],
  entities: { Order: owned((id: OrderId, ctx: NotesContext) => ctx.loaders.noteById.load(id)) },
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
  routes: [
    {
      method: 'GET',
      path: '/notes/whose',
      handle: async ({ viewer }) => ({ status: 200, body: viewer.principal }),
    },
  ],
});
