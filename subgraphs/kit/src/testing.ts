import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DEFAULT_CHANNEL,
  type Fact,
  type FactOf,
  type FactType,
  type Role,
  type UserId,
  type Viewer,
} from '@souk/schema';
import { type ExecutionResult, parse } from 'graphql';
import pg from 'pg';
import { v7 } from 'uuid';
import { inject } from 'vitest';
import { embeddedBus } from './bus.embedded.ts';
import { readConfig } from './config.ts';
import type { Place } from './db.places.ts';
import type { AnySubgraph, RunningHouse } from './house.ts';
import { type Embedded, placesAt, startEmbeddedHouses } from './platform.embedded.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser URL of the PostgreSQL that this test run started. */
    postgresUrl: string;
    /** A pooler before it, in the run that goes through one. */
    poolerUrl?: string;
  }
}

const viewer = (more: Partial<Viewer>): Viewer => ({
  principal: 'anonymous',
  userId: null,
  guestId: null,
  sessionId: null,
  roles: [],
  channel: DEFAULT_CHANNEL,
  locale: 'en',
  requestId: 'test',
  clientAddress: null,
  trace: null,
  ...more,
});

export const anonymous = (): Viewer => viewer({});
export const guest = (guestId: string = v7()): Viewer => viewer({ principal: `guest:${guestId}`, guestId });
export const customer = (userId: string = v7()): Viewer =>
  viewer({ principal: `user:${userId}`, userId: userId as UserId, roles: ['CUSTOMER'] });
export const staff = (...roles: Role[]): Viewer => ({ ...customer(), roles });

export interface TestHouses extends Embedded {
  /** A house by name; throws for one that was not started. */
  house(name: string): RunningHouse;
  /** Runs a GraphQL document in one house as a viewer. Answers `data`; throws on top-level errors. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads the answer of a document it wrote itself
  run(house: string, viewer: Viewer, document: string, variables?: Record<string, unknown>): Promise<any>;
  /** The same with errors kept. */
  ask(house: string, viewer: Viewer, document: string, variables?: Record<string, unknown>): Promise<ExecutionResult>;
  /** Lets a house hear a fact `times` times, as the bus would. Answers the fact. */
  hear<T extends FactType>(
    house: string,
    type: T,
    fact: { key: string; version?: number; data: FactOf<T>['data'] },
    times?: number,
  ): Promise<Fact>;
  /** What a house has said so far, oldest first; of one type if named. */
  said<T extends FactType>(house: string, type?: T): Promise<FactOf<T>[]>;
  /** SQL as the administrator, for checks that no house could make. */
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
}

/**
 * Starts houses on a database of their own, with ticks off unless asked for. Stop it in `afterAll`: the database goes too.
 * `env` overrides configuration.
 */
export async function startTestHouses(
  houses: readonly AnySubgraph[],
  options: {
    env?: Record<string, string>;
    ticks?: boolean;
    backoff?: readonly number[];
    publicUrl?: string;
    /** Another server than the run's own. */
    postgresUrl?: string;
    /** What each house's place has beside the server. */
    beside?: Partial<Pick<Place, 'pooler' | 'replica'>>;
  } = {},
): Promise<TestHouses> {
  const url = new URL(options.postgresUrl ?? inject('postgresUrl'));
  const database = `t_${randomBytes(6).toString('hex')}`;
  url.pathname = `/${database}`;
  const dataDir = await mkdtemp(join(tmpdir(), 'souk-test-'));
  const poolerUrl = inject('poolerUrl');
  const pooler = poolerUrl ? { setting: 'SOUK_POSTGRES_POOLER_URL', url: poolerUrl } : null;
  const embedded = await startEmbeddedHouses({
    places: placesAt(url.toString(), houses).map((place) => ({ ...place, pooler, ...options.beside })),
    config: readConfig({
      SOUK_ENV: 'test',
      SOUK_LOG_LEVEL: 'silent',
      SOUK_POSTGRES_POOL: String(Math.max(9, houses.length * 4)),
      ...options.env,
    }),
    adminUrl: url.toString(),
    dataDir,
    publicUrl: options.publicUrl ?? 'http://localhost:4000',
    houses,
    ticks: options.ticks ?? false,
    backoff: options.backoff ?? [1, 1, 1, 1],
  });
  const admin = new pg.Pool({ connectionString: url.toString(), max: 2 });
  admin.on('error', () => undefined);

  const house = (name: string): RunningHouse => {
    const found = embedded.houses.get(name);
    if (!found) throw new Error(`the house ${name} was not started`);
    return found;
  };
  const ask: TestHouses['ask'] = (name, as, document, variables) =>
    house(name).execute({ document: parse(document), variables: variables ?? {}, context: house(name).context(as) });

  return {
    ...embedded,
    house,
    ask,
    async run(name, as, document, variables) {
      const { data, errors } = await ask(name, as, document, variables);
      if (errors)
        throw new Error(errors.map((error) => `${error.path?.join('.') ?? ''} ${error.message}`).join('\n'), {
          cause: errors,
        });
      return data;
    },
    async hear(name, type, { key, version = 1, data }, times = 1) {
      const fact: Fact = {
        id: v7(),
        type,
        at: new Date().toISOString(),
        key,
        version,
        subject: null,
        trace: null,
        data: JSON.parse(JSON.stringify(data)),
      };
      for (let i = 0; i < times; i++) await house(name).ear.deliver([fact]);
      return fact;
    },
    async said(name, type) {
      const { rows } = await admin.query(
        `select id, type, at, key, version::int, subject, trace, data from ${house(name).name}.outbox where $1::text is null or type = $1 order by seq`,
        [type ?? null],
      );
      return rows;
    },
    async sql(text, values) {
      return (await admin.query(text, values)).rows;
    },
    async stop() {
      await embedded.stop();
      await admin.end();
      const home = new URL(url);
      home.pathname = '/postgres';
      const keeper = new pg.Client({ connectionString: home.toString() });
      await keeper.connect();
      await keeper.query(`drop database if exists ${database} with (force)`);
      await keeper.end();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export * from './testing.examples.ts';
export * from './testing.statements.ts';
export { embeddedBus };
