import { MoneyInput } from '@souk/kit';
import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Product, ProductError } from './product.types.ts';
import {
  ProductAttributeInput,
  ProductOptionInput,
  ProductTranslationInput,
  ProductVariantInput,
  SeoInput,
} from './product-input.types.ts';

export enum ImportErrorPolicy {
  CONTINUE = 'CONTINUE',
  ABORT = 'ABORT',
}
registerEnumType(ImportErrorPolicy, {
  name: 'ImportErrorPolicy',
  description: 'What a mistake does to the rest of an import.',
  valuesConfig: {
    CONTINUE: { description: 'Only the product with the mistake is refused.' },
    ABORT: { description: 'Nothing is imported.' },
  },
});

export enum ImportOutcome {
  CREATED = 'CREATED',
  UPDATED = 'UPDATED',
  UNCHANGED = 'UNCHANGED',
  REFUSED = 'REFUSED',
  SKIPPED = 'SKIPPED',
}
registerEnumType(ImportOutcome, {
  name: 'ImportOutcome',
  description: 'What became of a product of an import.',
  valuesConfig: {
    CREATED: { description: 'It is new.' },
    UPDATED: { description: 'It was changed.' },
    UNCHANGED: { description: 'It was so already.' },
    REFUSED: { description: 'It has mistakes; nothing of it was taken.' },
    SKIPPED: { description: 'It is fine, but another was refused and the import was to stop at that.' },
  },
});

@InputType({ description: 'A step of a path of categories.' })
export class ImportCategoryInput {
  @Field(() => String, { description: 'Its name.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'Its slug; finds it anywhere in the tree.' })
  slug?: string | null;
}

@InputType({ description: 'A collection.' })
export class ImportCollectionInput {
  @Field(() => String, { description: 'Its slug.' })
  slug!: string;
  @Field(() => String, { nullable: true, description: 'Its name, if it is new.' })
  name?: string | null;
}

@InputType({ description: 'A picture by its address. It is recorded, and fetched only where the shop is set up to.' })
export class ImportImageInput {
  @Field(() => String, { description: 'http or https address.' })
  src!: string;
  @Field(() => String, { nullable: true, description: 'What it shows.' })
  alt?: string | null;
  @Field(() => Int, { nullable: true, description: 'Its place; in the order given if unsaid.' })
  position?: number | null;
}

@InputType({ description: 'A product told as a whole. What is left out of a known product stays, null clears it.' })
export class ImportProductInput {
  @Field(() => String, { description: 'Which product: its slug, present or earlier.' })
  handle!: string;
  @Field(() => String, { nullable: true, description: 'Its name; required for a new one.' })
  name?: string | null;
  @Field(() => String, { nullable: true, description: 'Stock keeping unit; its slug if unsaid.' })
  sku?: string | null;
  @Field(() => String, { nullable: true, description: 'Description as HTML; what is not safe is taken out.' })
  description?: string | null;
  @Field(() => String, { nullable: true, description: 'Brand or maker.' })
  vendor?: string | null;
  @Field(() => String, { nullable: true, description: 'What kind of thing it is.' })
  productType?: string | null;
  @Field(() => [String], { nullable: true, description: 'Labels.' })
  tags?: string[] | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether it is for sale; a new one is a draft if unsaid.' })
  published?: boolean | null;
  @Field(() => SeoInput, { nullable: true, description: 'What search engines are told.' })
  seo?: SeoInput | null;
  @Field(() => MoneyInput, { nullable: true, description: 'What it costs the merchant, where a variant does not say.' })
  cost?: MoneyInput | null;
  @Field(() => [ImportCategoryInput], {
    nullable: true,
    description: 'From the first level down; what does not exist is created.',
  })
  categoryPath?: ImportCategoryInput[] | null;
  @Field(() => [ImportCollectionInput], {
    nullable: true,
    description: 'All collections it is in; what does not exist is created.',
  })
  collections?: ImportCollectionInput[] | null;
  @Field(() => [ProductOptionInput], {
    nullable: true,
    description: 'What variants differ in. Title of Default Title is none.',
  })
  options?: ProductOptionInput[] | null;
  @Field(() => [ProductVariantInput], {
    nullable: true,
    description: 'All its variants, known by SKU or option values: one that is not among these is archived.',
  })
  variants?: ProductVariantInput[] | null;
  @Field(() => [ImportImageInput], { nullable: true, description: 'All its pictures that have an address.' })
  images?: ImportImageInput[] | null;
  @Field(() => [ProductAttributeInput], { nullable: true, description: 'All that is told of it.' })
  attributes?: ProductAttributeInput[] | null;
  @Field(() => [ProductTranslationInput], { nullable: true, description: 'Other languages.' })
  translations?: ProductTranslationInput[] | null;
}

@InputType({ description: 'Products to create or to bring up to date. The same again changes nothing.' })
export class ImportProductsInput {
  @Field(() => [ImportProductInput], { description: 'At most 100.' })
  products!: ImportProductInput[];
  @Field(() => ImportErrorPolicy, { nullable: true, description: 'CONTINUE if unsaid.' })
  errorPolicy?: ImportErrorPolicy | null;
  @Field(() => Boolean, { nullable: true, description: 'Only say what would happen.' })
  dryRun?: boolean | null;
}

@ObjectType({ description: 'What became of one product of an import.' })
export class ImportResult {
  @Field(() => String, { description: 'Its handle, as given.' })
  handle!: string;
  @Field(() => ImportOutcome, { description: 'What became of it.' })
  outcome!: ImportOutcome;
  @Field(() => Product, { nullable: true, description: 'The product as it is now.' })
  product!: Product | null;
  @Field(() => [ProductError], { description: 'Its mistakes, with paths into the input.' })
  errors!: ProductError[];
}

@ObjectType({ description: 'What became of an import.' })
export class ImportProductsPayload {
  @Field(() => [ImportResult], { description: 'One for each product, in the order given.' })
  results!: ImportResult[];
  @Field(() => [ProductError], { description: 'Mistakes of the import as a whole.' })
  errors!: ProductError[];
}
