import { houses } from '@souk/router';
import { type Kysely, sql } from 'kysely';

const run = (text: string) => async (db: Kysely<unknown>) => {
  await sql.raw(text).execute(db);
};

/** Tables in the middle of every sale, and a column of each that gets another name. */
const RENAMED = [
  { house: 'orders', table: 'orders', from: 'email', to: 'contact_email', type: 'text' },
  { house: 'carts', table: 'carts', from: 'version', to: 'revision', type: 'bigint' },
  { house: 'inventory', table: 'reservations', from: 'status', to: 'standing', type: 'text' },
] as const;

type Renamed = (typeof RENAMED)[number];

/** Adds the new name and keeps both alike, whoever writes. */
const expand = ({ table, from, to, type }: Renamed): string => `
  alter table ${table} add column ${to} ${type};
  create function ${table}_alike() returns trigger language plpgsql as
    $$ begin new.${to} := new.${from}; return new; end $$;
  create trigger ${table}_alike before insert or update on ${table} for each row execute function ${table}_alike();
  update ${table} set ${to} = ${from};
  create index ${table}_by_${to} on ${table} (${to})`;

/** Takes away again what only the release before knew. */
const contract = ({ table, to }: Renamed): string => `
  drop trigger ${table}_alike on ${table};
  drop function ${table}_alike();
  alter table ${table} drop column ${to}`;

/** The houses as a release has them: 1 is today's, 2 has expanded the tables that sell, 3 has contracted them. */
export function release(number: number): typeof houses {
  return houses.map((house) => {
    const renamed = RENAMED.find((one) => one.house === house.name);
    if (!renamed || number === 1) return house;
    return {
      ...house,
      migrations: {
        ...house.migrations,
        '9001_expand': { up: run(expand(renamed)) },
        ...(number > 2 ? { '9002_contract': { up: run(contract(renamed)) } } : {}),
      },
    };
  });
}
