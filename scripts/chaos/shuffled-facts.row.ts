import { isDeepStrictEqual } from 'node:util';
import { readConfig, startEmbeddedHouses } from '@souk/kit';
import { houses as definitions } from '@souk/router';
import { laws } from '@souk/router/laws';
import { type Fact, facts as registry } from '@souk/schema';
import { type KillableSouk, startKillable } from '../../router/src/killable.testing.ts';
import { key, mutate, openShop } from '../../router/src/shop.testing.ts';
import { type Chance, chanceOf } from '../simulate/chance.ts';
import type { Row } from './row.ts';

const SEEDS = 200;
const SHORT_SEEDS = 12;
const CHANGES = 60;
const SHORT_CHANGES = 30;
/** Deliveries that one ear has under way at a time, as a bus has. */
const AT_ONCE = 3;

/** What copies what of whom: the facts that bring it, the tables that hold it, and how they are emptied. */
const HEARERS = ['carts', 'orders', 'products', 'inventory'] as const;
const SPOKEN = [
  'products.ProductPublished',
  'products.ProductUnpublished',
  'products.PriceChanged',
  'inventory.StockChanged',
];

const EMPTY = `
  truncate ${HEARERS.map((house) => `${house}.inbox`).join(', ')}, carts.variants,
    orders.product_copies, orders.variant_copies, orders.price_copies;
  update inventory.variants set product_version = 0;
  update products.product_variants set stock_quantity = 0, stock_version = 0;
  update products.product_listings set in_stock = false`;

/** What a person can tell of each projection: what is not for sale may have left traces or none. */
const PROJECTIONS: Readonly<Record<string, string>> = {
  'goods that carts know': 'select * from carts.variants where published order by variant_id',
  'stock that carts know':
    'select variant_id, stock_version, available from carts.variants where stock_version > 0 order by 1',
  'goods that orders sell': 'select * from orders.variant_copies where published order by variant_id',
  'prices that orders charge':
    'select * from orders.price_copies order by variant_id, channel_id, currency, valid_from nulls first, amount',
  'how new what orders know is': 'select * from orders.product_copies order by product_id',
  'variants that inventory counts': 'select variant_id, product_id, product_version from inventory.variants order by 1',
  'stock that products show': 'select id, stock_quantity, stock_version from products.product_variants order by 1',
  'products shown as in stock': 'select product_id, in_stock from products.product_listings order by 1, 2',
};

type Shape = Readonly<Record<string, unknown>>;

export const shuffledFacts: Row = {
  name: 'shuffled-facts',
  promise: `facts that come twice, in any order, and again long after, leave projections as the order in which they were said does (${SEEDS} seeds)`,
  async run({ postgresUrl, folder, seed, short, chance, say }) {
    const souk = await startKillable(postgresUrl);
    try {
      say('a shop changes what it sells');
      await change(souk, chance, short ? SHORT_CHANGES : CHANGES);
      await souk.quiet();
      await souk.kill();
      const said = await factsOf(souk);
      const wanted = await shapeOf(souk);
      const embedded = await startEmbeddedHouses({
        config: readConfig({ SOUK_ENV: 'test', SOUK_LOG_LEVEL: 'silent' }),
        adminUrl: souk.databaseUrl,
        dataDir: folder,
        publicUrl: 'http://localhost',
        houses: definitions.filter(({ name }) => (HEARERS as readonly string[]).includes(name)),
        ticks: false,
      });
      const wrongs: string[] = [];
      let deliveries = 0;
      const seeds = short ? SHORT_SEEDS : SEEDS;
      try {
        for (let number = 0; number < seeds && wrongs.length < 5; number++) {
          if (number % 20 === 0) say(`${number} of ${seeds} orders of ${said.length} facts`);
          const one = chanceOf(seed, `shuffle ${number}`);
          await souk.sql(EMPTY);
          for (const again of [false, true]) {
            if (again) await forgetSome(souk, one);
            const parcels = parcelsOf(said, one, again);
            deliveries += parcels.length;
            await deliver(parcels, one, (house, facts) => embedded.houses.get(house)!.ear.deliver(facts));
            const when = again
              ? 'after facts were repeated past every memory'
              : 'after facts were shuffled and doubled';
            wrongs.push(
              ...differences(wanted, await shapeOf(souk)).map((what) => `Shuffle ${number}, ${when}: ${what}`),
            );
          }
        }
      } finally {
        await embedded.stop();
      }
      return {
        done: `${seeds} orders of ${said.length} facts, ${deliveries} deliveries to ${HEARERS.length} ears`,
        wrongs,
      };
    } finally {
      await souk.end();
    }
  },
};

/** A merchant's day: goods come and go, prices and stock change, again and again on the same few things. */
async function change(souk: KillableSouk, chance: Chance, times: number): Promise<void> {
  const skus = ['S1', 'S2', 'S3', 'S4'];
  const shop = await openShop(souk, Object.fromEntries(skus.map((sku) => [sku, { amount: '10.00', stock: 5 }])));
  const products = new Map<string, { id: string; isSold: boolean }>();
  for (const sku of skus) {
    const { variant } = await shop.admin.run('query ($id: ID!) { variant(id: $id) { product { id } } }', {
      id: shop.variant(sku),
    });
    products.set(sku, { id: variant.product.id, isSold: true });
  }
  const product = async (name: string, input: object) => {
    const type = name === 'updateProduct' ? 'UpdateProductInput' : 'ProductIdInput';
    await mutate(shop.admin, name, type, input, 'product { id }');
  };
  for (let time = 0; time < times; time++) {
    const sku = chance.pick(skus);
    const known = products.get(sku)!;
    const kind = chance.below(4);
    if (kind === 0) {
      await product(known.isSold ? 'unpublishProduct' : 'publishProduct', { id: known.id });
      known.isSold = !known.isSold;
    } else if (kind === 1) await product('updateProduct', { id: known.id, name: `${sku} in its dress ${time}` });
    else if (kind === 2) {
      const entries = [{ variantId: shop.variant(sku), amount: `${10 + time}.50` }];
      const { setPrices } = await shop.admin.run(
        'mutation ($input: SetPricesInput!) { setPrices(input: $input) { errors { message } } }',
        { input: { entries } },
      );
      if (setPrices.errors.length > 0) throw new Error(JSON.stringify(setPrices.errors));
    } else {
      await mutate(
        shop.admin,
        'adjustStock',
        'AdjustStockInput',
        {
          idempotencyKey: key(),
          entries: [{ variantId: shop.variant(sku), warehouseId: shop.warehouseId, delta: 1 + chance.below(9) }],
          reason: 'CORRECTION',
        },
        'levels { onHand }',
      );
    }
  }
}

async function factsOf(souk: KillableSouk): Promise<Fact[]> {
  return souk.sql<Fact>(
    ['products', 'inventory']
      .map(
        (house) =>
          `select id, type, at, key, version::int, subject, trace, data from ${house}.outbox where type = any($1)`,
      )
      .join(' union all '),
    [SPOKEN],
  );
}

async function shapeOf(souk: KillableSouk): Promise<Shape> {
  const shape: Record<string, unknown> = {};
  for (const [what, text] of Object.entries(PROJECTIONS)) shape[what] = await souk.sql(text);
  shape['the law of projections'] = await souk.sql(laws.find(({ number }) => number === 6)!.sql);
  return shape;
}

const differences = (wanted: Shape, found: Shape): string[] =>
  Object.keys(wanted)
    .filter((what) => !isDeepStrictEqual(found[what], wanted[what]))
    .map((what) => `${what} differ: ${example(wanted[what], found[what])}.`);

/** The first row of one that the other has not. */
function example(wanted: unknown, found: unknown): string {
  const [should, is] = [wanted as object[], found as object[]];
  const odd = (these: object[], those: object[]) =>
    these.find((row) => !those.some((one) => isDeepStrictEqual(one, row)));
  return `${JSON.stringify(odd(is, should) ?? null)} instead of ${JSON.stringify(odd(should, is) ?? null)}`;
}

interface Parcel {
  readonly house: string;
  readonly fact: Fact;
}

/** Each fact to each ear at least once, many more than once, in any order; `again` only some of them. */
function parcelsOf(said: readonly Fact[], chance: Chance, again: boolean): Parcel[] {
  const parcels = said.flatMap((fact) =>
    registry[fact.type as keyof typeof registry].heardBy
      .filter((house) => (HEARERS as readonly string[]).includes(house))
      .flatMap((house) => {
        const times = again ? chance.below(2) : 1 + (chance.flip(0.3) ? 1 + chance.below(2) : 0);
        return Array.from({ length: times }, () => ({ house, fact }));
      }),
  );
  for (let at = parcels.length - 1; at > 0; at--) {
    const other = chance.below(at + 1);
    [parcels[at], parcels[other]] = [parcels[other]!, parcels[at]!];
  }
  return parcels;
}

/** Some of what was heard is heard for the first time again, as when a month has passed over the inboxes. */
async function forgetSome(souk: KillableSouk, chance: Chance): Promise<void> {
  for (const house of HEARERS) {
    const rows = await souk.sql<{ id: string }>(`select fact_id as id from ${house}.inbox order by 1`);
    const gone = rows.filter(() => chance.flip(0.5)).map(({ id }) => id);
    await souk.sql(`delete from ${house}.inbox where fact_id = any($1)`, [gone]);
  }
}

/** Delivers in this order, some at a time per ear. */
async function deliver(
  parcels: readonly Parcel[],
  chance: Chance,
  hear: (house: string, facts: readonly Fact[]) => Promise<unknown>,
): Promise<void> {
  await Promise.all(
    HEARERS.map(async (house) => {
      const line = parcels.filter((parcel) => parcel.house === house);
      while (line.length > 0) {
        // Whatever the order, no bus brings an ear two facts of one key at once.
        const most = 1 + chance.below(AT_ONCE);
        const again = line.findIndex(
          ({ fact }, at) => at > 0 && line.slice(0, at).some((one) => one.fact.key === fact.key),
        );
        const wave = line.splice(0, Math.min(most, again === -1 ? most : again));
        await Promise.all(wave.map(({ fact }) => hear(house, [fact])));
      }
    }),
  );
}
