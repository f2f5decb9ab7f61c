import type { AddressId, UserId } from '@souk/schema';
import type { Kysely, Selectable, Transaction } from 'kysely';
import type { AddressFields, AddressType, UserAddress } from './address.ts';
import type { UserAddressesTable, UsersDb } from './user.tables.ts';

const toAddress = (row: Selectable<UserAddressesTable>): UserAddress => ({
  id: row.id,
  userId: row.user_id,
  type: row.type,
  firstName: row.first_name,
  lastName: row.last_name,
  company: row.company,
  addressLine1: row.address_line_1,
  addressLine2: row.address_line_2,
  city: row.city,
  state: row.state,
  country: row.country,
  postalCode: row.postal_code,
  phone: row.phone,
  isDefault: row.is_default,
});

const toRow = (fields: AddressFields) => ({
  first_name: fields.firstName,
  last_name: fields.lastName,
  company: fields.company,
  address_line_1: fields.addressLine1,
  address_line_2: fields.addressLine2,
  city: fields.city,
  state: fields.state,
  country: fields.country,
  postal_code: fields.postalCode,
  phone: fields.phone,
});

export async function listAddressesByIds(db: Kysely<UsersDb>, ids: readonly AddressId[]): Promise<UserAddress[]> {
  const rows = await db.selectFrom('user_addresses').selectAll().where('id', 'in', ids).execute();
  return rows.map(toAddress);
}

/** Oldest first. */
export async function listAddressesByUserIds(db: Kysely<UsersDb>, ids: readonly UserId[]): Promise<UserAddress[]> {
  const rows = await db.selectFrom('user_addresses').selectAll().where('user_id', 'in', ids).orderBy('id').execute();
  return rows.map(toAddress);
}

/** The address book of an account, held against every other writer of it by the lock on the account's row. */
export async function lockAddressBook(db: Transaction<UsersDb>, userId: UserId): Promise<UserAddress[] | undefined> {
  const user = await db.selectFrom('users').select('id').where('id', '=', userId).forUpdate().executeTakeFirst();
  return user && listAddressesByUserIds(db, [userId]);
}

export async function insertAddress(db: Transaction<UsersDb>, address: UserAddress, now: Date): Promise<void> {
  await db
    .insertInto('user_addresses')
    .values({
      ...toRow(address),
      id: address.id,
      user_id: address.userId,
      type: address.type,
      is_default: address.isDefault,
      created_at: now,
      updated_at: now,
    })
    .execute();
}

export async function updateAddress(
  db: Transaction<UsersDb>,
  id: AddressId,
  fields: AddressFields,
  now: Date,
): Promise<void> {
  await db
    .updateTable('user_addresses')
    .set({ ...toRow(fields), updated_at: now })
    .where('id', '=', id)
    .execute();
}

export async function deleteAddress(db: Transaction<UsersDb>, id: AddressId): Promise<void> {
  await db.deleteFrom('user_addresses').where('id', '=', id).execute();
}

/** Makes one address the default of its type, or none (null). Two statements: a unique index is checked row by row. */
export async function setDefault(
  db: Transaction<UsersDb>,
  userId: UserId,
  type: AddressType,
  id: AddressId | null,
): Promise<void> {
  await db
    .updateTable('user_addresses')
    .set({ is_default: false })
    .where('user_id', '=', userId)
    .where('type', '=', type)
    .where('is_default', '=', true)
    .execute();
  if (id) await db.updateTable('user_addresses').set({ is_default: true }).where('id', '=', id).execute();
}
