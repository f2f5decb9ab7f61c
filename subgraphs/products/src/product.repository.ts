import type { ProductId } from '@souk/schema';
import type { Transaction } from 'kysely';
import type { ProductsDb } from './product.tables.ts';
import type { Product } from './product.ts';
import {
  derivedSections,
  keyOf,
  keysOf,
  type Loaded,
  type Rows,
  rowsOf,
  type Section,
} from './product-rows.repository.ts';
import { deleteRows, type JsonRow, upsertRows } from './rows.repository.ts';

type Trx = Transaction<ProductsDb>;

interface SectionDiff {
  readonly written: readonly JsonRow[];
  readonly gone: readonly JsonRow[];
}

/** What saving a product would change. */
export interface Diff {
  readonly before: Loaded | null;
  readonly after: Product;
  readonly sections: Readonly<Record<Section, SectionDiff>>;
  readonly rows: Rows;
  /** Anything but prices and what follows from them and the time. */
  readonly contentChanged: boolean;
  readonly pricesChanged: boolean;
  readonly derivedChanged: boolean;
}

export function diffProduct(before: Loaded | null, after: Product, now: Date): Diff {
  const rows = rowsOf(after, now);
  const sections = {} as Record<Section, SectionDiff>;
  for (const section of Object.keys(rows) as Section[]) {
    const known = new Map((before?.rows[section] ?? []).map((row) => [keyOf(section, row), row]));
    const wanted = new Set<string>();
    const written = rows[section].filter((row) => {
      const key = keyOf(section, row);
      wanted.add(key);
      const old = known.get(key);
      return !old || JSON.stringify(old) !== JSON.stringify(row);
    });
    sections[section] = { written, gone: [...known].filter(([key]) => !wanted.has(key)).map(([, row]) => row) };
  }
  const changed = (section: Section) => sections[section].written.length + sections[section].gone.length > 0;
  const names = Object.keys(sections) as Section[];
  return {
    before,
    after,
    sections,
    rows,
    contentChanged: names.some((name) => name !== 'product_prices' && !derivedSections.has(name) && changed(name)),
    pricesChanged: changed('product_prices'),
    derivedChanged: names.some((name) => derivedSections.has(name) && changed(name)),
  };
}

/**
 * Writes what differs, of all products together: one statement for each table that something differs in. Answers the
 * products that lost an old address to one of them.
 */
export async function saveDiffs(db: Trx, diffs: readonly Diff[], now: Date): Promise<ProductId[]> {
  const written = (section: Section) => diffs.flatMap((diff) => diff.sections[section].written);
  const gone = (section: Section) => diffs.flatMap((diff) => diff.sections[section].gone);
  const at = now.toISOString();
  await saveProductRows(db, diffs, at);
  const displaced = await retireSlugs(db, diffs, at);
  // Variants let go of pictures before these go; new pictures are there before variants show them.
  await upsertRows(db, 'media', written('media'), ['id']);
  await deleteRows(db, 'product_options', gone('product_options'), keysOf.product_options);
  await upsertRows(db, 'product_options', written('product_options'), keysOf.product_options);
  await saveVariantRows(db, diffs, at);
  await forgetMedia(db, gone('media'), at);
  const priceIds = diffs.flatMap((diff) =>
    diff.sections.product_prices.gone.map((row) => diff.before!.priceIds.get(keyOf('product_prices', row))!),
  );
  if (priceIds.length > 0) await db.deleteFrom('product_prices').where('id', 'in', priceIds).execute();
  await upsertRows(db, 'product_prices', written('product_prices'), null);
  for (const table of [
    'product_attribute_values',
    'product_translations',
    'collection_products',
    'product_listings',
  ] as const) {
    await deleteRows(db, table, gone(table), keysOf[table]);
    await upsertRows(db, table, written(table), keysOf[table]);
  }
  return displaced;
}

/** Products carry their version and derived columns; a price that starts or ends by time is no edit, so `updated_at` stays. */
async function saveProductRows(db: Trx, diffs: readonly Diff[], at: string): Promise<void> {
  const rows = diffs
    .filter((diff) => diff.contentChanged || diff.pricesChanged || diff.derivedChanged)
    .map(({ before, after, rows, contentChanged, pricesChanged }) => ({
      ...rows.products[0],
      ...rows.derived_products[0],
      version: after.version,
      search_stale: false,
      updated_at: contentChanged || pricesChanged || !before ? at : before.updatedAt,
    }));
  await upsertRows(db, 'products', rows, ['id']);
}

async function saveVariantRows(db: Trx, diffs: readonly Diff[], at: string): Promise<void> {
  const rows = diffs.flatMap(({ sections, rows: { product_variants, derived_variants } }) => {
    const changed = new Set(
      [...sections.product_variants.written, ...sections.derived_variants.written].map((row) => row.id),
    );
    return product_variants.flatMap((row, index) =>
      changed.has(row.id) ? [{ ...row, ...derived_variants[index], updated_at: at }] : [],
    );
  });
  // New ones start without stock: only inventory's word changes it.
  const known = new Set(
    diffs.flatMap((diff) => diff.before?.product.variants.map((variant) => variant.id as string) ?? []),
  );
  const isNew = (row: JsonRow) => !known.has(row.id as string);
  await upsertRows(
    db,
    'product_variants',
    rows.filter((row) => !isNew(row)),
    ['id'],
  );
  await upsertRows(db, 'product_variants', rows.filter(isNew), null);
}

/** Old addresses lead to the product for good, unless another product takes one as its own. */
async function retireSlugs(db: Trx, diffs: readonly Diff[], at: string): Promise<ProductId[]> {
  const renamed = diffs.filter((diff) => diff.before?.product.slug !== diff.after.slug);
  if (renamed.length === 0) return [];
  const displaced = await db
    .deleteFrom('slug_history')
    .where('kind', '=', 'PRODUCT')
    .where(
      'slug',
      'in',
      renamed.map((diff) => diff.after.slug),
    )
    .returning('target_id')
    .execute();
  const retired = renamed.flatMap(({ before }) =>
    before ? [{ kind: 'PRODUCT', slug: before.product.slug, target_id: before.product.id, retired_at: at }] : [],
  );
  await upsertRows(db, 'slug_history', retired, ['kind', 'slug']);
  return displaced.map((row) => row.target_id as ProductId);
}

/** Pictures that are gone leave files behind, which a tick removes. */
async function forgetMedia(db: Trx, rows: readonly JsonRow[], at: string): Promise<void> {
  await deleteRows(db, 'media', rows, ['id']);
  const orphans = rows.flatMap((row) => (row.key === null ? [] : [{ key: row.key, remove_at: at }]));
  await upsertRows(db, 'media_orphans', orphans, ['key']);
}
