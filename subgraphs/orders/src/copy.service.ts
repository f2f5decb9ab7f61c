import type { HouseContext, Tx } from '@souk/kit';
import type { Channel, FactOf } from '@souk/schema';
import { copiesJson, savePrices, saveProducts, toCopies, unpublishProducts } from './copy.repository.ts';
import type { OrdersDb } from './order.tables.ts';
import { type Quote, quote, type ShippingMethodId, type Wanted } from './pricing.ts';
import { type Destination, getRules } from './rules.repository.ts';

type OrdersTx = Tx<OrdersDb>;

export interface QuoteWanted {
  readonly channel: Channel;
  readonly wanted: readonly Wanted[];
  /** Where it is shipped or, for goods that are not, where its buyer is billed. */
  readonly destination: Destination | null;
  /** True where the destination is one that parcels go to. */
  readonly shipsThere: boolean;
  readonly methodId: ShippingMethodId | null;
}

/** What the goods cost now, there, by our own copies. One statement; in a transaction `at` is its time. */
export async function quoteGoods(
  db: HouseContext<OrdersDb>['db'],
  { channel, wanted, destination, shipsThere, methodId }: QuoteWanted,
  at: Date | null,
): Promise<Quote> {
  const ids = wanted.map(({ variantId }) => variantId);
  const known = copiesJson(ids, channel.id, channel.currency);
  const { copies, ...rules } = await getRules(db, destination, channel.currency, at, known);
  return quote({
    wanted,
    copies: toCopies(copies),
    rules,
    channel,
    hasDestination: shipsThere,
    methodId,
    now: rules.now,
  });
}

/** A product that two facts of one batch speak of keeps the newest. */
const newest = <F extends { version: number; data: { productId: string } }>(facts: readonly F[]): F[] => [
  ...facts
    .reduce((byId, fact) => {
      const known = byId.get(fact.data.productId);
      return known && known.version >= fact.version ? byId : byId.set(fact.data.productId, fact);
    }, new Map<string, F>())
    .values(),
];

export const learnProducts = (tx: OrdersTx, facts: readonly FactOf<'products.ProductPublished'>[]): Promise<void> =>
  saveProducts(tx.db, newest(facts));

export const forgetProducts = (tx: OrdersTx, facts: readonly FactOf<'products.ProductUnpublished'>[]): Promise<void> =>
  unpublishProducts(tx.db, newest(facts));

export const learnPrices = (tx: OrdersTx, facts: readonly FactOf<'products.PriceChanged'>[]): Promise<void> =>
  savePrices(tx.db, newest(facts));
