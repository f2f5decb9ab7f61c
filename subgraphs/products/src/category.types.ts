import { Cached, connectionOf, IdField, Node, UserError } from '@souk/kit';
import type { CategoryId, CollectionId } from '@souk/schema';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { KEPT_SECONDS } from './kept.ts';

@Cached(KEPT_SECONDS)
@ObjectType({ implements: Node, description: 'A place in the shop’s tree of categories.' })
@Directive('@key(fields: "id")')
export class Category extends Node {
  @IdField('Category')
  declare id: CategoryId;
  @Field(() => String, { description: 'Name in the reader’s language.' })
  name!: string;
  @Field(() => String, { description: 'Its part of the web address; unique in the tree.' })
  slug!: string;
  @Field(() => String, { description: 'Slugs from the first level down, joined by dots.' })
  path!: string;
  @Field(() => String, { description: 'Description as safe HTML.' })
  description!: string;
  @Field(() => Int, { description: 'Its place among its siblings.' })
  position!: number;
  @Field(() => Int, { description: 'Rises with every edit: give it as expectedVersion.' })
  version!: number;
  @Field(() => Category, { nullable: true, description: 'The category above; null on the first level.' })
  parent!: Category | null;
  @Field(() => [Category], { description: 'The categories right below, in order.' })
  children!: Category[];
  @Field(() => [Category], { description: 'All above it, the first level first.' })
  ancestors!: Category[];
}

@Cached(KEPT_SECONDS)
@ObjectType({ implements: Node, description: 'Products that belong together for a reason of the merchant’s.' })
@Directive('@key(fields: "id")')
export class Collection extends Node {
  @IdField('Collection')
  declare id: CollectionId;
  @Field(() => String, { description: 'Name in the reader’s language.' })
  name!: string;
  @Field(() => String, { description: 'Its part of the web address.' })
  slug!: string;
  @Field(() => String, { description: 'Description as safe HTML.' })
  description!: string;
  @Field(() => Int, { description: 'Rises with every edit: give it as expectedVersion.' })
  version!: number;
}

export const { Connection: CollectionConnection } = connectionOf('Collection', () => Collection);

export enum CategoryErrorCode {
  INVALID = 'INVALID',
  NOT_FOUND = 'NOT_FOUND',
  SLUG_TAKEN = 'SLUG_TAKEN',
  CONFLICT = 'CONFLICT',
  CYCLE = 'CYCLE',
  TOO_DEEP = 'TOO_DEEP',
}
registerEnumType(CategoryErrorCode, {
  name: 'CategoryErrorCode',
  description: 'Why a category was not changed.',
  valuesConfig: {
    INVALID: { description: 'A value is not of its form, too long or out of range.' },
    NOT_FOUND: { description: 'Something named in the input does not exist.' },
    SLUG_TAKEN: { description: 'Another category has this slug.' },
    CONFLICT: { description: 'It was changed since expectedVersion.' },
    CYCLE: { description: 'It would lie below itself.' },
    TOO_DEEP: { description: 'The tree would have too many levels.' },
  },
});

export enum CollectionErrorCode {
  INVALID = 'INVALID',
  NOT_FOUND = 'NOT_FOUND',
  SLUG_TAKEN = 'SLUG_TAKEN',
  CONFLICT = 'CONFLICT',
  LIMIT = 'LIMIT',
}
registerEnumType(CollectionErrorCode, {
  name: 'CollectionErrorCode',
  description: 'Why a collection was not changed.',
  valuesConfig: {
    INVALID: { description: 'A value is not of its form, too long or out of range.' },
    NOT_FOUND: { description: 'Something named in the input does not exist.' },
    SLUG_TAKEN: { description: 'Another collection has this slug.' },
    CONFLICT: { description: 'It was changed since expectedVersion.' },
    LIMIT: { description: 'More than there may be at once.' },
  },
});

@ObjectType({ implements: UserError, description: 'Why a category was not changed.' })
export class CategoryError extends UserError {
  @Field(() => CategoryErrorCode, { description: 'For programs.' })
  code!: CategoryErrorCode;
}

@ObjectType({ implements: UserError, description: 'Why a collection was not changed.' })
export class CollectionError extends UserError {
  @Field(() => CollectionErrorCode, { description: 'For programs.' })
  code!: CollectionErrorCode;
}

@ObjectType({ description: 'A category after a change.' })
export class CategoryPayload {
  @Field(() => Category, { nullable: true, description: 'The category, if it was changed.' })
  category!: Category | null;
  @Field(() => [CategoryError], { description: 'What to correct; empty if it was changed.' })
  errors!: CategoryError[];
}

@ObjectType({ description: 'A collection after a change.' })
export class CollectionPayload {
  @Field(() => Collection, { nullable: true, description: 'The collection, if it was changed.' })
  collection!: Collection | null;
  @Field(() => [CollectionError], { description: 'What to correct; empty if it was changed.' })
  errors!: CollectionError[];
}

@InputType({ description: 'A name in another language.' })
export class NameTranslationInput {
  @Field(() => String, { description: 'Language tag, such as de.' })
  locale!: string;
  @Field(() => String, { description: 'The name.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'The description as HTML.' })
  description?: string | null;
}

@InputType({ description: 'A new category.' })
export class CreateCategoryInput {
  @Field(() => String, { description: 'Its name.' })
  name!: string;
  @Field(() => ID, { nullable: true, description: 'What it lies below; nothing for the first level.' })
  parentId?: string | null;
  @Field(() => String, { nullable: true, description: 'Made from the name if unsaid.' })
  slug?: string | null;
  @Field(() => String, { nullable: true, description: 'Description as HTML.' })
  description?: string | null;
  @Field(() => Int, { nullable: true, description: 'Its place among its siblings.' })
  position?: number | null;
  @Field(() => [NameTranslationInput], { nullable: true, description: 'Its name in other languages.' })
  translations?: NameTranslationInput[] | null;
}

@InputType({ description: 'A change to a category. What is left out stays.' })
export class UpdateCategoryInput {
  @Field(() => ID, { description: 'The category.' })
  id!: string;
  @Field(() => Int, { nullable: true, description: 'Refuse if it was changed since this version.' })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true, description: 'Its name.' })
  name?: string | null;
  @Field(() => String, { nullable: true, description: 'Its slug; the old one still leads to it.' })
  slug?: string | null;
  @Field(() => String, { nullable: true, description: 'Description as HTML.' })
  description?: string | null;
  @Field(() => Int, { nullable: true, description: 'Its place among its siblings.' })
  position?: number | null;
  @Field(() => [NameTranslationInput], { nullable: true, description: 'Its name in other languages.' })
  translations?: NameTranslationInput[] | null;
}

@InputType({ description: 'Where a category goes, with everything below it.' })
export class MoveCategoryInput {
  @Field(() => ID, { description: 'The category.' })
  id!: string;
  @Field(() => ID, { nullable: true, description: 'What it will lie below; nothing for the first level.' })
  parentId?: string | null;
  @Field(() => Int, { nullable: true, description: 'Its place among its siblings.' })
  position?: number | null;
  @Field(() => Int, { nullable: true, description: 'Refuse if it was changed since this version.' })
  expectedVersion?: number | null;
}

@InputType({ description: 'A new collection.' })
export class CreateCollectionInput {
  @Field(() => String, { description: 'Its name.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'Made from the name if unsaid.' })
  slug?: string | null;
  @Field(() => String, { nullable: true, description: 'Description as HTML.' })
  description?: string | null;
  @Field(() => [NameTranslationInput], { nullable: true, description: 'Its name in other languages.' })
  translations?: NameTranslationInput[] | null;
}

@InputType({ description: 'A change to a collection. What is left out stays.' })
export class UpdateCollectionInput {
  @Field(() => ID, { description: 'The collection.' })
  id!: string;
  @Field(() => Int, { nullable: true, description: 'Refuse if it was changed since this version.' })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true, description: 'Its name.' })
  name?: string | null;
  @Field(() => String, { nullable: true, description: 'Its slug; the old one still leads to it.' })
  slug?: string | null;
  @Field(() => String, { nullable: true, description: 'Description as HTML.' })
  description?: string | null;
  @Field(() => [NameTranslationInput], { nullable: true, description: 'Its name in other languages.' })
  translations?: NameTranslationInput[] | null;
}

@InputType({ description: 'What a collection holds.' })
export class SetCollectionProductsInput {
  @Field(() => ID, { description: 'The collection.' })
  id!: string;
  @Field(() => [ID], { description: 'Its products, first to last; at most 1000.' })
  productIds!: string[];
  @Field(() => Int, { nullable: true, description: 'Refuse if it was changed since this version.' })
  expectedVersion?: number | null;
}
