import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { monotonicMs, sleep } from './clock.ts';
import { COPY_SECONDS, type Copy, GONE_SECONDS, type Hot, NOBODY, READING_MS } from './hot.ts';
import type { RedisLink } from './redis.ts';

const BEAT_MS = 500;
/** A process that was silent for so long may have changed something without saying so: no copy is used. */
const LEASE_MS = 2_000;
/** One that was silent for so long has ended; what it may have left unsaid is met by a new epoch. */
const ENDED_MS = 10_000;
/** A beat that comes later than this to the server does not count: its sender has stopped relying on it. */
const LATE_MS = 300;
/** Of an answer that took longer the time it tells is too vague. */
const ROUND_TRIP_MS = 500;
const FOREVER_MS = 3_600_000;
const RETRY_MS = 50;

/**
 * Why a copy can be trusted. Every process that changes or reads things of a group beats, by the server's clock. A change is
 * answered when its copy is replaced; a process that cannot do so waits until its own silence is longer than the lease, for
 * then no script serves a copy to anybody, and demands a new epoch before it beats again, in which all old copies are void. So
 * does one whose connection was lost (the server may come back with what it knew before), one that was silent for too long,
 * and everybody when a member ended without a word. A group's keys are in one slot, so that each script sees all of them.
 *
 * What is left: a process cut off from Redis while all others reach it and, in the same seconds, the server loses its data.
 */
const BEAT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now > tonumber(ARGV[2]) then return {now, ''} end
local epoch = redis.call('HGET', KEYS[1], 'epoch')
local last = redis.call('ZSCORE', KEYS[2], ARGV[1])
local ended = redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - ${ENDED_MS})
if not epoch or ARGV[3] == '1' or not last or now - last > ${LEASE_MS} or ended > 0 then
  epoch = ARGV[4]
  redis.call('HSET', KEYS[1], 'epoch', epoch)
end
redis.call('ZADD', KEYS[2], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ${FOREVER_MS})
redis.call('PEXPIRE', KEYS[2], ${FOREVER_MS})
return {now, epoch}`;

/** The copy, if this epoch stands and nobody is silent. */
const GET = `
if redis.call('HGET', KEYS[1], 'epoch') ~= ARGV[1] then return {} end
local time = redis.call('TIME')
local oldest = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2]
if not oldest or time[1] * 1000 + math.floor(time[2] / 1000) - oldest > ${LEASE_MS} then return {} end
local kept = redis.call('HMGET', KEYS[3], 'epoch', 'id', 'version', 'value')
if kept[1] ~= ARGV[1] or kept[2] == 'gone' then return {} end
return {kept[2], kept[3], kept[4]}`;

/**
 * Keeps a copy unless a newer one is there, which is answered then; a key that is shut stays shut. Where two things claim one
 * key, one of them is over and nobody can tell which: the key is shut, and a reader reads again. ARGV: epoch, or '' for a
 * commit, which counts in whichever stands; id, or 'gone'; version; value; milliseconds.
 */
const PUT = `
local epoch = redis.call('HGET', KEYS[1], 'epoch')
local commit = ARGV[1] == ''
if not epoch or not (commit or ARGV[1] == epoch) then return {} end
local id, life, answer = ARGV[2], ARGV[5], {}
local kept = redis.call('HMGET', KEYS[2], 'epoch', 'id', 'version', 'value')
if kept[1] == epoch and id ~= 'gone' then
  if kept[2] == 'gone' then return {} end
  if kept[2] == id and tonumber(kept[3]) >= tonumber(ARGV[3]) then return {kept[2], kept[3], kept[4]} end
  if kept[2] ~= id and not (commit and kept[2] == '${NOBODY}') then
    id, life, answer = 'gone', ${GONE_SECONDS * 1000}, {'again'}
  end
end
redis.call('HSET', KEYS[2], 'epoch', epoch, 'id', id, 'version', ARGV[3], 'value', ARGV[4])
redis.call('PEXPIRE', KEYS[2], life)
return answer`;

type Scripted = Redis & {
  soukHotBeat(group: string, members: string, ...args: (string | number)[]): Promise<[number, string]>;
  soukHotGet(group: string, members: string, key: string, epoch: string): Promise<string[]>;
  soukHotPut(group: string, key: string, ...args: (string | number)[]): Promise<string[]>;
};

/** Copies in Redis, shared by all processes. */
export function redisHot(link: RedisLink, name: string): Hot {
  const { commands } = link;
  commands.defineCommand('soukHotBeat', { numberOfKeys: 2, lua: BEAT });
  commands.defineCommand('soukHotGet', { numberOfKeys: 3, lua: GET });
  commands.defineCommand('soukHotPut', { numberOfKeys: 2, lua: PUT });
  const group = `${link.prefix}:{hot:${name}}`;
  const members = `${group}:members`;
  const at = (key: string) => `${group}:${key}`;
  const me = randomUUID();
  const stopping = new AbortController();
  let waking = new AbortController();
  let epoch: string | undefined;
  /** By our clock, when the last answered beat was sent, and the server's time it told. */
  let beaten: { sentAt: number; serverTime: number } | undefined;
  /** By our clock, when the last beat was sent that may count. */
  let lastSent = Number.NEGATIVE_INFINITY;
  let newEpoch = true;
  /** Changes whose copies could not be replaced yet: until they are, our silence must go on. */
  let owed = 0;

  const ask = <T>(work: (scripted: Scripted) => Promise<T>) => link.ask((client) => work(client as Scripted));
  const lose = () => {
    newEpoch = true;
    epoch = undefined;
    beaten = undefined;
  };
  const wake = () => waking.abort();
  link.onLost(lose);
  link.onBack(wake);

  async function beat(): Promise<void> {
    // The first one comes too late by any clock: it only asks for the time.
    if (beaten === undefined) await send(0);
    if (beaten === undefined) return;
    const now = monotonicMs();
    lastSent = now;
    // The server's clock shows this at the latest when the beat is sent, and as much more as it may be late.
    await send(beaten.serverTime + Math.ceil(now - beaten.sentAt) + LATE_MS);
  }

  async function send(latest: number): Promise<void> {
    const sentAt = monotonicMs();
    const wanted = newEpoch;
    newEpoch = false;
    try {
      const [serverTime, standing] = await ask((scripted) =>
        scripted.soukHotBeat(group, members, me, latest, wanted ? 1 : 0, randomUUID()),
      );
      if (standing === '') newEpoch = true;
      if (standing === '' ? latest > 0 : monotonicMs() - sentAt > ROUND_TRIP_MS) return lose();
      beaten = { sentAt, serverTime };
      if (standing !== '' && !newEpoch && owed === 0) epoch = standing;
    } catch {
      // Away, which its connection tells of: it is asked again soon, and what was known of its clock counts no more.
      lose();
    }
  }

  async function keepBeating(): Promise<void> {
    while (!stopping.signal.aborted) {
      if (owed === 0) await beat();
      waking = new AbortController();
      await sleep(newEpoch && owed === 0 ? RETRY_MS * 2 : BEAT_MS, AbortSignal.any([stopping.signal, waking.signal]));
    }
  }
  const beating = keepBeating();

  /** The epoch, if our own beat is fresh: a server that hangs must not make every reading wait. */
  const standing = (): string | undefined =>
    beaten !== undefined && monotonicMs() - beaten.sentAt < LEASE_MS ? epoch : undefined;
  /** The last beat we sent counts no longer, whenever it arrived. */
  const silent = (): boolean => monotonicMs() - lastSent > ROUND_TRIP_MS + LATE_MS + LEASE_MS;
  const copyOf = <T>([id, version, json]: string[]): Copy<T> | undefined =>
    id === NOBODY ? undefined : { id: id!, version: Number(version), value: JSON.parse(json!) as T };
  const life = COPY_SECONDS * 1000;
  const textOf = ({ id, version, value }: Copy<unknown>) => [id, version, JSON.stringify(value), life] as const;
  const nothing = [NOBODY, 0, '', life] as const;
  const gone = ['gone', 0, '', GONE_SECONDS * 1000] as const;

  return {
    async get<T>(key: string, read: () => Promise<Copy<T> | undefined>) {
      const now = standing();
      if (now === undefined) return read();
      const kept = await ask((scripted) => scripted.soukHotGet(group, members, at(key), now)).catch(() => []);
      if (kept.length > 0) return copyOf<T>(kept);
      const began = monotonicMs();
      const found = await read();
      if (monotonicMs() - began > READING_MS) return found;
      const put = found ? textOf(found) : nothing;
      const newer = await ask((scripted) => scripted.soukHotPut(group, at(key), now, ...put)).catch(() => []);
      if (newer.length === 3) return copyOf<T>(newer);
      return newer[0] === 'again' ? read() : found;
    },
    async replace(key, copy) {
      const put = copy === null ? gone : textOf(copy);
      let waiting = false;
      try {
        for (;;) {
          try {
            await ask((scripted) => scripted.soukHotPut(group, at(key), '', ...put));
            return;
          } catch {
            // Silence from here on; should it last, nobody uses a copy, and with the next beat all are void.
            if (!waiting) owed += 1;
            waiting = true;
            lose();
          }
          if (silent()) return;
          await sleep(RETRY_MS);
        }
      } finally {
        if (waiting) owed -= 1;
        wake();
      }
    },
    async close() {
      stopping.abort();
      await beating;
      // Gone with a word, so that the others need not wait for its silence to mean something.
      if (owed === 0 && epoch !== undefined) await link.ask((client) => client.zrem(members, me)).catch(() => 0);
    },
  };
}
