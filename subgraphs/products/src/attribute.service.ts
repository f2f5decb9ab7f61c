import type { Tx } from '@souk/kit';
import { Rejections } from '@souk/schema';
import { listAttributesByCodes, saveLabels } from './attribute.repository.ts';
import { type Attribute, type AttributeDraft, isAttributeCode, newAttribute } from './attribute.ts';
import { BASE_LOCALE, canonicalLocale } from './locale.ts';
import { Problems, requiredText } from './problems.ts';
import type { ProductsDb } from './product.tables.ts';

/** The attributes that drafts name: those that exist, and those to be created, as the first draft of each describes it. */
export async function planAttributes(
  tx: Tx<ProductsDb>,
  drafts: readonly { readonly problems: Problems; readonly draft: AttributeDraft }[],
): Promise<{ attributes: Map<string, Attribute>; created: Attribute[] }> {
  const codes = [...new Set(drafts.map(({ draft }) => draft.code))].filter(isAttributeCode);
  const known = codes.length === 0 ? [] : await listAttributesByCodes(tx.db, codes);
  const attributes = new Map(known.map((one) => [one.code, one]));
  const created: Attribute[] = [];
  for (const { problems, draft } of drafts) {
    if (attributes.has(draft.code) || !isAttributeCode(draft.code)) continue;
    const before = problems.all.length;
    const attribute = newAttribute(problems, tx.newId(), draft);
    attributes.set(draft.code, attribute);
    if (problems.all.length === before) created.push(attribute);
  }
  return { attributes, created };
}

/** Sets the texts of options, values and attributes in another language, for all products at once. */
export async function setLabels(
  tx: Tx<ProductsDb>,
  input: { locale: string; labels: readonly { label: string; translated?: string | null }[] },
): Promise<null> {
  const problems = new Problems();
  const locale = canonicalLocale(input.locale);
  if (!locale || locale === BASE_LOCALE) {
    problems
      .at('locale')
      .no('INVALID', `A translation is in a language tag such as de or pt-BR, other than ${BASE_LOCALE}.`);
  }
  if (input.labels.length > 1_000) problems.at('labels').no('LIMIT', 'At most 1000 labels are set at once.');
  const labels = new Map(
    input.labels.map(({ label, translated }, index) => {
      const at = problems.at('labels', index);
      const text = requiredText(at.at('label'), label, { what: 'A label', max: 500 });
      const other =
        translated == null ? null : requiredText(at.at('translated'), translated, { what: 'A translation', max: 500 });
      return [text, other];
    }),
  );
  if (problems.all.length > 0 || !locale) throw new Rejections(problems.all);
  await saveLabels(
    tx.db,
    locale,
    [...labels].map(([label, translated]) => ({ label, translated })),
  );
  tx.evict('Product');
  tx.evict('ProductVariant');
  return null;
}
