import type { Kysely } from 'kysely';
import { explainPostgres } from './db.faults.ts';
import { type Named, type Place, takePrepare, throughUrl } from './db.places.ts';
import { connect, isPooled, prepareSite } from './db.prepare.ts';
import { type Limits, openReplica, type Replica } from './db.replica.ts';
import { type Migrations, openDb, openPool, type Pool } from './db.ts';
import type { Kv } from './kv.ts';
import type { Log } from './log.ts';
import { isOutage } from './outage.ts';
import { StartupError } from './startup-error.ts';

export interface OpenPostgres {
  /** Where all houses of the installation live. */
  readonly places: readonly Place[];
  /** The houses of this process. */
  readonly houses: readonly { readonly name: string; readonly migrations: Migrations }[];
  /** Most connections of one house to one server. */
  readonly share: number;
  readonly kv: Kv;
  readonly log: Log;
  readonly replicaLimits?: Limits;
  readonly onProgress?: (line: string) => void;
}

/** The databases of this process's houses. */
export interface Postgres {
  // biome-ignore lint/suspicious/noExplicitAny: each house knows its own tables
  openDb(house: string): Promise<Kysely<any>>;
  /** Undefined where the house has none, or its database is not open. */
  replicaOf(house: string): Replica | undefined;
  closeDb(house: string): Promise<void>;
}

/** A way in that was proven at the start. */
interface Way {
  readonly url: string;
  readonly named: boolean;
}

/** Prepares the houses of this process where they live and proves each way in; every fault is a StartupError. */
export async function openPostgres(options: OpenPostgres): Promise<Postgres> {
  const { places, houses, share, kv, log, onProgress } = options;
  const ours = houses.map((house) => {
    const place = places.find((one) => one.house === house.name);
    if (!place) throw new Error(`no place was given for ${house.name}`);
    return { ...house, place, direct: takePrepare(place.url, place.setting) };
  });
  const runtime = new Map<string, string>();
  for (const site of Map.groupBy(ours, ({ direct }) => direct.url).values()) {
    const { place, direct } = site[0]!;
    const names = site.map((house) => house.name);
    const others = place.sharedWith.filter((house) => !names.includes(house));
    const made = await prepareSite({ setting: place.setting, url: direct.url, houses: site, others }, onProgress);
    for (const [house, url] of made) runtime.set(house, url);
  }
  const ways = new Map<string, Way>();
  for (const { name, place, direct } of ours) {
    const url = runtime.get(name)!;
    // A runtime role that we made comes the way the administrator came, and that was straight.
    const straight = url !== direct.url && direct.prepare !== false;
    if (place.pooler) ways.set(name, await proveWay(name, url, place.pooler));
    else if (straight) ways.set(name, { url, named: true });
    else ways.set(name, await proveWay(name, url, { setting: place.setting, url: place.url }));
  }

  const open = new Map<string, { db: Kysely<never>; replica: Replica | undefined }>();
  return {
    async openDb(house) {
      const way = ways.get(house)!;
      const pool = openPool(way.url, share, house);
      const db = openDb<never>(pool, way);
      const { place } = ours.find((one) => one.name === house)!;
      const replica = place.replica ? await openStandby(house, pool, db, place.replica) : undefined;
      open.set(house, { db, replica });
      return db;
    },
    replicaOf: (house) => open.get(house)?.replica,
    async closeDb(house) {
      const { db, replica } = open.get(house) ?? {};
      open.delete(house);
      await replica?.close();
      await db?.destroy();
    },
  };

  async function openStandby(house: string, primary: Pool, db: Kysely<never>, named: Named): Promise<Replica> {
    const url = runtime.get(house)!;
    const way = await proveWay(house, url, named).catch((error: unknown) => {
      const cause = error instanceof StartupError ? error.cause : error;
      if (!isOutage(cause)) throw error;
      log.warn({ house, error: cause }, 'the read replica is away: queries go to the primary until it is back');
      return { url: throughUrl(url, takePrepare(named.url, named.setting).url), named: false };
    });
    const standby = openPool(way.url, share, `${house}-replica`);
    return openReplica({
      house,
      primary,
      db,
      named: ways.get(house)!.named,
      standby,
      standbyNamed: way.named,
      kv,
      log,
      ...(options.replicaLimits ? { limits: options.replicaLimits } : {}),
    });
  }
}

/** Comes in as the house will, so that a wrong word is told at the start; finds out whether a pooler is between. */
async function proveWay(house: string, runtimeUrl: string, { setting, url: text }: Named): Promise<Way> {
  const { url: way, prepare } = takePrepare(text, setting);
  const url = throughUrl(runtimeUrl, way);
  try {
    const client = await connect(url);
    try {
      const { rows } = await client.query<{ pid: number; path: string; user: string }>(
        `select pg_backend_pid() as pid, current_setting('search_path') as path, current_user::text as user`,
      );
      const { pid, path, user } = rows[0]!;
      if (path.split(',')[0]!.trim() !== house) {
        throw new StartupError(
          `The role '${user}' of ${setting} does not look into the schema ${house} first.`,
          `Say it to the role itself (ALTER ROLE ${user} SET search_path = ${house}, ext); a pooler that is open already keeps what was before until it is told RECONNECT.`,
        );
      }
      return { url, named: prepare ?? !isPooled(client, pid) };
    } finally {
      await client.end();
    }
  } catch (error) {
    throw explainPostgres(error, setting, url);
  }
}
