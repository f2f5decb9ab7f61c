import { createServer, type Socket } from 'node:net';

export type Answer = readonly Readonly<Record<string, string>>[] | { readonly code: string; readonly message: string };

/**
 * Speaks as much of PostgreSQL's protocol as a start needs, for servers that cannot be had: too old, or without their
 * extensions. Says to each statement what `answer` says.
 */
export async function imitatePostgres(answer: (sql: string) => Answer): Promise<{ url: string; stop(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    let greeted = false;
    let rest = Buffer.alloc(0);
    let prepared = '';
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const head = greeted ? 1 : 0;
        if (rest.length < head + 4) return;
        const length = head + rest.readInt32BE(head);
        if (rest.length < length) return;
        const kind = greeted ? String.fromCharCode(rest[0]!) : '';
        const body = rest.subarray(head + 4, length);
        rest = rest.subarray(length);
        if (!greeted) {
          greeted = true;
          socket.write(Buffer.concat([message('R', int32(0)), message('K', int32(77), int32(1)), ready]));
        } else if (kind === 'Q') socket.write(Buffer.concat([said(answer(textAt(body, 0)), false), ready]));
        else if (kind === 'P') prepared = textAt(body, body.indexOf(0) + 1);
        else if (kind === 'S') socket.write(Buffer.concat([said(answer(prepared), true), ready]));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    url: `postgres://somebody:secret@127.0.0.1:${address.port}/souk`,
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** The number by which it knows the connection's process: what `pg_backend_pid()` must answer. */
export const IMITATED_PID = '77';

const int16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const text = (value: string) => Buffer.from(`${value}\0`);
const textAt = (body: Buffer, from: number) => body.toString('utf8', from, body.indexOf(0, from));
const message = (kind: string, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(kind), int32(body.length + 4), body]);
};
const ready = message('Z', Buffer.from('I'));

function said(answer: Answer, extended: boolean): Buffer {
  if ('code' in answer) {
    const fields = { S: 'ERROR', V: 'ERROR', C: answer.code, M: answer.message };
    return message('E', ...Object.entries(fields).map(([field, value]) => text(field + value)), Buffer.from([0]));
  }
  const columns = Object.keys(answer[0] ?? {});
  // Booleans and numbers are told apart by what they look like.
  const typeOf = (value: string) => (/^\d+$/.test(value) ? 23 : /^[tf]$/.test(value) ? 16 : 25);
  const described = columns.flatMap((column) => [
    text(column),
    int32(0),
    int16(0),
    int32(typeOf(answer[0]![column]!)),
    int16(-1),
    int32(-1),
    int16(0),
  ]);
  const rows = answer.map((row) =>
    message(
      'D',
      int16(columns.length),
      ...columns.flatMap((column) => [int32(Buffer.byteLength(row[column]!)), Buffer.from(row[column]!)]),
    ),
  );
  return Buffer.concat([
    ...(extended ? [message('1'), message('2')] : []),
    message('T', int16(columns.length), ...described),
    ...rows,
    message('C', text(`SELECT ${answer.length}`)),
  ]);
}
