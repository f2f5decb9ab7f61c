import { setTimeout as sleep } from 'node:timers/promises';
import type { Asked, Caller } from '../../router/src/caller.testing.ts';
import { openStock, type Shop } from './clients.ts';
import type { Found, Row, Scene } from './row.ts';
import { type Stack, withStack } from './stack.ts';

/** A product page answers in so many ms, whoever else does not. */
const PAGE_MS = 1_500;
/** Of all pages: a machine that does everything at once is late now and then by itself. */
const IN_TIME = 0.95;
const LOOKERS = 4;
const PAGE = `query ($id: ID!) { variant(id: $id) { sku name price { amount } product { name } stock { available } } }`;
const ELSEWHERE = '{ channels { code } categories { id } }';

/** One page as somebody saw it. */
interface Seen {
  readonly ms: number;
  readonly answer: Asked;
}

export const slowSubgraph: Row = {
  name: 'slow-subgraph',
  promise:
    'A subgraph takes what it is asked and answers nothing: product pages come in 1.5 s with a hole that is named, its circuit opens and closes, everything else goes on',
  async run(scene) {
    const env = { SOUK_QUERY_DEADLINE_MS: '1200', ROUTER_CACHE: 'off' };
    // It is halted on purpose: nobody is to start it again.
    return withStack(scene, { env, patienceMs: 600_000 }, (stack) => run(scene, stack));
  },
};

async function run({ chance, short, say }: Scene, stack: Stack): Promise<Found> {
  const seconds = short ? 6 : 30;
  const shop = await openStock(stack);
  const wrongs: string[] = [];
  const before = await browse(stack, shop, 2);
  wrongs.push(
    ...before.flatMap(({ answer }) => (isWhole(answer) ? [] : [`A page was not whole before: ${told(answer)}`])),
  );

  const house = 'inventory';
  say(`${house} is halted for ${seconds} s`);
  stack.signal(house, 'SIGSTOP');
  const others = lookElsewhere(stack);
  const during = await browse(stack, shop, seconds);
  const elsewhere = await others.stop();
  stack.signal(house, 'SIGCONT');
  say(`${house} goes on`);

  const late = during.filter(({ ms }) => ms > PAGE_MS);
  if (late.length > during.length * (1 - IN_TIME)) {
    const worst = Math.round(Math.max(...late.map(({ ms }) => ms)));
    wrongs.push(`${late.length} of ${during.length} pages took longer than ${PAGE_MS} ms, the longest ${worst} ms.`);
  }
  const broken = during.filter(({ answer }) => !hasHole(answer, house));
  if (broken.length > 0) wrongs.push(`A page was no page with a named hole: ${told(broken[0]!.answer)}`);
  const spared = during.filter(({ answer }) => codeOf(answer) === 'SUBGRAPH_UNAVAILABLE');
  if (spared.length === 0) wrongs.push(`All ${during.length} pages waited for ${house}: its circuit never opened.`);
  wrongs.push(...elsewhere.wrongs);

  const seen = await wholeAgain(stack.caller(null), shop);
  if (seen === null) wrongs.push(`Pages had still a hole 30 s after ${house} went on.`);
  await shop.stock('A', 1_000 + chance.below(1_000));
  wrongs.push(...(await stack.rest(60)).wrongs);
  return {
    done: [
      `${house} was halted ${seconds} s`,
      `${during.length} pages, ${during.length - late.length} of them in ${PAGE_MS} ms, ${spared.length} without waiting`,
      `${elsewhere.asked} other answers`,
      `whole again after ${seen === null ? 'more than 30' : (seen / 1000).toFixed(1)} s`,
    ].join('; '),
    wrongs,
  };
}

const codeOf = ({ errors }: Asked): unknown => errors?.[0]?.extensions.code;
const told = ({ status, data, errors, extensions }: Asked): string =>
  JSON.stringify({ status, data, errors, extensions }).slice(0, 500);

const isWhole = ({ status, data, errors }: Asked): boolean =>
  status === 200 && !errors && data.variant.product.name && data.variant.stock.available > 0;

function hasHole({ status, data, extensions }: Asked, house: string): boolean {
  const { degraded = [] } = extensions as { degraded?: readonly { readonly subgraph: string }[] };
  const { name, price, product, stock } = data?.variant ?? {};
  return (
    status === 200 &&
    name &&
    price &&
    product?.name &&
    stock === null &&
    degraded.some((hole) => hole.subgraph === house)
  );
}

/** People who look at the page of one variant again and again. */
async function browse(stack: Stack, shop: Shop, seconds: number): Promise<Seen[]> {
  const seen: Seen[] = [];
  const end = performance.now() + seconds * 1000;
  const visitors = [stack.caller(null), await stack.guest()];
  await Promise.all(
    Array.from({ length: LOOKERS }, async (_, at) => {
      while (performance.now() < end) {
        const since = performance.now();
        const answer = await visitors[at % visitors.length]!.ask(PAGE, { id: shop.variant('A') });
        seen.push({ ms: performance.now() - since, answer });
        await sleep(20);
      }
    }),
  );
  return seen;
}

/** Somebody who asks for what the halted house has no part in. */
function lookElsewhere(stack: Stack): { stop(): Promise<{ asked: number; wrongs: string[] }> } {
  let over = false;
  let asked = 0;
  const wrongs: string[] = [];
  const looking = (async () => {
    const visitor = stack.caller(null);
    while (!over) {
      asked += 1;
      const answer = await visitor.ask(ELSEWHERE);
      if (answer.status !== 200 || answer.errors) wrongs.push(`What has nothing to do with it failed: ${told(answer)}`);
      await sleep(20);
    }
  })();
  return {
    async stop() {
      over = true;
      await looking;
      return { asked, wrongs: wrongs.slice(0, 3) };
    },
  };
}

/** After how many ms a page is whole; null where that takes too long. */
async function wholeAgain(visitor: Caller, shop: Shop): Promise<number | null> {
  const since = performance.now();
  while (performance.now() - since < 30_000) {
    if (isWhole(await visitor.ask(PAGE, { id: shop.variant('A') }))) return performance.now() - since;
    await sleep(100);
  }
  return null;
}
