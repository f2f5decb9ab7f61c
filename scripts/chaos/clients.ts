import { openShop, type Shop } from '../../router/src/shop.testing.ts';
import { brokenWords, CHARGED_TWICE, type Crowd, type Log, sendShoppers } from '../../router/src/shoppers.testing.ts';
import type { Stack } from './stack.ts';

export { brokenWords, CHARGED_TWICE, type Crowd, type Log, openShop, type Shop, sendShoppers };

/** A shop that sells A and B, enough of each. */
export const openStock = (stack: Pick<Stack, 'admin' | 'quiet'>): Promise<Shop> =>
  openShop(stack, { A: { amount: '10.00', stock: 100_000 }, B: { amount: '20.00', stock: 100_000 } });

/**
 * What clients hold against a shop at rest: who was left without an answer, whose acknowledgement was not kept, who was charged
 * twice, and orders that nobody was told of.
 */
export async function complaints(stack: Stack, crowds: readonly Pick<Crowd, 'logs' | 'stranded'>[]): Promise<string[]> {
  const logs = crowds.flatMap((crowd) => crowd.logs);
  const twice = await stack.sql(CHARGED_TWICE);
  const [{ orders }] = (await stack.sql<{ orders: number }>('select count(*)::int as orders from orders.orders')) as [
    { orders: number },
  ];
  return [
    ...crowds.flatMap((crowd) => crowd.stranded),
    ...(await brokenWords(logs)),
    ...twice.map((row) => `The provider was asked twice: ${JSON.stringify(row)}`),
    ...(orders === logs.length ? [] : [`There are ${orders} orders, and clients know of ${logs.length}.`]),
  ];
}

/** How orders ended, in words. */
export async function endsOf(stack: Pick<Stack, 'sql'>): Promise<string> {
  const rows = await stack.sql<{ status: string; n: number }>(
    'select status, count(*)::int as n from orders.orders group by status order by status desc',
  );
  return rows.map(({ status, n }) => `${n} ${status.toLowerCase()}`).join(', ');
}
