import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Shown } from '../pipeline.ts';
import { multipart, type StreamFormat, sse } from './formats.ts';
import { queueFor, seenSince } from './queue.ts';
import { type Ending, textOf, writeStream } from './write.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** One stream over real HTTP, with its events said by the test. */
async function served(format: StreamFormat, patienceMs?: number) {
  const ending = new AbortController();
  let ended = false;
  const left = (): void => {
    ended = true;
  };
  const queue = queueFor<Shown>({ seen: seenSince(null), left });
  let response: ServerResponse | undefined;
  let written: Promise<void> | undefined;
  const server = createServer((_request, answer) => {
    response = answer;
    written = writeStream({
      response: answer,
      headers: { 'x-request-id': 'r' },
      format,
      signal: ending.signal,
      ...(patienceMs ? { patienceMs } : {}),
      stream: {
        async next() {
          const { value, done } = await queue.next();
          if (done) return { value: undefined, done: true };
          const { eventId, leftOut } = value;
          return { value: { ...value.value, extensions: { eventId, leftOut } }, done: false };
        },
        return: () => queue.return() as Promise<IteratorResult<Shown>>,
      },
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const request = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false });
  request.on('error', () => undefined);
  const [incoming] = (await once(request, 'response')) as [IncomingMessage];
  closing.push(() => {
    request.destroy();
    server.close();
    server.closeAllConnections();
  });
  let version = 0;
  return {
    incoming,
    say: (data: Record<string, unknown>) => queue.offer({ eventId: `${++version}-a`, value: { data, extensions: {} } }),
    finish: () => queue.end(),
    end: (why: Ending) => ending.abort(why),
    response: () => response!,
    written: () => written!,
    leave: () => request.destroy(),
    get ended() {
      return ended;
    },
  };
}

async function all(incoming: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
  return text;
}

const gone = { errors: [{ message: 'm', extensions: { code: 'UNAUTHENTICATED' } }], comeBack: false };

describe('a stream as an HTTP answer', () => {
  it('says each event and that it is complete', async () => {
    const { incoming, say, finish, written } = await served(sse);
    say({ n: 1 });
    finish();
    expect(await all(incoming)).toBe(
      ':\n\nevent: next\nid: 1-a\ndata: {"data":{"n":1},"extensions":{"eventId":"1-a","leftOut":0}}\n\nevent: complete\ndata:\n\n',
    );
    expect(incoming.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-store, no-transform',
      'x-request-id': 'r',
    });
    await written();
  });

  it('says why it ends, or that it goes on elsewhere', async () => {
    const ended = await served(sse);
    ended.end(gone);
    expect(await all(ended.incoming)).toMatch(/"code":"UNAUTHENTICATED".*\n\nevent: complete\ndata:\n\n$/s);
    expect(ended.ended).toBe(true);
    const leaving = await served(sse);
    leaving.end({ ...gone, comeBack: true });
    expect(await all(leaving.incoming)).toBe(':\n\nretry: 1000\n\n');
    const parts = await served(multipart);
    parts.end(gone);
    expect(await all(parts.incoming)).toMatch(/\{"payload":null,"errors":\[.*\]\}\r\n--graphql--\r\n$/);
  });

  it('ends its source at once when its reader goes, also while it waits for an event', async () => {
    const stream = await served(multipart);
    expect(stream.ended).toBe(false);
    stream.leave();
    await stream.written();
    expect(stream.ended).toBe(true);
  });

  it('holds no more for a reader that does not read than one event and the newest of each thing', async () => {
    const { incoming, say, response, finish } = await served(sse);
    incoming.pause();
    const data = (n: number) => ({ n, text: 'x'.repeat(100_000) });
    const many = 1_000;
    let most = 0;
    for (let n = 1; n <= many; n++) {
      say(data(n));
      await new Promise((resolve) => setImmediate(resolve));
      most = Math.max(most, response().writableLength);
    }
    // A hundred megabytes were said; what waits in this process is one event and the stream's own buffer.
    expect(most).toBeLessThan(300_000);
    finish();
    const text = await all(incoming);
    const events = [...text.matchAll(/"n":(\d+).*?"leftOut":(\d+)/g)].map(([, n, leftOut]) => [
      Number(n),
      Number(leftOut),
    ]);
    expect(events.at(-1)![0]).toBe(many);
    expect(events.length).toBeLessThan(many);
    // Nothing was left out unsaid.
    expect(events.length + events.reduce((sum, [, leftOut]) => sum + leftOut!, 0)).toBe(many);
  });

  it('cuts off a reader that reads nothing for too long', async () => {
    const stream = await served(sse, 50);
    stream.incoming.pause();
    const writing = stream.written();
    for (let n = 0; n < 200 && !stream.ended; n++) {
      stream.say({ n, text: 'x'.repeat(1_000_000) });
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await writing;
    expect([stream.ended, stream.response().destroyed]).toEqual([true, true]);
  });

  it('makes what is shown to many a text once', () => {
    let made = 0;
    const data = {
      toJSON() {
        made++;
        return { n: 1 };
      },
    };
    const texts = ['a', 'b'].map((requestId) => textOf({ data, extensions: { requestId } }));
    expect(texts).toEqual([
      '{"data":{"n":1},"extensions":{"requestId":"a"}}',
      '{"data":{"n":1},"extensions":{"requestId":"b"}}',
    ]);
    expect(made).toBe(1);
    expect(textOf({ errors: [{ message: 'm' }], data: null, extensions: {} })).toBe(
      '{"errors":[{"message":"m"}],"data":null,"extensions":{}}',
    );
    expect(textOf({ errors: [{ message: 'm' }], extensions: {} })).toBe('{"errors":[{"message":"m"}],"extensions":{}}');
  });
});
