import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemViewer } from '@souk/kit';
import { startEmbedded } from '@souk/router/embedded';
import { type Executors, openExecutors } from '@souk/router/executors';
import type { Bench } from './bench.ts';
import { LIST, PAGE, SEARCH } from './browsing.ts';
import { ADD, CART, SESSION } from './buying.ts';
import { openClient, WrongAnswer } from './client.ts';
import { startDatabase } from './database.ts';
import { median, show } from './figures.ts';
import { digestTables, markFilled, stateOf } from './keeping.ts';
import { administratorOf, learnShop } from './shop.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDER = join(ROOT, '.souk', 'bench', 'executors');
const AT_ONCE = 8;
const WARM_UP = 150;

const WAYS = ['houses', 'compiled', 'stock', 'servedCompiled', 'servedStock'] as const;
type Way = (typeof WAYS)[number];
type Viewer = typeof systemViewer;

/** Processor time of this process for one operation, ms, by who answers it. */
export interface Compared {
  readonly title: string;
  readonly cpu: Readonly<Record<Way, number>>;
}

interface Asking {
  readonly title: string;
  readonly query: string;
  readonly variables: () => Record<string, unknown>;
  readonly viewer: Viewer;
}

const turns = <T>(list: readonly T[]): (() => T) => {
  let next = 0;
  return () => list[next++ % list.length]!;
};

/** Both executors over the same houses in this very process, in alternating rounds; PostgreSQL's time is not in it. */
export async function compareExecutors({ size, seconds, rounds, seed, onProgress }: Bench): Promise<Compared[]> {
  await mkdir(FOLDER, { recursive: true });
  const folder = join(FOLDER, size);
  const database = await startDatabase(join(folder, 'postgres'), { sampling: false, onProgress });
  const env = { SOUK_ENV: 'development', SOUK_LOG_LEVEL: 'silent' };
  const start = { postgresUrl: database.url, dataDir: folder, port: 0, env, console: false, ticks: false, onProgress };
  const souk = await startEmbedded(start);
  const client = openClient(souk.urls.graph.replace('//localhost', '//127.0.0.1'));
  try {
    const digest = await digestTables(ROOT);
    if ((await stateOf(folder, digest)) !== 'FILLED') {
      onProgress(`Filling a ${size} shop`);
      await seed(size, { url: souk.urls.graph, admin: administratorOf(souk.logins), onProgress });
      await souk.embedded.quiet();
      await database.settle();
      await markFilled(folder, digest);
    }
    const shop = await learnShop(client, souk.logins);
    await souk.embedded.quiet();
    const { startGuestSession } = await client.run<{ startGuestSession: { session: { accessToken: string } } }>(
      SESSION,
      {},
    );
    const token = startGuestSession.session.accessToken;
    await client.run(ADD, { input: { variantId: shop.variants[0], quantity: 1 } }, token);
    const { platform, houses } = souk.embedded;
    const executors = await openExecutors(houses, platform.log);
    const [page, slug, word] = [turns(shop.pages), turns(shop.slugs), turns(shop.words)];
    const nobody: Viewer = { ...systemViewer, principal: 'anonymous', roles: [] };
    const filter = { inStock: true, price: { min: '0.01', max: '100000' } };
    const askings: Asking[] = [
      { title: 'product list (24)', query: LIST, variables: () => ({ after: page().after }), viewer: nobody },
      { title: 'product page', query: PAGE, variables: () => ({ slug: slug() }), viewer: nobody },
      { title: 'text search', query: SEARCH, variables: () => ({ search: word(), filter }), viewer: nobody },
      { title: 'cart with its quote', query: CART, variables: () => ({}), viewer: guestOf(token) },
    ];
    const compared: Compared[] = [];
    for (const asking of askings) {
      const measured = Object.fromEntries(WAYS.map((way) => [way, [] as number[]])) as Record<Way, number[]>;
      for (const way of WAYS) await load(executors, way, asking, WARM_UP);
      for (let round = 1; round <= rounds; round++) {
        for (const way of WAYS) measured[way].push(await cpuOf(executors, way, asking, seconds));
      }
      const cpu = Object.fromEntries(WAYS.map((way) => [way, median(measured[way])])) as Record<Way, number>;
      onProgress(`${asking.title}: ${WAYS.map((way) => `${way} ${show(cpu[way])}`).join(', ')} ms`);
      compared.push({ title: asking.title, cpu });
    }
    await executors.stop();
    return compared;
  } finally {
    client.close();
    await souk.stop();
    await database.stop();
  }
}

/** The guest a token speaks for, as the houses see them. */
function guestOf(token: string): Viewer {
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sub: string };
  return { ...systemViewer, principal: sub, guestId: sub.split(':')[1]!, roles: [] };
}

let asked = 0;

async function once(executors: Executors, way: Way, { title, query, variables, viewer }: Asking): Promise<void> {
  // An identity of its own each time: questions are shared by those who would get one answer, and that is not measured here.
  const somebody = { ...viewer, requestId: String(asked), sessionId: `bench-${asked++}` };
  const { data, errors } = await executors[way]({ query, variables: variables() }, somebody);
  if (errors || !data) throw new WrongAnswer(`${title} by ${way}: ${errors?.[0]?.message ?? 'no data'}`);
}

async function load(executors: Executors, way: Way, asking: Asking, times: number): Promise<void> {
  let left = times;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await once(executors, way, asking);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function cpuOf(executors: Executors, way: Way, asking: Asking, seconds: number): Promise<number> {
  const until = performance.now() + seconds * 1_000;
  const before = process.cpuUsage();
  let count = 0;
  const worker = async (): Promise<void> => {
    for (; performance.now() < until; count++) await once(executors, way, asking);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / count;
}

/** As a table. What an executor adds to the houses' own work is what another can save; below a tenth of it is noise. */
export function describeCompared(compared: readonly Compared[]): string {
  const rows = compared.map(({ title, cpu: { houses, compiled, stock, servedCompiled, servedStock } }) => {
    return `| ${title} | ${[houses, compiled, stock].map(show).join(' | ')} | ${show(compiled / stock)} | ${show(servedCompiled)} | ${show(servedStock)} | ${show(servedCompiled / servedStock)} |`;
  });
  return [
    '| CPU ms for one, without PostgreSQL | houses alone | compiled | stock | ratio | served, compiled | served, stock | ratio |',
    '|---|---:|---:|---:|---:|---:|---:|---:|',
    ...rows,
  ].join('\n');
}
