import { DateTime, Decimal, MoneyInput } from '@souk/kit';
import { Field, ID, InputType, Int } from 'type-graphql';
import { AttributeType } from './attribute.types.ts';

@InputType({ description: 'What search engines are told.' })
export class SeoInput {
  @Field(() => String, { nullable: true, description: 'Title of the page.' })
  title?: string | null;
  @Field(() => String, { nullable: true, description: 'Summary of the page.' })
  description?: string | null;
}

@InputType({ description: 'A price of a variant.' })
export class PriceInput {
  @Field(() => Decimal, { description: 'In the major unit.' })
  amount!: string;
  @Field(() => String, { nullable: true, description: 'ISO 4217 code; the currency of your channel if unsaid.' })
  currency?: string | null;
  @Field(() => Decimal, { nullable: true, description: 'What it cost before; higher than the amount.' })
  compareAt?: string | null;
  @Field(() => ID, { nullable: true, description: 'Where it holds; your channel if unsaid.' })
  channelId?: string | null;
  @Field(() => DateTime, { nullable: true, description: 'When it starts; open if unsaid.' })
  validFrom?: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'When it ends, exclusive; open if unsaid.' })
  validTo?: Date | null;
}

@InputType({ description: 'What variants differ in.' })
export class ProductOptionInput {
  @Field(() => String, { description: 'Such as Colour.' })
  name!: string;
  @Field(() => [String], { description: 'What there is to choose from, in order.' })
  values!: string[];
}

@InputType({ description: 'The value a variant has for an option.' })
export class SelectedOptionInput {
  @Field(() => String, { description: 'Name of the option.' })
  name!: string;
  @Field(() => String, { description: 'The value; one the option does not list yet is added to it.' })
  value!: string;
}

@InputType({ description: 'Something told of a product.' })
export class ProductAttributeInput {
  @Field(() => String, { description: 'Such as capacity; created with the first product that has it.' })
  code!: string;
  @Field(() => String, { description: 'The value: words, a number, or true or false.' })
  value!: string;
  @Field(() => String, { nullable: true, description: 'For a new attribute: what it is called.' })
  name?: string | null;
  @Field(() => AttributeType, {
    nullable: true,
    description: 'For a new attribute: what kind of value it has; TEXT if unsaid.',
  })
  type?: AttributeType | null;
  @Field(() => String, { nullable: true, description: 'For a new attribute: unit of its numbers.' })
  unit?: string | null;
}

@InputType({ description: 'A product in another language. What is left out stays, null takes it back.' })
export class ProductTranslationInput {
  @Field(() => String, { description: 'Language tag, such as de.' })
  locale!: string;
  @Field(() => String, { nullable: true, description: 'The name.' })
  name?: string | null;
  @Field(() => String, { nullable: true, description: 'The description as HTML.' })
  description?: string | null;
  @Field(() => SeoInput, { nullable: true, description: 'What search engines are told.' })
  seo?: SeoInput | null;
}

@InputType({ description: 'A variant of a product that is told as a whole.' })
export class ProductVariantInput {
  @Field(() => [String], { nullable: true, description: 'One value for each option, in the options’ order.' })
  optionValues?: string[] | null;
  @Field(() => String, { nullable: true, description: 'Stock keeping unit; made from the product’s if unsaid.' })
  sku?: string | null;
  @Field(() => String, { nullable: true, description: 'GTIN, EAN, UPC or the like.' })
  barcode?: string | null;
  @Field(() => Int, { nullable: true, description: 'Weight for shipping.' })
  weightGrams?: number | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether it is a thing that is sent; true if unsaid.' })
  requiresShipping?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'False is the tax class zero.' })
  taxable?: boolean | null;
  @Field(() => String, { nullable: true, description: 'Code of its tax class; standard if unsaid.' })
  taxClass?: string | null;
  @Field(() => Int, { nullable: true, description: 'Most that one order may hold.' })
  maxPerOrder?: number | null;
  @Field(() => MoneyInput, { nullable: true, description: 'What it costs the merchant.' })
  cost?: MoneyInput | null;
  @Field(() => [PriceInput], {
    nullable: true,
    description: 'Its prices: all it has in the channels and currencies they name.',
  })
  prices?: PriceInput[] | null;
  @Field(() => String, { nullable: true, description: 'Address of the picture that shows it.' })
  imageUrl?: string | null;
}

@InputType({ description: 'A new product. It is a draft until it is published.' })
export class CreateProductInput {
  @Field(() => String, { description: 'Its name.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'Stock keeping unit; its slug if unsaid.' })
  sku?: string | null;
  @Field(() => String, { nullable: true, description: 'Its part of the web address; made from the name if unsaid.' })
  slug?: string | null;
  @Field(() => String, { nullable: true, description: 'Description as HTML; what is not safe is taken out.' })
  description?: string | null;
  @Field(() => ID, { nullable: true, description: 'Where it is found.' })
  categoryId?: string | null;
  @Field(() => [ID], { nullable: true, description: 'All collections it is in.' })
  collectionIds?: string[] | null;
  @Field(() => String, { nullable: true, description: 'Brand or maker.' })
  vendor?: string | null;
  @Field(() => String, { nullable: true, description: 'What kind of thing it is.' })
  productType?: string | null;
  @Field(() => [String], { nullable: true, description: 'Labels.' })
  tags?: string[] | null;
  @Field(() => SeoInput, { nullable: true, description: 'What search engines are told.' })
  seo?: SeoInput | null;
  @Field(() => MoneyInput, { nullable: true, description: 'What it costs the merchant, where a variant does not say.' })
  cost?: MoneyInput | null;
  @Field(() => [ProductOptionInput], { nullable: true, description: 'What variants differ in.' })
  options?: ProductOptionInput[] | null;
  @Field(() => [ProductVariantInput], {
    nullable: true,
    description: 'All its variants: one that is not among these is archived.',
  })
  variants?: ProductVariantInput[] | null;
  @Field(() => [ProductAttributeInput], { nullable: true, description: 'All that is told of it.' })
  attributes?: ProductAttributeInput[] | null;
  @Field(() => [ProductTranslationInput], { nullable: true, description: 'Other languages.' })
  translations?: ProductTranslationInput[] | null;
}

@InputType({ description: 'A change to a product. What is left out stays, null clears it.' })
export class UpdateProductInput {
  @Field(() => ID, { description: 'The product.' })
  id!: string;
  @Field(() => Int, { nullable: true, description: 'Refuse if it was changed since this version.' })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true, description: 'Its name.' })
  name?: string | null;
  @Field(() => String, { nullable: true, description: 'Stock keeping unit; its slug if unsaid.' })
  sku?: string | null;
  @Field(() => String, { nullable: true, description: 'Its part of the web address; the old one still leads to it.' })
  slug?: string | null;
  @Field(() => String, { nullable: true, description: 'Description as HTML; what is not safe is taken out.' })
  description?: string | null;
  @Field(() => ID, { nullable: true, description: 'Where it is found.' })
  categoryId?: string | null;
  @Field(() => [ID], { nullable: true, description: 'All collections it is in.' })
  collectionIds?: string[] | null;
  @Field(() => String, { nullable: true, description: 'Brand or maker.' })
  vendor?: string | null;
  @Field(() => String, { nullable: true, description: 'What kind of thing it is.' })
  productType?: string | null;
  @Field(() => [String], { nullable: true, description: 'Labels.' })
  tags?: string[] | null;
  @Field(() => SeoInput, { nullable: true, description: 'What search engines are told.' })
  seo?: SeoInput | null;
  @Field(() => MoneyInput, { nullable: true, description: 'What it costs the merchant, where a variant does not say.' })
  cost?: MoneyInput | null;
  @Field(() => [ProductOptionInput], { nullable: true, description: 'What variants differ in.' })
  options?: ProductOptionInput[] | null;
  @Field(() => [ProductVariantInput], {
    nullable: true,
    description: 'All its variants: one that is not among these is archived.',
  })
  variants?: ProductVariantInput[] | null;
  @Field(() => [ProductAttributeInput], { nullable: true, description: 'All that is told of it.' })
  attributes?: ProductAttributeInput[] | null;
  @Field(() => [ProductTranslationInput], { nullable: true, description: 'Other languages.' })
  translations?: ProductTranslationInput[] | null;
}

@InputType({ description: 'A new variant.' })
export class CreateVariantInput {
  @Field(() => ID, { description: 'What it is a variant of.' })
  productId!: string;
  @Field(() => [SelectedOptionInput], { nullable: true, description: 'Its value for each option.' })
  selectedOptions?: SelectedOptionInput[] | null;
  @Field(() => String, { nullable: true, description: 'Stock keeping unit; made from the product’s if unsaid.' })
  sku?: string | null;
  @Field(() => String, { nullable: true, description: 'GTIN, EAN, UPC or the like.' })
  barcode?: string | null;
  @Field(() => Int, { nullable: true, description: 'Weight for shipping.' })
  weightGrams?: number | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether it is a thing that is sent; true if unsaid.' })
  requiresShipping?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'False is the tax class zero.' })
  taxable?: boolean | null;
  @Field(() => String, { nullable: true, description: 'Code of its tax class; standard if unsaid.' })
  taxClass?: string | null;
  @Field(() => Int, { nullable: true, description: 'Most that one order may hold.' })
  maxPerOrder?: number | null;
  @Field(() => MoneyInput, { nullable: true, description: 'What it costs the merchant.' })
  cost?: MoneyInput | null;
  @Field(() => [PriceInput], {
    nullable: true,
    description: 'Its prices: all it has in the channels and currencies they name.',
  })
  prices?: PriceInput[] | null;
  @Field(() => ID, { nullable: true, description: 'The picture of the product that shows it.' })
  mediaId?: string | null;
}

@InputType({ description: 'A change to a variant. What is left out stays, null clears it.' })
export class UpdateVariantInput {
  @Field(() => ID, { description: 'The variant.' })
  id!: string;
  @Field(() => Int, { nullable: true, description: 'Refuse if its product was changed since this version.' })
  expectedVersion?: number | null;
  @Field(() => [SelectedOptionInput], { nullable: true, description: 'Its value for each option.' })
  selectedOptions?: SelectedOptionInput[] | null;
  @Field(() => String, { nullable: true, description: 'Stock keeping unit; made from the product’s if unsaid.' })
  sku?: string | null;
  @Field(() => String, { nullable: true, description: 'GTIN, EAN, UPC or the like.' })
  barcode?: string | null;
  @Field(() => Int, { nullable: true, description: 'Weight for shipping.' })
  weightGrams?: number | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether it is a thing that is sent; true if unsaid.' })
  requiresShipping?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'False is the tax class zero.' })
  taxable?: boolean | null;
  @Field(() => String, { nullable: true, description: 'Code of its tax class; standard if unsaid.' })
  taxClass?: string | null;
  @Field(() => Int, { nullable: true, description: 'Most that one order may hold.' })
  maxPerOrder?: number | null;
  @Field(() => MoneyInput, { nullable: true, description: 'What it costs the merchant.' })
  cost?: MoneyInput | null;
  @Field(() => [PriceInput], {
    nullable: true,
    description: 'Its prices: all it has in the channels and currencies they name.',
  })
  prices?: PriceInput[] | null;
  @Field(() => ID, { nullable: true, description: 'The picture of the product that shows it.' })
  mediaId?: string | null;
}

@InputType({ description: 'A variant to put away.' })
export class ArchiveVariantInput {
  @Field(() => ID, { description: 'The variant.' })
  id!: string;
}

@InputType({ description: 'A price of one variant.' })
export class SetPriceEntry extends PriceInput {
  @Field(() => ID, { description: 'The variant.' })
  variantId!: string;
}

@InputType({
  description: 'Prices of many variants. Each holds within its validity; what stood before and after stays.',
})
export class SetPricesInput {
  @Field(() => [SetPriceEntry], { description: 'At most 500.' })
  entries!: SetPriceEntry[];
  @Field(() => Boolean, { nullable: true, description: 'Only say what would be refused.' })
  dryRun?: boolean | null;
}

@InputType({ description: 'A product in other languages.' })
export class SetTranslationsInput {
  @Field(() => ID, { description: 'The product.' })
  productId!: string;
  @Field(() => [ProductTranslationInput], { description: 'The languages to change.' })
  translations!: ProductTranslationInput[];
  @Field(() => Int, { nullable: true, description: 'Refuse if it was changed since this version.' })
  expectedVersion?: number | null;
}

@InputType({ description: 'A word of options, values or attributes in another language.' })
export class LabelInput {
  @Field(() => String, { description: 'As it is in the shop’s own language.' })
  label!: string;
  @Field(() => String, { nullable: true, description: 'In the other; null takes it back.' })
  translated?: string | null;
}

@InputType({ description: 'Words of options, values and attributes in another language, for all products.' })
export class SetLabelsInput {
  @Field(() => String, { description: 'Language tag, such as de.' })
  locale!: string;
  @Field(() => [LabelInput], { description: 'At most 1000.' })
  labels!: LabelInput[];
}
