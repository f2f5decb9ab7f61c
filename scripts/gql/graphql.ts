/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** A new address. */
export type AddAddressInput = {
  /** Street and number. */
  readonly addressLine1: string;
  /** Flat, floor, building. */
  readonly addressLine2?: string | null | undefined;
  /** City. */
  readonly city: string;
  /** Company. */
  readonly company?: string | null | undefined;
  /** ISO 3166-1 alpha-2 code. */
  readonly country: string;
  /** First name of the recipient. */
  readonly firstName: string;
  /** Whether it becomes the default of its type. The first one does anyway. */
  readonly isDefault?: boolean;
  /** Last name of the recipient. */
  readonly lastName: string;
  /** Telephone number for the carrier. */
  readonly phone?: string | null | undefined;
  /** Postal code. */
  readonly postalCode?: string | null | undefined;
  /** State or province. */
  readonly state?: string | null | undefined;
  /** What it is for; for good. */
  readonly type: AddressType;
};

/** What an address is for. */
export type AddressType =
  /** Invoices go there. */
  | 'BILLING'
  /** Parcels go there. */
  | 'SHIPPING';

/** What kind of value an attribute has. */
export type AttributeType =
  /** Yes or no. */
  | 'BOOLEAN'
  /** A number, perhaps with a unit. */
  | 'NUMBER'
  /** Words. */
  | 'TEXT';

/** A new category. */
export type CreateCategoryInput = {
  /** Description as HTML. */
  readonly description?: string | null | undefined;
  /** Its name. */
  readonly name: string;
  /** What it lies below; nothing for the first level. */
  readonly parentId?: string | number | null | undefined;
  /** Its place among its siblings. */
  readonly position?: number | null | undefined;
  /** Made from the name if unsaid. */
  readonly slug?: string | null | undefined;
  /** Its name in other languages. */
  readonly translations?: ReadonlyArray<NameTranslationInput> | null | undefined;
};

/** A new channel. */
export type CreateChannelInput = {
  /** Lower-case letters, digits and hyphens; for good. */
  readonly code: string;
  /** ISO 4217; for good. */
  readonly currency: string;
  /** Language tag. */
  readonly defaultLocale: string;
  /** Name for people. */
  readonly name: string;
  /** Whether the prices shown hold the tax already; for good. */
  readonly pricesIncludeTax: boolean;
  /** IANA name. */
  readonly timeZone: string;
};

/** A new collection. */
export type CreateCollectionInput = {
  /** Description as HTML. */
  readonly description?: string | null | undefined;
  /** Its name. */
  readonly name: string;
  /** Made from the name if unsaid. */
  readonly slug?: string | null | undefined;
  /** Its name in other languages. */
  readonly translations?: ReadonlyArray<NameTranslationInput> | null | undefined;
};

/** A new way to ship to a zone. */
export type CreateShippingMethodInput = {
  /** More about it for shoppers; 500 characters at most. */
  readonly description?: string | null | undefined;
  /** At most so many days. */
  readonly maxDays?: number | null | undefined;
  /** At least so many days. */
  readonly minDays?: number | null | undefined;
  /** Name for shoppers. */
  readonly name: string;
  /** Place in lists for staff. */
  readonly position?: number | null | undefined;
  /** Code of the tax class of its price; standard if unsaid. */
  readonly taxClass?: string | null | undefined;
  /** 1 to 100 prices. */
  readonly tiers: ReadonlyArray<ShippingTierInput>;
  /** Which zone. */
  readonly zoneId: string | number;
};

/** A new shipping zone. */
export type CreateShippingZoneInput = {
  /** ISO 3166-1 alpha-2 codes. */
  readonly countries?: ReadonlyArray<string>;
  /** Serve every country that no other zone names. */
  readonly everywhereElse?: boolean;
  /** Name for people. */
  readonly name: string;
};

/** A new tax class. */
export type CreateTaxClassInput = {
  /** Lower-case letters, digits, hyphens, underscores; for good. */
  readonly code: string;
  /** Name for people. */
  readonly name: string;
};

/** A new tax rate. */
export type CreateTaxRateInput = {
  /** 0 to 10000; 1900 is 19 percent. */
  readonly basisPoints: number;
  /** Name, such as VAT. */
  readonly name: string;
  /** Code of the tax class. */
  readonly taxClass: string;
  /** From then on; always if unsaid. */
  readonly validFrom?: string | null | undefined;
  /** Until just before then; for good if unsaid. */
  readonly validTo?: string | null | undefined;
  /** Where. */
  readonly zoneId: string | number;
};

/** A new tax zone. */
export type CreateTaxZoneInput = {
  /** Name for people. */
  readonly name: string;
  /** Its places. */
  readonly places: ReadonlyArray<TaxPlaceInput>;
};

/** A warehouse to open. */
export type CreateWarehouseInput = {
  /** Short code, 1 to 32 letters, digits, - or _. Unique, and never changed. */
  readonly code: string;
  /** Two-letter ISO 3166 code of the country it is in. */
  readonly country: string;
  /** What people call it, 1 to 100 characters. */
  readonly name: string;
  /** 0 to 1000; lower is asked for stock first. */
  readonly priority?: number;
};

/** A step of a path of categories. */
export type ImportCategoryInput = {
  /** Its name. */
  readonly name: string;
  /** Its slug; finds it anywhere in the tree. */
  readonly slug?: string | null | undefined;
};

/** A collection. */
export type ImportCollectionInput = {
  /** Its name, if it is new. */
  readonly name?: string | null | undefined;
  /** Its slug. */
  readonly slug: string;
};

/** What a mistake does to the rest of an import. */
export type ImportErrorPolicy =
  /** Nothing is imported. */
  | 'ABORT'
  /** Only the product with the mistake is refused. */
  | 'CONTINUE';

/** A picture by its address. It is recorded, and fetched only where the shop is set up to. */
export type ImportImageInput = {
  /** What it shows. */
  readonly alt?: string | null | undefined;
  /** Its place; in the order given if unsaid. */
  readonly position?: number | null | undefined;
  /** http or https address. */
  readonly src: string;
};

/** A finished order from elsewhere. No stock and no money moves for it. */
export type ImportOrderInput = {
  /** It was cancelled; otherwise it was delivered. */
  readonly cancelled?: boolean;
  /** ISO 4217. */
  readonly currency: string;
  /** The customer’s account here, if there is one. */
  readonly customerId?: string | number | null | undefined;
  /** E-mail address of the customer. */
  readonly email: string;
  /** 1 to 100 lines. */
  readonly lines: ReadonlyArray<ImportOrderLineInput>;
  /** Its number there. Not of the form S-100042, which is ours. */
  readonly orderNumber: string;
  /** When it was placed; in the past. */
  readonly placedAt: string;
  /** Shipping, tax included; 0 if unsaid. */
  readonly shipping?: string | null | undefined;
  /** Where it was shipped. */
  readonly shippingAddress?: OrderAddressInput | null | undefined;
};

/** A line of an order from elsewhere. */
export type ImportOrderLineInput = {
  /** Name as it was sold. */
  readonly name: string;
  /** 1 to 999. */
  readonly quantity: number;
  /** SKU; linked to the variant of that SKU where one is known. */
  readonly sku: string;
  /** Tax rate in percent that the price holds; 0 if unsaid. */
  readonly taxRate?: string | null | undefined;
  /** Price of one unit, tax included, in the order’s currency. */
  readonly unitPrice: string;
};

/** What became of one imported order. */
export type ImportOrderOutcome =
  /** It is new here. */
  | 'CREATED'
  /** It has mistakes; `errors` names them. */
  | 'REFUSED'
  /** An order with its number was here before. */
  | 'UNCHANGED';

/** Finished orders from elsewhere. */
export type ImportOrdersInput = {
  /** Checks them and keeps nothing. */
  readonly dryRun?: boolean;
  /** 1 to 100 orders. */
  readonly orders: ReadonlyArray<ImportOrderInput>;
};

/** What became of a product of an import. */
export type ImportOutcome =
  /** It is new. */
  | 'CREATED'
  /** It has mistakes; nothing of it was taken. */
  | 'REFUSED'
  /** It is fine, but another was refused and the import was to stop at that. */
  | 'SKIPPED'
  /** It was so already. */
  | 'UNCHANGED'
  /** It was changed. */
  | 'UPDATED';

/** A product told as a whole. What is left out of a known product stays, null clears it. */
export type ImportProductInput = {
  /** All that is told of it. */
  readonly attributes?: ReadonlyArray<ProductAttributeInput> | null | undefined;
  /** From the first level down; what does not exist is created. */
  readonly categoryPath?: ReadonlyArray<ImportCategoryInput> | null | undefined;
  /** All collections it is in; what does not exist is created. */
  readonly collections?: ReadonlyArray<ImportCollectionInput> | null | undefined;
  /** What it costs the merchant, where a variant does not say. */
  readonly cost?: MoneyInput | null | undefined;
  /** Description as HTML; what is not safe is taken out. */
  readonly description?: string | null | undefined;
  /** Which product: its slug, present or earlier. */
  readonly handle: string;
  /** All its pictures that have an address. */
  readonly images?: ReadonlyArray<ImportImageInput> | null | undefined;
  /** Its name; required for a new one. */
  readonly name?: string | null | undefined;
  /** What variants differ in. Title of Default Title is none. */
  readonly options?: ReadonlyArray<ProductOptionInput> | null | undefined;
  /** What kind of thing it is. */
  readonly productType?: string | null | undefined;
  /** Whether it is for sale; a new one is a draft if unsaid. */
  readonly published?: boolean | null | undefined;
  /** What search engines are told. */
  readonly seo?: SeoInput | null | undefined;
  /** Stock keeping unit; its slug if unsaid. */
  readonly sku?: string | null | undefined;
  /** Labels. */
  readonly tags?: ReadonlyArray<string> | null | undefined;
  /** Other languages. */
  readonly translations?: ReadonlyArray<ProductTranslationInput> | null | undefined;
  /** All its variants, known by SKU or option values: one that is not among these is archived. */
  readonly variants?: ReadonlyArray<ProductVariantInput> | null | undefined;
  /** Brand or maker. */
  readonly vendor?: string | null | undefined;
};

/** Products to create or to bring up to date. The same again changes nothing. */
export type ImportProductsInput = {
  /** Only say what would happen. */
  readonly dryRun?: boolean | null | undefined;
  /** CONTINUE if unsaid. */
  readonly errorPolicy?: ImportErrorPolicy | null | undefined;
  /** At most 100. */
  readonly products: ReadonlyArray<ImportProductInput>;
};

/** A word of options, values or attributes in another language. */
export type LabelInput = {
  /** As it is in the shop’s own language. */
  readonly label: string;
  /** In the other; null takes it back. */
  readonly translated?: string | null | undefined;
};

/** An amount in a currency. */
export type MoneyInput = {
  /** In the major unit, as text. */
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
};

/** A name in another language. */
export type NameTranslationInput = {
  /** The description as HTML. */
  readonly description?: string | null | undefined;
  /** Language tag, such as de. */
  readonly locale: string;
  /** The name. */
  readonly name: string;
};

/** Where parcels or bills go. */
export type OrderAddressInput = {
  /** Street and number. */
  readonly addressLine1: string;
  /** More of the street. */
  readonly addressLine2?: string | null | undefined;
  /** City. */
  readonly city: string;
  /** Company. */
  readonly company?: string | null | undefined;
  /** ISO 3166-1 alpha-2 code, such as DE. */
  readonly country: string;
  /** First name. */
  readonly firstName: string;
  /** Last name. */
  readonly lastName: string;
  /** Phone number. */
  readonly phone?: string | null | undefined;
  /** Postal code. */
  readonly postalCode?: string | null | undefined;
  /** State or province. */
  readonly state?: string | null | undefined;
};

/** A price of a variant. */
export type PriceInput = {
  /** In the major unit. */
  readonly amount: string;
  /** Where it holds; your channel if unsaid. */
  readonly channelId?: string | number | null | undefined;
  /** What it cost before; higher than the amount. */
  readonly compareAt?: string | null | undefined;
  /** ISO 4217 code; the currency of your channel if unsaid. */
  readonly currency?: string | null | undefined;
  /** When it starts; open if unsaid. */
  readonly validFrom?: string | null | undefined;
  /** When it ends, exclusive; open if unsaid. */
  readonly validTo?: string | null | undefined;
};

/** Something told of a product. */
export type ProductAttributeInput = {
  /** Such as capacity; created with the first product that has it. */
  readonly code: string;
  /** For a new attribute: what it is called. */
  readonly name?: string | null | undefined;
  /** For a new attribute: what kind of value it has; TEXT if unsaid. */
  readonly type?: AttributeType | null | undefined;
  /** For a new attribute: unit of its numbers. */
  readonly unit?: string | null | undefined;
  /** The value: words, a number, or true or false. */
  readonly value: string;
};

/** Why a product was not changed. */
export type ProductErrorCode =
  /** It was changed since expectedVersion. */
  | 'CONFLICT'
  /** Two variants would be the same. */
  | 'DUPLICATE_VARIANT'
  /** A value is not of its form, too long or out of range. */
  | 'INVALID'
  /** More than there may be at once. */
  | 'LIMIT'
  /** Something named in the input does not exist. */
  | 'NOT_FOUND'
  /** It would be for sale without a price. */
  | 'NO_PRICE'
  /** It would be for sale without a variant. */
  | 'NO_VARIANTS'
  /** Something else has this SKU. */
  | 'SKU_TAKEN'
  /** Another product has this slug. */
  | 'SLUG_TAKEN'
  /** It cannot go from its status to this one. */
  | 'WRONG_STATUS'
  /** The attribute has another type. */
  | 'WRONG_TYPE';

/** What variants differ in. */
export type ProductOptionInput = {
  /** Such as Colour. */
  readonly name: string;
  /** What there is to choose from, in order. */
  readonly values: ReadonlyArray<string>;
};

/** Whether a product is for sale. */
export type ProductStatus =
  /** Put away. Orders go on showing it. */
  | 'ARCHIVED'
  /** Not yet, or not now: only staff see it. */
  | 'DRAFT'
  /** For sale. */
  | 'PUBLISHED';

/** A product in another language. What is left out stays, null takes it back. */
export type ProductTranslationInput = {
  /** The description as HTML. */
  readonly description?: string | null | undefined;
  /** Language tag, such as de. */
  readonly locale: string;
  /** The name. */
  readonly name?: string | null | undefined;
  /** What search engines are told. */
  readonly seo?: SeoInput | null | undefined;
};

/** A variant of a product that is told as a whole. */
export type ProductVariantInput = {
  /** GTIN, EAN, UPC or the like. */
  readonly barcode?: string | null | undefined;
  /** What it costs the merchant. */
  readonly cost?: MoneyInput | null | undefined;
  /** Address of the picture that shows it. */
  readonly imageUrl?: string | null | undefined;
  /** Most that one order may hold. */
  readonly maxPerOrder?: number | null | undefined;
  /** One value for each option, in the options’ order. */
  readonly optionValues?: ReadonlyArray<string> | null | undefined;
  /** Its prices: all it has in the channels and currencies they name. */
  readonly prices?: ReadonlyArray<PriceInput> | null | undefined;
  /** Whether it is a thing that is sent; true if unsaid. */
  readonly requiresShipping?: boolean | null | undefined;
  /** Stock keeping unit; made from the product’s if unsaid. */
  readonly sku?: string | null | undefined;
  /** Code of its tax class; standard if unsaid. */
  readonly taxClass?: string | null | undefined;
  /** False is the tax class zero. */
  readonly taxable?: boolean | null | undefined;
  /** Weight for shipping. */
  readonly weightGrams?: number | null | undefined;
};

/** A new account. */
export type RegisterInput = {
  /** E-mail address. */
  readonly email: string;
  /** First name. */
  readonly firstName: string;
  /** Last name. */
  readonly lastName: string;
  /** Language tag; that of the request if unsaid. */
  readonly locale?: string | null | undefined;
  /** 10 to 200 characters of any kind, and none of the well-known ones. */
  readonly password: string;
  /** Telephone number. */
  readonly phone?: string | null | undefined;
};

/** What an account may do in the shop. */
export type Role =
  /** May whatever any role may, and sets roles. */
  | 'ADMIN'
  /** Buys. Every account may. */
  | 'CUSTOMER'
  /** Keeps taxes and shipping rates, refunds, reads the ledger. */
  | 'FINANCE'
  /** Keeps the catalogue and its prices. */
  | 'MERCHANDISER'
  /** Helps customers: sees accounts and orders, cancels, suspends customers. */
  | 'SUPPORT'
  /** Keeps the stock and ships. */
  | 'WAREHOUSE';

/** The value a variant has for an option. */
export type SelectedOptionInput = {
  /** Name of the option. */
  readonly name: string;
  /** The value; one the option does not list yet is added to it. */
  readonly value: string;
};

/** What search engines are told. */
export type SeoInput = {
  /** Summary of the page. */
  readonly description?: string | null | undefined;
  /** Title of the page. */
  readonly title?: string | null | undefined;
};

/** What a collection holds. */
export type SetCollectionProductsInput = {
  /** Refuse if it was changed since this version. */
  readonly expectedVersion?: number | null | undefined;
  /** The collection. */
  readonly id: string | number;
  /** Its products, first to last; at most 1000. */
  readonly productIds: ReadonlyArray<string | number>;
};

/** Words of options, values and attributes in another language, for all products. */
export type SetLabelsInput = {
  /** At most 1000. */
  readonly labels: ReadonlyArray<LabelInput>;
  /** Language tag, such as de. */
  readonly locale: string;
};

/** Levels to set. */
export type SetStockLevelsInput = {
  /** Only tell what would become of the levels. */
  readonly dryRun?: boolean;
  /** 1 to 100 levels; all are set, or none. */
  readonly entries: ReadonlyArray<StockCountInput>;
  /** 8 to 200 characters: the same key with the same input changes stock once. */
  readonly idempotencyKey: string;
  /** Why, up to 500 characters. */
  readonly reason?: string | null | undefined;
};

/** Whose roles become which. */
export type SetUserRolesInput = {
  /** Refuses the change where the account has another version by now. */
  readonly expectedVersion?: number | null | undefined;
  /** Whose account. */
  readonly id: string | number;
  /** All roles the account shall have; CUSTOMER stays, named or not. */
  readonly roles: ReadonlyArray<Role>;
};

/** A price for a range of weight and subtotal. Ranges hold their begin and not their end. */
export type ShippingTierInput = {
  /** What it costs in a currency, as prices are shown in the channel. */
  readonly price: MoneyInput;
  /** From this subtotal in the price’s currency; 0 if unsaid. */
  readonly subtotalFrom?: string | null | undefined;
  /** Below this subtotal; any if unsaid. */
  readonly subtotalTo?: string | null | undefined;
  /** From so many grams; 0 if unsaid. */
  readonly weightGramsFrom?: number | null | undefined;
  /** Below so many grams; any weight if unsaid. */
  readonly weightGramsTo?: number | null | undefined;
};

/** Who signs in. */
export type SignInInput = {
  /** E-mail address of the account. */
  readonly email: string;
  /** Its password. */
  readonly password: string;
};

/** What was counted of a variant in a warehouse. */
export type StockCountInput = {
  /** Units on hand before, as the counter saw them (0 for a new level): refused where that is not so. */
  readonly changeFromQuantity: number;
  /** Low-stock mark: null takes it away, left out it stays. */
  readonly lowStockAt?: number | null | undefined;
  /** Units on hand, 0 to 1,000,000. */
  readonly quantity: number;
  /** What was counted. */
  readonly variantId: string | number;
  /** Where. */
  readonly warehouseId: string | number;
};

/** Why stock was not changed. */
export type StockErrorCode =
  /** A level is named twice. */
  | 'DUPLICATE_ENTRY'
  /** The key was used for another request, or is too short or too long. */
  | 'IDEMPOTENCY_CONFLICT'
  /** Less is free than would go. */
  | 'INSUFFICIENT_STOCK'
  /** The low-stock mark is out of range. */
  | 'INVALID_LOW_STOCK_MARK'
  /** The quantity is out of range. */
  | 'INVALID_QUANTITY'
  /** The reason is too long. */
  | 'INVALID_REASON'
  /** There is no such variant on sale, or no such warehouse. */
  | 'NOT_FOUND'
  /** Nothing was named. */
  | 'NO_ENTRIES'
  /** A transfer needs two warehouses. */
  | 'SAME_WAREHOUSE'
  /** The quantity on hand is not `changeFromQuantity`. */
  | 'STALE_QUANTITY'
  /** More entries than one change takes. */
  | 'TOO_MANY_ENTRIES'
  /** The warehouse takes no stock. */
  | 'WAREHOUSE_CLOSED';

/** A country, or a state of one. */
export type TaxPlaceInput = {
  /** ISO 3166-1 alpha-2 code. */
  readonly country: string;
  /** State as addresses write it; the whole country if unsaid. */
  readonly state?: string | null | undefined;
};

/** A change to a variant. What is left out stays, null clears it. */
export type UpdateVariantInput = {
  /** GTIN, EAN, UPC or the like. */
  readonly barcode?: string | null | undefined;
  /** What it costs the merchant. */
  readonly cost?: MoneyInput | null | undefined;
  /** Refuse if its product was changed since this version. */
  readonly expectedVersion?: number | null | undefined;
  /** The variant. */
  readonly id: string | number;
  /** Most that one order may hold. */
  readonly maxPerOrder?: number | null | undefined;
  /** The picture of the product that shows it. */
  readonly mediaId?: string | number | null | undefined;
  /** Its prices: all it has in the channels and currencies they name. */
  readonly prices?: ReadonlyArray<PriceInput> | null | undefined;
  /** Whether it is a thing that is sent; true if unsaid. */
  readonly requiresShipping?: boolean | null | undefined;
  /** Its value for each option. */
  readonly selectedOptions?: ReadonlyArray<SelectedOptionInput> | null | undefined;
  /** Stock keeping unit; made from the product’s if unsaid. */
  readonly sku?: string | null | undefined;
  /** Code of its tax class; standard if unsaid. */
  readonly taxClass?: string | null | undefined;
  /** False is the tax class zero. */
  readonly taxable?: boolean | null | undefined;
  /** Weight for shipping. */
  readonly weightGrams?: number | null | undefined;
};

/** A picture in the request itself. */
export type UploadMediaInput = {
  /** What it shows. */
  readonly alt?: string | null | undefined;
  /** The file in base64, up to about 700 kB. For bigger ones see createMediaUpload. */
  readonly contentBase64: string;
  /** Its place; last if unsaid. */
  readonly position?: number | null | undefined;
  /** The product it shows. */
  readonly productId: string | number;
};

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { readonly signIn: { readonly session: { readonly accessToken: string, readonly expiresAt: string } | null, readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type WhoAmIQueryVariables = Exact<{ [key: string]: never; }>;


export type WhoAmIQuery = { readonly me: { readonly roles: ReadonlyArray<Role> } | null, readonly channels: ReadonlyArray<{ readonly id: string, readonly code: string, readonly currency: string, readonly active: boolean }> };

export type WarehousesQueryVariables = Exact<{ [key: string]: never; }>;


export type WarehousesQuery = { readonly warehouses: ReadonlyArray<{ readonly id: string, readonly code: string, readonly name: string, readonly priority: number, readonly active: boolean }> };

export type ImportProductsMutationVariables = Exact<{
  input: ImportProductsInput;
}>;


export type ImportProductsMutation = { readonly importProducts: { readonly results: ReadonlyArray<{ readonly handle: string, readonly outcome: ImportOutcome, readonly product: { readonly id: string, readonly status: ProductStatus, readonly variants: ReadonlyArray<{ readonly id: string, readonly sku: string }> } | null, readonly errors: ReadonlyArray<{ readonly code: ProductErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> }>, readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type StockLevelsQueryVariables = Exact<{
  ids: ReadonlyArray<string | number> | string | number;
}>;


export type StockLevelsQuery = { readonly nodes: ReadonlyArray<
    | { readonly __typename: 'Cart' }
    | { readonly __typename: 'Category' }
    | { readonly __typename: 'Channel' }
    | { readonly __typename: 'Collection' }
    | { readonly __typename: 'Media' }
    | { readonly __typename: 'Message' }
    | { readonly __typename: 'Order' }
    | { readonly __typename: 'Payment' }
    | { readonly __typename: 'Product' }
    | { readonly __typename: 'ProductVariant', readonly id: string, readonly stock: { readonly available: number } | null, readonly levels: ReadonlyArray<{ readonly onHand: number, readonly warehouse: { readonly id: string } }> | null }
    | { readonly __typename: 'ShippingMethod' }
    | { readonly __typename: 'ShippingZone' }
    | { readonly __typename: 'TaxClass' }
    | { readonly __typename: 'TaxZone' }
    | { readonly __typename: 'User' }
    | { readonly __typename: 'UserAddress' }
    | { readonly __typename: 'Warehouse' }
   | null> };

export type SetStockLevelsMutationVariables = Exact<{
  input: SetStockLevelsInput;
}>;


export type SetStockLevelsMutation = { readonly setStockLevels: { readonly errors: ReadonlyArray<{ readonly code: StockErrorCode, readonly message: string, readonly field: ReadonlyArray<string> | null }> } };

export type ChannelsQueryVariables = Exact<{ [key: string]: never; }>;


export type ChannelsQuery = { readonly channels: ReadonlyArray<{ readonly id: string, readonly code: string }> };

export type CreateChannelMutationVariables = Exact<{
  input: CreateChannelInput;
}>;


export type CreateChannelMutation = { readonly createChannel: { readonly channel: { readonly id: string, readonly code: string } | null, readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type CreateWarehouseMutationVariables = Exact<{
  input: CreateWarehouseInput;
}>;


export type CreateWarehouseMutation = { readonly createWarehouse: { readonly warehouse: { readonly id: string, readonly code: string } | null, readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type TaxRulesQueryVariables = Exact<{ [key: string]: never; }>;


export type TaxRulesQuery = { readonly taxClasses: ReadonlyArray<{ readonly code: string }>, readonly taxZones: ReadonlyArray<{ readonly id: string, readonly name: string, readonly rates: ReadonlyArray<{ readonly taxClass: string, readonly validFrom: string | null }> }> };

export type CreateTaxClassMutationVariables = Exact<{
  input: CreateTaxClassInput;
}>;


export type CreateTaxClassMutation = { readonly createTaxClass: { readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type CreateTaxZoneMutationVariables = Exact<{
  input: CreateTaxZoneInput;
}>;


export type CreateTaxZoneMutation = { readonly createTaxZone: { readonly taxZone: { readonly id: string } | null, readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type CreateTaxRateMutationVariables = Exact<{
  input: CreateTaxRateInput;
}>;


export type CreateTaxRateMutation = { readonly createTaxRate: { readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type ShippingRulesQueryVariables = Exact<{ [key: string]: never; }>;


export type ShippingRulesQuery = { readonly shippingZones: ReadonlyArray<{ readonly id: string, readonly name: string, readonly methods: ReadonlyArray<{ readonly name: string }> }> };

export type CreateShippingZoneMutationVariables = Exact<{
  input: CreateShippingZoneInput;
}>;


export type CreateShippingZoneMutation = { readonly createShippingZone: { readonly shippingZone: { readonly id: string } | null, readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type CreateShippingMethodMutationVariables = Exact<{
  input: CreateShippingMethodInput;
}>;


export type CreateShippingMethodMutation = { readonly createShippingMethod: { readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type CategoryTreeQueryVariables = Exact<{ [key: string]: never; }>;


export type CategoryTreeQuery = { readonly categories: ReadonlyArray<{ readonly id: string, readonly slug: string, readonly children: ReadonlyArray<{ readonly id: string, readonly slug: string }> }> };

export type CreateCategoryMutationVariables = Exact<{
  input: CreateCategoryInput;
}>;


export type CreateCategoryMutation = { readonly createCategory: { readonly category: { readonly id: string } | null, readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type SetLabelsMutationVariables = Exact<{
  input: SetLabelsInput;
}>;


export type SetLabelsMutation = { readonly setLabels: { readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type CollectionBySlugQueryVariables = Exact<{
  slug: string;
}>;


export type CollectionBySlugQuery = { readonly collectionBySlug: { readonly id: string, readonly products: { readonly nodes: ReadonlyArray<{ readonly id: string }> } } | null };

export type CreateCollectionMutationVariables = Exact<{
  input: CreateCollectionInput;
}>;


export type CreateCollectionMutation = { readonly createCollection: { readonly collection: { readonly id: string } | null, readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type SetCollectionProductsMutationVariables = Exact<{
  input: SetCollectionProductsInput;
}>;


export type SetCollectionProductsMutation = { readonly setCollectionProducts: { readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type SeedProductsMutationVariables = Exact<{
  input: ImportProductsInput;
}>;


export type SeedProductsMutation = { readonly importProducts: { readonly results: ReadonlyArray<{ readonly handle: string, readonly outcome: ImportOutcome, readonly product: { readonly id: string, readonly media: ReadonlyArray<{ readonly id: string, readonly alt: string }>, readonly variants: ReadonlyArray<{ readonly id: string, readonly sku: string, readonly media: { readonly id: string } | null }> } | null, readonly errors: ReadonlyArray<{ readonly message: string, readonly field: ReadonlyArray<string> | null }> }>, readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type UploadMediaMutationVariables = Exact<{
  input: UploadMediaInput;
}>;


export type UploadMediaMutation = { readonly uploadMedia: { readonly media: { readonly id: string } | null, readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type ShowVariantMutationVariables = Exact<{
  input: UpdateVariantInput;
}>;


export type ShowVariantMutation = { readonly updateVariant: { readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type FindAccountQueryVariables = Exact<{
  search: string;
}>;


export type FindAccountQuery = { readonly users: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly email: string, readonly roles: ReadonlyArray<Role> }> } };

export type RegisterMutationVariables = Exact<{
  input: RegisterInput;
}>;


export type RegisterMutation = { readonly register: { readonly session: { readonly user: { readonly id: string, readonly email: string, readonly roles: ReadonlyArray<Role> } | null } | null, readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type SetUserRolesMutationVariables = Exact<{
  input: SetUserRolesInput;
}>;


export type SetUserRolesMutation = { readonly setUserRoles: { readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type AddressBookQueryVariables = Exact<{ [key: string]: never; }>;


export type AddressBookQuery = { readonly me: { readonly addresses: ReadonlyArray<{ readonly type: AddressType, readonly addressLine1: string }> } | null };

export type AddAddressMutationVariables = Exact<{
  input: AddAddressInput;
}>;


export type AddAddressMutation = { readonly addAddress: { readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type ImportOrdersMutationVariables = Exact<{
  input: ImportOrdersInput;
}>;


export type ImportOrdersMutation = { readonly importOrders: { readonly results: ReadonlyArray<{ readonly orderNumber: string, readonly outcome: ImportOrderOutcome, readonly errors: ReadonlyArray<{ readonly message: string, readonly field: ReadonlyArray<string> | null }> }> | null, readonly errors: ReadonlyArray<{ readonly message: string }> } };


export const SignInDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SignIn"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SignInInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"signIn"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<SignInMutation, SignInMutationVariables>;
export const WhoAmIDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WhoAmI"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"me"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"roles"}}]}},{"kind":"Field","name":{"kind":"Name","value":"channels"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"active"}}]}}]}}]} as unknown as DocumentNode<WhoAmIQuery, WhoAmIQueryVariables>;
export const WarehousesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Warehouses"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"warehouses"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"priority"}},{"kind":"Field","name":{"kind":"Name","value":"active"}}]}}]}}]} as unknown as DocumentNode<WarehousesQuery, WarehousesQueryVariables>;
export const ImportProductsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ImportProducts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ImportProductsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importProducts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"handle"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"product"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"sku"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ImportProductsMutation, ImportProductsMutationVariables>;
export const StockLevelsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"StockLevels"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ids"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ids"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProductVariant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"stock"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"available"}}]}},{"kind":"Field","name":{"kind":"Name","value":"levels"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"onHand"}},{"kind":"Field","name":{"kind":"Name","value":"warehouse"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<StockLevelsQuery, StockLevelsQueryVariables>;
export const SetStockLevelsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SetStockLevels"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SetStockLevelsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"setStockLevels"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<SetStockLevelsMutation, SetStockLevelsMutationVariables>;
export const ChannelsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Channels"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channels"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}}]}}]}}]} as unknown as DocumentNode<ChannelsQuery, ChannelsQueryVariables>;
export const CreateChannelDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateChannel"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateChannelInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createChannel"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"channel"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CreateChannelMutation, CreateChannelMutationVariables>;
export const CreateWarehouseDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateWarehouse"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateWarehouseInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createWarehouse"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"warehouse"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CreateWarehouseMutation, CreateWarehouseMutationVariables>;
export const TaxRulesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"TaxRules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"taxClasses"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}}]}},{"kind":"Field","name":{"kind":"Name","value":"taxZones"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"rates"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"taxClass"}},{"kind":"Field","name":{"kind":"Name","value":"validFrom"}}]}}]}}]}}]} as unknown as DocumentNode<TaxRulesQuery, TaxRulesQueryVariables>;
export const CreateTaxClassDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateTaxClass"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateTaxClassInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createTaxClass"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CreateTaxClassMutation, CreateTaxClassMutationVariables>;
export const CreateTaxZoneDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateTaxZone"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateTaxZoneInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createTaxZone"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"taxZone"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CreateTaxZoneMutation, CreateTaxZoneMutationVariables>;
export const CreateTaxRateDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateTaxRate"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateTaxRateInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createTaxRate"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CreateTaxRateMutation, CreateTaxRateMutationVariables>;
export const ShippingRulesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"ShippingRules"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"shippingZones"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"methods"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]}}]} as unknown as DocumentNode<ShippingRulesQuery, ShippingRulesQueryVariables>;
export const CreateShippingZoneDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateShippingZone"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateShippingZoneInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createShippingZone"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"shippingZone"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CreateShippingZoneMutation, CreateShippingZoneMutationVariables>;
export const CreateShippingMethodDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateShippingMethod"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateShippingMethodInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createShippingMethod"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CreateShippingMethodMutation, CreateShippingMethodMutationVariables>;
export const CategoryTreeDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CategoryTree"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"categories"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"slug"}},{"kind":"Field","name":{"kind":"Name","value":"children"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"slug"}}]}}]}}]}}]} as unknown as DocumentNode<CategoryTreeQuery, CategoryTreeQueryVariables>;
export const CreateCategoryDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateCategory"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateCategoryInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createCategory"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"category"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CreateCategoryMutation, CreateCategoryMutationVariables>;
export const SetLabelsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SetLabels"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SetLabelsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"setLabels"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<SetLabelsMutation, SetLabelsMutationVariables>;
export const CollectionBySlugDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CollectionBySlug"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"slug"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"collectionBySlug"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"slug"},"value":{"kind":"Variable","name":{"kind":"Name","value":"slug"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"products"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"100"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]} as unknown as DocumentNode<CollectionBySlugQuery, CollectionBySlugQueryVariables>;
export const CreateCollectionDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CreateCollection"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CreateCollectionInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"createCollection"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"collection"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<CreateCollectionMutation, CreateCollectionMutationVariables>;
export const SetCollectionProductsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SetCollectionProducts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SetCollectionProductsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"setCollectionProducts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<SetCollectionProductsMutation, SetCollectionProductsMutationVariables>;
export const SeedProductsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SeedProducts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ImportProductsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importProducts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"handle"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"product"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"media"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"alt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"sku"}},{"kind":"Field","name":{"kind":"Name","value":"media"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<SeedProductsMutation, SeedProductsMutationVariables>;
export const UploadMediaDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UploadMedia"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UploadMediaInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"uploadMedia"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"media"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<UploadMediaMutation, UploadMediaMutationVariables>;
export const ShowVariantDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ShowVariant"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UpdateVariantInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"updateVariant"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ShowVariantMutation, ShowVariantMutationVariables>;
export const FindAccountDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"FindAccount"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"search"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"users"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"search"},"value":{"kind":"Variable","name":{"kind":"Name","value":"search"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"IntValue","value":"20"}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}}]}}]}}]}}]} as unknown as DocumentNode<FindAccountQuery, FindAccountQueryVariables>;
export const RegisterDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"Register"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RegisterInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"register"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"user"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"email"}},{"kind":"Field","name":{"kind":"Name","value":"roles"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<RegisterMutation, RegisterMutationVariables>;
export const SetUserRolesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SetUserRoles"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SetUserRolesInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"setUserRoles"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<SetUserRolesMutation, SetUserRolesMutationVariables>;
export const AddressBookDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"AddressBook"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"me"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"addresses"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"type"}},{"kind":"Field","name":{"kind":"Name","value":"addressLine1"}}]}}]}}]}}]} as unknown as DocumentNode<AddressBookQuery, AddressBookQueryVariables>;
export const AddAddressDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AddAddress"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AddAddressInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"addAddress"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<AddAddressMutation, AddAddressMutationVariables>;
export const ImportOrdersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ImportOrders"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ImportOrdersInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importOrders"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"orderNumber"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ImportOrdersMutation, ImportOrdersMutationVariables>;