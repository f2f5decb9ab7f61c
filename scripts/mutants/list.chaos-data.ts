import type { ChaosMutant } from './list.ts';

/** For the rows about what is kept: facts, time, disks, migrations and backups. */
export const chaosDataMutants: readonly ChaosMutant[] = [
  {
    name: 'a fact that cannot be heard is set aside a try too early',
    file: 'subgraphs/kit/src/bus.nats.ts',
    find: 'backoff = [100, 500, 2_000, 10_000],',
    replace: 'backoff = [100, 500, 2_000],',
    row: 'poison',
  },
  {
    name: 'carts believe an older word on what is for sale',
    file: 'subgraphs/carts/src/goods.repository.ts',
    find: 'where excluded.product_version > variants.product_version',
    replace: 'where true',
    row: 'shuffled-facts',
  },
  {
    name: 'orders charge an older price',
    file: 'subgraphs/orders/src/copy.repository.ts',
    find: 'where excluded.price_version > product_copies.price_version',
    replace: 'where true',
    row: 'shuffled-facts',
  },
  {
    name: 'a full disk is taken for a fault of ours',
    file: 'subgraphs/kit/src/outage.ts',
    find: '/^(08|53)[0-9A-Z]{3}$/.test(code)',
    replace: '/^08[0-9A-Z]{3}$/.test(code)',
    row: 'disk-full',
  },
  {
    name: 'a table of promises is left out of the log',
    file: 'subgraphs/inventory/src/migrations/0001_inventory.ts',
    find: 'create table reservations (',
    replace: 'create unlogged table reservations (',
    row: 'restore-drill',
  },
  {
    name: 'time is the process’s',
    file: 'subgraphs/kit/src/tx.ts',
    find: 'const { rows } = await sql<{ now: Date }>`select now()`.execute(db);\n  return rows[0]!.now;',
    replace: 'await sql<{ now: Date }>`select now()`.execute(db);\n  return new Date();',
    row: 'clock-skew',
  },
  {
    name: 'a statement that a migration outdated fails whoever sends it',
    file: 'subgraphs/kit/src/prepared.ts',
    find: "return code === '0A000' && routine === 'RevalidateCachedQuery';",
    replace: "return code === '0A000' && routine === 'never';",
    row: 'migration',
  },
  {
    name: 'what a killed process left in its outbox is never read',
    file: 'subgraphs/kit/src/messages.ts',
    find: ".where('published_at', 'is', null)",
    replace: ".where('published_at', 'is not', null)",
    row: 'saga-crash',
  },
];
