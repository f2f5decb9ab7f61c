import type { Drawing } from './pictures.ts';

/** Locales the catalogue is translated into, in part; what is not translated stays English. */
export type Locale = 'de' | 'ja' | 'ar';
export type PriceCurrency = 'EUR' | 'USD';
export type TaxClass = 'standard' | 'reduced';
export type WarehouseCode = 'rotterdam' | 'newark';

export interface Catalogue {
  categories: readonly Category[];
  collections: readonly Collection[];
  attributes: readonly AttributeDefinition[];
  warehouses: readonly Warehouse[];
  products: readonly Product[];
  /** Names of options and their values in other locales: `Colour` → `Farbe`. */
  words: Readonly<Record<Locale, Readonly<Record<string, string>>>>;
}

export interface Category {
  slug: string;
  name: string;
  description: string;
  /** Null at the first level; the tree is two levels deep and parents come before their children. */
  parent: string | null;
  translations: Readonly<Partial<Record<Locale, { name: string }>>>;
}

export interface Collection {
  slug: string;
  name: string;
  description: string;
  /** Product slugs in the order the shop shows them. */
  products: readonly string[];
  translations: Readonly<Partial<Record<Locale, { name: string }>>>;
}

export type AttributeType = 'TEXT' | 'NUMBER' | 'BOOLEAN';

export interface AttributeDefinition {
  code: string;
  name: string;
  type: AttributeType;
  /** Unit of a number, as it is shown: `mm`, `ml`. */
  unit: string | null;
  translations: Readonly<Partial<Record<Locale, { name: string }>>>;
}

export interface Warehouse {
  code: WarehouseCode;
  name: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  city: string;
  /** A lower number is asked first. */
  priority: number;
}

export interface Product {
  slug: string;
  sku: string;
  name: string;
  descriptionHtml: string;
  category: string;
  brand: string;
  tags: readonly string[];
  taxClass: TaxClass;
  seo: { title: string; description: string };
  attributes: readonly AttributeValue[];
  options: readonly { name: string; values: readonly string[] }[];
  variants: readonly Variant[];
  pictures: readonly Picture[];
  translations: Readonly<Partial<Record<Locale, ProductTranslation>>>;
}

export interface AttributeValue {
  code: string;
  value: string | number | boolean;
}

export interface Variant {
  sku: string;
  /** One value per option of the product, in the options' order; empty for a product without options. */
  optionValues: readonly string[];
  prices: readonly Price[];
  /** What the shop pays for it, EUR cents. */
  costMinor: number;
  weightGrams: number;
  stock: readonly { warehouse: WarehouseCode; quantity: number }[];
  /** Key of the picture that shows this variant. */
  picture: string;
}

export interface Price {
  currency: PriceCurrency;
  amountMinor: number;
  compareAtMinor: number | null;
}

export interface Picture {
  /** Unique in the catalogue; a fair file name without its extension. */
  key: string;
  alt: string;
  drawing: Drawing;
}

export interface ProductTranslation {
  name: string;
  descriptionHtml?: string;
}
