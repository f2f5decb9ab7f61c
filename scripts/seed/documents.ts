import { graphql } from '../gql/index.ts';

export const channels = graphql(`
  query Channels {
    channels {
      id
      code
    }
  }
`);

export const createChannel = graphql(`
  mutation CreateChannel($input: CreateChannelInput!) {
    createChannel(input: $input) {
      channel {
        id
        code
      }
      errors {
        message
      }
    }
  }
`);

export const createWarehouse = graphql(`
  mutation CreateWarehouse($input: CreateWarehouseInput!) {
    createWarehouse(input: $input) {
      warehouse {
        id
        code
      }
      errors {
        message
      }
    }
  }
`);

export const taxRules = graphql(`
  query TaxRules {
    taxClasses {
      code
    }
    taxZones {
      id
      name
      rates {
        taxClass
        validFrom
      }
    }
  }
`);

export const createTaxClass = graphql(`
  mutation CreateTaxClass($input: CreateTaxClassInput!) {
    createTaxClass(input: $input) {
      errors {
        message
      }
    }
  }
`);

export const createTaxZone = graphql(`
  mutation CreateTaxZone($input: CreateTaxZoneInput!) {
    createTaxZone(input: $input) {
      taxZone {
        id
      }
      errors {
        message
      }
    }
  }
`);

export const createTaxRate = graphql(`
  mutation CreateTaxRate($input: CreateTaxRateInput!) {
    createTaxRate(input: $input) {
      errors {
        message
      }
    }
  }
`);

export const shippingRules = graphql(`
  query ShippingRules {
    shippingZones {
      id
      name
      methods {
        name
      }
    }
  }
`);

export const createShippingZone = graphql(`
  mutation CreateShippingZone($input: CreateShippingZoneInput!) {
    createShippingZone(input: $input) {
      shippingZone {
        id
      }
      errors {
        message
      }
    }
  }
`);

export const createShippingMethod = graphql(`
  mutation CreateShippingMethod($input: CreateShippingMethodInput!) {
    createShippingMethod(input: $input) {
      errors {
        message
      }
    }
  }
`);

export const categoryTree = graphql(`
  query CategoryTree {
    categories {
      id
      slug
      children {
        id
        slug
      }
    }
  }
`);

export const createCategory = graphql(`
  mutation CreateCategory($input: CreateCategoryInput!) {
    createCategory(input: $input) {
      category {
        id
      }
      errors {
        message
      }
    }
  }
`);

export const setLabels = graphql(`
  mutation SetLabels($input: SetLabelsInput!) {
    setLabels(input: $input) {
      errors {
        message
      }
    }
  }
`);

export const collectionBySlug = graphql(`
  query CollectionBySlug($slug: String!) {
    collectionBySlug(slug: $slug) {
      id
      products(first: 100) {
        nodes {
          id
        }
      }
    }
  }
`);

export const createCollection = graphql(`
  mutation CreateCollection($input: CreateCollectionInput!) {
    createCollection(input: $input) {
      collection {
        id
      }
      errors {
        message
      }
    }
  }
`);

export const setCollectionProducts = graphql(`
  mutation SetCollectionProducts($input: SetCollectionProductsInput!) {
    setCollectionProducts(input: $input) {
      errors {
        message
      }
    }
  }
`);

export const seedProducts = graphql(`
  mutation SeedProducts($input: ImportProductsInput!) {
    importProducts(input: $input) {
      results {
        handle
        outcome
        product {
          id
          media {
            id
            alt
          }
          variants {
            id
            sku
            media {
              id
            }
          }
        }
        errors {
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

export const uploadMedia = graphql(`
  mutation UploadMedia($input: UploadMediaInput!) {
    uploadMedia(input: $input) {
      media {
        id
      }
      errors {
        message
      }
    }
  }
`);

export const showVariant = graphql(`
  mutation ShowVariant($input: UpdateVariantInput!) {
    updateVariant(input: $input) {
      errors {
        message
      }
    }
  }
`);

export const findAccount = graphql(`
  query FindAccount($search: String!) {
    users(search: $search, first: 20) {
      nodes {
        id
        email
        roles
      }
    }
  }
`);

export const register = graphql(`
  mutation Register($input: RegisterInput!) {
    register(input: $input) {
      session {
        user {
          id
          email
          roles
        }
      }
      errors {
        message
      }
    }
  }
`);

export const setUserRoles = graphql(`
  mutation SetUserRoles($input: SetUserRolesInput!) {
    setUserRoles(input: $input) {
      errors {
        message
      }
    }
  }
`);

export const addressBook = graphql(`
  query AddressBook {
    me {
      addresses {
        type
        addressLine1
      }
    }
  }
`);

export const addAddress = graphql(`
  mutation AddAddress($input: AddAddressInput!) {
    addAddress(input: $input) {
      errors {
        message
      }
    }
  }
`);

export const importOrders = graphql(`
  mutation ImportOrders($input: ImportOrdersInput!) {
    importOrders(input: $input) {
      results {
        orderNumber
        outcome
        errors {
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
