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
};
const documents: Documents = {
    "\n  mutation SignIn($input: SignInInput!) {\n    signIn(input: $input) {\n      session {\n        accessToken\n        expiresAt\n      }\n      errors {\n        message\n      }\n    }\n  }\n": types.SignInDocument,
    "\n  query WhoAmI {\n    me {\n      roles\n    }\n    channels {\n      id\n      code\n      currency\n      active\n    }\n  }\n": types.WhoAmIDocument,
    "\n  query Warehouses {\n    warehouses {\n      id\n      code\n      name\n      priority\n      active\n    }\n  }\n": types.WarehousesDocument,
    "\n  mutation ImportProducts($input: ImportProductsInput!) {\n    importProducts(input: $input) {\n      results {\n        handle\n        outcome\n        product {\n          id\n          status\n          variants {\n            id\n            sku\n          }\n        }\n        errors {\n          code\n          message\n          field\n        }\n      }\n      errors {\n        message\n      }\n    }\n  }\n": types.ImportProductsDocument,
    "\n  query StockLevels($ids: [ID!]!) {\n    nodes(ids: $ids) {\n      __typename\n      ... on ProductVariant {\n        id\n        stock {\n          available\n        }\n        levels {\n          onHand\n          warehouse {\n            id\n          }\n        }\n      }\n    }\n  }\n": types.StockLevelsDocument,
    "\n  mutation SetStockLevels($input: SetStockLevelsInput!) {\n    setStockLevels(input: $input) {\n      errors {\n        code\n        message\n        field\n      }\n    }\n  }\n": types.SetStockLevelsDocument,
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

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;