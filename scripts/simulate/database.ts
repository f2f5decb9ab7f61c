import pg from 'pg';
import { houses } from '../../router/src/houses.ts';
import { laws } from '../../router/src/laws.ts';
import { prepareDatabase } from '../../subgraphs/kit/src/db.ts';

interface Table {
  readonly schema: string;
  readonly name: string;
  readonly columns: string;
}

const list = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

/**
 * Of the houses' roles. A plan that is made once is the same one in each run, and cheap. Timeouts have nobody to guard against
 * here: whatever waits, waits for the simulation.
 */
const roleSettings: Readonly<Record<string, string>> = {
  enable_seqscan: 'off',
  plan_cache_mode: 'force_generic_plan',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
};

/** A shop's database that can be put back to how it was, and whose clock is the simulation's. */
export class SimulatedDatabase {
  private tables: Table[] = [];

  private constructor(
    readonly url: string,
    private readonly admin: pg.Client,
  ) {}

  /** Makes the database anew, with every house's schema in it. */
  static async make(url: string): Promise<SimulatedDatabase> {
    await prepareDatabase(url, houses);
    const admin = new pg.Client({ connectionString: url });
    admin.on('error', () => undefined);
    await admin.connect();
    const database = new SimulatedDatabase(url, admin);
    await database.takeClock();
    return database;
  }

  /**
   * Every `now()` of the houses is read from a setting that the simulation makes: a function of that name in each schema,
   * which the search path puts before PostgreSQL's own. Nothing in a house knows. Weekly partitions go: ids of
   * a simulation belong to no week of this year.
   */
  private async takeClock(): Promise<void> {
    const names = houses.map(({ name }) => name);
    const place = pg.escapeIdentifier(decodeURIComponent(new URL(this.url).pathname.slice(1)));
    for (const name of names) {
      await this.admin.query(`
        create function ${name}.now() returns timestamptz language sql stable as
          $$ select pg_catalog.current_setting('souk.now')::timestamptz $$;
        ${Object.entries({ search_path: `${name}, ext, pg_catalog`, ...roleSettings })
          .map(([setting, value]) => `alter role ${name}_app in database ${place} set ${setting} = ${value};`)
          .join('\n')}`);
    }
    const { rows } = await this.admin.query<{ text: string }>(`
      select format('alter table %I.%I alter %I set default %I.now()', n.nspname, c.relname, a.attname, n.nspname) as text
      from pg_attrdef d join pg_class c on c.oid = d.adrelid join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = d.adrelid and a.attnum = d.adnum
      where n.nspname in (${list(names)}) and pg_get_expr(d.adbin, d.adrelid) = 'now()'
      union all
      select format('drop table %I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in (${list(names)}) and c.relkind = 'r' and c.relispartition and c.relname ~ '_[0-9]{6}$'`);
    for (const { text } of rows) await this.admin.query(text);
  }

  /** Remembers what is in the tables now as what every run begins with. */
  async remember(): Promise<void> {
    const names = houses.map(({ name }) => name);
    const { rows } = await this.admin.query<Table>(`
      select n.nspname as schema, c.relname as name,
        string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      where n.nspname in (${list(names)}) and c.relkind in ('r', 'p') and not c.relispartition
        and c.relname not like 'kysely_%'
      group by 1, 2 order by 1, 2`);
    this.tables = rows;
    await this.admin.query('create schema base');
    const filled: string[] = [];
    for (const { schema, name, columns } of rows) {
      const copy = `base.${schema}_${name}`;
      await this.admin.query(`create table ${copy} as select ${columns} from ${schema}.${name}`);
      const { rowCount } = await this.admin.query(`select from ${copy} limit 1`);
      if (rowCount === 0) continue;
      filled.push(
        `insert into ${schema}.${name} (${columns}) overriding system value select ${columns} from ${copy} order by ctid`,
      );
    }
    const { rows: sequences } = await this.admin.query<{ text: string }>(`
      select format('select setval(%L, %s, %L)', format('%I.%I', schemaname, sequencename),
        coalesce(last_value, start_value), last_value is not null) as text
      from pg_sequences where schemaname in (${list(names)}) order by 1`);
    const empty = rows.map(({ schema, name }) => `delete from ${schema}.${name};`).join('\n');
    const refill = [...filled, ...sequences.map(({ text }) => text.replace(/^select/, 'perform'))].join(';\n');
    // Functions, for their statements are planned once a connection.
    await this.admin.query(`
      create function base.empty() returns void language plpgsql as $$ begin ${empty} end $$;
      create function base.refill() returns void language plpgsql as $$ begin ${refill}; end $$;`);
    // Rows are put back as they were: their triggers and references were satisfied then.
    await this.admin.query('set session_replication_role = replica');
    await this.recycle();
  }

  /** Puts every table back to what was remembered. */
  async reset(): Promise<void> {
    await this.prepared('reset', 'select base.empty(), base.refill()');
  }

  /** The same, and gives back the room that earlier runs left behind. */
  async recycle(): Promise<void> {
    await this.admin.query('select base.empty()');
    await this.admin.query(`vacuum ${this.tables.map(({ schema, name }) => `${schema}.${name}`).join(', ')}`);
    await this.admin.query('select base.refill()');
  }

  async sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]> {
    return (await this.admin.query(text, values)).rows;
  }

  /** The conservation laws that are broken, one line for each example. Prepared once, for they are read after every run. */
  async brokenLaws(): Promise<string[]> {
    const broken: string[] = [];
    for (const law of laws) {
      const { rows } = await this.admin.query({
        name: `law ${law.number}`,
        text: `select * from (${law.sql}) as broken limit 3`,
      });
      for (const row of rows) broken.push(`law ${law.number}: ${JSON.stringify(row)}`);
    }
    return broken;
  }

  async prepared<Row extends object>(name: string, text: string): Promise<Row[]> {
    return (await this.admin.query({ name, text })).rows;
  }

  async close(): Promise<void> {
    await this.admin.end();
  }
}
