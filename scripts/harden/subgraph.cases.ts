import { setTimeout as sleep } from 'node:timers/promises';
import { type Case, type Scene, tryAll } from './case.ts';
import { codesOf, type Door, doorsOf, type Said, uncleanIn } from './doors.ts';
import { FRAIL_HOUSE, type Frail } from './frail.ts';
import { manglings, SECRET } from './mangle.ts';

const PAGE = '{ products(first: 2) { nodes { name variants { sku stock { available } } } } }';
/** What a house that breaks its word may be told as; never as the client's mistake. */
const OUTAGES = ['SUBGRAPH_UNAVAILABLE', 'TIMEOUT', 'INTERNAL'];
const PATIENCE_MS = 30_000;

interface Page {
  readonly products: {
    readonly nodes: readonly {
      readonly name: string;
      readonly variants: readonly { readonly sku: string; readonly stock: { readonly available: unknown } | null }[];
    }[];
  };
}

const variantsOf = ({ data }: Said) => (data as Page | null)?.products.nodes.flatMap(({ variants }) => variants) ?? [];
const isWhole = (said: Said): boolean =>
  said.errors.length === 0 &&
  variantsOf(said).length > 0 &&
  variantsOf(said).every(({ stock }) => typeof stock?.available === 'number');

/** Right again: the circuit has noticed that its house is back. */
async function recovers(door: Door): Promise<boolean> {
  for (const since = performance.now(); performance.now() - since < PATIENCE_MS; await sleep(100)) {
    if (isWhole(await door.ask({ query: PAGE }))) return true;
  }
  return false;
}

function holed(said: Said): string[] {
  const wrongs = uncleanIn(said, SECRET, 'polluted');
  const variants = variantsOf(said);
  if (variants.length !== 2 || variants.some(({ sku }) => !/^(MUG|BOWL)$/.test(sku))) {
    wrongs.push(`What the other houses know was lost: ${said.text.slice(0, 200)}`);
  }
  for (const { stock } of variants) {
    if (stock !== null && stock.available !== null && typeof stock.available !== 'number') {
      wrongs.push(`A value of another type came through: ${JSON.stringify(stock)}`);
    }
  }
  const codes = codesOf(said) as string[];
  for (const code of new Set(codes)) if (!OUTAGES.includes(code)) wrongs.push(`It was told as ${code}.`);
  if (!isWhole(said) && codes.length === 0) wrongs.push('There is a hole that no error explains.');
  if (said.status !== null && said.status !== 200) wrongs.push(`It was answered ${said.status}.`);
  if (({} as { polluted?: unknown }).polluted !== undefined) wrongs.push('What objects inherit was changed.');
  return wrongs;
}

async function withFrail(
  { frail }: Scene,
  work: (frail: Frail, doors: readonly Door[]) => Promise<string[]>,
): Promise<string[]> {
  if (!frail) return [];
  try {
    return await work(frail, doorsOf(frail.graph));
  } finally {
    await frail.mangle(null);
  }
}

/** One of each kind, for `npm test`. */
const FEW = new Set([
  'html',
  'an answer without end',
  'a reset',
  'values of other types',
  'fewer entities',
  'errors at odd places',
]);

const garbage: Case = {
  name: 'garbage',
  family: 'subgraphs',
  promise: 'a subgraph that answers nonsense, or never, is a hole in the page and nothing more',
  run: (scene) =>
    withFrail(scene, async (frail, doors) => {
      const wrongs: string[] = [];
      const [post] = doors as [Door];
      if (!(await recovers(post))) return ['The page is not whole to begin with.'];
      const names = Object.keys(manglings).filter((name) => !scene.short || FEW.has(name));
      for (const name of names) {
        await frail.mangle(name);
        wrongs.push(
          ...(await tryAll(
            (scene.short ? doors.slice(0, 3) : doors).map((door) => [`${name} over ${door.name}`, door] as const),
            async (door) => holed(await door.ask({ query: PAGE })),
          )),
        );
        await frail.mangle(null);
        if (!(await recovers(post))) wrongs.push(`${name}: the page never became whole again.`);
      }
      return wrongs;
    }),
};

const once: Case = {
  name: 'mutations-once',
  family: 'subgraphs',
  promise: 'a mutation whose answer is lost is not sent again',
  run: (scene) =>
    withFrail(scene, async (frail, doors) => {
      const [post] = doors as [Door];
      const wrongs: string[] = [];
      const query = `mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { errors { message } } }`;
      const input = {
        idempotencyKey: 'hardening-once',
        entries: [{ variantId: 'var_x', warehouseId: 'wh_x', delta: 1 }],
      };
      for (const name of ['a reset', 'a half answer', 'nothing', 'html']) {
        await frail.mangle(name);
        const said = await post.ask({ query, variables: { input } });
        const sent = await frail.mutations();
        if (sent > 1) wrongs.push(`${name}: it was sent ${sent} times.`);
        wrongs.push(...uncleanIn(said, SECRET).map((wrong) => `${name}: ${wrong}`));
        await frail.mangle(null);
        await recovers(post);
      }
      return wrongs;
    }),
};

const open: Case = {
  name: 'no-back-door',
  family: 'subgraphs',
  promise: 'what houses tell the router alone is told to nobody through it',
  run: ({ origin }) =>
    tryAll(
      [
        '/internal/about',
        '/internal/dead-letters',
        '/internal/redrive',
        '/metrics',
        `/${FRAIL_HOUSE}/graphql`,
        '/_entities',
      ].flatMap((path) => ['GET', 'POST'].map((method) => [`${method} ${path}`, { path, method }] as const)),
      async ({ path, method }) => {
        const response = await fetch(`${origin}${path}`, {
          method,
          headers: { 'content-type': 'application/json', 'souk-viewer': 'x.y' },
          ...(method === 'POST' ? { body: '{}' } : {}),
        });
        const text = await response.text();
        const isMetrics = path === '/metrics' && response.status === 200;
        return response.status < 400 && !isMetrics ? [`It was answered ${response.status}: ${text.slice(0, 100)}`] : [];
      },
    ),
};

export const subgraphCases: readonly Case[] = [garbage, once, open];
