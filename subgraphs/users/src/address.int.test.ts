import { anonymous, customer, guest, staff, startTestHouses, type TestHouses } from '@souk/kit/testing';
import { encodeId, type Viewer } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { users } from './index.ts';

const NOWHERE = encodeId('UserAddress', '01900000-0000-7000-8000-00000000dead');
const typed = { firstName: 'Aiko', lastName: 'Sato', addressLine1: '1-2-3 Ginza', city: 'Tokyo', country: 'JP' };

describe('an address book', () => {
  let t: TestHouses;
  let count = 0;
  beforeAll(async () => {
    t = await startTestHouses([users]);
  });
  afterAll(() => t.stop());

  /** A row is enough: no test here signs in. */
  async function newUser(): Promise<Viewer> {
    const as = customer();
    await t.sql(
      `insert into users.users (id, email, password_hash, first_name, last_name, locale, status, roles, version, created_at, updated_at)
       values ($1, $2, '$argon2id$none', 'A', 'B', 'en', 'ACTIVE', '{CUSTOMER}', 1, now(), now())`,
      [as.userId, `book${++count}@example.org`],
    );
    return as;
  }
  const errors = 'errors { code message field }';
  const add = async (as: Viewer, type: string, more: object = {}) =>
    (
      await t.run(
        'users',
        as,
        `mutation ($input: AddAddressInput!) { addAddress(input: $input) { address { id city company isDefault } ${errors} } }`,
        { input: { ...typed, type, ...more } },
      )
    ).addAddress;
  const update = async (as: Viewer, id: string, input: object) =>
    (
      await t.run(
        'users',
        as,
        `mutation ($id: ID!, $input: UpdateAddressInput!) { updateAddress(id: $id, input: $input) { address { city company } ${errors} } }`,
        { id, input },
      )
    ).updateAddress;
  const remove = async (as: Viewer, id: string) =>
    (
      await t.run(
        'users',
        as,
        `mutation ($id: ID!) { removeAddress(input: { id: $id }) { user { addresses { id isDefault } } ${errors} } }`,
        { id },
      )
    ).removeAddress;
  const setDefault = async (as: Viewer, id: string) =>
    (
      await t.run(
        'users',
        as,
        `mutation ($id: ID!) { setDefaultAddress(input: { id: $id }) { address { id isDefault } ${errors} } }`,
        { id },
      )
    ).setDefaultAddress;
  const book = async (as: Viewer) =>
    (await t.run('users', as, '{ me { addresses { id type isDefault } } }')).me.addresses as {
      id: string;
      type: string;
      isDefault: boolean;
    }[];
  const notThere = (...field: string[]) => [{ code: 'NOT_FOUND', message: 'There is no such address.', field }];

  it('makes the first of each type the default, and a later one only when asked', async () => {
    const as = await newUser();
    const [one, two, bill] = [await add(as, 'SHIPPING'), await add(as, 'SHIPPING'), await add(as, 'BILLING')];
    expect([one, two, bill].map((made) => made.address.isDefault)).toEqual([true, false, true]);
    const three = await add(as, 'SHIPPING', { isDefault: true });
    expect((await book(as)).filter((entry) => entry.isDefault).map((entry) => entry.id)).toEqual([
      bill.address.id,
      three.address.id,
    ]);
  });

  it('has one default per type also when several ask at once', async () => {
    const as = await newUser();
    const made = await Promise.all([1, 2, 3, 4].map(() => add(as, 'SHIPPING', { isDefault: true })));
    expect(made.flatMap((one) => one.errors)).toEqual([]);
    expect((await book(as)).filter((entry) => entry.isDefault)).toHaveLength(1);
    await Promise.all(made.map((one) => setDefault(as, one.address.id)));
    expect((await book(as)).filter((entry) => entry.isDefault)).toHaveLength(1);
  });

  it('gives the place of a removed default to the newest left of its type', async () => {
    const as = await newUser();
    const [one, two, three] = [await add(as, 'SHIPPING'), await add(as, 'SHIPPING'), await add(as, 'SHIPPING')];
    expect(await remove(as, one.address.id)).toEqual({
      user: {
        addresses: [
          { id: two.address.id, isDefault: false },
          { id: three.address.id, isDefault: true },
        ],
      },
      errors: [],
    });
    await remove(as, two.address.id);
    await remove(as, three.address.id);
    expect(await book(as)).toEqual([]);
  });

  it('changes what is named, and tells every mistake', async () => {
    const as = await newUser();
    const { address } = await add(as, 'SHIPPING', { company: 'Souk' });
    expect(await update(as, address.id, { city: 'Kyoto' })).toEqual({
      address: { city: 'Kyoto', company: 'Souk' },
      errors: [],
    });
    const wrong = await update(as, address.id, { city: '', country: 'ZZ', phone: '☎' });
    expect(wrong.errors.map((error: { code: string; field: string[] }) => [error.code, error.field])).toEqual([
      ['CITY_INVALID', ['input', 'city']],
      ['COUNTRY_INVALID', ['input', 'country']],
      ['PHONE_INVALID', ['input', 'phone']],
    ]);
    expect((await update(as, address.id, {})).address.city).toBe('Kyoto');
  });

  it('ends at 50, also when the last ones come at once', async () => {
    const as = await newUser();
    await t.sql(
      `insert into users.user_addresses (id, user_id, type, first_name, last_name, address_line_1, city, country, is_default, created_at, updated_at)
       select uuidv7(), $1, 'SHIPPING', 'A', 'B', 'Street 1', 'City', 'DE', false, now(), now() from generate_series(1, 48)`,
      [as.userId],
    );
    const made = await Promise.all([1, 2, 3, 4].map(() => add(as, 'SHIPPING')));
    expect(made.flatMap((one) => one.errors.map((error: { code: string }) => error.code))).toEqual([
      'TOO_MANY',
      'TOO_MANY',
    ]);
    expect(await book(as)).toHaveLength(50);
  });

  it.each([NOWHERE, '', 'nonsense', encodeId('User', '01900000-0000-7000-8000-00000000dead')])(
    'has no address %j',
    async (id) => {
      const as = await newUser();
      expect((await update(as, id, {})).errors).toEqual(notThere('id'));
      expect((await remove(as, id)).errors).toEqual(notThere('input', 'id'));
      expect((await setDefault(as, id)).errors).toEqual(notThere('input', 'id'));
    },
  );

  it('is its owner’s alone to change; support sees it, others do not', async () => {
    const [as, other] = [await newUser(), await newUser()];
    const { address } = await add(as, 'SHIPPING');
    for (const who of [other, { ...other, roles: staff('SUPPORT', 'ADMIN').roles }]) {
      expect((await update(who, address.id, { city: 'Elsewhere' })).errors).toEqual(notThere('id'));
      expect((await remove(who, address.id)).errors).toEqual(notThere('input', 'id'));
      expect((await setDefault(who, address.id)).errors).toEqual(notThere('input', 'id'));
    }
    expect(await book(as)).toMatchObject([{ id: address.id }]);
    const seen = async (who: Viewer) => (await t.platform.peers.see(who, [address.id]))[0];
    expect(await seen(as)).toBe('UserAddress');
    expect(await seen(staff('SUPPORT'))).toBe('UserAddress');
    for (const who of [other, guest(), anonymous(), staff('WAREHOUSE', 'FINANCE', 'MERCHANDISER')]) {
      expect(await seen(who)).toBeNull();
    }
  });

  it('is nothing that a guest has', async () => {
    const input = { ...typed, type: 'SHIPPING' };
    const doc = 'mutation ($input: AddAddressInput!) { addAddress(input: $input) { errors { code } } }';
    for (const who of [guest(), anonymous()]) {
      expect((await t.ask('users', who, doc, { input })).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    }
    expect((await add(customer(), 'SHIPPING')).errors).toMatchObject([{ code: 'NOT_FOUND', field: ['input'] }]);
  });
});
