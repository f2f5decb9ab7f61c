import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';

/**
 * Loaded into a shop's process before the shop: tells of every commit, provider call, publish and acknowledgement, just before
 * and just after it, and kills the process at the one that is armed. The product knows nothing of it.
 */
const folder = process.env.CHAOS_POINTS!;
const natsPort = Number(process.env.CHAOS_NATS_PORT ?? 0);
const armed = join(folder, 'armed');

function at(point: string): void {
  appendFileSync(join(folder, 'reached'), `${point}\n`);
  if (!existsSync(armed) || readFileSync(armed, 'utf8') !== point) return;
  rmSync(armed);
  process.kill(process.pid, 'SIGKILL');
}

const FACT = /\b(?:carts|inventory|notifications|orders|payments|platform|products|users)\.[A-Z][A-Za-z]+/g;
const WRITE = /\binsert into "?(\w+)|\bdelete from "?(\w+)|\bupdate "?(\w+)"?(?: as \w+)? set\b/g;

interface Open {
  inTransaction: boolean;
  tables: Set<string>;
  facts: Set<string>;
}

const connections = new WeakMap<object, Open>();

/** What a statement makes durable, in words; null where nothing. A transaction's writes count at its commit. */
function committedBy(client: { user?: string }, text: string, values: unknown): string | null {
  if (!client.user?.endsWith('_app')) return null;
  const open: Open = connections.get(client) ?? { inTransaction: false, tables: new Set(), facts: new Set() };
  connections.set(client, open);
  const word = /^\s*(\w+)/.exec(text)?.[1]?.toLowerCase();
  if (word === 'begin' || word === 'start' || word === 'rollback') {
    Object.assign(open, { inTransaction: word !== 'rollback', tables: new Set(), facts: new Set() });
    return null;
  }
  for (const [, ...names] of text.matchAll(WRITE)) open.tables.add(names.find(Boolean)!);
  for (const [fact] of `${text} ${JSON.stringify(values ?? '')}`.matchAll(FACT)) open.facts.add(fact);
  if (open.inTransaction && word !== 'commit') return null;
  const { tables, facts } = open;
  Object.assign(open, { inTransaction: false, tables: new Set(), facts: new Set() });
  if (tables.size === 0) return null;
  return [`${client.user.slice(0, -4)} commits`, ...[...tables].sort(), ...[...facts].sort()].join(' ');
}

type Query = (this: pg.Client, ...args: unknown[]) => unknown;
const query = pg.Client.prototype.query as unknown as Query;
function watched(this: pg.Client, ...args: unknown[]): unknown {
  const [config] = args as [string | { text?: string; values?: unknown }];
  const [text, values] = typeof config === 'string' ? [config, args[1]] : [config?.text, config?.values ?? args[1]];
  const what = typeof text === 'string' ? committedBy(this as { user?: string }, text, values) : null;
  if (what === null) return query.apply(this, args);
  at(`before ${what}`);
  const answer = query.apply(this, args);
  if (!(answer instanceof Promise)) return answer;
  return answer.then((result: unknown) => {
    at(`after ${what}`);
    return result;
  });
}
Object.assign(pg.Client.prototype, { query: watched });

const request = http.request as (...args: unknown[]) => http.ClientRequest;
function calling(...args: unknown[]): http.ClientRequest {
  const { method, path } = (args.find((arg) => typeof arg === 'object' && !(arg instanceof URL)) ??
    {}) as http.RequestOptions;
  if (!path?.startsWith('/v1/')) return request(...args);
  const what = `payments calls ${method} ${path.replace(/\/(?:pi|pm|ch|re)_\w+/g, '/…').replace(/\?.*/, '')}`;
  at(`before ${what}`);
  const call = request(...args);
  call.prependOnceListener('response', () => at(`after ${what}`));
  return call;
}
Object.assign(http, { request: calling });
syncBuiltinESMExports();

/** What goes to the broker in one write. */
function* toldToBroker(text: string): Generator<string> {
  for (const [, subject, body] of text.matchAll(/(?:^|\n)H?PUB (\S+)[^\r]*\r\n([\s\S]*?)(?=\r\nH?PUB |$)/g)) {
    const acknowledged = /^\$JS\.ACK\.(?:.*\.)?([A-Za-z_-]+)\.([A-Za-z_]+)[-_]?\d*\.\d+\.\d+\./.exec(subject!);
    if (acknowledged && !body!.includes('+WPI')) yield `${acknowledged[2]} acknowledges ${acknowledged[1]}`;
    const facts = [...new Set([...body!.matchAll(FACT)].map(([fact]) => fact))].sort();
    if (!subject!.startsWith('$') && facts.length > 0) yield `${facts[0]!.split('.')[0]} publishes ${facts.join(' ')}`;
  }
}

const write = Socket.prototype.write as (this: Socket, ...args: unknown[]) => boolean;
function sending(this: Socket, ...args: unknown[]): boolean {
  const [chunk] = args;
  if (natsPort === 0 || this.remotePort !== natsPort) return write.apply(this, args);
  const told = [
    ...toldToBroker(typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('latin1')),
  ];
  for (const what of told) at(`before ${what}`);
  const written = write.apply(this, args);
  // On its way to the broker, whose answer nobody has read.
  if (told.length > 0) setImmediate(() => told.forEach((what) => void at(`after ${what}`)));
  return written;
}
Object.assign(Socket.prototype, { write: sending });
