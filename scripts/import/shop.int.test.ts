import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { whoAmI } from './documents.ts';
import { Shop } from './shop.ts';

const login = { email: 'ada@souk.example', password: 'a passphrase' };
const me = { me: { roles: ['ADMIN'] }, channels: [] };
const running: Server[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

type Handler = (body: { query: string }, response: ServerResponse, request: IncomingMessage) => void;

/** Something that listens where a shop should. */
async function listen(handle: Handler): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    handle(text === '' ? { query: '' } : JSON.parse(text), response, request);
  });
  running.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}

const answer = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};
const fault = (code: string, message = 'No.', extra = {}) => ({
  errors: [{ message, extensions: { code, ...extra } }],
});
const session = (accessToken: string, lastsMs = 600_000) => ({
  data: {
    signIn: { session: { accessToken, expiresAt: new Date(Date.now() + lastsMs).toISOString() }, errors: [] },
  },
});

describe('the client of a shop', () => {
  it('sends a request again when its connection breaks, when a gateway is at a loss, and when it is told to wait', async () => {
    const said: string[] = [];
    const url = await listen((_, response) => {
      said.push('asked');
      if (said.length === 1) response.destroy();
      else if (said.length === 2) response.writeHead(503).end('<html>');
      else if (said.length === 3) answer(response, fault('OVERLOADED', 'Later.', { retryAfterMs: 1 }));
      else answer(response, { data: me });
    });
    const shop = await Shop.connect({ url });
    expect(await shop.run(whoAmI, {})).toEqual(me);
    expect([said.length, shop.resent]).toEqual([4, 3]);
  });

  it('gives up in the end, in a sentence', async () => {
    const url = await listen((_, response) => void response.destroy());
    const shop = await Shop.connect({ url, patience: 500 });
    await expect(shop.run(whoAmI, {})).rejects.toMatchObject({
      name: 'StartupError',
      message: `No shop answers at ${url}.`,
      advice: 'Start it with "npm start" and leave it running, or name another one with --url.',
    });
  });

  it('does not wait for a shop that is not there when it begins', async () => {
    const url = await listen(() => undefined);
    const [server] = running.splice(0);
    server!.close();
    await expect(Shop.connect({ url, login })).rejects.toMatchObject({ message: `No shop answers at ${url}.` });
  });

  it('signs in once for many requests, and again when the session ends or is ended', async () => {
    const tokens: (string | undefined)[] = [];
    let signIns = 0;
    const url = await listen(({ query }, response, { headers }) => {
      if (query.includes('signIn')) {
        signIns += 1;
        // The second session lives for a moment only.
        return answer(response, session(`token-${signIns}`, signIns === 2 ? 1 : 600_000));
      }
      tokens.push(headers.authorization);
      return answer(
        response,
        headers.authorization === 'Bearer token-1' && tokens.length > 2 ? fault('UNAUTHENTICATED') : { data: me },
      );
    });
    const shop = await Shop.connect({ url, login });
    await Promise.all([shop.run(whoAmI, {}), shop.run(whoAmI, {})]);
    await shop.run(whoAmI, {});
    await shop.run(whoAmI, {});
    expect(signIns).toBe(3);
    expect(tokens).toEqual([
      ...['Bearer token-1', 'Bearer token-1', 'Bearer token-1'],
      ...['Bearer token-2', 'Bearer token-3'],
    ]);
  });

  it('tells a fault with its code and request, and does not repeat it', async () => {
    let asked = 0;
    const url = await listen((_, response) => {
      asked += 1;
      answer(response, fault('INTERNAL', 'Something went wrong.', { requestId: 'r-1' }));
    });
    const shop = await Shop.connect({ url });
    await expect(shop.run(whoAmI, {})).rejects.toMatchObject({
      name: 'GraphFault',
      code: 'INTERNAL',
      message: 'Something went wrong. (request r-1)',
    });
    expect(asked).toBe(1);
  });

  it('says when a login is wrong', async () => {
    const url = await listen((_, response) =>
      answer(response, {
        data: { signIn: { session: null, errors: [{ message: 'The e-mail address or the password is wrong.' }] } },
      }),
    );
    await expect(Shop.connect({ url, login })).rejects.toMatchObject({
      name: 'StartupError',
      message: `The shop at ${url} did not let ada@souk.example in: The e-mail address or the password is wrong.`,
    });
  });

  it.each(['<html>Welcome</html>', '{"hello":"world"}', 'null', ''])(
    'says when what answers is no graph: %s',
    async (text) => {
      const url = await listen((_, response) => void response.end(text));
      const shop = await Shop.connect({ url });
      await expect(shop.run(whoAmI, {})).rejects.toMatchObject({
        message: `What answers at ${url} is not a Souk shop's graph.`,
      });
    },
  );

  it.each(['localhost:4000', 'ftp://shop.example/graphql', 'shop'])('says when %s is no address', async (url) => {
    await expect(Shop.connect({ url })).rejects.toMatchObject({ message: `"${url}" is not a web address of a graph.` });
  });
});
