import { graphql } from '../gql/index.ts';

export const signIn = graphql(`
  mutation SignIn($input: SignInInput!) {
    signIn(input: $input) {
      session {
        accessToken
        expiresAt
      }
      errors {
        message
      }
    }
  }
`);

export const whoAmI = graphql(`
  query WhoAmI {
    me {
      roles
    }
    channels {
      id
      code
      currency
      active
    }
  }
`);

export const warehouses = graphql(`
  query Warehouses {
    warehouses {
      id
      code
      name
      priority
      active
    }
  }
`);

export const importProducts = graphql(`
  mutation ImportProducts($input: ImportProductsInput!) {
    importProducts(input: $input) {
      results {
        handle
        outcome
        product {
          id
          status
          variants {
            id
            sku
          }
        }
        errors {
          code
          message
          field
        }
      }
      errors {
        message
      }
    }
  }
`);

export const stockLevels = graphql(`
  query StockLevels($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      ... on ProductVariant {
        id
        stock {
          available
        }
        levels {
          onHand
          warehouse {
            id
          }
        }
      }
    }
  }
`);

export const setStockLevels = graphql(`
  mutation SetStockLevels($input: SetStockLevelsInput!) {
    setStockLevels(input: $input) {
      errors {
        code
        message
        field
      }
    }
  }
`);
