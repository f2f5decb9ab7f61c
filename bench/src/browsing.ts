import { WrongAnswer } from './client.ts';
import { closedLoop, type Scenario, simply } from './scenario.ts';
import type { Shop } from './shop.ts';
import { yardsticks } from './yardsticks.ts';

const CLIENTS = 16;
const LOAD = `${CLIENTS} clients over kept connections, one operation after the other`;

const CARD = `id name slug inStock
  price { amount currency } compareAtPrice { amount currency }
  media { url(width: 400) alt }`;

export const LIST = `query List($after: String) {
  products(first: 24, after: $after) { nodes { ${CARD} } pageInfo { hasNextPage endCursor } }
}`;

export const SEARCH = `query Search($search: String!, $filter: ProductFilter) {
  products(first: 24, search: $search, filter: $filter, sort: { field: RELEVANCE, direction: DESC }) {
    nodes { ${CARD} } pageInfo { hasNextPage endCursor }
  }
}`;

export const PAGE = `query Page($slug: String!) {
  productBySlug(slug: $slug) {
    id sku name slug description vendor tags inStock
    price { amount currency } compareAtPrice { amount currency }
    seo { title description }
    category { id name slug ancestors { id name slug } }
    options { name label values { value label } }
    attributes { code name value label unit }
    media { id url(width: 1200) alt width height }
    variants {
      id sku name availableForSale weightGrams
      selectedOptions { name value label }
      price { amount currency } compareAtPrice { amount currency }
      media { id }
      stock { available inStock lowStock }
    }
  }
}`;

interface Listed {
  readonly products: { readonly nodes: readonly object[] };
}

/** Each call the next one of a list, from the beginning again at its end: the same for every run. */
function turns<T>(list: readonly T[]): () => T {
  let next = 0;
  return () => list[next++ % list.length]!;
}

export function listScenario({ client, pages }: Shop): Scenario {
  const page = turns(pages);
  const list = async (): Promise<void> => {
    const { after, length } = page();
    const { products } = await client.run<Listed>(LIST, { after });
    if (products.nodes.length !== length) {
      throw new WrongAnswer(`A list of ${length} products held ${products.nodes.length}.`);
    }
  };
  return {
    id: 'list',
    title: 'product list (24)',
    load: `${LOAD}; ${pages.length} page${pages.length === 1 ? '' : 's'} of ${pages[0]!.length} in turn, with price, compare-at price, pictures and stock`,
    yardstick: yardsticks.list,
    countables: [simply('product list (24)', list, { budget: 4 })],
    round: (seconds) => closedLoop(CLIENTS, seconds, list),
  };
}

export function productScenario({ client, slugs }: Shop): Scenario {
  const slug = turns(slugs);
  const page = async (): Promise<void> => {
    const { productBySlug } = await client.run<{ productBySlug: { variants: readonly object[] } | null }>(PAGE, {
      slug: slug(),
    });
    if (!productBySlug || productBySlug.variants.length === 0) throw new WrongAnswer('A product page held nothing.');
  };
  return {
    id: 'product',
    title: 'product page',
    load: `${LOAD}; ${slugs.length} products in turn, with variants, options, prices, pictures, breadcrumb and stock`,
    yardstick: yardsticks.product,
    countables: [simply('product page', page, { budget: 8 })],
    round: (seconds) => closedLoop(CLIENTS, seconds, page),
  };
}

export function searchScenario({ client, words }: Shop): Scenario {
  const word = turns(words);
  const search = async (): Promise<void> => {
    const { products } = await client.run<Listed>(SEARCH, {
      search: word(),
      filter: { inStock: true, price: { min: '0.01', max: '100000' } },
    });
    if (products.nodes.length === 0) throw new WrongAnswer('A search that finds something found nothing.');
  };
  return {
    id: 'search',
    title: 'text search',
    load: `${LOAD}; ${words.length} words in turn, among what is in stock within a price range, by relevance`,
    yardstick: yardsticks.search,
    countables: [simply('text search', search)],
    round: (seconds) => closedLoop(CLIENTS, seconds, search),
  };
}
