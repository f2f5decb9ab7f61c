import { type Kysely, sql, type Transaction } from 'kysely';
import type { Attribute } from './attribute.ts';
import type { ProductsDb } from './product.tables.ts';
import { upsertRows } from './rows.repository.ts';

export const listAttributesByCodes = (db: Kysely<ProductsDb>, codes: readonly string[]): Promise<Attribute[]> =>
  db
    .selectFrom('attributes')
    .select(['id', 'code', 'name', 'type', 'unit'])
    .where(sql<boolean>`code = any(${codes}::text[])`)
    .execute();

export async function insertAttributes(
  db: Transaction<ProductsDb>,
  attributes: readonly Attribute[],
  now: Date,
): Promise<void> {
  await upsertRows(
    db,
    'attributes',
    attributes.map((one) => ({ ...one, created_at: now.toISOString() })),
    null,
  );
}

/** Texts of options, values and attributes in another language; null takes one back. */
export async function saveLabels(
  db: Transaction<ProductsDb>,
  locale: string,
  labels: readonly { readonly label: string; readonly translated: string | null }[],
): Promise<void> {
  const gone = labels.filter((one) => one.translated === null).map((one) => one.label);
  if (gone.length > 0) {
    await db.deleteFrom('label_translations').where('locale', '=', locale).where('label', 'in', gone).execute();
  }
  const kept = labels.flatMap(({ label, translated }) => (translated === null ? [] : [{ locale, label, translated }]));
  await upsertRows(db, 'label_translations', kept, ['locale', 'label']);
}
