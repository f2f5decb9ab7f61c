import { mapIterator, systemViewer } from '@souk/kit';
import type { Viewer } from '@souk/schema';
import { buildSchema, type ExecutionResult, parse, print } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { EngineRequest } from '../engine.ts';
import { queueFor, seenSince } from './queue.ts';
import { type StreamRequest, shareStreams } from './share.ts';

const SDL = `
  type Query { a: Int }
  type Changed { eventId: String! stock: Int }
  type Subscription { changed(id: ID, after: String): Changed!, plain: Changed! }
`;
const quiet = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
const viewer = (more: Partial<Viewer> = {}): Viewer => ({ ...systemViewer, principal: 'anonymous', ...more });

function shop() {
  const schema = buildSchema(SDL);
  const asked: (EngineRequest & { say(version: number): void; ended: boolean })[] = [];
  let completed = 0;
  const streams = shareStreams(async (request) => {
    const at = asked.length;
    const left = (): void => {
      asked[at]!.ended = true;
    };
    const queue = queueFor<ExecutionResult>({ seen: seenSince(null), left });
    const say = (version: number): void => {
      completed++;
      const payload = { stock: version, souk_shared_eventId: `${version}-a` };
      queue.offer({ eventId: null, value: { data: { changed: payload } } });
    };
    asked.push({ ...request, say, ended: false });
    return mapIterator(queue, ({ value }) => value);
  }, quiet);
  const document = parse('subscription ($id: ID, $after: String) { changed(id: $id, after: $after) { stock } }');
  const request: StreamRequest = { schema, document, hash: 'h', operationName: null, variables: {}, viewer: viewer() };
  return {
    schema,
    asked,
    streams,
    request,
    get completed() {
      return completed;
    },
    async open(more: Partial<StreamRequest> = {}) {
      const opened = await streams.subscribe({ ...request, ...more });
      if (!(Symbol.asyncIterator in opened)) throw new Error(JSON.stringify(opened));
      return opened;
    },
  };
}

describe('streams that are shared', () => {
  it('complete an event once for a thousand clients, each of whom is shown the same object', async () => {
    const souk = shop();
    const clients = await Promise.all(
      Array.from({ length: 1_000 }, (_, at) =>
        souk.open({ viewer: viewer({ requestId: `${at}`, clientAddress: `10.0.0.${at}`, trace: null }) }),
      ),
    );
    expect(souk.asked.length).toBe(1);
    expect(souk.streams.counts()).toEqual({ upstream: 1, clients: 1_000 });
    for (const version of [1, 2]) {
      const shown = clients.map((client) => client.next());
      souk.asked[0]!.say(version);
      const results = (await Promise.all(shown)).map(({ value }) => value as ExecutionResult);
      expect(new Set(results.map(({ data }) => data)).size).toBe(1);
      expect(results[0]).toEqual({ data: { changed: { stock: version } }, extensions: { eventId: `${version}-a` } });
    }
    expect(souk.completed).toBe(2);
    await Promise.all(clients.map((client) => client.return!()));
    expect(souk.streams.counts()).toEqual({ upstream: 0, clients: 0 });
    expect(souk.asked[0]!.ended).toBe(true);
  });

  it('are of nobody in particular upstream: no address, no trace, a request id of their own', async () => {
    const souk = shop();
    await souk.open({ viewer: viewer({ requestId: 'mine', clientAddress: '10.0.0.1', trace: '00-a-b-01' }) });
    const { clientAddress, trace, requestId } = souk.asked[0]!.viewer;
    expect([clientAddress, trace]).toEqual([null, null]);
    expect(requestId).not.toBe('mine');
  });

  it('are apart for another viewer, role, locale, variable, document and supergraph, and one for another `after`', async () => {
    const souk = shop();
    const { asked, request } = souk;
    const others: Partial<StreamRequest>[] = [
      {},
      { viewer: viewer({ principal: 'user:1' }) },
      { viewer: viewer({ principal: 'user:1', roles: ['ADMIN'] }) },
      { viewer: viewer({ locale: 'de' }) },
      { variables: { id: '7' } },
      { hash: 'h narrowed', document: parse(print(request.document)) },
      { schema: buildSchema(SDL), document: parse(print(request.document)) },
    ];
    for (const other of others) await souk.open(other);
    expect(asked.length).toBe(others.length);
    await Promise.all(others.map((other) => souk.open({ ...other, variables: { ...other.variables, after: '1-a' } })));
    expect(asked.length).toBe(others.length);
  });

  it('skip what each client has seen, by `after` or by a stream before', async () => {
    const souk = shop();
    const [byAfter, before] = await Promise.all([
      souk.open({ variables: { after: '1-a' } }),
      souk.open({ seen: seenSince('1-a') }),
    ]);
    souk.asked[0]!.say(1);
    souk.asked[0]!.say(2);
    for (const client of [byAfter, before]) expect((await client.next()).value.extensions).toEqual({ eventId: '2-a' });
  });

  it('tell a slow reader how many states were passed over', async () => {
    const souk = shop();
    const slow = await souk.open();
    const quick = await souk.open();
    for (let version = 1; version <= 5; version++) {
      const shown = quick.next();
      souk.asked[0]!.say(version);
      await shown;
    }
    expect((await slow.next()).value).toEqual({
      data: { changed: { stock: 5 } },
      extensions: { eventId: '5-a', leftOut: 4 },
    });
  });

  it('are not shared without event ids, and give what they refuse', async () => {
    const souk = shop();
    const document = parse('subscription { plain { stock } }');
    await Promise.all([souk.open({ document, hash: 'p' }), souk.open({ document, hash: 'p' })]);
    expect(souk.asked.length).toBe(2);
    expect(souk.asked[0]!.document).toBe(document);
  });
});
