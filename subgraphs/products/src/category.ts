import type { CategoryId } from '@souk/schema';
import { cleanHtml } from './html.ts';
import { BASE_LOCALE, canonicalLocale } from './locale.ts';
import { type Problems, requiredText } from './problems.ts';
import { freeSlug, isSlug, slugOf } from './slug.ts';

export const CATEGORY_SLUG_MAX = 120;
/** Levels of the tree. */
export const DEPTH_MAX = 10;

export interface Category {
  readonly id: CategoryId;
  readonly parentId: CategoryId | null;
  readonly name: string;
  readonly slug: string;
  /** Slugs from the first level down, joined by dots. */
  readonly path: string;
  readonly description: string;
  readonly position: number;
  readonly version: number;
}

export interface NameTranslation {
  readonly locale: string;
  readonly name: string;
  readonly description: string | null;
}

export interface CategoryFields {
  readonly name?: string | null;
  readonly slug?: string | null;
  readonly description?: string | null;
  readonly position?: number | null;
}

/** What categories and collections have in common: a name, a slug made from it if none is said, a safe description. */
export function readNaming(
  problems: Problems,
  known: { readonly name: string; readonly slug: string; readonly description: string },
  fields: CategoryFields,
): { name: string; slug: string; description: string } {
  const name =
    fields.name === undefined
      ? known.name
      : requiredText(problems.at('name'), fields.name, { what: 'A name', max: 200 });
  if (fields.slug != null && !isSlug(fields.slug, CATEGORY_SLUG_MAX)) {
    problems
      .at('slug')
      .no(
        'INVALID',
        `A slug has lower-case letters and digits, joined by single hyphens; ${CATEGORY_SLUG_MAX} at most.`,
      );
  }
  if ((fields.description?.length ?? 0) > 20_000) {
    problems.at('description').no('INVALID', 'A description has at most 20000 characters.');
  }
  return {
    name,
    slug: fields.slug ?? known.slug,
    description:
      fields.description === undefined ? known.description : cleanHtml((fields.description ?? '').slice(0, 20_000)),
  };
}

/** A slug for a category below `parent` that is none of the taken ones: its own name first, then with its parent's. */
export function categorySlug(
  name: string,
  parentSlug: string | null,
  isTaken: (slug: string) => boolean,
  fallback: string,
): string {
  const own = slugOf(name, CATEGORY_SLUG_MAX) || fallback;
  if (!isTaken(own)) return own;
  return freeSlug(parentSlug ? `${parentSlug}-${own}` : own, isTaken, CATEGORY_SLUG_MAX);
}

export const pathBelow = (parent: Category | null, slug: string): string => (parent ? `${parent.path}.${slug}` : slug);

/** Whether `path` is `top` or lies below it. */
export const isWithin = (path: string, top: string): boolean => path === top || path.startsWith(`${top}.`);

export interface NameTranslationDraft {
  readonly locale: string;
  readonly name: string;
  readonly description?: string | null;
}

export function readNameTranslations(problems: Problems, drafts: readonly NameTranslationDraft[]): NameTranslation[] {
  return drafts.flatMap((draft, index) => {
    const at = problems.at(index);
    const locale = canonicalLocale(draft.locale);
    if (!locale || locale === BASE_LOCALE) {
      at.at('locale').no(
        'INVALID',
        `A translation is in a language tag such as de or pt-BR, other than ${BASE_LOCALE}.`,
      );
      return [];
    }
    const name = requiredText(at.at('name'), draft.name, { what: 'A name', max: 200 });
    return [{ locale, name, description: draft.description ? cleanHtml(draft.description.slice(0, 20_000)) : null }];
  });
}
