import type { PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type pg from 'pg';

/** How many texts of a house are kept prepared, on each of its connections; the rest is planned anew each time. */
const MOST = 400;

export interface Preparing {
  /** Off where a connection is not the same server's connection from one transaction to the next. */
  readonly named?: boolean;
}

/** PostgreSQL refuses a prepared statement whose columns a migration has changed since. */
export const isStalePlan = (error: unknown): boolean => {
  const { code, routine } = (error ?? {}) as { code?: unknown; routine?: unknown };
  return code === '0A000' && routine === 'RevalidateCachedQuery';
};

/** What pg does not tell of a connection. */
interface Wire {
  readonly connection: { readonly stream: { destroy(): void } };
}

/** pg gives a query up that was not answered in time; its connection still waits for that answer. */
const isUnanswered = (error: unknown): boolean => error instanceof Error && error.message === 'Query read timeout';

/**
 * The pool as Kysely sees it: each statement with values is prepared under a name at its first use on a connection, so
 * that PostgreSQL parses it once and may keep its plan. Planning is most of what a short statement costs there.
 */
export function preparing(pool: pg.Pool, options?: Preparing): PostgresPool {
  // One for all who use the pool: names belong to its connections.
  const known = pools.get(pool);
  if (known) return known;
  const made = prepare(pool, options);
  pools.set(pool, made);
  return made;
}

const pools = new WeakMap<pg.Pool, PostgresPool>();

function prepare(pool: pg.Pool, { named = true }: Preparing = {}): PostgresPool {
  let names = new Map<string, string>();
  let generation = 0;

  const nameOf = (text: string): string | undefined => {
    const known = names.get(text);
    if (known || names.size >= MOST) return known;
    const name = `g${generation}s${names.size}`;
    names.set(text, name);
    return name;
  };

  async function query<Row>(client: pg.PoolClient, text: string, parameters: readonly unknown[]) {
    const values = [...parameters];
    // Without values there is nothing to plan twice: BEGIN, COMMIT and the like go the simple way.
    const name = !named || values.length === 0 ? undefined : nameOf(text);
    const send = async (as: string | undefined) =>
      (await client.query({ ...(as && { name: as }), text, values })) as unknown as PostgresQueryResult<Row>;
    try {
      return await send(name);
    } catch (error) {
      // Left open, it would keep the rollback waiting as long again.
      if (isUnanswered(error)) (client as unknown as Wire).connection.stream.destroy();
      if (!isStalePlan(error)) throw error;
      if (names.get(text) === name) {
        names = new Map();
        generation += 1;
      }
      // A transaction is lost as a whole; its door runs it again.
      if (client.getTransactionStatus() !== 'I') throw error;
      return await send(nameOf(text));
    }
  }

  const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      const known = clients.get(client);
      if (known) return known;
      const prepared = {
        query: <Row>(text: string, parameters: readonly unknown[]) => query<Row>(client, text, parameters),
        release: (destroy?: boolean) => client.release(destroy),
      } as PostgresPoolClient;
      clients.set(client, prepared);
      return prepared;
    },
  };
}
