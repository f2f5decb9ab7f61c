import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection on which nobody minds the rules. */
export interface Raw {
  readonly socket: Socket;
  /** All that came so far, as bytes in latin1. */
  readonly got: string;
  /** True once the other side has ended it. */
  readonly over: boolean;
  write(bytes: string | Buffer): void;
  /** Waits until something that came satisfies, the connection is over, or time is; whether it satisfied. */
  until(wanted: (got: string) => boolean, ms: number): Promise<boolean>;
  /** Waits for the other side to end it; whether it did. */
  ends(ms: number): Promise<boolean>;
  close(): void;
}

export async function openRaw(origin: string): Promise<Raw> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
  let got = '';
  let over = false;
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.setEncoding('latin1').on('data', (text: string) => {
    // Enough to see what it is; a flood of answers is nobody's to keep.
    if (got.length < 1_000_000) got += text;
  });
  socket.on('end', () => {
    over = true;
  });
  socket.on('close', () => {
    over = true;
  });

  async function wait(done: () => boolean, ms: number): Promise<boolean> {
    const since = performance.now();
    while (!done() && !over && performance.now() - since < ms) await new Promise((resolve) => setTimeout(resolve, 10));
    return done();
  }

  return {
    socket,
    get got() {
      return got;
    },
    get over() {
      return over;
    },
    write: (bytes) => void socket.write(bytes),
    until: (wanted, ms) => wait(() => wanted(got), ms),
    ends: (ms) => wait(() => over, ms),
    close: () => socket.destroy(),
  };
}

/** Sends bytes and reads what comes, until the other side ends it or is silent. */
export async function exchange(origin: string, bytes: string | Buffer, ms = 2_000): Promise<Raw> {
  const raw = await openRaw(origin);
  raw.write(bytes);
  await raw.until((got) => /\r\n\r\n/.test(got), ms);
  // Whatever else it has to say.
  await raw.ends(150);
  raw.close();
  return raw;
}

/** The status lines of all answers on a connection. */
export const statusesIn = (got: string): number[] =>
  [...got.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, status]) => Number(status));

export interface FrameOptions {
  readonly fin?: boolean;
  readonly opcode?: number;
  readonly masked?: boolean;
  /** Reserved bits. */
  readonly rsv?: number;
  /** What the header says, where it lies. */
  readonly length?: number;
}

/** A WebSocket frame as RFC 6455 has it, or as it must not be. */
export function frameOf(
  payload: string | Buffer,
  { fin = true, opcode = 1, masked = true, rsv = 0, length }: FrameOptions = {},
): Buffer {
  const data = Buffer.from(payload);
  const size = length ?? data.length;
  const head = Buffer.alloc(size < 126 ? 2 : size < 65_536 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = (masked ? 0x80 : 0) | (size < 126 ? size : size < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(size, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(size), 2);
  if (!masked) return Buffer.concat([head, data]);
  const mask = randomBytes(4);
  for (let at = 0; at < data.length; at++) data[at]! ^= mask[at % 4]!;
  return Buffer.concat([head, mask, data]);
}

/** A socket after the upgrade, spoken to in bytes. */
export async function openFrames(origin: string, { protocol = 'graphql-transport-ws' } = {}): Promise<Raw> {
  const raw = await openRaw(origin);
  const { host } = new URL(origin);
  raw.write(
    `GET /graphql HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ${protocol}\r\n\r\n`,
  );
  if (!(await raw.until((got) => got.includes('\r\n\r\n'), 5_000))) throw new Error('There was no upgrade.');
  return raw;
}

/** The code with which the other side closed, if it did. */
export function closeCodeIn(got: string): number | null {
  const frames = Buffer.from(got.slice(got.indexOf('\r\n\r\n') + 4), 'latin1');
  for (let at = 0; at + 2 <= frames.length; ) {
    const opcode = frames[at]! & 0x0f;
    let size = frames[at + 1]! & 0x7f;
    let head = 2;
    if (size === 126) {
      size = frames.readUInt16BE(at + 2);
      head = 4;
    } else if (size === 127) {
      size = Number(frames.readBigUInt64BE(at + 2));
      head = 10;
    }
    if (opcode === 8) return frames.length >= at + head + 2 ? frames.readUInt16BE(at + head) : 1005;
    at += head + size;
  }
  return null;
}
