import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemViewer } from './auth.ts';
import { createLog } from './log.ts';
import { type RemoteHouse, remoteHouse } from './remote.ts';
import { NOT_BEGUN } from './wire.ts';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

const { privateKey: key } = generateKeyPairSync('ed25519');
const log = createLog('silent');
const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

/** A process of a subgraph that answers GraphQL as told, and says that it is ready. */
async function serve(handle: Handle): Promise<{ url: string; asked: () => number; server: Server }> {
  let asked = 0;
  const server = createServer((request, response) => {
    if (request.url !== '/graphql') return response.end('{}');
    asked += 1;
    request.resume();
    request.on('end', () => handle(request, response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push({
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked, server };
}

function remote(...urls: string[]): RemoteHouse {
  const house = remoteHouse({ name: 'orders', urls, key, log });
  opened.push(house);
  return house;
}

const ask = (house: RemoteHouse, query = '{ a }', deadlineMs = 5_000) =>
  house.execute({ query, viewer: systemViewer, deadlineMs });
const answering =
  (body: string, status = 200, type = 'application/json'): Handle =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': type }).end(body);

describe('an answer that is none', () => {
  it.each([
    ['HTML', '<html><body>502 Bad Gateway at proxy.internal:8080</body></html>'],
    ['JSON that breaks off', '{"data": {"a": 1'],
    ['null', 'null'],
    ['a list', '[{"data": {"a": 1}}]'],
    ['a text', '"select * from orders"'],
    ['an object of something else', '{"status": "ok"}'],
    ['data that are a list', '{"data": [1]}'],
    ['data that are a text', '{"data": "x"}'],
    ['errors that are no list', '{"errors": {"message": "x"}}'],
    ['nothing', ''],
  ])('such as %s is an outage, told without its words', async (_, body) => {
    const { url } = await serve(answering(body));
    const { data, errors = [] } = await ask(remote(url));
    expect([data, errors.map(({ extensions }) => extensions.code)]).toEqual([null, ['SUBGRAPH_UNAVAILABLE']]);
    expect(JSON.stringify(errors)).not.toMatch(/proxy|select|Unexpected/);
  });

  it('in a part of it loses that part', async () => {
    const strange = [
      null,
      'boom',
      { message: 7, path: 'a', extensions: 'x' },
      { message: 'm', path: [{}] },
      { path: ['a', 0] },
    ];
    const { url } = await serve(answering(JSON.stringify({ data: { a: 1 }, errors: strange, extensions: 'x' })));
    const { data, errors = [], extensions } = await ask(remote(url));
    expect([data, extensions]).toEqual([{ a: 1 }, undefined]);
    expect(errors.map(({ message, path, extensions: more }) => [message, path, more])).toEqual([
      ['', undefined, {}],
      ['', undefined, {}],
      ['', undefined, {}],
      ['m', undefined, {}],
      ['', ['a', 0], {}],
    ]);
  });

  it('has no say over prototypes', async () => {
    const { url } = await serve(
      answering('{"data": {"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}}'),
    );
    const { data } = await ask(remote(url));
    expect(Object.keys(data!)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('an answer without end', () => {
  it('is not read beyond what any operation can bring', async () => {
    let written = 0;
    const gone = Promise.withResolvers<void>();
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.on('close', () => gone.resolve());
      const part = Buffer.alloc(1_000_000, ' ');
      const write = (): void => {
        while (!response.destroyed && response.write(part)) written += part.length;
        written += part.length;
      };
      response.on('drain', write);
      write();
    });
    const { errors } = await ask(remote(url), '{ a }', 60_000);
    expect(errors!.map(({ extensions }) => extensions.code)).toEqual(['SUBGRAPH_UNAVAILABLE']);
    await gone.promise;
    expect(written).toBeLessThan(64 * 1024 * 1024);
  });

  it('that drips is left when its time is over, though each drop comes in time', async () => {
    const gone = Promise.withResolvers<void>();
    const { url } = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => {
        clearInterval(timer);
        gone.resolve();
      });
    });
    const { errors } = await ask(remote(url), '{ a }', 200);
    expect(errors!.map(({ extensions }) => extensions.code)).toEqual(['TIMEOUT']);
    await gone.promise;
  });

  it('that breaks off is an outage', async () => {
    const { url, asked } = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"data":');
      setImmediate(() => response.destroy());
    });
    const { errors } = await ask(remote(url));
    expect(errors!.map(({ extensions }) => extensions.code)).toEqual(['SUBGRAPH_UNAVAILABLE']);
    expect(asked()).toBe(2);
  });
});

describe('what is asked a second time', () => {
  const reset: Handle = (request) => void request.socket.destroy();

  it('is a query over a connection that was cut, and never a mutation', async () => {
    for (const [query, times] of [
      ['{ a }', 2],
      ['mutation { a }', 1],
    ] as const) {
      const { url, asked } = await serve(reset);
      const { errors } = await ask(remote(url), query);
      expect(errors!.map(({ extensions }) => extensions.code)).toEqual(['SUBGRAPH_UNAVAILABLE']);
      expect([query, asked()]).toEqual([query, times]);
    }
  });

  it('is a mutation too where a process says that it did not begin', async () => {
    const leaving = await serve((_request, response) => void response.writeHead(503, { [NOT_BEGUN]: '1' }).end('{}'));
    const staying = await serve(answering('{"data": {"a": 1}}'));
    const house = remote(leaving.url, staying.url);
    for (let one = 0; one < 4; one++) expect((await ask(house, 'mutation { a }')).data).toEqual({ a: 1 });
    expect(staying.asked()).toBe(4);
  });

  it('is no mutation that hangs: it ends as a timeout, and was sent once', async () => {
    const { url, asked } = await serve(() => undefined);
    const { errors } = await ask(remote(url), 'mutation { a }', 100);
    expect(errors!.map(({ extensions }) => extensions.code)).toEqual(['TIMEOUT']);
    expect(asked()).toBe(1);
  });
});
