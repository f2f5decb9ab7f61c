import { generateKeyPairSync } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Kysely, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import { Kysely as Database, PostgresDialect } from 'kysely';
import pg from 'pg';
import { houses as everyHouse } from '../../router/src/houses.ts';
import { readConfig } from '../../subgraphs/kit/src/config.ts';
import { houseUrl, openPool } from '../../subgraphs/kit/src/db.ts';
import type { AnySubgraph, RunningHouse, Tick } from '../../subgraphs/kit/src/house.ts';
import { memoryKv } from '../../subgraphs/kit/src/kv.memory.ts';
import { memoryLive } from '../../subgraphs/kit/src/live.memory.ts';
import type { Log } from '../../subgraphs/kit/src/log.ts';
import { isOutage } from '../../subgraphs/kit/src/outage.ts';
import type { Platform } from '../../subgraphs/kit/src/platform.ts';
import { preparing } from '../../subgraphs/kit/src/prepared.ts';
import { startSubgraph } from '../../subgraphs/kit/src/subgraph.ts';
import type { PaymentGateway } from '../../subgraphs/payments/src/payment-gateway.ts';
import { type Claims, revokedKey } from '../../subgraphs/users/src/access-token.ts';
import { kvRevocations } from '../../subgraphs/users/src/session-revocations.kv.ts';
import type { UsersPorts } from '../../subgraphs/users/src/user.resolvers.ts';
import type { SimulatedBus } from './bus.simulated.ts';
import { Crash, type Life, type Points, tasks } from './lives.ts';
import { nowMs } from './own.ts';

/** The houses that have a part in a sale. The others' schemas are there, and nobody works in them. */
export const simulated = ['users', 'products', 'inventory', 'carts', 'orders', 'payments', 'notifications'] as const;
export type HouseName = (typeof simulated)[number];

/** Adapters that belong to a life: the payment provider as the simulation lets it be reached. */
export type GatewayOf = (life: Life) => PaymentGateway;

/** A house's one connection: taken for a transaction, or for one statement outside of any. */
interface Line {
  readonly client: PostgresPoolClient;
  /** Holds back what is written until it is let go, so that two statements leave in one packet. */
  readonly hold: () => () => void;
}

/** Connections outlive the houses' lives: what a crash loses is memory, and a connection holds none between transactions. */
export class Connections {
  private readonly lines = new Map<string, Line>();
  private readonly pools: pg.Pool[] = [];

  private constructor(readonly adminUrl: string) {}

  /** One connection a house: one transaction runs at a time. They are opened now, for opening one takes chance. */
  static async open(adminUrl: string): Promise<Connections> {
    const connections = new Connections(adminUrl);
    for (const house of simulated) {
      const { pool } = openPool(houseUrl(adminUrl, house), 1, house);
      const patient = { idleTimeoutMillis: 0, connectionTimeoutMillis: 0, query_timeout: 0 };
      Object.assign(pool.options, patient, { pipeline: true });
      const opened = new Promise<pg.PoolClient>((resolve) => void pool.once('connect', resolve));
      const client = await preparing(pool).connect();
      const { connection } = (await opened) as unknown as { readonly connection: { readonly stream: Socket } };
      const hold = () => {
        connection.stream.cork();
        return () => connection.stream.uncork();
      };
      connections.pools.push(pool);
      connections.lines.set(house, { client, hold });
    }
    return connections;
  }

  of(house: string): Line {
    return this.lines.get(house)!;
  }

  async close(): Promise<void> {
    for (const { client } of this.lines.values()) client.release();
    for (const pool of this.pools) await pool.end();
  }
}

/** What pg says when the connection breaks between a commit and its answer: it may or may not have been done. */
const connectionLost = (): Error => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

/**
 * A pool whose every connection is a point: one transaction, or one statement outside of any, at the run's time. What says
 * the time, and a transaction's beginning, does not wait for an answer: it goes ahead of the first statement.
 */
function pointed(
  { client, hold }: Line,
  points: Points,
  life: Life,
  losesAnswer: (house: string) => boolean,
): PostgresPool {
  return {
    options: {},
    end: async () => undefined,
    async connect() {
      await points.wait('tx', `in ${life.house}`, life);
      points.begin(`${tasks.getStore()?.label} in ${life.house}`);
      let first = `set souk.now = '${new Date(nowMs()).toISOString()}'`;
      let inTransaction = false;
      const query = async <Row>(text: string, parameters: readonly unknown[]) => {
        if (text === 'begin') {
          inTransaction = true;
          first = `begin; ${first}`;
          return nothing as PostgresQueryResult<Row>;
        }
        if (first === '' || (!inTransaction && isTimeless(text))) return client.query<Row>(text, parameters);
        const letGo = hold();
        const before = client.query(first, []);
        first = '';
        const asked = client.query<Row>(text, parameters);
        letGo();
        const [begun, answer] = await Promise.allSettled([before, asked]);
        if (begun.status === 'rejected') throw begun.reason;
        if (answer.status === 'rejected') throw answer.reason;
        return answer.value;
      };
      return {
        async query<Row>(text: string, parameters: readonly unknown[]) {
          const answer = await query<Row>(text, parameters);
          if ((text === 'commit' || !inTransaction) && losesAnswer(life.house)) throw connectionLost();
          return answer;
        },
        release: () => points.release(),
      } as PostgresPoolClient;
    },
  };
}

/** A read that does not ask for the time. */
const isTimeless = (text: string): boolean => /^\s*select /.test(text) && !text.includes('now()');

/** The answer to BEGIN. */
const nothing: PostgresQueryResult<never> = { command: 'SELECT', rowCount: 0, rows: [] };

/** Whatever a house logs as an error is a fault nobody planned: the run is broken by it. */
export type Complaint = (house: string, message: string, fields: object) => void;

function logOf(life: Life, complain: Complaint, fields: Record<string, unknown> = {}): Log {
  const isPlanned = (given: object) => 'error' in given && (isOfCrash(given.error) || isOutage(given.error));
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error(given, message) {
      if (!life.over && !isPlanned(given)) complain(life.house, message, { ...fields, ...given });
    },
    child: (more) => logOf(life, complain, { ...fields, ...more }),
  };
}

const isOfCrash = (error: unknown): boolean =>
  error instanceof Crash || (error instanceof Error && (isOfCrash(error.cause) || isOfCrash(originalOf(error))));
const originalOf = (error: Error): unknown => (error as { originalError?: unknown }).originalError;

const config = readConfig({ SOUK_ENV: 'test', SOUK_LOG_LEVEL: 'silent' });

/** What a run gives its houses. */
export interface Surroundings {
  readonly points: Points;
  readonly bus: SimulatedBus;
  readonly complain: Complaint;
  readonly gatewayOf: GatewayOf;
  /** Whether the answer to what a house just committed is lost. */
  readonly losesAnswer: (house: string) => boolean;
}

/** Every house at work, each in its life. */
export class Houses {
  private readonly running = new Map<string, RunningHouse>();
  private readonly lives = new Map<string, Life>();
  private readonly definitions = new Map<string, AnySubgraph>();
  private readonly tokenKey = generateKeyPairSync('ed25519');

  constructor(private readonly connections: Connections) {
    for (const house of everyHouse) {
      if ((simulated as readonly string[]).includes(house.name)) this.definitions.set(house.name, labelled(house));
    }
  }

  private run!: Surroundings;
  private kv = memoryKv();

  /** Ends every life and begins a run: nothing of an earlier one is left in memory. */
  begin(run: Surroundings): void {
    this.run = run;
    for (const life of this.lives.values()) life.over = true;
    this.lives.clear();
    this.running.clear();
    this.forget();
  }

  /** What is kept beside the tables is gone; while only a house crashes it stays, as in a Redis. */
  forget(): void {
    this.kv = memoryKv();
  }

  /** What the router asks before it lets a session in. */
  async isEnded(sessionId: string): Promise<boolean> {
    return (await this.kv.get(revokedKey(sessionId))) === true;
  }

  /** A house that runs; undefined while it is down. */
  find(name: string): RunningHouse | undefined {
    return this.running.get(name);
  }

  lifeOf(name: string): Life | undefined {
    return this.lives.get(name);
  }

  get all(): RunningHouse[] {
    return [...this.running.values()];
  }

  /** Starts a house from its tables, and lets the bus reach it. */
  async start(name: HouseName): Promise<void> {
    const { points, bus, complain, gatewayOf, losesAnswer } = this.run;
    const { kv } = this;
    const life: Life = { house: name, over: false };
    this.lives.set(name, life);
    const pool = pointed(this.connections.of(name), points, life, losesAnswer);
    // biome-ignore lint/suspicious/noExplicitAny: each house knows its own tables
    const db: Kysely<any> = new Database({ dialect: new PostgresDialect({ pool }) });
    const platform: Platform = {
      config,
      log: logOf(life, complain),
      bus,
      live: memoryLive(),
      kv,
      dataDir: '/nowhere',
      adminUrl: this.connections.adminUrl,
      publicUrl: 'http://shop.example',
      tokenKey: this.tokenKey,
      peers: { see: async (_viewer, ids) => ids.map(() => null), houses: [] },
      openDb: async () => db,
      closeDb: async () => undefined,
    };
    const house = await tasks.run({ label: `${name} starts`, life }, () =>
      startSubgraph(withGateway(this.definitions.get(name)!, gatewayOf, life), platform),
    );
    if (life.over) return;
    this.running.set(name, house);
    bus.join(house.mouth, house.ear, life);
  }

  /** Ends a house's life between two transactions: whatever it had in memory is gone. */
  crash(name: string): void {
    const life = this.lives.get(name);
    if (!life || life.over) return;
    life.over = true;
    this.running.delete(name);
    this.run.bus.leave(name);
    this.run.points.end(life);
  }
}

/** The provider is reached through the life that asks; everything else about the house stays the same object. */
const gateways = new WeakMap<object, { current: PaymentGateway }>();
function withGateway(definition: AnySubgraph, gatewayOf: GatewayOf, life: Life): AnySubgraph {
  if (definition.name !== 'payments') return definition;
  const slot = gateways.get(definition);
  if (slot) slot.current = gatewayOf(life);
  else gateways.set(definition, { current: gatewayOf(life) });
  return definition;
}

const paymentsPorts = (definition: object) => ({
  gateway: gateways.get(definition)!.current,
  provider: 'SIMULATOR',
  publishableKey: null,
  returnUrl: 'http://shop.example/payments/return',
  simulator: null,
  close: async () => undefined,
});

/** Hashing and signing belong to threads that nobody leads: here a password is kept as it is, and a token is what it claims. */
const keptOf = (password: string): string => `$argon2id$${password}`;
const usersPorts = async ({ kv }: Pick<Platform, 'kv'>): Promise<UsersPorts> => ({
  hasher: { hash: async (password) => keptOf(password), verify: async (hash, password) => hash === keptOf(password) },
  limiter: { count: async () => undefined, forgive: async () => undefined },
  signer: { sign: async (claims) => JSON.stringify(claims) },
  revocations: kvRevocations(kv),
});

/** What a token of such a signer claims. */
export const claimsOf = (token: string): Claims => JSON.parse(token) as Claims;

/** The house with its ticks named for the trace, and with the simulation's provider. */
function labelled(house: AnySubgraph): AnySubgraph {
  const ticks = Object.fromEntries(
    Object.entries(house.ticks).map(([name, tick]) => [name, labelledTick(house.name, name, tick)]),
  );
  const definition: AnySubgraph = {
    ...house,
    ticks,
    ...(house.name === 'payments' && { ports: () => paymentsPorts(definition), closePorts: async () => undefined }),
    ...(house.name === 'users' && { ports: usersPorts }),
  };
  return definition;
}

const labelledTick = <T extends Tick<never, unknown>>(house: string, name: string, tick: T): T => ({
  ...tick,
  run: (duty: Parameters<T['run']>[0]) =>
    tasks.run({ label: `tick ${house}.${name}`, life: tasks.getStore()?.life ?? null }, () => tick.run(duty)),
});
