import type { Viewer } from '@souk/schema';
import type { Kysely } from 'kysely';
import { embeddedBus } from './bus.embedded.ts';
import { sleep } from './clock.ts';
import type { Config } from './config.ts';
import { openPostgres } from './db.houses.ts';
import type { Place } from './db.places.ts';
import { poolShare } from './db.ts';
import { deadLettersOf } from './dead-letters.ts';
import { parseOnce } from './documents.ts';
import type { AnySubgraph, RunningHouse } from './house.ts';
import { memoryKv } from './kv.memory.ts';
import { memoryLive } from './live.memory.ts';
import { createLog } from './log.ts';
import { see } from './peers.ts';
import type { Peers, Platform } from './platform.ts';
import { startSubgraph } from './subgraph.ts';
import type { KitTables } from './tables.ts';
import { tokenKey } from './token-key.ts';

export interface EmbeddedOptions {
  readonly config: Config;
  /** Superuser URL, database included: the one that is made and used. */
  readonly adminUrl: string;
  readonly dataDir: string;
  readonly publicUrl: string;
  readonly houses: readonly AnySubgraph[];
  /** Where houses live, if not all at `adminUrl` by the shortest way. */
  readonly places?: readonly Place[];
  readonly onProgress?: (line: string) => void;
  /** Waits between an ear's tries, ms. */
  readonly backoff?: readonly number[];
  /** Off in tests that call ticks themselves. */
  readonly ticks?: boolean;
}

/** All houses in one process on one PostgreSQL, facts carried from outbox tables. */
export interface Embedded {
  readonly platform: Platform;
  readonly houses: ReadonlyMap<string, RunningHouse>;
  /** Resolves when no fact is under way and no tick runs. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

export async function startEmbeddedHouses(options: EmbeddedOptions): Promise<Embedded> {
  const { config, adminUrl, dataDir, houses: definitions, onProgress } = options;
  const log = createLog(config.SOUK_LOG_LEVEL);
  // biome-ignore lint/suspicious/noExplicitAny: each house knows its own tables
  const dbs = new Map<string, Kysely<any>>();
  const kv = memoryKv();
  const live = memoryLive();
  const bus = embeddedBus({ log, ...(options.backoff ? { backoff: options.backoff } : {}) });
  const postgres = await openPostgres({
    places: options.places ?? placesAt(adminUrl, definitions),
    houses: definitions,
    share: poolShare(config.SOUK_POSTGRES_POOL, definitions.length),
    kv,
    log,
    ...(onProgress ? { onProgress } : {}),
  });
  const platform: Platform = {
    config,
    log,
    bus,
    live,
    kv,
    dataDir,
    adminUrl,
    publicUrl: options.publicUrl,
    tokenKey: tokenKey(config, dataDir),
    peers: { see: async (_viewer, ids) => ids.map(() => null), houses: [] },
    async openDb(house) {
      const db = await postgres.openDb(house);
      dbs.set(house, db);
      return db;
    },
    async closeDb(house) {
      dbs.delete(house);
      await postgres.closeDb(house);
    },
    replicaOf: postgres.replicaOf,
  };
  const houses = new Map<string, RunningHouse>();
  for (const definition of definitions) houses.set(definition.name, await startSubgraph(definition, platform));
  platform.peers = peersOf(houses, dbs);
  for (const house of houses.values()) bus.attach(house.mouth, house.ear);
  await bus.start();
  if (options.ticks !== false) for (const house of houses.values()) house.startTicks();

  return {
    platform,
    houses,
    async quiet() {
      // A settled fact can nudge a tick and a tick can say a fact: quiet is when both were still in one look.
      for (let still = 0; still < 2; ) {
        await bus.drained();
        const busy = [...houses.values()].some((house) => house.busy);
        still = busy ? 0 : still + 1;
        await sleep(busy ? 10 : 1);
      }
    },
    async stop() {
      await bus.stop();
      for (const house of houses.values()) await house.stop();
      await live.close();
      await kv.close();
    },
  };
}

/** All houses at one server that we administer. */
export const placesAt = (adminUrl: string, houses: readonly { readonly name: string }[]): Place[] =>
  houses.map(({ name }) => ({
    house: name,
    setting: "the administrator's URL",
    url: adminUrl,
    pooler: null,
    replica: null,
    sharedWith: houses.filter((other) => other.name !== name).map((other) => other.name),
  }));

function peersOf(houses: ReadonlyMap<string, RunningHouse>, dbs: ReadonlyMap<string, Kysely<KitTables>>): Peers {
  const ownerOf = (type: string) => [...houses.values()].find((house) => house.ownedTypes.includes(type));
  return {
    see: (viewer: Viewer, wireIds) =>
      see(wireIds, async (type, query, variables) => {
        const owner = ownerOf(type);
        return owner?.execute({ document: parseOnce(query), variables, context: owner.context(viewer) });
      }),
    houses: [...houses.values()].map(({ name, redrive }) => ({
      name,
      redrive,
      ...deadLettersOf(name, dbs.get(name)!),
    })),
  };
}
