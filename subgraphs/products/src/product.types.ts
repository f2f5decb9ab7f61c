import {
  Cached,
  connectionOf,
  DateTime,
  Decimal,
  IdField,
  MoneyType,
  Node,
  SortDirection,
  Staff,
  Uncached,
  UserError,
} from '@souk/kit';
import type { MediaId, Money, ProductId, VariantId } from '@souk/schema';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { AttributeType } from './attribute.types.ts';
import { Category, Collection } from './category.types.ts';
import { KEPT_SECONDS } from './kept.ts';
import { Media } from './media.types.ts';

export enum ProductStatus {
  DRAFT = 'DRAFT',
  PUBLISHED = 'PUBLISHED',
  ARCHIVED = 'ARCHIVED',
}
registerEnumType(ProductStatus, {
  name: 'ProductStatus',
  description: 'Whether a product is for sale.',
  valuesConfig: {
    DRAFT: { description: 'Not yet, or not now: only staff see it.' },
    PUBLISHED: { description: 'For sale.' },
    ARCHIVED: { description: 'Put away. Orders go on showing it.' },
  },
});

export enum ProductSortField {
  NAME = 'NAME',
  PRICE = 'PRICE',
  CREATED_AT = 'CREATED_AT',
  RELEVANCE = 'RELEVANCE',
}
registerEnumType(ProductSortField, {
  name: 'ProductSortField',
  description: 'What products are put in order by.',
  valuesConfig: {
    NAME: { description: 'Name, without case and accents.' },
    PRICE: { description: 'Lowest price in the reader’s channel.' },
    CREATED_AT: { description: 'When it was made.' },
    RELEVANCE: {
      description: 'How well it fits the search, best first whatever the direction. Newest first without one.',
    },
  },
});

@ObjectType({ description: 'What search engines are told.' })
export class Seo {
  @Field(() => String, { nullable: true, description: 'Title of the page.' })
  title!: string | null;
  @Field(() => String, { nullable: true, description: 'Summary of the page.' })
  description!: string | null;
}

@ObjectType({ description: 'What a shopper chooses between, such as a colour.' })
export class ProductOption {
  @Field(() => String, { description: 'Its name as variants are keyed by it, in the shop’s own language.' })
  name!: string;
  @Field(() => String, { description: 'Its name in the reader’s language.' })
  label!: string;
  @Cached(KEPT_SECONDS)
  @Field(() => [ProductOptionValue], { description: 'What there is to choose from, in order.' })
  values!: ProductOptionValue[];
}

@ObjectType({ description: 'One choice of an option.' })
export class ProductOptionValue {
  @Field(() => String, { description: 'As filters and variants name it, in the shop’s own language.' })
  value!: string;
  @Field(() => String, { description: 'In the reader’s language.' })
  label!: string;
}

@ObjectType({ description: 'The value a variant has for an option.' })
export class SelectedOption {
  @Field(() => String, { description: 'Name of the option, in the shop’s own language.' })
  name!: string;
  @Field(() => String, { description: 'The value, in the shop’s own language.' })
  value!: string;
  @Field(() => String, { description: 'The value in the reader’s language.' })
  label!: string;
}

@ObjectType({ description: 'Something told of a product, such as its capacity.' })
export class ProductAttribute {
  @Field(() => String, { description: 'As filters name it.' })
  code!: string;
  @Field(() => String, { description: 'Its name in the reader’s language.' })
  name!: string;
  @Field(() => AttributeType, { description: 'What kind of value it has.' })
  type!: AttributeType;
  @Field(() => String, { nullable: true, description: 'Unit of a number.' })
  unit!: string | null;
  @Field(() => String, { description: 'The value as filters name it.' })
  value!: string;
  @Field(() => String, { description: 'The value as people read it, in the reader’s language and with its unit.' })
  label!: string;
}

@Cached(KEPT_SECONDS)
@ObjectType({ implements: Node, description: 'Something the shop sells, in one or more variants.' })
@Directive('@key(fields: "id")')
export class Product extends Node {
  @IdField('Product')
  declare id: ProductId;
  @Field(() => String, { description: 'Stock keeping unit of the product as a whole.' })
  sku!: string;
  @Field(() => String, { description: 'Name in the reader’s language.' })
  name!: string;
  @Field(() => String, { description: 'Its part of the web address. Earlier ones still lead to it.' })
  slug!: string;
  @Field(() => String, { description: 'Description as safe HTML, in the reader’s language.' })
  description!: string;
  @Field(() => ProductStatus, { description: 'Whether it is for sale.' })
  status!: ProductStatus;
  @Field(() => Category, { nullable: true, description: 'Where it is found.' })
  category!: Category | null;
  @Field(() => [Collection], { description: 'Collections it is in.' })
  collections!: Collection[];
  @Field(() => MoneyType, { nullable: true, description: 'Lowest price of its variants now, in the reader’s channel.' })
  price!: Money | null;
  @Field(() => MoneyType, { nullable: true, description: 'What that variant cost before, where it is reduced.' })
  compareAtPrice!: Money | null;
  @Uncached()
  @Field(() => Boolean, { description: 'Whether any variant is in stock.' })
  inStock!: boolean;
  @Field(() => [ProductVariant], { description: 'What can be bought of it, in order.' })
  variants!: ProductVariant[];
  @Field(() => [ProductOption], { description: 'What variants differ in.' })
  options!: ProductOption[];
  @Field(() => [ProductAttribute], { description: 'What is told of it.' })
  attributes!: ProductAttribute[];
  @Field(() => [Media], { description: 'Its pictures, in order.' })
  media!: Media[];
  @Field(() => String, { nullable: true, description: 'Brand or maker.' })
  vendor!: string | null;
  @Field(() => String, { nullable: true, description: 'What kind of thing it is, in the merchant’s words.' })
  productType!: string | null;
  @Field(() => [String], { description: 'The merchant’s labels.' })
  tags!: string[];
  @Field(() => Seo, { description: 'What search engines are told, in the reader’s language.' })
  seo!: Seo;
  @Staff('MERCHANDISER', 'FINANCE')
  @Field(() => MoneyType, { nullable: true, description: 'What it costs the merchant, where a variant does not say.' })
  cost!: Money | null;
  @Field(() => Int, { description: 'Rises with every edit: give it as expectedVersion.' })
  version!: number;
  @Field(() => DateTime, { nullable: true, description: 'When it was first for sale.' })
  publishedAt!: Date | null;
  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;
  @Field(() => DateTime, { description: 'When it was last edited.' })
  updatedAt!: Date;
}

@Cached(KEPT_SECONDS)
@ObjectType({ implements: Node, description: 'One thing that can be bought: a product in one size, one colour.' })
@Directive('@key(fields: "id")')
export class ProductVariant extends Node {
  @IdField('ProductVariant')
  declare id: VariantId;
  @Field(() => String, { description: 'Stock keeping unit.' })
  sku!: string;
  @Field(() => String, { description: 'Its option values, or the product’s name where it is the only one.' })
  name!: string;
  @Field(() => String, { description: 'Name of its product, also when that is not for sale any more.' })
  productName!: string;
  @Field(() => Product, {
    nullable: true,
    description: 'What it is a variant of; null for one the reader may not see.',
  })
  product!: Product | null;
  @Field(() => Boolean, { description: 'Whether it is published and has a price here. Stock is told by `stock`.' })
  availableForSale!: boolean;
  @Field(() => MoneyType, { nullable: true, description: 'What it costs now, in the reader’s channel.' })
  price!: Money | null;
  @Field(() => MoneyType, { nullable: true, description: 'What it cost before, where it is reduced.' })
  compareAtPrice!: Money | null;
  @Field(() => [SelectedOption], { description: 'Its value for each option.' })
  selectedOptions!: SelectedOption[];
  @Field(() => Int, { description: 'Weight for shipping.' })
  weightGrams!: number;
  @Field(() => Boolean, { description: 'Whether it is a thing that is sent.' })
  requiresShipping!: boolean;
  @Field(() => String, { description: 'Code of its tax class.' })
  taxClass!: string;
  @Field(() => String, { nullable: true, description: 'GTIN, EAN, UPC or the like.' })
  barcode!: string | null;
  @Field(() => Int, { nullable: true, description: 'Most that one order may hold; the platform’s limit where null.' })
  maxPerOrder!: number | null;
  @Field(() => Media, { nullable: true, description: 'The picture that shows it.' })
  media!: Media | null;
  @Uncached()
  @Field(() => Int, { description: 'Inventory’s last word on how many can be sold, copied.' })
  stockQuantity!: number;
  @Staff('MERCHANDISER', 'FINANCE')
  @Field(() => MoneyType, { nullable: true, description: 'What it costs the merchant.' })
  cost!: Money | null;
  mediaId!: MediaId | null;
}

export const { Connection: ProductConnection } = connectionOf('Product', () => Product);

@InputType({ description: 'An option and the values wanted of it.' })
export class OptionFilter {
  @Field(() => String, { description: 'Name of the option, such as Colour.' })
  name!: string;
  @Field(() => [String], { description: 'Any of these.' })
  values!: string[];
}

@InputType({ description: 'An attribute and what is wanted of it.' })
export class AttributeFilter {
  @Field(() => String, { description: 'Its code.' })
  code!: string;
  @Field(() => [String], { nullable: true, description: 'Any of these.' })
  values?: string[] | null;
  @Field(() => Decimal, { nullable: true, description: 'For numbers: at least this.' })
  min?: string | null;
  @Field(() => Decimal, { nullable: true, description: 'For numbers: at most this.' })
  max?: string | null;
}

@InputType({ description: 'A range of prices, in the currency of the reader’s channel.' })
export class PriceFilter {
  @Field(() => Decimal, { nullable: true, description: 'At least this.' })
  min?: string | null;
  @Field(() => Decimal, { nullable: true, description: 'At most this.' })
  max?: string | null;
}

@InputType({ description: 'Which products. Everything said must hold.' })
export class ProductFilter {
  @Field(() => String, { nullable: true, description: 'Slug or id of a category; those below it count.' })
  category?: string | null;
  @Field(() => String, { nullable: true, description: 'Slug or id of a collection.' })
  collection?: string | null;
  @Field(() => [OptionFilter], { nullable: true, description: 'One variant has all of these.' })
  options?: OptionFilter[] | null;
  @Field(() => [AttributeFilter], { nullable: true, description: 'All of these hold.' })
  attributes?: AttributeFilter[] | null;
  @Field(() => PriceFilter, { nullable: true, description: 'By lowest price.' })
  price?: PriceFilter | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether any variant is in stock.' })
  inStock?: boolean | null;
  @Field(() => [String], { nullable: true, description: 'Any of these tags.' })
  tags?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Any of these brands.' })
  vendors?: string[] | null;
  @Field(() => [String], { nullable: true, description: 'Any of these product types.' })
  productTypes?: string[] | null;
  @Field(() => [ProductStatus], {
    nullable: true,
    description:
      'For staff, at the top of the filter. One of these, priced here or not. Everybody sees what is published without it.',
  })
  @Directive('@tag(name: "admin")')
  status?: ProductStatus[] | null;
  @Field(() => [ProductFilter], { nullable: true, description: 'All of these hold.' })
  and?: ProductFilter[] | null;
  @Field(() => [ProductFilter], { nullable: true, description: 'At least one of these holds.' })
  or?: ProductFilter[] | null;
}

@InputType({ description: 'What products are put in order by.' })
export class ProductSort {
  @Field(() => ProductSortField, { description: 'By what.' })
  field!: ProductSortField;
  @Field(() => SortDirection, { nullable: true, description: 'Ascending if unsaid.' })
  direction?: SortDirection | null;
}

export enum ProductErrorCode {
  INVALID = 'INVALID',
  NOT_FOUND = 'NOT_FOUND',
  SLUG_TAKEN = 'SLUG_TAKEN',
  SKU_TAKEN = 'SKU_TAKEN',
  CONFLICT = 'CONFLICT',
  WRONG_STATUS = 'WRONG_STATUS',
  NO_VARIANTS = 'NO_VARIANTS',
  NO_PRICE = 'NO_PRICE',
  DUPLICATE_VARIANT = 'DUPLICATE_VARIANT',
  WRONG_TYPE = 'WRONG_TYPE',
  LIMIT = 'LIMIT',
}
registerEnumType(ProductErrorCode, {
  name: 'ProductErrorCode',
  description: 'Why a product was not changed.',
  valuesConfig: {
    INVALID: { description: 'A value is not of its form, too long or out of range.' },
    NOT_FOUND: { description: 'Something named in the input does not exist.' },
    SLUG_TAKEN: { description: 'Another product has this slug.' },
    SKU_TAKEN: { description: 'Something else has this SKU.' },
    CONFLICT: { description: 'It was changed since expectedVersion.' },
    WRONG_STATUS: { description: 'It cannot go from its status to this one.' },
    NO_VARIANTS: { description: 'It would be for sale without a variant.' },
    NO_PRICE: { description: 'It would be for sale without a price.' },
    DUPLICATE_VARIANT: { description: 'Two variants would be the same.' },
    WRONG_TYPE: { description: 'The attribute has another type.' },
    LIMIT: { description: 'More than there may be at once.' },
  },
});

@ObjectType({ implements: UserError, description: 'Why a product was not changed.' })
export class ProductError extends UserError {
  @Field(() => ProductErrorCode, { description: 'For programs.' })
  code!: ProductErrorCode;
}

@ObjectType({ description: 'A product after a change.' })
export class ProductPayload {
  @Field(() => Product, { nullable: true, description: 'The product, if it was changed.' })
  product!: Product | null;
  @Field(() => [ProductError], { description: 'What to correct; empty if it was changed.' })
  errors!: ProductError[];
}

@ObjectType({ description: 'A variant after a change.' })
export class ProductVariantPayload {
  @Field(() => ProductVariant, { nullable: true, description: 'The variant, if it was changed.' })
  variant!: ProductVariant | null;
  @Field(() => [ProductError], { description: 'What to correct; empty if it was changed.' })
  errors!: ProductError[];
}

@ObjectType({ description: 'Variants after their prices were set.' })
export class SetPricesPayload {
  @Field(() => [ProductVariant], {
    description: 'The variants, in the order they were named; empty if nothing was set.',
  })
  variants!: ProductVariant[];
  @Field(() => [ProductError], { description: 'What to correct; empty if all were set.' })
  errors!: ProductError[];
}

@ObjectType({ description: 'What came of setting labels.' })
export class SetLabelsPayload {
  @Field(() => [ProductError], { description: 'What to correct; empty if all were set.' })
  errors!: ProductError[];
}

@InputType({ description: 'A thing by its id, at a version.' })
export class ProductIdInput {
  @Field(() => ID, { description: 'The product.' })
  id!: string;
  @Field(() => Int, { nullable: true, description: 'Refuse if it was changed since this version.' })
  expectedVersion?: number | null;
}
