import { RedisPubSub } from 'graphql-redis-subscriptions';
import { Cluster, type Redis } from 'ioredis';
import { sleep } from './clock.ts';
import { touchHub } from './live.memory.ts';
import { type Live, LOST, type Touch } from './live.ts';
import type { Log } from './log.ts';
import { Outage } from './outage.ts';
import { followEchoes } from './redis.echo.ts';
import type { RedisLink } from './redis.ts';
import { StartupError } from './startup-error.ts';

/** How long a new subscription waits to be listening before its first read is made all the same. */
const LISTEN_MS = 1_000;
/** Touches that could not be sent and are said when Redis is back; of more than these, only that something was lost. */
const KEPT = 1_000;
/** Subscriptions told at once that touches were lost: each reads again, and the database has other work too. */
const TOLD_AT_ONCE = 100;
const PAUSE_MS = 20;

/** Channels subscribed to by one command when the connection is back. */
const AT_ONCE = 500;

interface Topic {
  listeners: number;
  /** What RedisPubSub calls the subscription, once it is one. */
  readonly id: Promise<number>;
}

/**
 * Live over Redis pub/sub. A process subscribes once to each topic that anybody in it watches. When its connection was
 * lost and is back, whatever was published meanwhile is gone: every subscription hears `Lost`. What this process could not
 * publish meanwhile it publishes then.
 */
export async function redisLive(link: RedisLink, log: Log): Promise<Live> {
  const { subscriber } = link;
  const hub = touchHub();
  const topics = new Map<string, Topic>();
  const listener = unfailing(subscriber);
  const pubsub = new RedisPubSub({ publisher: ordered(link.commands), subscriber: listener.client });
  // Pub/sub knows no databases: the prefix alone keeps shops apart.
  const channelOf = (topic: string) => `${link.prefix}:live:${topic}`;
  const everybody = `${link.prefix}:live-lost`;
  const unsaid = new Map<string, { topic: string; touch: Touch }>();
  let toldTooMuch = false;
  let closed = false;
  let telling = false;

  function join(topic: string): Promise<unknown> {
    const known = topics.get(topic);
    if (known) {
      known.listeners += 1;
      return known.id;
    }
    const id = pubsub.subscribe<unknown>(channelOf(topic), (payload) => {
      if (isTouch(payload)) hub.say(topic, payload);
    });
    topics.set(topic, { listeners: 1, id });
    return id;
  }

  /** Everything is listened to again, and only then whoever listens reads again. */
  async function listenAgain(): Promise<void> {
    const channels = [everybody, echoes.channel, ...[...topics.keys()].map(channelOf)];
    for (let at = 0; at < channels.length; at += AT_ONCE)
      await subscriber.subscribe(...channels.slice(at, at + AT_ONCE));
    listener.succeeded();
    echoes.doubtAll();
    await tellLost();
  }

  function leave(topic: string): void {
    const known = topics.get(topic)!;
    known.listeners -= 1;
    if (known.listeners > 0) return;
    topics.delete(topic);
    // Not before it is subscribed: RedisPubSub would lose count of it.
    void known.id.then((id) => {
      if (!closed) pubsub.unsubscribe(id);
    });
  }

  /** Each subscription that is open now reads again, however often it is called before that has begun. */
  async function tellLost(): Promise<void> {
    if (telling) return;
    telling = true;
    await sleep(0);
    telling = false;
    let told = 0;
    for (const listener of hub.listeners()) {
      if (++told % TOLD_AT_ONCE === 0) await sleep(PAUSE_MS);
      listener(LOST);
    }
  }

  async function publishUnsaid(): Promise<void> {
    const waiting = [...unsaid.values()];
    unsaid.clear();
    const tooMuch = toldTooMuch;
    toldTooMuch = false;
    if (tooMuch) await send(everybody, {}, () => (toldTooMuch = true));
    for (const { topic, touch } of waiting) await live.publish(topic, touch);
  }

  async function send(channel: string, payload: object, orElse: () => void): Promise<void> {
    try {
      await link.ask(() => pubsub.publish(channel, payload));
    } catch (error) {
      orElse();
      // An outage was told of when it began.
      if (!(error instanceof Outage)) log.warn({ reason: String(error) }, 'a touch could not be published');
    }
  }

  function keepForLater(topic: string, touch: Touch): void {
    const key = `${topic} ${touch.id}`;
    if ((unsaid.get(key)?.touch.version ?? -1) < touch.version) unsaid.set(key, { topic, touch });
    if (unsaid.size <= KEPT) return;
    unsaid.clear();
    toldTooMuch = true;
  }

  const live: Live = {
    publish: (topic, touch) => send(channelOf(topic), touch, () => keepForLater(topic, touch)),
    subscribe(names, bound) {
      const own = [...new Set(names)];
      const flowing = Promise.all(own.map(join));
      let late = false;
      const flows = new AbortController();
      const longEnough = subscriber.status === 'ready' ? sleep(LISTEN_MS, flows.signal) : undefined;
      const listening = Promise.race([flowing, longEnough]).then(() => flows.abort());
      void listening.then(() => {
        late = true;
      });
      void flowing.then(() => {
        if (late) void tellLost();
      });
      const leaveAll = () => own.forEach(leave);
      return hub.subscribe(own, bound, { listening, leave: leaveAll });
    },
    async close() {
      closed = true;
      echoes.stop();
      hub.close();
    },
  };

  link.onBack(() => void publishUnsaid().catch((error) => log.error({ error }, 'touches could not be said again')));
  const echoes = followEchoes(link, () => void tellLost());
  await subscriber.subscribe(everybody, echoes.channel).catch((cause) => {
    throw new StartupError(
      `The user of SOUK_REDIS_URL may not listen to the channels that begin with ${link.prefix}:.`,
      `Allow it with ACL SETUSER: ~${link.prefix}:* &${link.prefix}:* +@all -@admin -@dangerous is enough.`,
      { cause },
    );
  });
  await pubsub.subscribe(everybody, () => void tellLost());
  await echoes.whole();
  subscriber.on('ready', () => {
    // Lost again before it was done: the next connection does it.
    void listenAgain().catch(() => undefined);
  });
  return live;
}

const isTouch = (payload: unknown): payload is Touch =>
  typeof payload === 'object' &&
  payload !== null &&
  'id' in payload &&
  'version' in payload &&
  typeof payload.id === 'string' &&
  Number.isSafeInteger(payload.version);

/**
 * The subscriber for RedisPubSub, which leaves the promises of failures to themselves, and those end a process: a
 * subscription that fails waits until everything was subscribed to anew, and where an unsubscription fails nothing is left
 * to undo.
 */
function unfailing(subscriber: Redis): { client: Redis; succeeded(): void } {
  const waiting = new Set<() => void>();
  const subscribe = async (channel: string, done: (error: null) => void) => {
    await subscriber.subscribe(channel).then(
      () => done(null),
      () => void waiting.add(() => done(null)),
    );
  };
  const client = new Proxy(subscriber, {
    get(target, name) {
      if (name === 'subscribe') return subscribe;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'unsubscribe' && name !== 'punsubscribe') return value.bind(target);
      return (...args: unknown[]) => (Reflect.apply(value, target, args) as Promise<unknown>).catch(() => undefined);
    },
  });
  return {
    client,
    succeeded() {
      for (const done of waiting) done();
      waiting.clear();
    },
  };
}

/**
 * A cluster's client publishes at whichever node, and two nodes are heard in any order. A script with the channel as its
 * key goes to one node per channel, so that touches of a topic keep their order.
 */
function ordered(commands: Redis | Cluster): Redis | Cluster {
  if (!(commands instanceof Cluster)) return commands;
  commands.defineCommand('soukPublish', { numberOfKeys: 1, lua: `return redis.call('PUBLISH', KEYS[1], ARGV[1])` });
  const publish = (channel: string, message: string) => (commands as Publishing).soukPublish(channel, message);
  return new Proxy(commands, {
    get: (target, name) => (name === 'publish' ? publish : Reflect.get(target, name, target)),
  });
}

type Publishing = Cluster & { soukPublish(channel: string, message: string): Promise<number> };
