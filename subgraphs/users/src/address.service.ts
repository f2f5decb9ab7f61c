import type { Tx } from '@souk/kit';
import { type AddressId, Rejection, type UserId } from '@souk/schema';
import { deleteAddress, insertAddress, lockAddressBook, setDefault, updateAddress } from './address.repository.ts';
import { type AddressInput, type AddressType, addressFields, roomForAnother, type UserAddress } from './address.ts';
import type { UsersDb } from './user.tables.ts';

async function lockBook(tx: Tx<UsersDb>, userId: UserId): Promise<UserAddress[]> {
  const book = await lockAddressBook(tx.db, userId);
  if (!book) throw new Rejection('NOT_FOUND', 'Your account is not there any more.', ['input']);
  return book;
}

/** An address of the user's own; another's is as good as none. */
async function lockOwn(tx: Tx<UsersDb>, userId: UserId, id: AddressId, field: readonly string[]) {
  const book = await lockBook(tx, userId);
  const address = book.find((one) => one.id === id);
  if (!address) throw new Rejection('NOT_FOUND', 'There is no such address.', field);
  return { book, address };
}

/** Adds an address. The first of its type becomes the default, asked for or not. */
export async function addAddress(
  tx: Tx<UsersDb>,
  userId: UserId,
  type: AddressType,
  input: AddressInput,
  wantDefault: boolean,
): Promise<AddressId> {
  const fields = addressFields(input, null);
  const book = await lockBook(tx, userId);
  roomForAnother(book.length);
  const id = tx.newId<'UserAddress'>();
  const isDefault = wantDefault || !book.some((one) => one.type === type && one.isDefault);
  if (isDefault) await setDefault(tx.db, userId, type, null);
  await insertAddress(tx.db, { ...fields, id, userId, type, isDefault }, tx.now);
  return id;
}

export async function editAddress(tx: Tx<UsersDb>, userId: UserId, id: AddressId, input: AddressInput): Promise<void> {
  const { address } = await lockOwn(tx, userId, id, ['id']);
  await updateAddress(tx.db, id, addressFields(input, address), tx.now);
}

export async function makeDefault(tx: Tx<UsersDb>, userId: UserId, id: AddressId): Promise<void> {
  const { address } = await lockOwn(tx, userId, id, ['input', 'id']);
  await setDefault(tx.db, userId, address.type, id);
}

/** Removes an address. The newest of those left takes the place of a default. */
export async function removeAddress(tx: Tx<UsersDb>, userId: UserId, id: AddressId): Promise<void> {
  const { book, address } = await lockOwn(tx, userId, id, ['input', 'id']);
  await deleteAddress(tx.db, id);
  const heir = book.findLast((one) => one.type === address.type && one.id !== id);
  if (address.isDefault && heir) await setDefault(tx.db, userId, address.type, heir.id);
}
