/** The language products, categories and collections are first written in; other locales are translations of it. */
export const BASE_LOCALE = 'en';

/** A BCP 47 tag in its canonical form, or null where the text is none. */
export function canonicalLocale(tag: string): string | null {
  try {
    return tag.length <= 35 ? (Intl.getCanonicalLocales(tag)[0] ?? null) : null;
  } catch {
    return null;
  }
}

/** Where to look for a reader's text, best first: `de-AT` → `de-AT`, `de`. Empty where the base text is the best. */
export function localeChain(locale: string): string[] {
  const parts = (canonicalLocale(locale) ?? BASE_LOCALE).split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-')).filter((tag) => tag !== BASE_LOCALE);
}
