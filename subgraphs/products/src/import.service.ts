import { type Tx, violated } from '@souk/kit';
import { type ProductId, Rejection } from '@souk/schema';
import { insertAttributes } from './attribute.repository.ts';
import { planAttributes } from './attribute.service.ts';
import { insertCategories, listCategoriesNamed, lockTree } from './category.repository.ts';
import { insertCollections, listCollectionsBySlugs } from './collection.repository.ts';
import { applyDraft } from './draft.ts';
import {
  CategoryPlan,
  CollectionPlan,
  type ErrorPolicy,
  IMPORT_MAX,
  type ImportProduct,
  namesInPaths,
  slugOfHandle,
} from './import.ts';
import type { PricePlace } from './price.ts';
import { Problems } from './problems.ts';
import { diffProduct } from './product.repository.ts';
import type { ProductsDb } from './product.tables.ts';
import { liveVariants, newProduct, type Product } from './product.ts';
import { listForeignSkus, listIdsBySlugs } from './product-lookup.repository.ts';
import { type Edit, type Outcome, saveProducts } from './product-save.service.ts';
import { lockProducts } from './product-stored.repository.ts';

type ProductsTx = Tx<ProductsDb>;

export type ImportOutcome = Outcome | 'REFUSED' | 'SKIPPED';

export interface ImportResult {
  readonly handle: string;
  readonly outcome: ImportOutcome;
  readonly productId: ProductId | null;
  readonly errors: readonly {
    readonly code: string;
    readonly message: string;
    readonly field: readonly string[] | null;
  }[];
}

interface Import {
  readonly products: readonly ImportProduct[];
  readonly errorPolicy: ErrorPolicy;
  readonly dryRun: boolean;
}

interface Item {
  readonly input: ImportProduct;
  readonly slug: string;
  readonly problems: Problems;
  edit?: Edit;
}

/**
 * Creates and changes products so that they are as the input tells them, all in one transaction. The same input again
 * changes nothing. A mistake refuses its product alone, or under ABORT everything; a dry run says what would happen.
 */
export async function importProducts(tx: ProductsTx, place: PricePlace, input: Import): Promise<ImportResult[]> {
  if (input.products.length === 0 || input.products.length > IMPORT_MAX) {
    throw new Rejection('LIMIT', `An import has between 1 and ${IMPORT_MAX} products.`, ['input', 'products']);
  }
  try {
    return await run(tx, place, input);
  } catch (error) {
    // Somebody else created the same thing meanwhile: the whole runs again and finds it.
    if (violated(error)) throw Object.assign(new Error('an import lost a race', { cause: error }), { code: '40001' });
    throw error;
  }
}

async function run(
  tx: ProductsTx,
  place: PricePlace,
  { products, errorPolicy, dryRun }: Import,
): Promise<ImportResult[]> {
  const items = products.map((input, index): Item => {
    const problems = new Problems(['input', 'products', String(index)]);
    const slug = slugOfHandle(input.handle);
    if (slug === '')
      problems.at('handle').no('INVALID', 'A handle has at least one letter or digit of the Latin alphabet.');
    return { input, slug, problems };
  });
  refuseTwins(items);
  const categories = await planCategories(tx, items);
  const collectionSlugs = items.flatMap(({ input }) => (input.collections ?? []).map((one) => one.slug));
  const collections = new CollectionPlan(
    collectionSlugs.length === 0 ? [] : await listCollectionsBySlugs(tx.db, collectionSlugs),
    () => tx.newId(),
  );
  const { attributes, created: newAttributes } = await planAttributes(
    tx,
    items.flatMap(({ input, problems }) =>
      (input.attributes ?? []).map((draft, index) => ({ draft, problems: problems.at('attributes', index) })),
    ),
  );
  const ids = await listIdsBySlugs(
    tx.db,
    items.map((item) => item.slug),
  );
  const loaded = new Map(
    (ids.size === 0 ? [] : await lockProducts(tx.db, [...new Set(ids.values())])).map((one) => [one.product.id, one]),
  );
  for (const item of items) {
    const { input, slug, problems } = item;
    const before = loaded.get(ids.get(slug) as ProductId) ?? null;
    const known: Product = before?.product ?? { ...newProduct(tx.newId(), tx.now), slug };
    // A new product needs a name even where the input leaves it out; the slug is the handle's own business.
    const draft = { ...input, slug: undefined, name: before ? input.name : (input.name ?? null) };
    const { categoryPath } = input;
    const after = applyDraft(problems, known, draft, {
      now: tx.now,
      place,
      newId: () => tx.newId(),
      attributes,
      categoryId: categoryPath == null ? undefined : categories.resolve(problems.at('categoryPath'), categoryPath),
      collectionIds:
        input.collections == null ? undefined : collections.resolve(problems.at('collections'), input.collections),
    });
    item.edit = { before, after };
  }
  await refuseForeignSkus(tx, items);

  const refused = items.filter((item) => item.problems.all.length > 0);
  const stops = errorPolicy === 'ABORT' && refused.length > 0;
  const edits = stops ? [] : items.filter((item) => item.problems.all.length === 0).map((item) => item.edit!);
  const outcomes = dryRun ? foresee(tx, edits) : await write();
  return items.map(({ input, edit, problems }) => {
    const isRefused = problems.all.length > 0;
    const outcome = isRefused ? 'REFUSED' : (outcomes.get(edit!.after.id) ?? 'SKIPPED');
    const isKept = edit?.before || (!dryRun && !isRefused && !stops);
    return {
      handle: input.handle,
      outcome,
      productId: isKept ? edit!.after.id : null,
      errors: problems.all.map(({ code, message, field }) => ({ code, message, field })),
    };
  });

  async function write(): Promise<Map<ProductId, Outcome>> {
    if (edits.length === 0) return new Map();
    await insertCategories(tx.db, categories.created, tx.now);
    if (categories.created.length > 0) tx.evict('Category');
    await insertCollections(tx.db, collections.created, tx.now);
    if (collections.created.length > 0) tx.evict('Collection');
    await insertAttributes(tx.db, newAttributes, tx.now);
    return saveProducts(tx, edits, { raw: true });
  }
}

function foresee(tx: ProductsTx, edits: readonly Edit[]): Map<ProductId, Outcome> {
  return new Map(
    edits.map(({ before, after }) => {
      const diff = diffProduct(before, after, tx.now);
      const outcome = !before ? 'CREATED' : diff.contentChanged || diff.pricesChanged ? 'UPDATED' : 'UNCHANGED';
      return [after.id, outcome];
    }),
  );
}

function refuseTwins(items: readonly Item[]): void {
  const seen = new Set<string>();
  for (const { slug, problems } of items) {
    if (slug !== '' && seen.has(slug))
      problems.at('handle').no('INVALID', 'Another product of this import has the same handle.');
    seen.add(slug);
  }
}

/** The tree is locked only where something is to be hung into it, and read again under the lock. */
async function planCategories(tx: ProductsTx, items: readonly Item[]): Promise<CategoryPlan> {
  const paths = items.flatMap(({ input }) => (input.categoryPath ? [input.categoryPath] : []));
  const { names, slugs } = namesInPaths(paths);
  const read = async () =>
    new CategoryPlan(names.length === 0 ? [] : await listCategoriesNamed(tx.db, names, slugs), () => tx.newId());
  const tried = await read();
  for (const path of paths) tried.resolve(new Problems(), path);
  const fresh = await (tried.created.length > 0 ? lockTree(tx.db).then(read) : tried);
  return fresh;
}

async function refuseForeignSkus(tx: ProductsTx, items: readonly Item[]): Promise<void> {
  const edits = items.map((item) => item.edit!);
  const taken = await listForeignSkus(
    tx.db,
    {
      products: edits.map(({ after }) => after.sku),
      variants: edits.flatMap(({ after }) => after.variants.map((variant) => variant.sku)),
    },
    edits.flatMap(({ before }) => (before ? [before.product.id] : [])),
  );
  for (const { edit, problems } of items) {
    const { after } = edit!;
    if (taken.products.has(after.sku)) problems.at('sku').no('SKU_TAKEN', 'Another product has this SKU.');
    taken.products.add(after.sku);
    liveVariants(after).forEach((variant, index) => {
      if (taken.variants.has(variant.sku)) {
        problems.at('variants', index, 'sku').no('SKU_TAKEN', 'A variant of another product has this SKU.');
      }
    });
    for (const variant of after.variants) taken.variants.add(variant.sku);
  }
}
