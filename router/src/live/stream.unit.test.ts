import { mapIterator, systemError, systemViewer } from '@souk/kit';
import type { Viewer } from '@souk/schema';
import { buildSchema, type ExecutionResult, type GraphQLSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../limits.ts';
import { type Admit, type Asker, isReady, isStream, makePipeline, type Shown, sha256 } from '../pipeline.ts';
import type { Lasting } from './lasting.ts';
import { placesFor } from './places.ts';
import { queueFor, seenSince } from './queue.ts';
import { shareStreams } from './share.ts';

const SDL = `
  type Query { a: Int }
  type Changed { eventId: String! stock: Int }
  type Subscription { changed(after: String): Changed! }
`;
const quiet = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
const viewer = (more: Partial<Viewer> = {}): Viewer => ({ ...systemViewer, principal: 'user:1', ...more });
const asker = (more: Partial<Viewer> = {}): Asker =>
  ({ viewer: viewer(more), transport: 'SSE', credentials: { clientAddress: null }, app: null }) as Asker;

/** A pipeline over a house whose stock is the version of its only thing. */
function shop(admissions: readonly Admit[] = []) {
  let schema: GraphQLSchema = buildSchema(SDL);
  let version = 1;
  let away = false;
  let reload: () => void = () => undefined;
  const open = new Set<ReturnType<typeof queueFor<ExecutionResult>>>();
  const eventOf = () => ({
    eventId: null,
    value: { data: { changed: { stock: version, souk_shared_eventId: `${version}-a` } } },
  });
  const places = placesFor('streams', { perViewer: 10, perAddress: 10, total: 10 });
  const pipeline = makePipeline({
    engine: {
      schema: () => schema,
      execute: async () => ({}),
      subscribe: async () => ({}),
      stop: async () => undefined,
    },
    streams: shareStreams(async () => {
      if (away) return { errors: [systemError('SUBGRAPH_UNAVAILABLE', 'away')] };
      const queue = queueFor<ExecutionResult>({ seen: seenSince(null), left: () => void open.delete(queue) });
      open.add(queue);
      queue.offer(eventOf());
      return mapIterator(queue, ({ value }) => value);
    }, quiet),
    places,
    onReload: (listener) => {
      reload = listener;
      return () => {
        reload = () => undefined;
      };
    },
    find: ({ query }) => ({ text: query!, hash: sha256(query!), registered: null }),
    gates: [],
    admissions,
    enter: () => () => undefined,
    observe: () => undefined,
    limits: defaultLimits,
    introspection: true,
  });
  return {
    places,
    open,
    async stream(by = asker()): Promise<Lasting<Shown, Asker>> {
      const ready = await pipeline.prepare({ query: 'subscription { changed { stock } }' }, by);
      if (!isReady(ready)) throw new Error(JSON.stringify(ready));
      const stream = await pipeline.stream(ready);
      if (!isStream(stream)) throw new Error(JSON.stringify(stream));
      return stream;
    },
    change() {
      version++;
      for (const queue of open) queue.offer(eventOf());
    },
    show(sdl: string) {
      schema = buildSchema(sdl);
      reload();
    },
    outage: (is: boolean) => {
      away = is;
    },
  };
}

const stockOf = async (stream: Lasting<Shown, Asker>): Promise<unknown> => {
  const { value, done } = await stream.next();
  if (done) return 'END';
  return value.errors ? value.errors[0]!.extensions?.code : (value.data!.changed as { stock: number }).stock;
};
const settled = () => new Promise((resolve) => setTimeout(resolve, 10));

describe('a stream of the pipeline', () => {
  it('goes on over a new supergraph, showing nothing twice and leaving nothing out', async () => {
    const souk = shop();
    const stream = await souk.stream();
    expect(await stockOf(stream)).toBe(1);
    const next = stockOf(stream);
    souk.show(`${SDL} type More { a: Int }`);
    await settled();
    expect(souk.open.size).toBe(1);
    souk.change();
    expect(await next).toBe(2);
    await stream.return();
    expect([souk.open.size, souk.places.taken]).toEqual([0, 0]);
  });

  it('ends with a code where a new supergraph has no place for it', async () => {
    const souk = shop();
    const stream = await souk.stream();
    await stockOf(stream);
    const next = stockOf(stream);
    souk.show('type Query { a: Int } type Subscription { other: Int }');
    expect(await next).toBe('BAD_USER_INPUT');
    expect(await stockOf(stream)).toBe('END');
    expect([souk.open.size, souk.places.taken]).toEqual([0, 0]);
  });

  it('stays as it is where the subgraph is away while a new supergraph comes', async () => {
    const souk = shop();
    const stream = await souk.stream();
    await stockOf(stream);
    souk.outage(true);
    souk.show(`${SDL} type More { a: Int }`);
    await settled();
    souk.change();
    expect(await stockOf(stream)).toBe(2);
    await stream.return();
  });

  it('is its viewer’s as they are now: admitted again, and ended where they may not', async () => {
    const staffAlone: Admit = (_prepared, _variables, { viewer: { roles } }) => {
      if (!roles.includes('SUPPORT')) throw systemError('FORBIDDEN', 'no');
      return undefined;
    };
    const souk = shop([staffAlone]);
    const stream = await souk.stream(asker({ roles: ['SUPPORT'] }));
    await stockOf(stream);
    await stream.renew(asker({ roles: ['SUPPORT', 'FINANCE'] }));
    souk.change();
    expect(await stockOf(stream)).toBe(2);
    const next = stockOf(stream);
    await stream.renew(asker({ roles: ['CUSTOMER'] }));
    expect(await next).toBe('FORBIDDEN');
    expect([await stockOf(stream), souk.open.size]).toEqual(['END', 0]);
  });

  it('does not go on with rights that were, where the new ones cannot be had', async () => {
    const souk = shop();
    const stream = await souk.stream(asker({ roles: ['SUPPORT'] }));
    await stockOf(stream);
    souk.outage(true);
    await stream.renew(asker({ roles: ['CUSTOMER'] }));
    expect(await stockOf(stream)).toBe('SUBGRAPH_UNAVAILABLE');
    expect([await stockOf(stream), souk.open.size]).toEqual(['END', 0]);
  });

  it('leaves others what they have when one viewer loses it, though they shared it', async () => {
    const souk = shop();
    const [one, other] = [await souk.stream(), await souk.stream()];
    await Promise.all([stockOf(one), stockOf(other)]);
    expect(souk.open.size).toBe(1);
    souk.outage(true);
    await one.renew(asker({ roles: ['CUSTOMER'] }));
    expect(await stockOf(one)).toBe('SUBGRAPH_UNAVAILABLE');
    souk.change();
    expect(await stockOf(other)).toBe(2);
    expect(souk.places.taken).toBe(1);
    await other.return();
    expect(souk.places.taken).toBe(0);
  });
});
