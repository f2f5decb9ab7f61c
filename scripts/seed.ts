import { randomUUID } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Catalogue, catalogue } from './catalogue/index.ts';
import { localAdmin } from './import/login.ts';
import { type Login, Shop } from './import/shop.ts';
import { type Count, setStock } from './import/stock.ts';
import { explain, whenToldToStop } from './lifetime.ts';
import { loadEnvFile } from './run/options.ts';
import { progressTo } from './run/progress.ts';
import { ensurePeople } from './seed/accounts.ts';
import {
  ensureCategories,
  ensureCollections,
  ensureProducts,
  type Seeded,
  setWords,
  toInput,
} from './seed/catalogue.ts';
import { fillLarge } from './seed/large.ts';
import { Meter } from './seed/meter.ts';
import { readSeedOptions, type Size } from './seed/options.ts';
import { ensureChannels, ensureShipping, ensureTaxes, ensureWarehouses } from './seed/rules.ts';

export type { Size } from './seed/options.ts';

export interface SeedOptions {
  readonly url: string;
  readonly onProgress: (line: string) => void;
  /** The administrator in whose name it is done; the local shop's if unsaid. */
  readonly admin?: Login;
}

/** A dozen products that show all there is: choices of one and two options, food and goods, sold out and reduced. */
const SMALL = 12;

const some = (whole: Catalogue, count: number): Catalogue => {
  const step = Math.floor(whole.products.length / count);
  const products = whole.products.filter((_, at) => at % step === 0).slice(0, count);
  const used = new Set(products.map(({ category }) => category));
  const parents = new Set(whole.categories.filter(({ slug }) => used.has(slug)).map(({ parent }) => parent));
  return {
    ...whole,
    products,
    categories: whole.categories.filter(({ slug }) => used.has(slug) || parents.has(slug)),
  };
};

/** Fills a shop through its graph. What is there already stays; a run that was stopped is gone on with. */
export async function seed(size: Size, { url, onProgress, admin }: SeedOptions): Promise<void> {
  const shop = await Shop.connect({ url, login: admin ?? localAdmin(process.env) });
  const wanted = size === 'small' ? some(catalogue, SMALL) : catalogue;

  onProgress('Setting up channels, warehouses, taxes and shipping');
  const codes = await ensureChannels(shop);
  const channels = { EUR: codes.get('default')!, USD: codes.get('us')! };
  const warehouses = await ensureWarehouses(shop, wanted.warehouses);
  await Promise.all([ensureTaxes(shop), ensureShipping(shop)]);
  onProgress('Making the demo accounts');
  await ensurePeople(shop);

  onProgress('Filling the shelves');
  await ensureCategories(shop, wanted.categories);
  const inputs = wanted.products.map((product) => toInput(product, wanted, channels));
  const products = await ensureProducts(shop, inputs, new Meter('Products', inputs.length, onProgress));
  await setWords(shop, wanted);
  await ensureCollections(shop, wanted.collections, products);
  await ensureStock(shop, wanted, products, warehouses);

  if (size === 'demo') {
    const { ensurePictures } = await import('./seed/pictures.ts');
    await ensurePictures(shop, wanted.products, products, onProgress);
  }
  if (size === 'large') {
    await fillLarge({ shop, channels, warehouses: [...warehouses.values()], catalogue, onProgress });
  }
}

/** First stock only: what was sold since must not come back. */
async function ensureStock(
  shop: Shop,
  { products }: Catalogue,
  seeded: Seeded,
  warehouses: ReadonlyMap<string, string>,
): Promise<void> {
  const ids = new Map([...seeded.values()].flatMap(({ variants }) => variants).map(({ sku, id }) => [sku, id]));
  const counts = products.flatMap(({ variants }) =>
    variants.flatMap(({ sku, stock }) =>
      stock.map(({ warehouse, quantity }): Count => {
        return { variantId: ids.get(sku)!, warehouseId: warehouses.get(warehouse.toUpperCase())!, quantity };
      }),
    ),
  );
  const answers = await setStock(shop, counts, { runId: randomUUID(), reason: 'First stock', keep: true });
  const refused = answers.find((answer) => answer.outcome === 'refused');
  if (refused?.outcome === 'refused') throw new Error(`The stock could not be set: ${refused.problem}`);
}

async function main(): Promise<void> {
  const progress = progressTo(process.stdout);
  whenToldToStop(async () => {
    progress.close();
    console.error('Stopped. What was made is kept; the same command goes on with the rest.');
    process.exit(130);
  });
  try {
    loadEnvFile();
    const options = readSeedOptions(process.argv.slice(2), process.env);
    if (typeof options === 'string') console.log(options);
    else {
      const { size, url, admin } = options;
      await seed(size, { url, admin, onProgress: progress.say });
      progress.close();
      console.log('The shop is filled.');
    }
  } catch (error) {
    progress.close();
    explain(error, 'The shop could not be filled');
    process.exitCode = 1;
  }
  // Connections that are kept alive would keep the command from ending.
  process.exit();
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
