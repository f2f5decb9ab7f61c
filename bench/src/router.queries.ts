import { PRODUCTS } from './router.houses.ts';

export interface RouterQuery {
  readonly id: 'heavy' | 'light' | 'page' | 'page-with-stock';
  readonly title: string;
  /** The text, under a name of its own. */
  readonly text: (name: string) => string;
  readonly variables: (turn: number) => Record<string, unknown>;
}

const nothing = (): Record<string, unknown> => ({});
const oneProduct = (turn: number): Record<string, unknown> => ({ id: `product-${turn % PRODUCTS}` });

const PRODUCT = 'id name price weight inStock shippingEstimate';

export const heavy: RouterQuery = {
  id: 'heavy',
  title: 'heavy: nested lists over four subgraphs',
  text: (name) => `query ${name} {
  people { id username name
    reviews { id body
      product { ${PRODUCT}
        reviews { id body
          author { id username name
            reviews { id body product { ${PRODUCT} } } } } } } }
  topProducts(first: 5) { ${PRODUCT}
    reviews { id body
      author { id username name
        reviews { id body
          product { ${PRODUCT} } } } } }
}`,
  variables: nothing,
};

export const light: RouterQuery = {
  id: 'light',
  title: 'light: one entity over two subgraphs',
  text: (name) => `query ${name}($id: ID!) { product(id: $id) { id name price inStock } }`,
  variables: oneProduct,
};

const PAGE = 'id name description price weight reviews { id body author { id username name } }';

export const page: RouterQuery = {
  id: 'page',
  title: 'product page, all of it cacheable',
  text: (name) => `query ${name}($id: ID!) { product(id: $id) { ${PAGE} } }`,
  variables: oneProduct,
};

export const pageWithStock: RouterQuery = {
  id: 'page-with-stock',
  title: 'product page with live stock, which is never cached',
  text: (name) => `query ${name}($id: ID!) { product(id: $id) { ${PAGE} inStock } }`,
  variables: oneProduct,
};

export const queries = { heavy, light, page, pageWithStock };
