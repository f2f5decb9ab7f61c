import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { redisCache } from './cache.redis.ts';
import type { Cache } from './cache.ts';
import { monotonicMs } from './clock.ts';
import { redisKv } from './kv.redis.ts';
import type { Kv } from './kv.ts';
import { redisLive } from './live.redis.ts';
import type { Live } from './live.ts';
import type { Log } from './log.ts';
import { Outage } from './outage.ts';
import { connectionOptions, probeRedis } from './redis.probe.ts';
import { parseRedisUrl, type RedisAddress, shownAddress } from './redis.url.ts';
import { StartupError } from './startup-error.ts';

/** What a command may take, waiting for a connection that is just coming back included. After that it is an Outage. */
const COMMAND_MS = 1_000;
/** How often an idle connection is asked whether it is still there: a peer that vanished says nothing of it. */
const PULSE_MS = 2_000;
const START_MS = 5_000;

/** The connections of one process: commands, and a subscriber that can do nothing else. */
export interface RedisLink {
  readonly prefix: string;
  readonly commands: Redis | Cluster;
  readonly subscriber: Redis;
  /** Runs a command. Throws an Outage within about a second where Redis is away; it is never sent again later. */
  ask<T>(work: (commands: Redis | Cluster) => Promise<T>): Promise<T>;
  /** Called when a connection for commands is lost, and when commands work again. */
  onLost(listener: () => void): void;
  onBack(listener: () => void): void;
}

/** Redis, as a process of the distributed profile uses it. */
export interface OpenRedis {
  readonly live: Live;
  readonly kv: Kv;
  /** One cache for all processes that open it under this name. */
  cache(name: string): Cache;
  /** Called when the connection that touches come by is lost: from then on they may be missed, until `Lost` is heard. */
  onLiveLost(listener: () => void): void;
  /** Whether commands and touches get through at this moment: for readiness. */
  isReachable(): boolean;
  close(): Promise<void>;
}

/**
 * Connects to one node or a Redis Cluster (see `parseRedisUrl`). Throws a StartupError, one sentence, for a wrong URL, a
 * server that does not answer, lets us not in, is too old, or is of the other kind. After that nothing ends it: it reconnects
 * for as long as it takes.
 */
export async function openRedis(url: string, log: Log): Promise<OpenRedis> {
  const address = parseRedisUrl(url);
  const mayAskInfo = await probeRedis(address, log);
  const link = connect(address, { enableReadyCheck: mayAskInfo }, log);
  try {
    await started(link, address);
    const live = await redisLive(link, log);
    const kv = redisKv(link);
    return {
      live,
      kv,
      cache: (name) => redisCache(link, name),
      onLiveLost: (listener) => void link.subscriber.on('close', listener),
      isReachable: () => link.commands.status === 'ready' && link.subscriber.status === 'ready',
      async close() {
        await live.close();
        await kv.close();
        link.close();
      },
    };
  } catch (error) {
    link.close();
    throw error;
  }
}

const soonerThanLater = (times: number): number => Math.min(1_000, 50 * times);

function connect(address: RedisAddress, checks: RedisOptions, log: Log): RedisLink & { close(): void } {
  const lost = new Set<() => void>();
  const back = new Set<() => void>();
  const one: RedisOptions = {
    ...connectionOptions(address),
    ...checks,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS,
  };
  const commands = address.cluster
    ? new Cluster([...address.nodes], {
        redisOptions: one,
        // Refused while no node is there, rather than kept for later: see `ask`.
        enableOfflineQueue: false,
        clusterRetryStrategy: soonerThanLater,
        retryDelayOnFailover: 150,
        retryDelayOnClusterDown: 150,
        maxRedirections: 6,
        slotsRefreshInterval: 5_000,
        // A name must stay a name, or no certificate fits it.
        ...(address.tls ? { dnsLookup: (host, found) => found(null, host) } : {}),
      })
    : new Redis({ ...one, ...address.nodes[0]!, enableOfflineQueue: false, retryStrategy: soonerThanLater });
  const subscriber = subscribing(address, checks, commands);
  const wait = waitFor(commands);
  const close = watchOver(commands, subscriber, log.child({ redis: shownAddress(address) }), lost);
  commands.on('ready', () => {
    for (const listener of back) listener();
  });

  return {
    prefix: address.prefix,
    commands,
    subscriber,
    onLost: (listener) => void lost.add(listener),
    onBack: (listener) => void back.add(listener),
    close,
    async ask(work) {
      try {
        // Asked at once where that is possible: what one caller asks for one after the other is done in that order.
        return await (commands.status === 'ready' ? intime(work(commands)) : wait().then(() => intime(work(commands))));
      } catch (error) {
        throw toOutage(error);
      }
    },
  };
}

/**
 * In a Redis Cluster every node hears what is published at any: the subscriber sits at one and moves on to the next when
 * that one goes.
 */
function subscribing(address: RedisAddress, checks: RedisOptions, commands: Redis | Cluster): Redis {
  let at = 0;
  const nodes = () => {
    const known = commands instanceof Cluster ? commands.nodes('all').map(({ options }) => options) : [];
    return [...known.map(({ host, port }) => ({ host: host!, port: port! })), ...address.nodes];
  };
  const subscriber: Redis = new Redis({
    ...connectionOptions(address),
    ...checks,
    ...address.nodes[0]!,
    // What is to be subscribed to waits for the connection: it is wanted for as long as somebody listens.
    maxRetriesPerRequest: null,
    // Live does it: ioredis would leave the promise of it to itself.
    autoResubscribe: false,
    retryStrategy(times) {
      const all = nodes();
      at += 1;
      Object.assign(subscriber.options, all[at % all.length]);
      return soonerThanLater(times);
    },
  });
  return subscriber;
}

/** Tells once when a connection goes and once when it is back, asks idle ones for a sign of life; answers how to end all. */
function watchOver(commands: Redis | Cluster, subscriber: Redis, log: Log, lost: ReadonlySet<() => void>): () => void {
  let closing = false;
  const away = new Map<string, string>();
  const goes = (what: string) => {
    if (closing || away.has(what)) return;
    away.set(what, '');
    log.warn({ connection: what }, 'Redis is away; it is tried until it is back');
  };
  const comes = (what: string) => {
    if (away.delete(what)) log.info({ connection: what }, 'Redis is back');
  };
  const fails = (what: string) => (error: unknown) => {
    const reason = reasonOf(error);
    if (closing || !away.has(what) || away.get(what) === reason) return;
    away.set(what, reason);
    log.warn({ connection: what, reason }, 'Redis could not be reached');
  };
  const gone = () => {
    for (const listener of lost) listener();
  };
  for (const [what, client] of [
    ['commands', commands],
    ['subscriber', subscriber],
  ] as const) {
    client.on('error', fails(what));
    client.on('close', () => goes(what));
    client.on('ready', () => comes(what));
  }
  commands.on('close', gone);
  // One node of a cluster went, or its place was taken by another that may not know all it knew.
  for (const event of ['-node', '+node', 'node error']) commands.on(event, gone);

  const pulse = setInterval(() => {
    // Its answer is of no interest: a connection that gives none is ended by its socketTimeout.
    if (subscriber.status === 'ready') subscriber.ping().catch(() => undefined);
    if (commands.status === 'ready' && commands instanceof Redis) commands.ping().catch(() => undefined);
  }, PULSE_MS);
  pulse.unref();
  return () => {
    closing = true;
    clearInterval(pulse);
    commands.disconnect();
    subscriber.disconnect();
  };
}

async function started({ commands, subscriber }: RedisLink, address: RedisAddress): Promise<void> {
  try {
    await Promise.all([ready(commands, START_MS), ready(subscriber, START_MS)]);
  } catch (cause) {
    throw new StartupError(
      `Redis at ${shownAddress(address)} answers but does not become ready.`,
      address.cluster
        ? 'Look with `redis-cli cluster info` whether all its slots are served, and whether its nodes announce addresses that can be reached from here.'
        : 'Look into its log: it may still be loading its data.',
      { cause },
    );
  }
}

/** Resolves when the connection can be used; rejects with an Outage when that takes too long. */
function ready(client: Redis | Cluster, ms = COMMAND_MS): Promise<void> {
  if (client.status === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      client.off('ready', came);
      reject(new Outage('Redis is away.'));
    }, ms);
    const came = () => {
      clearTimeout(timer);
      resolve();
    };
    client.once('ready', came);
  });
}

/**
 * Waits for a connection that is just coming back, all callers together; where it has been away for longer than a command
 * may take, it fails at once.
 */
function waitFor(client: Redis | Cluster): () => Promise<void> {
  let awaySince: number | undefined;
  let coming: Promise<void> | undefined;
  client.on('close', () => {
    awaySince ??= monotonicMs();
  });
  client.on('ready', () => {
    awaySince = undefined;
  });
  return () => {
    if (awaySince !== undefined && monotonicMs() - awaySince > COMMAND_MS) {
      return Promise.reject(new Outage('Redis is away.'));
    }
    coming ??= ready(client).finally(() => {
      coming = undefined;
    });
    return coming;
  };
}

function intime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Outage('Redis did not answer in time.')), COMMAND_MS);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Replies that say nothing about what was asked: the server, or a part of the cluster, cannot do it now. */
const unable =
  /^(LOADING|CLUSTERDOWN|READONLY|TRYAGAIN|MASTERDOWN|OOM|MISCONF|NOAUTH|WRONGPASS|NOPERM|NOREPLICAS|BUSY|MOVED|ASK|UNBLOCKED)$/;

/** The first word of a reply, or the kind of error: the rest can repeat keys and values. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'ReplyError') return error.message.split(' ', 1)[0]!;
  return 'code' in error ? String(error.code) : error.name;
}

function toOutage(error: unknown): Error {
  if (error instanceof Outage) return error;
  const reason = reasonOf(error);
  if (error instanceof Error && error.name === 'ReplyError' && !unable.test(reason)) {
    return new Error(`Redis refused a command: ${reason}.`);
  }
  return new Outage(`Redis cannot be asked: ${reason}.`);
}
