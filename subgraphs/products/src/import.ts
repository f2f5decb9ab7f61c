import type { CategoryId, CollectionId } from '@souk/schema';
import { CATEGORY_SLUG_MAX, type Category, categorySlug, DEPTH_MAX, pathBelow } from './category.ts';
import type { ProductDraft } from './draft.ts';
import { type Problems, requiredText } from './problems.ts';
import { isSlug, slugOf } from './slug.ts';

export const IMPORT_MAX = 100;

export interface CategoryStep {
  readonly name: string;
  readonly slug?: string | null;
}

/** A product of an import, told as a whole: `handle` says which one it is. */
export interface ImportProduct extends ProductDraft {
  readonly handle: string;
  /** From the first level down; what does not exist is created. Empty takes the product out of its category. */
  readonly categoryPath?: readonly CategoryStep[] | null;
  /** All collections it is in; what does not exist is created. */
  readonly collections?: readonly { readonly slug: string; readonly name?: string | null }[] | null;
}

export type ErrorPolicy = 'CONTINUE' | 'ABORT';

/** A handle as a slug: what other shops allow in theirs is made to fit. Empty where nothing is left. */
export const slugOfHandle = (handle: string): string => (isSlug(handle) ? handle : slugOf(handle));

/** Categories by their paths, and those that must be created for them. */
export class CategoryPlan {
  readonly created: Category[] = [];
  private readonly taken: Set<string>;

  constructor(
    private readonly known: readonly Category[],
    private readonly newId: () => string,
  ) {
    this.taken = new Set(known.map((one) => one.slug));
  }

  /** The category at the end of a path; null for an empty one or where it was refused. */
  resolve(problems: Problems, steps: readonly CategoryStep[]): CategoryId | null {
    if (steps.length > DEPTH_MAX) {
      problems.no('LIMIT', `The tree of categories has at most ${DEPTH_MAX} levels.`);
      return null;
    }
    let parent: Category | null = null;
    for (const [index, step] of steps.entries()) {
      const at = problems.at(index);
      const name = requiredText(at.at('name'), step.name, { what: 'The name of a category', max: 200 });
      if (step.slug != null && !isSlug(step.slug, CATEGORY_SLUG_MAX)) {
        at.at('slug').no(
          'INVALID',
          `A slug has lower-case letters and digits, joined by single hyphens; ${CATEGORY_SLUG_MAX} at most.`,
        );
      }
      if (name === '') return null;
      parent = this.find(parent, step, name) ?? this.create(parent, step, name);
    }
    return parent?.id ?? null;
  }

  private find(parent: Category | null, step: CategoryStep, name: string): Category | undefined {
    const all = [...this.known, ...this.created];
    if (step.slug != null) return all.find((one) => one.slug === step.slug);
    return all.find((one) => one.parentId === (parent?.id ?? null) && one.name === name);
  }

  private create(parent: Category | null, step: CategoryStep, name: string): Category {
    const id = this.newId() as CategoryId;
    const slug =
      step.slug ?? categorySlug(name, parent?.slug ?? null, (one) => this.taken.has(one), `category-${id.slice(-8)}`);
    this.taken.add(slug);
    const category = {
      id,
      parentId: parent?.id ?? null,
      name,
      slug,
      path: pathBelow(parent, slug),
      description: '',
      position: 0,
      version: 1,
    };
    this.created.push(category);
    return category;
  }
}

/** Every name and slug that paths may be matched by, or clash with. */
export function namesInPaths(paths: readonly (readonly CategoryStep[])[]): { names: string[]; slugs: string[] } {
  const names = new Set<string>();
  const slugs = new Set<string>();
  for (const steps of paths) {
    steps.forEach((step, index) => {
      names.add(step.name.normalize('NFC').trim());
      const own = step.slug ?? slugOf(step.name, CATEGORY_SLUG_MAX);
      const above = steps[index - 1];
      slugs.add(own);
      if (above) slugs.add(`${above.slug ?? slugOf(above.name, CATEGORY_SLUG_MAX)}-${own}`);
    });
  }
  return { names: [...names], slugs: [...slugs] };
}

export interface PlannedCollection {
  readonly id: CollectionId;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly version: number;
}

/** Collections by their slugs, and those that must be created for them. */
export class CollectionPlan {
  readonly created: PlannedCollection[] = [];
  private readonly bySlug: Map<string, CollectionId>;

  constructor(
    known: readonly { readonly id: CollectionId; readonly slug: string }[],
    private readonly newId: () => string,
  ) {
    this.bySlug = new Map(known.map((one) => [one.slug, one.id]));
  }

  resolve(
    problems: Problems,
    wanted: readonly { readonly slug: string; readonly name?: string | null }[],
  ): CollectionId[] {
    const ids = wanted.flatMap(({ slug, name }, index) => {
      const at = problems.at(index);
      const known = this.bySlug.get(slug);
      if (known) return [known];
      if (!isSlug(slug, CATEGORY_SLUG_MAX)) {
        at.at('slug').no(
          'INVALID',
          `A slug has lower-case letters and digits, joined by single hyphens; ${CATEGORY_SLUG_MAX} at most.`,
        );
        return [];
      }
      const id = this.newId() as CollectionId;
      const called =
        name == null ? slug : requiredText(at.at('name'), name, { what: 'The name of a collection', max: 200 });
      this.created.push({ id, slug, name: called || slug, description: '', version: 1 });
      this.bySlug.set(slug, id);
      return [id];
    });
    return [...new Set(ids)];
  }
}
