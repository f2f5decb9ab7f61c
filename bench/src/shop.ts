import { randomUUID } from 'node:crypto';
import { StartupError } from '@souk/kit/startup-error';
import { type Client, WrongAnswer } from './client.ts';
import type { Login } from './server.ts';

/** What the scenarios need to know of the shop that was filled. */
export interface Shop {
  readonly client: Client;
  readonly admin: string;
  /** In words, for the report. */
  readonly holds: string;
  /** Pages of the list: the cursor each begins after and how many products it holds. */
  readonly pages: readonly Page[];
  readonly slugs: readonly string[];
  /** Words that find something. */
  readonly words: readonly string[];
  /** Variants for sale with stock enough for any bench. */
  readonly variants: readonly string[];
  readonly warehouse: string;
  /** A country that orders are shipped to. */
  readonly country: string;
}

export interface Page {
  readonly after: string | null;
  readonly length: number;
}

const PAGE = 24;
const PAGES = 8;
const VARIANTS = 64;
const WORDS = 40;
/** Above what the longest run takes of one variant. */
const STOCK = 200_000;

export interface Problem {
  readonly code: string;
  readonly message: string;
}

/** The part of a payload that was promised; the errors of a refused mutation end the bench. */
export function accepted<Payload extends { readonly errors: readonly Problem[] }>(payload: Payload): Payload {
  if (payload.errors.length === 0) return payload;
  throw new WrongAnswer(`Refused: ${payload.errors.map(({ code, message }) => `${code} ${message}`).join(' ')}`);
}

export async function learnShop(client: Client, logins: readonly Login[]): Promise<Shop> {
  const admin = await signIn(client, logins);
  const { pages, slugs, words, counted } = await walk(client);
  const country = await findCountry(client, admin);
  const { variants, warehouse } = await stockUp(client, admin, slugs);
  const orders = await client.run<{ orders: { count: Count } }>(
    '{ orders(first: 1) { count { value precision } } }',
    {},
    admin,
  );
  return {
    client,
    admin,
    holds: `${describe(counted)} products, ${describe(orders.orders.count)} orders`,
    pages,
    slugs,
    words: await keepFinding(client, words),
    variants,
    warehouse,
    country,
  };
}

interface Count {
  readonly value: number;
  readonly precision: 'EXACT' | 'AT_LEAST';
}

const describe = ({ value, precision }: Count): string =>
  `${precision === 'EXACT' ? '' : 'at least '}${value.toLocaleString('en-US')}`;

export function administratorOf(logins: readonly Login[]): Login {
  const login = logins.find(({ role }) => role === 'ADMIN');
  if (!login) throw new Error('the shop came without an administrator');
  return login;
}

async function signIn(client: Client, logins: readonly Login[]): Promise<string> {
  const { email, password } = administratorOf(logins);
  const { signIn: answer } = await client.run<{
    signIn: { session: { accessToken: string } | null; errors: Problem[] };
  }>('mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } errors { code message } } }', {
    input: { email, password },
  });
  return accepted(answer).session!.accessToken;
}

async function walk(client: Client) {
  const pages: Page[] = [];
  const slugs: string[] = [];
  const words = new Set<string>();
  let counted: Count = { value: 0, precision: 'EXACT' };
  for (let after: string | null = null; pages.length < PAGES; ) {
    const { products }: { products: Listed } = await client.run<{ products: Listed }>(
      `query ($after: String) { products(first: ${PAGE}, after: $after) {
         nodes { slug name } pageInfo { hasNextPage endCursor } count { value precision } } }`,
      { after },
    );
    counted = products.count;
    // A last page that is not full would be cheaper than what is measured.
    if (products.nodes.length < PAGE && pages.length > 0) break;
    pages.push({ after, length: products.nodes.length });
    for (const { slug, name } of products.nodes) {
      slugs.push(slug);
      for (const word of name.match(/\p{L}{4,}/gu) ?? []) words.add(word.toLowerCase());
    }
    if (!products.pageInfo.hasNextPage) break;
    after = products.pageInfo.endCursor;
  }
  return { pages, slugs, words: [...words].slice(0, WORDS * 2), counted };
}

interface Listed {
  readonly nodes: readonly { readonly slug: string; readonly name: string }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly count: Count;
}

async function keepFinding(client: Client, words: readonly string[]): Promise<string[]> {
  const finding: string[] = [];
  for (const word of words) {
    if (finding.length === WORDS) break;
    const { products } = await client.run<{ products: { nodes: readonly object[] } }>(
      'query ($word: String!) { products(first: 1, search: $word, filter: { inStock: true }) { nodes { id } } }',
      { word },
    );
    if (products.nodes.length > 0) finding.push(word);
  }
  if (finding.length === 0) throw new StartupError('No word finds a product in this shop.', 'Run it with --fresh.');
  return finding;
}

async function findCountry(client: Client, admin: string): Promise<string> {
  const { shippingZones } = await client.run<{
    shippingZones: { archived: boolean; countries: string[]; methods: { archived: boolean }[] }[];
  }>('{ shippingZones { archived countries methods { archived } } }', {}, admin);
  const open = shippingZones.filter(({ archived, methods }) => !archived && methods.some((method) => !method.archived));
  const country = open.flatMap(({ countries }) => countries)[0];
  if (!country) throw new StartupError('The shop ships to no country.', 'Run the bench again with --fresh.');
  return country;
}

interface Sellable {
  readonly id: string;
  readonly availableForSale: boolean;
  readonly price: object | null;
  readonly requiresShipping: boolean;
  readonly stock: { readonly available: number } | null;
}

/** Chooses variants over many products and fills their shelves, so that no checkout meets an empty one. */
async function stockUp(client: Client, admin: string, slugs: readonly string[]) {
  const found: Sellable[] = [];
  for (const slug of slugs) {
    if (found.length === VARIANTS) break;
    const { productBySlug } = await client.run<{ productBySlug: { variants: Sellable[] } | null }>(
      `query ($slug: String!) { productBySlug(slug: $slug) {
         variants { id availableForSale price { amountMinor } requiresShipping stock { available } } } }`,
      { slug },
    );
    const sellable = productBySlug?.variants.find(
      ({ availableForSale, price, requiresShipping, stock }) => availableForSale && price && requiresShipping && stock,
    );
    if (sellable) found.push(sellable);
  }
  if (found.length === 0) throw new StartupError('Nothing in this shop is for sale.', 'Run the bench with --fresh.');
  const { warehouses } = await client.run<{ warehouses: { id: string; active: boolean }[] }>(
    '{ warehouses { id active } }',
    {},
    admin,
  );
  const warehouse = warehouses.find(({ active }) => active)!.id;
  const low = found.filter(({ stock }) => stock!.available < STOCK / 2);
  if (low.length > 0)
    await adjustStock(
      client,
      admin,
      low.map(({ id }) => ({ variantId: id, warehouseId: warehouse, delta: STOCK })),
    );
  return { variants: found.map(({ id }) => id), warehouse };
}

interface StockDelta {
  readonly variantId: string;
  readonly warehouseId: string;
  readonly delta: number;
}

export async function adjustStock(client: Client, admin: string, entries: readonly StockDelta[]): Promise<void> {
  const { adjustStock: answer } = await client.run<{ adjustStock: { errors: Problem[] } }>(
    'mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { errors { code message } } }',
    { input: { idempotencyKey: randomUUID(), reason: 'bench', entries } },
    admin,
  );
  accepted(answer);
}
