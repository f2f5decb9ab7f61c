import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unheld } from '@souk/kit/config';
import pg from 'pg';
import { inject } from 'vitest';
import { type Caller, callersOf } from './caller.testing.ts';
import { openProfile, type Profile, type Running } from './souk.profile.testing.ts';

export type { Answer, Asked, Caller, Watching } from './caller.testing.ts';

export interface TestSouk extends Running {
  caller(token: string | null, headers?: Record<string, string>): Caller;
  /** A guest with a session of their own. */
  guest(headers?: Record<string, string>): Promise<Caller>;
  /** A newly registered customer. */
  customer(): Promise<Caller & { email: string }>;
  /** The administrator who came with the shop. */
  admin(): Promise<Caller>;
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Stops it and starts it again on the same database and folder; it goes on under the answer. */
  restart(): Promise<TestSouk>;
}

export interface SoukOptions {
  readonly env?: Record<string, string>;
  readonly ticks?: boolean;
  /** Serves the console page too; building it takes a while. */
  readonly console?: boolean;
}

/** What a restart keeps. */
interface Place {
  readonly profile: Profile;
  readonly database: string;
  readonly dataDir: string;
}

/** A whole Souk of this run's profile on a database of its own, spoken to over HTTP and WebSocket alone. */
export async function startSouk(options: SoukOptions = {}): Promise<TestSouk> {
  const dataDir = await mkdtemp(join(tmpdir(), 'souk-e2e-'));
  return startAt({ profile: await openProfile(), database: `e2e_${randomBytes(6).toString('hex')}`, dataDir }, options);
}

async function startAt(place: Place, options: SoukOptions): Promise<TestSouk> {
  const { env = {}, ticks = true, console = false } = options;
  const { dataDir } = place;
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${place.database}`;
  const database = new pg.Pool({ connectionString: url.toString(), max: 2 });
  database.on('error', () => undefined);
  const souk = await place.profile.start({
    postgresUrl: url.toString(),
    database,
    dataDir,
    env: { SOUK_ENV: 'test', SOUK_LOG_LEVEL: 'silent', ...unheld, ...env },
    console,
    ticks,
  });
  const { caller, guest, signedIn, stop: stopWatching } = callersOf(`${souk.url}/graphql`);
  let administrator: Promise<Caller> | undefined;
  async function halt(): Promise<void> {
    stopWatching();
    await souk.stop();
    await database.end();
  }

  return {
    ...souk,
    caller,
    guest,
    async customer() {
      const email = `${randomUUID()}@shopper.example`;
      const { register } = await caller(null).run(
        'mutation ($input: RegisterInput!) { register(input: $input) { session { accessToken } errors { message } } }',
        { input: { email, password: 'a long enough passphrase', firstName: 'Ada', lastName: 'Shopper' } },
      );
      return { ...caller(register.session.accessToken), email };
    },
    admin() {
      const { email, password } = souk.logins.find((login) => login.role === 'ADMIN')!;
      administrator ??= signedIn(email, password);
      return administrator;
    },
    async sql(text, values) {
      return (await database.query(text, values)).rows;
    },
    async restart() {
      await halt();
      return startAt(place, options);
    },
    async stop() {
      await halt();
      await place.profile.end();
      const home = new URL(url);
      home.pathname = '/postgres';
      const keeper = new pg.Client({ connectionString: home.toString() });
      await keeper.connect();
      await keeper.query(`drop database if exists ${url.pathname.slice(1)} with (force)`);
      await keeper.end();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
