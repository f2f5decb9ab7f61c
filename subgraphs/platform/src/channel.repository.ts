import type { ChannelId } from '@souk/schema';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { ChannelTable, PlatformDb } from './channel.tables.ts';
import type { ManagedChannel } from './channel.ts';

const fromRow = (row: Selectable<ChannelTable>): ManagedChannel => ({
  id: row.id,
  code: row.code,
  name: row.name,
  currency: row.currency,
  defaultLocale: row.default_locale,
  timeZone: row.time_zone,
  pricesIncludeTax: row.prices_include_tax,
  active: row.active,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const toRow = (channel: ManagedChannel): Selectable<ChannelTable> => ({
  id: channel.id,
  code: channel.code,
  name: channel.name,
  currency: channel.currency,
  default_locale: channel.defaultLocale,
  time_zone: channel.timeZone,
  prices_include_tax: channel.pricesIncludeTax,
  active: channel.active,
  version: channel.version,
  created_at: channel.createdAt,
  updated_at: channel.updatedAt,
});

/** A shop has a handful: the whole list is one small read. */
export async function listChannels(db: Kysely<PlatformDb>): Promise<ManagedChannel[]> {
  return (await db.selectFrom('channels').selectAll().orderBy('created_at').orderBy('id').execute()).map(fromRow);
}

export async function listChannelsByIds(db: Kysely<PlatformDb>, ids: readonly ChannelId[]): Promise<ManagedChannel[]> {
  return (await db.selectFrom('channels').selectAll().where('id', 'in', ids).execute()).map(fromRow);
}

/** All of them, in one order: what holds for the list as a whole is decided under these locks. */
export async function lockChannels(trx: Transaction<PlatformDb>): Promise<ManagedChannel[]> {
  return (await trx.selectFrom('channels').selectAll().orderBy('id').forUpdate().execute()).map(fromRow);
}

/** False where the code is taken. */
export async function insertChannelOnce(trx: Transaction<PlatformDb>, channel: ManagedChannel): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await trx
    .insertInto('channels')
    .values(toRow(channel))
    .onConflict((oc) => oc.column('code').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

export async function updateChannel(trx: Transaction<PlatformDb>, channel: ManagedChannel): Promise<void> {
  await trx.updateTable('channels').set(toRow(channel)).where('id', '=', channel.id).execute();
}
