import { randomUUID } from 'node:crypto';
import type { Viewer } from '@souk/schema';
import {
  Kysely,
  PostgresDialect,
  type PostgresPool,
  type PostgresPoolClient,
  type PostgresQueryResult,
  sql,
} from 'kysely';
import { monotonicMs, sleep, unixSeconds } from './clock.ts';
import type { Pool } from './db.ts';
import type { Kv } from './kv.ts';
import type { Log } from './log.ts';
import { count, gauge } from './metrics.ts';
import { isTimeout } from './outage.ts';
import { preparing } from './prepared.ts';

/** A standby that queries may read, where it knows all that their viewer wrote. */
export interface Replica {
  /** The house's tables for queries: the standby, and without a word the primary where that is away or it is no mere read. */
  readonly db: Kysely<never>;
  /** Whether the standby has replayed whatever this viewer was told of. */
  allows(viewer: Viewer): Promise<boolean>;
  /** To be awaited after a commit or a look at the primary, before the viewer is told. */
  told(viewer: Viewer): Promise<void>;
  close(): Promise<void>;
}

export interface OpenReplica {
  readonly house: string;
  readonly primary: Pool;
  readonly db: Kysely<never>;
  readonly named: boolean;
  readonly standby: Pool;
  readonly standbyNamed: boolean;
  readonly kv: Kv;
  readonly log: Log;
  readonly limits?: Limits;
}

export interface Limits {
  /** A standby further behind is not read at all. */
  readonly mostLagMs: number;
  /** How long marks that may have been lost are waited for; not less than `mostLagMs`, for those were of that time. */
  readonly settleMs: number;
  /** How often standby and primary are compared while nobody asks. */
  readonly everyMs: number;
  /** A standby that says nothing for so long is away. */
  readonly silenceMs: number;
}

/** A mark outlives the most lag by far: without one the viewer has written nothing that the standby could lack. */
const MARK_SECONDS = 90;
const EPOCH_SECONDS = 30 * 86_400;
const usual: Limits = { mostLagMs: 20_000, settleMs: 20_000, everyMs: 1_000, silenceMs: 1_000 };
/** A mark that no standby ever reaches. */
const NEVER = 'FFFFFFFF/FFFFFFFF';

type Query = <Row>(text: string, values: readonly unknown[]) => Promise<PostgresQueryResult<Row>>;

/**
 * Read-your-writes over all processes: a commit leaves its place in the log (LSN) in `kv` under its principal, and that
 * principal's queries read the standby only once it has replayed up to there. Whatever cannot be known means the primary.
 */
export function openReplica(options: OpenReplica): Replica {
  const { house, db, kv, log, limits = usual } = options;
  const standbyPool = preparing(options.standby.pool, { named: options.standbyNamed });
  // One slot of a Redis Cluster: marks and the note of their epoch are lost together or not at all.
  const key = (what: string) => `{${house}:lsn}:${what}`;

  let replayed = 0n;
  /** When the standby last had all that the primary had. */
  let caughtUpAt = Number.NEGATIVE_INFINITY;
  /** Places of the primary's log that the standby has still to reach, oldest first. */
  let awaited: { at: number; lsn: bigint }[] = [];
  let primaryAway = false;
  let away: string | null = 'not asked yet';
  const underWay = new Set<() => void>();
  const closing = new AbortController();

  /** One read of the standby, given up when it turns out to be away. */
  const read: Query = async (text, values) => {
    const client = await standbyPool.connect();
    let lost = false;
    try {
      return await new Promise((resolve, reject) => {
        const giveUp = () => {
          lost = true;
          reject(new Error('the read replica went away'));
        };
        underWay.add(giveUp);
        client
          .query<never>(text, [...values])
          .then(resolve, reject)
          .finally(() => underWay.delete(giveUp));
      });
    } finally {
      client.release(lost as true);
    }
  };

  function lose(why: string): void {
    if (away === null) log.warn({ house, why }, 'the read replica is away: queries go to the primary');
    away = why;
    for (const giveUp of [...underWay]) giveUp();
    underWay.clear();
  }

  async function askPrimary(): Promise<void> {
    if (awaited.length >= 120) return;
    const at = monotonicMs();
    const asked = await currentLsn(db).catch(() => null);
    primaryAway = asked === null;
    if (asked !== null) awaited.push({ at, lsn: asked });
  }

  async function askStandby(): Promise<void> {
    const answer = read<{ standby: boolean; lsn: string | null }>(
      'select pg_is_in_recovery() as standby, pg_last_wal_replay_lsn()::text as lsn',
      [],
    );
    const silence = sleep(limits.silenceMs, closing.signal).then(() => null);
    try {
      const row = (await Promise.race([answer, silence]))?.rows[0];
      if (!row) {
        answer.catch(() => undefined);
        return lose('it does not answer');
      }
      // A standby that was promoted goes its own way.
      if (!row.standby || row.lsn === null) return lose('it is no standby');
      replayed = toLsn(row.lsn);
      if (away !== null) log.info({ house }, 'queries read the replica');
      away = null;
    } catch (error) {
      return lose(error instanceof Error ? error.message : 'it cannot be asked');
    }
    const still = awaited.filter(({ lsn }) => lsn > replayed);
    const reached = awaited.at(-still.length - 1);
    if (reached && still.length < awaited.length) caughtUpAt = reached.at;
    awaited = still;
    if (caughtUpAt > 0)
      gauge(`souk_postgres_replica_lag_ms{subgraph="${house}"}`, Math.round(monotonicMs() - caughtUpAt));
  }

  let asking: Promise<void> | undefined;
  const compare = (): Promise<void> => {
    asking ??= askStandby().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  const watching = (async () => {
    while (!closing.signal.aborted) {
      await askPrimary();
      await compare();
      await sleep(limits.everyMs, closing.signal);
    }
  })();

  /** With the primary away nothing is written: what was fresh stays so. */
  const isFresh = (): boolean =>
    away === null && (monotonicMs() - caughtUpAt <= limits.mostLagMs || (primaryAway && caughtUpAt > 0));

  // Marks that were lost with their store must not pass for "wrote nothing": after such a loss the primary serves until
  // the standby has surely got what they stood for.
  let epoch: { readonly id: string; readonly since: number } | undefined;
  async function marksAreWhole(id: string | undefined): Promise<boolean> {
    if (id === undefined) await kv.setOnce(key('epoch'), randomUUID(), EPOCH_SECONDS);
    else if (id !== epoch?.id) epoch = { id, since: monotonicMs() };
    return id !== undefined && monotonicMs() - epoch!.since > limits.settleMs;
  }

  /** What could not be told to the others is at least known here. */
  const untold = new Map<string, number>();

  const self: Replica = {
    db: new Kysely<never>({
      dialect: new PostgresDialect({
        pool: readingPool(preparing(options.primary.pool, { named: options.named }), read, () => away === null, house),
      }),
    }),
    async allows(viewer) {
      if (viewer.principal === 'system' || !isFresh()) return false;
      if ((untold.get(viewer.principal) ?? 0) > monotonicMs()) return false;
      try {
        // The epoch last: if it is still the same, so were the marks.
        const names = [viewer.principal, ...(isNew(viewer) ? ['anonymous'] : [])];
        const found = [...names.map((name) => kv.get<string>(key(name))), kv.get<string>(key('epoch'))];
        const marks = await Promise.all(found);
        if (!(await marksAreWhole(marks.pop()))) return false;
        const wanted = marks.reduce((most, mark) => (mark && toLsn(mark) > most ? toLsn(mark) : most), 0n);
        if (wanted > replayed) await compare();
        return wanted <= replayed && away === null;
      } catch (error) {
        log.warn({ house, error }, 'what the viewer wrote is not known: the primary answers');
        return false;
      }
    },
    async told(viewer) {
      if (viewer.principal === 'system') return;
      // Where the commit's place cannot be had, the mark says "not the standby" for as long as it lives.
      const lsn = await currentLsn(db).then(toText, () => NEVER);
      try {
        await kv.set(key(viewer.principal), lsn, MARK_SECONDS);
      } catch (error) {
        log.warn({ house, error }, 'a commit could not be noted: this process reads the primary for its viewer');
        const now = monotonicMs();
        for (const [principal, until] of untold) if (until < now) untold.delete(principal);
        untold.set(viewer.principal, now + MARK_SECONDS * 1000);
      }
    },
    async close() {
      closing.abort();
      await watching;
      await standbyPool.end();
    },
  };
  return self;
}

/**
 * Each statement for itself: to the standby if it stands alone, and to the primary where a transaction begins, where the
 * standby is away, or where it could not answer for any reason but time.
 */
function readingPool(primary: PostgresPool, read: Query, isThere: () => boolean, house: string): PostgresPool {
  return {
    options: primary.options,
    end: async () => undefined,
    async connect() {
      let own: PostgresPoolClient | undefined;
      const query: Query = async <Row>(text: string, values: readonly unknown[]) => {
        if (!own && isThere() && !/^\s*(begin|start)\b/i.test(text)) {
          try {
            const answer = await read<Row>(text, values);
            count(`souk_postgres_replica_reads_total{subgraph="${house}"}`);
            return answer;
          } catch (error) {
            if (isTimeout(error)) throw error;
          }
        }
        own ??= await primary.connect();
        return own.query<Row>(text, [...values]);
      };
      return { query, release: (destroy?: true) => own?.release(destroy as true) } as PostgresPoolClient;
    },
  };
}

/**
 * How far the primary's log is on disk: a commit is, once it was answered. What was inserted beyond it may wait there for
 * long, and a standby gets nothing that is not on disk; only where commits do not wait for the disk it counts too.
 */
async function currentLsn(db: Kysely<never>): Promise<bigint> {
  const { rows } = await sql<{ lsn: string }>`
    select (case current_setting('synchronous_commit') when 'off' then pg_current_wal_insert_lsn()
      else pg_current_wal_flush_lsn() end)::text as lsn`.execute(db);
  return toLsn(rows[0]!.lsn);
}

function toLsn(text: string): bigint {
  const [high, low] = text.split('/');
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

const toText = (lsn: bigint): string => `${(lsn >> 32n).toString(16)}/${(lsn & 0xffffffffn).toString(16)}`;

/** Whether the viewer came to be so lately that whoever made them was nobody yet: a UUIDv7 begins with its time. */
function isNew({ guestId, sessionId }: Viewer): boolean {
  return [guestId, sessionId].some(
    (id) =>
      id !== null && unixSeconds() - Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) / 1000 < MARK_SECONDS,
  );
}
