import { join } from 'node:path';
import type { Viewer } from '@souk/schema';
import { systemViewer } from './auth.ts';
import { natsBus } from './bus.nats.ts';
import type { Bus } from './bus.ts';
import { type Config, isOf } from './config.ts';
import { openPostgres } from './db.houses.ts';
import { placesOf } from './db.places.ts';
import { poolShare } from './db.ts';
import { StartupError } from './errors.ts';
import type { AnySubgraph } from './house.ts';
import { subgraphUrls, viewerKey } from './keys.ts';
import type { Log } from './log.ts';
import { openNats } from './nats.ts';
import { see } from './peers.ts';
import type { DeadLetterRow, DeadLettersFrom, Peers, Platform, Redriven } from './platform.ts';
import { openRedis } from './redis.ts';
import { type RemoteHouse, remoteHouse } from './remote.ts';
import { readTls } from './tls.ts';
import { type KeyPair, keptKey, tokenKey } from './token-key.ts';

/** One house's platform in a process of its own, on engines reached by URLs. */
export interface Distributed {
  readonly platform: Platform;
  readonly bus: Bus;
  /** What works at this moment, by engine. */
  health(): Promise<{ readonly redis: boolean; readonly nats: boolean }>;
  close(): Promise<void>;
}

const LOOK_DEADLINE_MS = 5_000;

/** Opens PostgreSQL, NATS and Redis for a house; each fault is a StartupError of one sentence. */
export async function openPlatform(definition: AnySubgraph, config: Config, log: Log): Promise<Distributed> {
  const { name } = definition;
  const urls = subgraphUrls(config);
  const names = [...new Set([...urls.keys(), name])];
  // Each process opens a pool of its own: the one total is for all of them.
  const processes = names.reduce((sum, house) => sum + (urls.get(house)?.length ?? 1), 0);
  const redis = await openRedis(demand(config, 'SOUK_REDIS_URL'), log);
  const connection = await openNats({ url: demand(config, 'SOUK_NATS_URL'), house: name, log });
  const bus = natsBus({ connection, log, replicas: config.SOUK_NATS_REPLICAS });
  const postgres = await openPostgres({
    places: placesOf(config, names),
    houses: [definition],
    share: poolShare(config.SOUK_POSTGRES_POOL, processes),
    kv: redis.kv,
    log,
  });
  const dataDir = config.SOUK_DATA_DIR ?? '.souk';
  const remotes = new Map<string, RemoteHouse>();
  let key: KeyPair | undefined;
  const platform: Platform = {
    config,
    log,
    bus,
    live: redis.live,
    kv: redis.kv,
    dataDir,
    adminUrl: config.SOUK_POSTGRES_URL ?? null,
    publicUrl: config.SOUK_PUBLIC_URL ?? `http://localhost:${config.SOUK_PORT}`,
    get tokenKey() {
      // Only who hands out access tokens is told their key; what another house signs, it proves itself.
      key ??= isOf('SOUK_JWT_PRIVATE_KEY', name)
        ? tokenKey(config, dataDir)
        : keptKey(join(dataDir, `${name}-key.pem`));
      return key;
    },
    peers: remotePeers(() => {
      const signing = viewerKey(config);
      const tls = readTls(config);
      for (const [house, at] of urls) {
        if (!remotes.has(house)) remotes.set(house, remoteHouse({ name: house, urls: at, key: signing, tls, log }));
      }
      return remotes;
    }, [...urls.keys()]),
    openDb: postgres.openDb,
    closeDb: postgres.closeDb,
    replicaOf: postgres.replicaOf,
  };
  return {
    platform,
    bus,
    health: async () => ({ redis: redis.isReachable(), nats: !connection.isClosed() && (await answers(connection)) }),
    async close() {
      for (const remote of remotes.values()) await remote.close();
      await redis.close();
    },
  };
}

async function answers(connection: { rtt(): Promise<number> }): Promise<boolean> {
  const timer = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 500).unref());
  return Promise.race([
    connection.rtt().then(
      () => true,
      () => false,
    ),
    timer,
  ]);
}

function demand(config: Config, name: 'SOUK_REDIS_URL' | 'SOUK_NATS_URL'): string {
  const value = config[name];
  if (value) return value;
  const engine = name === 'SOUK_REDIS_URL' ? 'Redis' : 'the NATS server';
  throw new StartupError(`Nothing says where ${engine} is.`, `Set ${name}; .env.example shows its form.`);
}

/** The other houses as the platform subgraph asks them. */
function remotePeers(connect: () => ReadonlyMap<string, RemoteHouse>, names: readonly string[]): Peers {
  const owners = new Map<string, string>();

  async function ownerOf(type: string): Promise<RemoteHouse | undefined> {
    const houses = connect();
    if (!owners.has(type)) {
      for (const house of houses.values()) {
        const { ownedTypes } = await house
          .ask<{ ownedTypes: string[] }>('/about', {}, systemViewer)
          .catch(() => ({ ownedTypes: [] }));
        for (const owned of ownedTypes) owners.set(owned, house.name);
      }
    }
    return houses.get(owners.get(type) ?? '');
  }

  return {
    see: (viewer: Viewer, wireIds) =>
      see(wireIds, async (type, query, variables) =>
        (await ownerOf(type))?.execute({ query, variables, viewer, deadlineMs: LOOK_DEADLINE_MS }),
      ),
    houses: names.map((name) => {
      const ask = <T>(path: string, body: object): Promise<T> => connect().get(name)!.ask<T>(path, body, systemViewer);
      return {
        name,
        redrive: (factId: string) => ask<Redriven | null>('/redrive', { factId }),
        deadLetters: async (from: DeadLettersFrom | null, limit: number) =>
          (await ask<(Omit<DeadLetterRow, 'parkedAt'> & { parkedAt: string })[]>('/dead-letters', { from, limit })).map(
            (row) => ({ ...row, parkedAt: new Date(row.parkedAt) }),
          ),
        countDeadLetters: () => ask<number>('/dead-letters/count', {}),
      };
    }),
  };
}
