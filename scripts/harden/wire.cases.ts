import { setTimeout as sleep } from 'node:timers/promises';
import { type Case, tryAll } from './case.ts';
import { request, uncleanIn } from './doors.ts';
import { exchange, openRaw, type Raw, statusesIn } from './raw.ts';

const QUERY = '{"query":"{ context { channel { code } } }"}';
const head = (lines: readonly string[]): string => `${lines.join('\r\n')}\r\n\r\n`;
const post = (host: string, lines: readonly string[], body = ''): string =>
  head(['POST /graphql HTTP/1.1', `Host: ${host}`, 'Content-Type: application/json', ...lines]) + body;

/** A request hidden in the body of another: a second answer would show that it was believed. */
const HIDDEN = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

/** What is wrong with how bytes that are no request were answered. */
function malformed(raw: Raw): string[] {
  const statuses = statusesIn(raw.got);
  const wrongs: string[] = [];
  if (statuses.length > 1) wrongs.push(`It was answered ${statuses.length} times: ${statuses.join()}.`);
  if (statuses.some((status) => status < 400 || status >= 500)) wrongs.push(`It was answered ${statuses.join()}.`);
  if (!raw.over) wrongs.push('The connection was left open.');
  const body = raw.got.slice(raw.got.indexOf('\r\n\r\n') + 4);
  // Node ends some of them with an empty chunk.
  if (!['', '0'].includes(body.trim())) {
    try {
      const { errors } = JSON.parse(body);
      wrongs.push(...uncleanIn({ errors, text: body }));
    } catch {
      wrongs.push(`It was answered with something else than JSON: ${body.slice(0, 100)}`);
    }
  }
  return wrongs;
}

const smuggling: Case = {
  name: 'smuggling',
  family: 'http',
  promise: 'what two readers could read differently is refused, and ends its connection',
  run({ origin }) {
    const { host } = new URL(origin);
    const length = `Content-Length: ${QUERY.length}`;
    const tries: readonly (readonly [string, string])[] = [
      ['a length and chunks', post(host, [length, 'Transfer-Encoding: chunked'], `0\r\n\r\n${HIDDEN}`)],
      [
        'chunks and a length',
        post(host, ['Transfer-Encoding: chunked', 'Content-Length: 4'], `${chunk(QUERY)}0\r\n\r\n${HIDDEN}`),
      ],
      ['two lengths', post(host, [length, 'Content-Length: 4'], QUERY + HIDDEN)],
      ['two lengths in one', post(host, [`Content-Length: 4, ${QUERY.length}`], QUERY + HIDDEN)],
      ['a length with a sign', post(host, [`Content-Length: +${QUERY.length}`], QUERY + HIDDEN)],
      ['a length in hex', post(host, ['Content-Length: 0x2c'], QUERY + HIDDEN)],
      ['an encoding nobody knows', post(host, ['Transfer-Encoding: xchunked'], `0\r\n\r\n${HIDDEN}`)],
      [
        'chunked twice',
        post(host, ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], `0\r\n\r\n${HIDDEN}`),
      ],
      ['a blank before the colon', post(host, ['Transfer-Encoding : chunked', length], `0\r\n\r\n${HIDDEN}`)],
      ['a folded header', post(host, ['Transfer-Encoding:', ' chunked', length], `0\r\n\r\n${HIDDEN}`)],
      ['a chunk size without end', post(host, ['Transfer-Encoding: chunked'], `${'f'.repeat(40)}\r\n${HIDDEN}`)],
      ['a chunk size that is none', post(host, ['Transfer-Encoding: chunked'], `zz\r\n${HIDDEN}`)],
      ['no host', head(['GET /graphql?query=%7B__typename%7D HTTP/1.1'])],
      ['two hosts', head(['GET /graphql HTTP/1.1', `Host: ${host}`, 'Host: evil.example', 'Connection: close'])],
      ['a header in a header', head(['GET /graphql HTTP/1.1', `Host: ${host}`, 'Souk-Channel: a\rX: y'])],
      ['a NUL in a header', head(['GET /graphql HTTP/1.1', `Host: ${host}`, 'Souk-Channel: a\0b'])],
      ['a method nobody knows', head(['BREW /graphql HTTP/1.1', `Host: ${host}`])],
      ['a version nobody knows', head(['GET /graphql HTTP/9.9', `Host: ${host}`])],
      ['bytes', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03garbage\r\n\r\n'],
      ['headers of 64 KB', head(['GET /graphql HTTP/1.1', `Host: ${host}`, `X-Long: ${'x'.repeat(65_536)}`])],
      [
        'three thousand headers',
        head(['GET /graphql HTTP/1.1', `Host: ${host}`, ...Array.from({ length: 3_000 }, (_, at) => `X-${at}: y`)]),
      ],
    ];
    return tryAll(tries, async (bytes, name) => {
      const raw = await exchange(origin, bytes);
      // More headers than are read are left out: Node has no word for that.
      if (name === 'three thousand headers')
        return statusesIn(raw.got).every((status) => status < 500) ? [] : malformed(raw);
      return malformed(raw);
    });
  },
};

const paths: Case = {
  name: 'paths',
  family: 'http',
  promise: 'no path leads out of what is served',
  run({ origin }) {
    const climbs = ['..', '%2e%2e', '..%2f', '%2e%2e%2f', '..\\', '..%5c', '....//', '%252e%252e', '..%00', '.%2e'];
    const roots = ['console', 'console/assets', 'media', 'api/v1', 'graphql'];
    const targets = ['package.json', 'etc/passwd', '.env', 'router/src/front.ts'];
    const tries = roots.flatMap((root) =>
      climbs.flatMap((climb) =>
        targets.map((target) => {
          const up = climb.endsWith('/') || climb.endsWith('f') ? climb : `${climb}/`;
          return `/${root}/${up.repeat(4)}${target}`;
        }),
      ),
    );
    const odd = [
      '/%',
      '/%zz',
      '/graphql/%00',
      '//evil.example/',
      `/${'a'.repeat(6_000)}`,
      '/graphql/..;/internal/about',
      '/internal/about',
      '/.git/config',
      '/graphql%2f',
      '/\u00e9',
    ];
    const { host } = new URL(origin);
    return tryAll(
      [...tries, ...odd].map((path) => [path.slice(0, 80), path] as const),
      async (path) => {
        const raw = await exchange(
          origin,
          Buffer.from(head([`GET ${path} HTTP/1.1`, `Host: ${host}`, 'Connection: close'])),
        );
        const [status = 0] = statusesIn(raw.got);
        const wrongs: string[] = [];
        if (/"dependencies"|root:x:0|openFrontDoor|SOUK_|\[core\]/.test(raw.got))
          wrongs.push('It was answered with a file of ours.');
        if (status >= 500 || status === 0) wrongs.push(`It was answered ${status}.`);
        if (/FST_ERR|stack|node_modules/.test(raw.got))
          wrongs.push(`Something of ours came out: ${raw.got.slice(-200)}`);
        return wrongs;
      },
    );
  },
};

/** Many who begin a request and do not go on with it. */
const slow: Case = {
  name: 'slow',
  family: 'http',
  promise: 'whoever sends a letter a second is cut off, and nobody waits for them',
  long: true,
  async run({ origin }) {
    const { host } = new URL(origin);
    const begun = head([
      `POST /graphql HTTP/1.1`,
      `Host: ${host}`,
      'Content-Type: application/json',
      'Content-Length: 1000',
    ]);
    const ways: readonly (readonly [string, string, string])[] = [
      ['headers', begun.slice(0, 40), 'X'],
      ['a body', begun, ' '],
      ['nothing at all', '', ''],
    ];
    const held = await Promise.all(
      ways.flatMap(([name, first, then]) =>
        Array.from({ length: 60 }, async () => {
          const raw = await openRaw(origin);
          if (first) raw.write(first);
          const timer = then ? setInterval(() => raw.write(then), 1_000) : undefined;
          return { name, raw, stop: () => clearInterval(timer) };
        }),
      ),
    );
    const since = performance.now();
    // An idle connection is not an attack: browsers open them ahead.
    const busy = held.filter(({ name }) => name !== 'nothing at all');
    await Promise.all(busy.map(({ raw }) => raw.ends(90_000)));
    const seconds = Math.round((performance.now() - since) / 1_000);
    const open = busy.filter(({ raw }) => !raw.over);
    for (const { raw, stop } of held) {
      stop();
      raw.close();
    }
    return open.length === 0 ? [] : [`${open.length} of ${busy.length} were still open after ${seconds} s.`];
  },
};

const connections: Case = {
  name: 'connections',
  family: 'http',
  promise: 'hundreds of connections that say nothing, or never read, take nobody’s place',
  async run({ origin, graph, short }) {
    const { host } = new URL(origin);
    const count = short ? 100 : 600;
    const idle = await Promise.all(Array.from({ length: count }, () => openRaw(origin)));
    const greedy = await openRaw(origin);
    greedy.socket.pause();
    // Hundreds of requests on one connection whose answers nobody takes.
    const many = head([`GET /graphql?query=%7B__schema%7Btypes%7Bname%7D%7D%7D HTTP/1.1`, `Host: ${host}`]);
    greedy.write(many.repeat(short ? 500 : 5_000));
    const said = await request(graph, { method: 'POST', headers: { 'content-type': 'application/json' }, body: QUERY });
    await sleep(short ? 100 : 2_000);
    for (const raw of [...idle, greedy]) raw.close();
    return said.status === 200 ? [] : [`Somebody else was answered ${said.status}.`];
  },
};

const halves: Case = {
  name: 'halves',
  family: 'http',
  promise: 'a request that breaks off is forgotten, and one that is answered to nobody is no fault',
  async run({ origin, short }) {
    const { host } = new URL(origin);
    const whole = post(host, [`Content-Length: ${QUERY.length}`], QUERY);
    const count = short ? 20 : 200;
    await Promise.all(
      Array.from({ length: count }, async (_, at) => {
        const raw = await openRaw(origin);
        raw.write(whole.slice(0, at % 3 === 0 ? whole.length : (at * 7) % whole.length));
        if (at % 2 === 0) raw.socket.resetAndDestroy();
        else {
          raw.socket.end();
          await raw.ends(5_000);
        }
        raw.close();
      }),
    );
    return [];
  },
};

export const wireCases: readonly Case[] = [smuggling, paths, connections, halves, slow];
