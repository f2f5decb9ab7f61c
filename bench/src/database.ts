import { open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '@souk/kit';
import pg from 'pg';
import { LOG_LINE_PREFIX, type LoggedStatement, parseLog } from './statements.ts';

const DATABASE = 'souk_bench';

/** The bench's own PostgreSQL, with fsync as in earnest, whose log can be asked for every statement. */
export interface Database {
  readonly url: string;
  readonly pid: number;
  readonly version: string;
  /** Settings that decide what speed means, as the server has them. */
  readonly settings: Readonly<Record<string, string>>;
  /** Logs every statement until the answer is called, which resolves to what was logged. */
  record(): Promise<() => Promise<LoggedStatement[]>>;
  /** Bytes logged so far: where it stands still, the server is silent. */
  logged(): Promise<number>;
  /** Adds up the time of each statement until the answer is called; only where started with `sampling`. */
  sample(): Promise<() => Promise<StatementTime[]>>;
  /** What autovacuum would do in time, at once: plans are then those of a shop that has settled. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** A statement's share of PostgreSQL's time, ms; the most costly first. */
export interface StatementTime {
  readonly role: string;
  readonly calls: number;
  readonly planning: number;
  readonly execution: number;
  readonly text: string;
}

const TOLD = ['fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'jit'];

export async function startDatabase(
  dir: string,
  { sampling, onProgress }: { sampling: boolean; onProgress: (line: string) => void },
): Promise<Database> {
  const server = await startPostgres({
    dir,
    // As npm start has it.
    socket: true,
    onProgress,
    // Values of parameters would only make the log longer.
    settings: {
      log_line_prefix: LOG_LINE_PREFIX,
      log_parameter_max_length: '0',
      // It costs a little of what it measures, so it is there only where it is asked for.
      ...(sampling
        ? { shared_preload_libraries: 'pg_stat_statements', 'pg_stat_statements.track_planning': 'on' }
        : {}),
    },
  });
  const admin = new pg.Client({ connectionString: server.url, application_name: 'bench' });
  admin.on('error', () => undefined);
  const size = async (): Promise<number> => (await stat(server.logFile)).size;

  async function logStatements(all: boolean): Promise<void> {
    await admin.query(all ? `alter system set log_statement = 'all'` : 'alter system reset log_statement');
    await admin.query('select pg_reload_conf()');
    // Each session takes the new setting with its next statement once the signal has reached it.
    await sleep(300);
  }

  await admin.connect();
  // A bench that was killed while it counted left the setting behind.
  await logStatements(false);
  const { rows } = await admin.query<{ name: string; value: string }>(
    'select name, current_setting(name) as value from unnest($1::text[]) as name',
    [['server_version', ...TOLD]],
  );
  const shown = new Map(rows.map(({ name, value }) => [name, value]));
  const url = new URL(server.nearUrl);
  url.pathname = `/${DATABASE}`;

  return {
    url: url.href,
    pid: server.pid,
    version: shown.get('server_version')!.split(' ')[0]!,
    settings: Object.fromEntries(TOLD.map((name) => [name, shown.get(name)!])),
    async record() {
      await logStatements(true);
      const from = await size();
      return async () => {
        const to = await size();
        await logStatements(false);
        return (await readLog(server.logFile, from, to)).filter(({ application }) => application !== 'bench');
      };
    },
    logged: size,
    async sample() {
      await admin.query('create extension if not exists pg_stat_statements');
      await admin.query('select pg_stat_statements_reset()');
      return async () => {
        const { rows: times } = await admin.query<StatementTime>(`
          select rolname as role, calls::int as calls, total_plan_time as planning, total_exec_time as execution,
            regexp_replace(query, '\\s+', ' ', 'g') as text
          from pg_stat_statements join pg_roles on pg_roles.oid = userid
          where rolname <> current_user
          order by total_plan_time + total_exec_time desc limit 25`);
        return times;
      };
    },
    async settle() {
      const client = new pg.Client({ connectionString: url.href, application_name: 'bench' });
      await client.connect();
      try {
        await client.query('vacuum (analyze)');
        await client.query('checkpoint');
      } finally {
        await client.end();
      }
    },
    async stop() {
      await admin.end();
      await server.stop();
    },
  };
}

async function readLog(path: string, from: number, to: number): Promise<LoggedStatement[]> {
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(to - from);
    await file.read(buffer, 0, buffer.length, from);
    return parseLog(buffer.toString('utf8'));
  } finally {
    await file.close();
  }
}
