import { setTimeout as sleep } from 'node:timers/promises';
import { type Case, tryAll } from './case.ts';
import { openSocket } from './doors.ts';
import { closeCodeIn, type FrameOptions, frameOf, openFrames, openRaw, type Raw, statusesIn } from './raw.ts';

const INIT = JSON.stringify({ type: 'connection_init' });
const QUERY = '{ context { channel { code } } }';
/** Anybody may watch it, and nothing ends it. */
const STOCK = 'subscription { variantStockChanged(ids: ["var_none"]) { eventId } }';
const subscribe = (id: string, query: unknown = QUERY): string =>
  JSON.stringify({ id, type: 'subscribe', payload: { query } });

/** Opens a socket, sends frames, and waits for it to be closed. */
async function closedBy(
  origin: string,
  frames: readonly (readonly [payload: string | Buffer, options?: FrameOptions])[],
  ms = 10_000,
): Promise<number | null> {
  const raw = await openFrames(origin);
  for (const [at, [payload, options]] of frames.entries()) {
    raw.write(frameOf(payload, options));
    // Whoever goes on before this has been told apart from others for that.
    if (at === 0 && payload === INIT && !options) await raw.until((got) => got.includes('connection_ack'), ms);
  }
  await raw.until((got) => closeCodeIn(got) !== null, ms);
  const code = closeCodeIn(raw.got);
  raw.close();
  return code;
}

type Closing = readonly [
  name: string,
  codes: readonly number[],
  frames: readonly (readonly [string | Buffer, FrameOptions?])[],
];

const closings: readonly Closing[] = [
  ['a subscription before connection_init', [4401], [[subscribe('1')]]],
  ['two connection_init', [4429], [[INIT], [INIT]]],
  ['an id that is in use', [4409], [[INIT], [subscribe('1', STOCK)], [subscribe('1')], [subscribe('1')]]],
  ['a text that is no JSON', [4400], [[INIT], ['hello']]],
  ['a message of no kind', [4400], [[INIT], ['{"type":"admin"}']]],
  ['a message that is a list', [4400], [[INIT], ['[]']]],
  ['null', [4400], [[INIT], ['null']]],
  ['no query', [4400], [[INIT], ['{"id":"1","type":"subscribe","payload":{}}']]],
  ['a query that is a list', [4400], [[INIT], [subscribe('1', [QUERY])]]],
  ['an id that is an object', [4400], [[INIT], ['{"id":{},"type":"subscribe","payload":{"query":"{ a }"}}']]],
  ['a binary message', [4400, 1003], [[INIT], [Buffer.from([0xff, 0xfe, 0x00]), { opcode: 2 }]]],
  ['a text that is no UTF-8', [1007], [[Buffer.from([0xff, 0xfe]), {}]]],
  ['a frame without its mask', [1002], [[INIT, { masked: false }]]],
  ['reserved bits', [1002], [[INIT, { rsv: 7 }]]],
  ['an opcode nobody knows', [1002], [[INIT, { opcode: 3 }]]],
  ['a continuation of nothing', [1002], [[INIT, { opcode: 0 }]]],
  ['a ping of a kilobyte', [1002], [[Buffer.alloc(1_000), { opcode: 9 }]]],
  ['two megabytes in a frame', [1009], [[Buffer.alloc(64), { length: 2_000_000 }]]],
  ['all there is in a frame', [1009, 1002], [[Buffer.alloc(64), { length: 2 ** 50 }]]],
  [
    'two megabytes in many frames',
    [1009],
    [
      ['[', { fin: false }],
      ...Array.from({ length: 40 }, () => [' '.repeat(60_000), { fin: false, opcode: 0 }] as const),
    ],
  ],
];

const protocol: Case = {
  name: 'frames',
  family: 'sockets',
  promise: 'who breaks the protocol is closed with its code, and nobody else',
  run: ({ origin }) =>
    tryAll(
      closings.map((one) => [one[0], one] as const),
      async ([, codes, frames]) => {
        const code = await closedBy(origin, frames);
        return code !== null && codes.includes(code)
          ? []
          : [`It was closed with ${code}, not with ${codes.join(' or ')}.`];
      },
    ),
};

const handshake: Case = {
  name: 'handshake',
  family: 'sockets',
  promise: 'pages of other sites get no socket, and neither does any other path or protocol',
  async run({ origin }) {
    const { host } = new URL(origin);
    const upgrade = (path: string, lines: readonly string[], version = '13'): string =>
      `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: ${version}\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
    const own = 'Sec-WebSocket-Protocol: graphql-transport-ws';
    const refused: readonly (readonly [string, string])[] = [
      ['a foreign origin', upgrade('/graphql', [own, 'Origin: https://evil.example'])],
      ['the origin null', upgrade('/graphql', [own, 'Origin: null'])],
      ['an origin that begins like ours', upgrade('/graphql', [own, `Origin: ${origin}.evil.example`])],
      ['another path', upgrade('/console', [own])],
      ['a path that climbs', upgrade('/graphql/../internal', [own])],
      ['an address that is none', upgrade('http://[', [own])],
      ['another version', upgrade('/graphql', [own], '7')],
      ['a path of ten thousand letters', upgrade(`/${'a'.repeat(10_000)}`, [own])],
    ];
    const found = await tryAll(refused, async (bytes) => {
      const raw = await openRaw(origin);
      raw.write(bytes);
      await raw.until((got) => got.includes('\r\n\r\n'), 5_000);
      const [status = 0] = statusesIn(raw.got);
      const ended = await raw.ends(5_000);
      raw.close();
      return [
        ...(status >= 400 && status < 500 ? [] : [`It was answered ${status}.`]),
        ...(ended ? [] : ['The connection was left open.']),
      ];
    });
    // A protocol we do not speak is a socket that is closed at once.
    const old = await openFrames(origin, { protocol: 'graphql-ws' });
    await old.until((got) => closeCodeIn(got) !== null, 5_000);
    if (![4406, 1002].includes(closeCodeIn(old.got)!))
      found.push(`The old protocol was closed with ${closeCodeIn(old.got)}.`);
    old.close();
    return found;
  },
};

const silent: Case = {
  name: 'silent-sockets',
  family: 'sockets',
  promise: 'sockets that never say who they are are closed within seconds, however many come',
  async run({ origin, short }) {
    const sockets = await Promise.all(Array.from({ length: short ? 50 : 400 }, () => openFrames(origin)));
    await Promise.all(sockets.map((raw) => raw.until((got) => closeCodeIn(got) !== null, 20_000)));
    const open = sockets.filter(({ got }) => closeCodeIn(got) !== 4408);
    for (const raw of sockets) raw.close();
    return open.length === 0 ? [] : [`${open.length} of ${sockets.length} were not closed with 4408.`];
  },
};

const operations: Case = {
  name: 'subscriptions',
  family: 'sockets',
  promise: 'one socket runs 50 operations at a time, and one that goes takes all of its own with it',
  async run({ graph }) {
    const socket = await openSocket(graph);
    await socket.next();
    const many = 80;
    for (let at = 0; at < many; at++) {
      socket.send({
        id: `s${at}`,
        type: 'subscribe',
        payload: {
          query: 'subscription ($ids: [ID!]!) { variantStockChanged(ids: $ids) { eventId } }',
          variables: { ids: ['var_none'] },
        },
      });
    }
    socket.send({ id: '__proto__', type: 'subscribe', payload: { query: QUERY } });
    socket.send({ id: 'nobody', type: 'complete' });
    const codes: unknown[] = [];
    while (codes.length < many - 50) {
      const said = await Promise.race([socket.next(), sleep(10_000)]);
      if (said === undefined || 'closed' in said) break;
      if (said.frame.type === 'error') codes.push(said.frame.payload[0].extensions.code);
    }
    socket.ws.terminate();
    const limited = codes.filter((code) => code === 'RATE_LIMITED').length;
    return limited >= many - 50
      ? []
      : [`${limited} of ${many - 50} too many were refused as RATE_LIMITED: ${codes.join()}.`];
  },
};

/** Asks on and on and never reads: what is owed to it must not be kept for it. */
const deaf: Case = {
  name: 'slow-readers',
  family: 'sockets',
  promise: 'who asks and never reads is left, and what it was owed with it',
  async run({ origin, short }) {
    const sockets: Raw[] = [];
    for (let one = 0; one < (short ? 2 : 10); one++) {
      const raw = await openFrames(origin);
      raw.write(frameOf(INIT));
      await raw.until((got) => got.includes('connection_ack'), 5_000);
      raw.socket.pause();
      sockets.push(raw);
    }
    const query = '{ products(first: 2) { nodes { id name description variants { id sku } } } }';
    const frames = Buffer.concat(Array.from({ length: 500 }, (_, at) => frameOf(subscribe(`q${at}`, query))));
    for (let round = 0; round < (short ? 4 : 40); round++) {
      for (const raw of sockets) if (!raw.over && raw.socket.writableLength < 4_000_000) raw.write(frames);
      await sleep(25);
    }
    for (const raw of sockets) raw.close();
    return [];
  },
};

const flood: Case = {
  name: 'socket-flood',
  family: 'sockets',
  promise: 'sockets that are opened and broken off by the hundred leave nothing behind',
  async run({ origin, short }) {
    const rounds = short ? 3 : 20;
    for (let round = 0; round < rounds; round++) {
      const sockets = await Promise.all(Array.from({ length: 40 }, () => openFrames(origin)));
      for (const [at, raw] of sockets.entries()) {
        raw.write(frameOf(INIT));
        if (at % 2 === 0) raw.write(frameOf(subscribe('1', 'subscription { cartUpdated { eventId } }')));
        if (at % 3 === 0) raw.write(frameOf(subscribe('2')));
        if (at % 5 === 0) raw.write(frameOf('', { opcode: 9 }));
      }
      await sleep(20);
      for (const [at, raw] of sockets.entries()) {
        if (at % 2 === 0) raw.socket.resetAndDestroy();
        else raw.close();
      }
    }
    return [];
  },
};

export const socketCases: readonly Case[] = [protocol, handshake, silent, operations, deaf, flood];
