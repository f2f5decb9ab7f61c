/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      session {\n        accessToken\n        expiresAt\n      }\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.SignInDocument,
    "\n  query WhoAmI {\n    me {\n      roles\n    }\n    channels {\n      id\n      code\n      currency\n      active\n    }\n  }\n": typeof types.WhoAmIDocument,
    "\n  query Warehouses {\n    warehouses {\n      id\n      code\n      name\n      priority\n      active\n    }\n  }\n": typeof types.WarehousesDocument,
    "\n  mutation ImportProducts($input: ImportProductsInput!) {\n    importProducts(input: $input) {\n      results {\n        handle\n        outcome\n        product {\n          id\n          status\n          variants {\n            id\n            sku\n          }\n        }\n        errors {\n          code\n          message\n          field\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.ImportProductsDocument,
    "\n  query StockLevels($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n      ... on ProductVariant {\n        id\n        stock {\n          available\n        }\n        levels {\n          onHand\n          warehouse {\n            id\n          }\n        }\n      }\n    }\n  }\n": typeof types.StockLevelsDocument,
    "\n  mutation SetStockLevels($input: SetStockLevelsInput!) {\n    setStockLevels(input: $input) {\n      errors {\n        code\n        message\n        field\n      }\n    }\n  }\n": typeof types.SetStockLevelsDocument,
    "\n  query Channels {\n    channels {\n      id\n      code\n    }\n  }\n": typeof types.ChannelsDocument,
    "\n  mutation CreateChannel($input: CreateChannelInput!) {\n    createChannel(input: $input) {\n      channel {\n        id\n        code\n      }\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.CreateChannelDocument,
    "\n  mutation CreateWarehouse($input: CreateWarehouseInput!) {\n    createWarehouse(input: $input) {\n      warehouse {\n        id\n        code\n      }\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.CreateWarehouseDocument,
    "\n  query TaxRules {\n    taxClasses {\n      code\n    }\n    taxZones {\n      id\n      name\n      rates {\n        taxClass\n        validFrom\n      }\n    }\n  }\n": typeof types.TaxRulesDocument,
    "\n  mutation CreateTaxClass($input: CreateTaxClassInput!) {\n    createTaxClass(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.CreateTaxClassDocument,
    "\n  mutation CreateTaxZone($input: CreateTaxZoneInput!) {\n    createTaxZone(input: $input) {\n      taxZone {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.CreateTaxZoneDocument,
    "\n  mutation CreateTaxRate($input: CreateTaxRateInput!) {\n    createTaxRate(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.CreateTaxRateDocument,
    "\n  query ShippingRules {\n    shippingZones {\n      id\n      name\n      methods {\n        name\n      }\n    }\n  }\n": typeof types.ShippingRulesDocument,
    "\n  mutation CreateShippingZone($input: CreateShippingZoneInput!) {\n    createShippingZone(input: $input) {\n      shippingZone {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.CreateShippingZoneDocument,
    "\n  mutation CreateShippingMethod($input: CreateShippingMethodInput!) {\n    createShippingMethod(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.CreateShippingMethodDocument,
    "\n  query CategoryTree {\n    categories {\n      id\n      slug\n      children {\n        id\n        slug\n      }\n    }\n  }\n": typeof types.CategoryTreeDocument,
    "\n  mutation CreateCategory($input: CreateCategoryInput!) {\n    createCategory(input: $input) {\n      category {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.CreateCategoryDocument,
    "\n  mutation SetLabels($input: SetLabelsInput!) {\n    setLabels(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.SetLabelsDocument,
    "\n  query CollectionBySlug($slug: String!) {\n    collectionBySlug(slug: $slug) {\n      id\n      products(first: 100) {\n        nodes {\n          id\n        }\n      }\n    }\n  }\n": typeof types.CollectionBySlugDocument,
    "\n  mutation CreateCollection($input: CreateCollectionInput!) {\n    createCollection(input: $input) {\n      collection {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.CreateCollectionDocument,
    "\n  mutation SetCollectionProducts($input: SetCollectionProductsInput!) {\n    setCollectionProducts(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.SetCollectionProductsDocument,
    "\n  mutation SeedProducts($input: ImportProductsInput!) {\n    importProducts(input: $input) {\n      results {\n        handle\n        outcome\n        product {\n          id\n          media {\n            id\n            alt\n          }\n          variants {\n            id\n            sku\n            media {\n              id\n            }\n          }\n        }\n        errors {\n          message\n          field\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.SeedProductsDocument,
    "\n  mutation UploadMedia($input: UploadMediaInput!) {\n    uploadMedia(input: $input) {\n      media {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.UploadMediaDocument,
    "\n  mutation ShowVariant($input: UpdateVariantInput!) {\n    updateVariant(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.ShowVariantDocument,
    "\n  query FindAccount($search: String!) {\n    users(search: $search, first: 20) {\n      nodes {\n        id\n        email\n        roles\n      }\n    }\n  }\n": typeof types.FindAccountDocument,
    "\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      session {\n        user {\n          id\n          email\n          roles\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.RegisterDocument,
    "\n  mutation SetUserRoles($input: SetUserRolesInput!) {\n    setUserRoles(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.SetUserRolesDocument,
    "\n  query AddressBook {\n    me {\n      addresses {\n        type\n        addressLine1\n      }\n    }\n  }\n": typeof types.AddressBookDocument,
    "\n  mutation AddAddress($input: AddAddressInput!) {\n    addAddress(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.AddAddressDocument,
    "\n  mutation ImportOrders($input: ImportOrdersInput!) {\n    importOrders(input: $input) {\n      results {\n        orderNumber\n        outcome\n        errors {\n          message\n          field\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n": typeof types.ImportOrdersDocument,
};
const documents: Documents = {
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      session {\n        accessToken\n        expiresAt\n      }\n      errors {\n        message\n      }\n    }\n  }\n": types.SignInDocument,
    "\n  query WhoAmI {\n    me {\n      roles\n    }\n    channels {\n      id\n      code\n      currency\n      active\n    }\n  }\n": types.WhoAmIDocument,
    "\n  query Warehouses {\n    warehouses {\n      id\n      code\n      name\n      priority\n      active\n    }\n  }\n": types.WarehousesDocument,
    "\n  mutation ImportProducts($input: ImportProductsInput!) {\n    importProducts(input: $input) {\n      results {\n        handle\n        outcome\n        product {\n          id\n          status\n          variants {\n            id\n            sku\n          }\n        }\n        errors {\n          code\n          message\n          field\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n": types.ImportProductsDocument,
    "\n  query StockLevels($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n      ... on ProductVariant {\n        id\n        stock {\n          available\n        }\n        levels {\n          onHand\n          warehouse {\n            id\n          }\n        }\n      }\n    }\n  }\n": types.StockLevelsDocument,
    "\n  mutation SetStockLevels($input: SetStockLevelsInput!) {\n    setStockLevels(input: $input) {\n      errors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.SetStockLevelsDocument,
    "\n  query Channels {\n    channels {\n      id\n      code\n    }\n  }\n": types.ChannelsDocument,
    "\n  mutation CreateChannel($input: CreateChannelInput!) {\n    createChannel(input: $input) {\n      channel {\n        id\n        code\n      }\n      errors {\n        message\n      }\n    }\n  }\n": types.CreateChannelDocument,
    "\n  mutation CreateWarehouse($input: CreateWarehouseInput!) {\n    createWarehouse(input: $input) {\n      warehouse {\n        id\n        code\n      }\n      errors {\n        message\n      }\n    }\n  }\n": types.CreateWarehouseDocument,
    "\n  query TaxRules {\n    taxClasses {\n      code\n    }\n    taxZones {\n      id\n      name\n      rates {\n        taxClass\n        validFrom\n      }\n    }\n  }\n": types.TaxRulesDocument,
    "\n  mutation CreateTaxClass($input: CreateTaxClassInput!) {\n    createTaxClass(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n": types.CreateTaxClassDocument,
    "\n  mutation CreateTaxZone($input: CreateTaxZoneInput!) {\n    createTaxZone(input: $input) {\n      taxZone {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n": types.CreateTaxZoneDocument,
    "\n  mutation CreateTaxRate($input: CreateTaxRateInput!) {\n    createTaxRate(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n": types.CreateTaxRateDocument,
    "\n  query ShippingRules {\n    shippingZones {\n      id\n      name\n      methods {\n        name\n      }\n    }\n  }\n": types.ShippingRulesDocument,
    "\n  mutation CreateShippingZone($input: CreateShippingZoneInput!) {\n    createShippingZone(input: $input) {\n      shippingZone {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n": types.CreateShippingZoneDocument,
    "\n  mutation CreateShippingMethod($input: CreateShippingMethodInput!) {\n    createShippingMethod(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n": types.CreateShippingMethodDocument,
    "\n  query CategoryTree {\n    categories {\n      id\n      slug\n      children {\n        id\n        slug\n      }\n    }\n  }\n": types.CategoryTreeDocument,
    "\n  mutation CreateCategory($input: CreateCategoryInput!) {\n    createCategory(input: $input) {\n      category {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n": types.CreateCategoryDocument,
    "\n  mutation SetLabels($input: SetLabelsInput!) {\n    setLabels(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n": types.SetLabelsDocument,
    "\n  query CollectionBySlug($slug: String!) {\n    collectionBySlug(slug: $slug) {\n      id\n      products(first: 100) {\n        nodes {\n          id\n        }\n      }\n    }\n  }\n": types.CollectionBySlugDocument,
    "\n  mutation CreateCollection($input: CreateCollectionInput!) {\n    createCollection(input: $input) {\n      collection {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n": types.CreateCollectionDocument,
    "\n  mutation SetCollectionProducts($input: SetCollectionProductsInput!) {\n    setCollectionProducts(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n": types.SetCollectionProductsDocument,
    "\n  mutation SeedProducts($input: ImportProductsInput!) {\n    importProducts(input: $input) {\n      results {\n        handle\n        outcome\n        product {\n          id\n          media {\n            id\n            alt\n          }\n          variants {\n            id\n            sku\n            media {\n              id\n            }\n          }\n        }\n        errors {\n          message\n          field\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n": types.SeedProductsDocument,
    "\n  mutation UploadMedia($input: UploadMediaInput!) {\n    uploadMedia(input: $input) {\n      media {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n": types.UploadMediaDocument,
    "\n  mutation ShowVariant($input: UpdateVariantInput!) {\n    updateVariant(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n": types.ShowVariantDocument,
    "\n  query FindAccount($search: String!) {\n    users(search: $search, first: 20) {\n      nodes {\n        id\n        email\n        roles\n      }\n    }\n  }\n": types.FindAccountDocument,
    "\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      session {\n        user {\n          id\n          email\n          roles\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n": types.RegisterDocument,
    "\n  mutation SetUserRoles($input: SetUserRolesInput!) {\n    setUserRoles(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n": types.SetUserRolesDocument,
    "\n  query AddressBook {\n    me {\n      addresses {\n        type\n        addressLine1\n      }\n    }\n  }\n": types.AddressBookDocument,
    "\n  mutation AddAddress($input: AddAddressInput!) {\n    addAddress(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n": types.AddAddressDocument,
    "\n  mutation ImportOrders($input: ImportOrdersInput!) {\n    importOrders(input: $input) {\n      results {\n        orderNumber\n        outcome\n        errors {\n          message\n          field\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n": types.ImportOrdersDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      session {\n        accessToken\n        expiresAt\n      }\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      session {\n        accessToken\n        expiresAt\n      }\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query WhoAmI {\n    me {\n      roles\n    }\n    channels {\n      id\n      code\n      currency\n      active\n    }\n  }\n"): (typeof documents)["\n  query WhoAmI {\n    me {\n      roles\n    }\n    channels {\n      id\n      code\n      currency\n      active\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Warehouses {\n    warehouses {\n      id\n      code\n      name\n      priority\n      active\n    }\n  }\n"): (typeof documents)["\n  query Warehouses {\n    warehouses {\n      id\n      code\n      name\n      priority\n      active\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ImportProducts($input: ImportProductsInput!) {\n    importProducts(input: $input) {\n      results {\n        handle\n        outcome\n        product {\n          id\n          status\n          variants {\n            id\n            sku\n          }\n        }\n        errors {\n          code\n          message\n          field\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ImportProducts($input: ImportProductsInput!) {\n    importProducts(input: $input) {\n      results {\n        handle\n        outcome\n        product {\n          id\n          status\n          variants {\n            id\n            sku\n          }\n        }\n        errors {\n          code\n          message\n          field\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StockLevels($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n      ... on ProductVariant {\n        id\n        stock {\n          available\n        }\n        levels {\n          onHand\n          warehouse {\n            id\n          }\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query StockLevels($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n      ... on ProductVariant {\n        id\n        stock {\n          available\n        }\n        levels {\n          onHand\n          warehouse {\n            id\n          }\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetStockLevels($input: SetStockLevelsInput!) {\n    setStockLevels(input: $input) {\n      errors {\n        code\n        message\n        field\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SetStockLevels($input: SetStockLevelsInput!) {\n    setStockLevels(input: $input) {\n      errors {\n        code\n        message\n        field\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Channels {\n    channels {\n      id\n      code\n    }\n  }\n"): (typeof documents)["\n  query Channels {\n    channels {\n      id\n      code\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateChannel($input: CreateChannelInput!) {\n    createChannel(input: $input) {\n      channel {\n        id\n        code\n      }\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateChannel($input: CreateChannelInput!) {\n    createChannel(input: $input) {\n      channel {\n        id\n        code\n      }\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateWarehouse($input: CreateWarehouseInput!) {\n    createWarehouse(input: $input) {\n      warehouse {\n        id\n        code\n      }\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateWarehouse($input: CreateWarehouseInput!) {\n    createWarehouse(input: $input) {\n      warehouse {\n        id\n        code\n      }\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TaxRules {\n    taxClasses {\n      code\n    }\n    taxZones {\n      id\n      name\n      rates {\n        taxClass\n        validFrom\n      }\n    }\n  }\n"): (typeof documents)["\n  query TaxRules {\n    taxClasses {\n      code\n    }\n    taxZones {\n      id\n      name\n      rates {\n        taxClass\n        validFrom\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateTaxClass($input: CreateTaxClassInput!) {\n    createTaxClass(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateTaxClass($input: CreateTaxClassInput!) {\n    createTaxClass(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateTaxZone($input: CreateTaxZoneInput!) {\n    createTaxZone(input: $input) {\n      taxZone {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateTaxZone($input: CreateTaxZoneInput!) {\n    createTaxZone(input: $input) {\n      taxZone {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateTaxRate($input: CreateTaxRateInput!) {\n    createTaxRate(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateTaxRate($input: CreateTaxRateInput!) {\n    createTaxRate(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ShippingRules {\n    shippingZones {\n      id\n      name\n      methods {\n        name\n      }\n    }\n  }\n"): (typeof documents)["\n  query ShippingRules {\n    shippingZones {\n      id\n      name\n      methods {\n        name\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateShippingZone($input: CreateShippingZoneInput!) {\n    createShippingZone(input: $input) {\n      shippingZone {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateShippingZone($input: CreateShippingZoneInput!) {\n    createShippingZone(input: $input) {\n      shippingZone {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateShippingMethod($input: CreateShippingMethodInput!) {\n    createShippingMethod(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateShippingMethod($input: CreateShippingMethodInput!) {\n    createShippingMethod(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CategoryTree {\n    categories {\n      id\n      slug\n      children {\n        id\n        slug\n      }\n    }\n  }\n"): (typeof documents)["\n  query CategoryTree {\n    categories {\n      id\n      slug\n      children {\n        id\n        slug\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateCategory($input: CreateCategoryInput!) {\n    createCategory(input: $input) {\n      category {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateCategory($input: CreateCategoryInput!) {\n    createCategory(input: $input) {\n      category {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetLabels($input: SetLabelsInput!) {\n    setLabels(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SetLabels($input: SetLabelsInput!) {\n    setLabels(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query CollectionBySlug($slug: String!) {\n    collectionBySlug(slug: $slug) {\n      id\n      products(first: 100) {\n        nodes {\n          id\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  query CollectionBySlug($slug: String!) {\n    collectionBySlug(slug: $slug) {\n      id\n      products(first: 100) {\n        nodes {\n          id\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateCollection($input: CreateCollectionInput!) {\n    createCollection(input: $input) {\n      collection {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation CreateCollection($input: CreateCollectionInput!) {\n    createCollection(input: $input) {\n      collection {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetCollectionProducts($input: SetCollectionProductsInput!) {\n    setCollectionProducts(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SetCollectionProducts($input: SetCollectionProductsInput!) {\n    setCollectionProducts(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SeedProducts($input: ImportProductsInput!) {\n    importProducts(input: $input) {\n      results {\n        handle\n        outcome\n        product {\n          id\n          media {\n            id\n            alt\n          }\n          variants {\n            id\n            sku\n            media {\n              id\n            }\n          }\n        }\n        errors {\n          message\n          field\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SeedProducts($input: ImportProductsInput!) {\n    importProducts(input: $input) {\n      results {\n        handle\n        outcome\n        product {\n          id\n          media {\n            id\n            alt\n          }\n          variants {\n            id\n            sku\n            media {\n              id\n            }\n          }\n        }\n        errors {\n          message\n          field\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation UploadMedia($input: UploadMediaInput!) {\n    uploadMedia(input: $input) {\n      media {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation UploadMedia($input: UploadMediaInput!) {\n    uploadMedia(input: $input) {\n      media {\n        id\n      }\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ShowVariant($input: UpdateVariantInput!) {\n    updateVariant(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ShowVariant($input: UpdateVariantInput!) {\n    updateVariant(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query FindAccount($search: String!) {\n    users(search: $search, first: 20) {\n      nodes {\n        id\n        email\n        roles\n      }\n    }\n  }\n"): (typeof documents)["\n  query FindAccount($search: String!) {\n    users(search: $search, first: 20) {\n      nodes {\n        id\n        email\n        roles\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      session {\n        user {\n          id\n          email\n          roles\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Register($input: RegisterInput!) {\n    register(input: $input) {\n      session {\n        user {\n          id\n          email\n          roles\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SetUserRoles($input: SetUserRolesInput!) {\n    setUserRoles(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation SetUserRoles($input: SetUserRolesInput!) {\n    setUserRoles(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AddressBook {\n    me {\n      addresses {\n        type\n        addressLine1\n      }\n    }\n  }\n"): (typeof documents)["\n  query AddressBook {\n    me {\n      addresses {\n        type\n        addressLine1\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AddAddress($input: AddAddressInput!) {\n    addAddress(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation AddAddress($input: AddAddressInput!) {\n    addAddress(input: $input) {\n      errors {\n        message\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ImportOrders($input: ImportOrdersInput!) {\n    importOrders(input: $input) {\n      results {\n        orderNumber\n        outcome\n        errors {\n          message\n          field\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation ImportOrders($input: ImportOrdersInput!) {\n    importOrders(input: $input) {\n      results {\n        orderNumber\n        outcome\n        errors {\n          message\n          field\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;