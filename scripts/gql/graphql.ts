/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** What kind of value an attribute has. */
export type AttributeType =
  /** Yes or no. */
  | 'BOOLEAN'
  /** A number, perhaps with a unit. */
  | 'NUMBER'
  /** Words. */
  | 'TEXT';

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

/** An amount in a currency. */
export type MoneyInput = {
  /** In the major unit, as text. */
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
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

/** What search engines are told. */
export type SeoInput = {
  /** Summary of the page. */
  readonly description?: string | null | undefined;
  /** Title of the page. */
  readonly title?: string | null | undefined;
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


export const SignInDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SignIn"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SignInInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"signIn"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"session"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<SignInMutation, SignInMutationVariables>;
export const WhoAmIDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"WhoAmI"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"me"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"roles"}}]}},{"kind":"Field","name":{"kind":"Name","value":"channels"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"currency"}},{"kind":"Field","name":{"kind":"Name","value":"active"}}]}}]}}]} as unknown as DocumentNode<WhoAmIQuery, WhoAmIQueryVariables>;
export const WarehousesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Warehouses"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"warehouses"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"priority"}},{"kind":"Field","name":{"kind":"Name","value":"active"}}]}}]}}]} as unknown as DocumentNode<WarehousesQuery, WarehousesQueryVariables>;
export const ImportProductsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ImportProducts"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ImportProductsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"importProducts"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"handle"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"product"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"variants"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"sku"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ImportProductsMutation, ImportProductsMutationVariables>;
export const StockLevelsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"StockLevels"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"ids"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"nodes"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"ids"},"value":{"kind":"Variable","name":{"kind":"Name","value":"ids"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProductVariant"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"stock"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"available"}}]}},{"kind":"Field","name":{"kind":"Name","value":"levels"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"onHand"}},{"kind":"Field","name":{"kind":"Name","value":"warehouse"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}}]}}]}}]}}]} as unknown as DocumentNode<StockLevelsQuery, StockLevelsQueryVariables>;
export const SetStockLevelsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SetStockLevels"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SetStockLevelsInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"setStockLevels"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"errors"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"field"}}]}}]}}]}}]} as unknown as DocumentNode<SetStockLevelsMutation, SetStockLevelsMutationVariables>;