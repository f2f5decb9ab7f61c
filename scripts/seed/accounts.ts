import { accepted, type Shop } from '../import/shop.ts';
import { addAddress, addressBook, findAccount, register, setUserRoles } from './documents.ts';
import { addresses, customer, type Person, people } from './people.ts';

/** The demo's accounts. One that is there already keeps its password and gets back its role. */
export async function ensurePeople(shop: Shop): Promise<void> {
  for (const person of people) await ensurePerson(shop, person);
  await ensureAddresses(shop.as(customer));
}

async function ensurePerson(shop: Shop, { role, ...person }: Person): Promise<void> {
  const { users } = await shop.run(findAccount, { search: person.email });
  let account = users.nodes.find((user) => user.email === person.email);
  if (!account) {
    const { register: made } = await shop.as(null).run(register, { input: person });
    account = accepted(made, `The account ${person.email}`).session!.user!;
  }
  if (account.roles.includes(role)) return;
  const input = { id: account.id, roles: [...account.roles, role] };
  accepted((await shop.run(setUserRoles, { input })).setUserRoles, `The role of ${person.email}`);
}

async function ensureAddresses(shop: Shop): Promise<void> {
  const { me } = await shop.run(addressBook, {});
  for (const input of addresses) {
    const isThere = me?.addresses.some((one) => one.type === input.type && one.addressLine1 === input.addressLine1);
    if (!isThere) accepted((await shop.run(addAddress, { input })).addAddress, 'An address of the demo customer');
  }
}
