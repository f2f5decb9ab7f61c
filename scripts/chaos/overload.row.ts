import { readFileSync } from 'node:fs';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Caller } from '../../router/src/caller.testing.ts';
import { address, fillCart, mutate } from '../../router/src/shop.testing.ts';
import { openStock, type Shop } from './clients.ts';
import type { Found, Row, Scene } from './row.ts';
import { type Stack, withStack } from './stack.ts';

/** What of the shop's best must still be done under three times as much. */
const GOODPUT = 0.8;
const TIMES = 3;
const AT_ONCE = 24;
/** A machine's memory breathes by so much. */
const BREATH_MB = 128;
const SHELF = `query ($id: ID!) { products(first: 24) { nodes { name price { amount } } }
  variant(id: $id) { sku name product { name } stock { available } } }`;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export const overload: Row = {
  name: 'overload',
  promise:
    'Three times as much is asked as can be answered: at least 80 % of the best is still done, the rest is refused with when to come back, those who buy are refused nothing, memory does not grow, and 10 s later all is as before',
  async run(scene) {
    const env = {
      SOUK_OPERATIONS_AT_ONCE: String(AT_ONCE),
      SOUK_OPERATIONS_WAITING: '64',
      SOUK_OVERLOAD_DELAY_MS: '300',
      ROUTER_CACHE: 'off',
    };
    return withStack(scene, { env }, (stack) => run(scene, stack));
  },
};

async function run({ short, say }: Scene, stack: Stack): Promise<Found> {
  const [rounds, seconds] = short ? [2, 5] : [4, 15];
  const shop = await openStock(stack);
  const client = clientOf(stack.url, JSON.stringify({ query: SHELF, variables: { id: shop.variant('B') } }));
  const wrongs: string[] = [];
  const best: number[] = [];
  const done: number[] = [];
  const memory: number[] = [];
  let refused = 0;
  await closed(client, 2);
  const calm = await typicalMs(client);
  const buyers = await buy(stack, shop);
  for (let round = 0; round < rounds; round++) {
    best.push((await closed(client, seconds)) / seconds);
    const offered = best.at(-1)! * TIMES;
    say(`Of ${best.at(-1)!.toFixed(0)} answers a second at best, ${offered.toFixed(0)} are asked for`);
    const under = await open(client, offered, seconds);
    done.push(under.fine / seconds);
    refused += under.refused;
    wrongs.push(...under.wrongs.slice(0, 3));
    memory.push(residentMb(stack.pid('router')));
  }
  const bought = await buyers.stop();
  const [peak, kept] = [median(best), median(done)];
  if (kept < peak * GOODPUT) {
    wrongs.push(`Under ${TIMES} times the load ${kept.toFixed(0)} answers a second were left of ${peak.toFixed(0)}.`);
  }
  if (refused === 0) wrongs.push('Nobody was refused anything: it was no overload.');
  if (bought.refused.length > 0) wrongs.push(`Somebody who buys was refused: ${bought.refused[0]}`);
  if (memory.at(-1)! > memory[0]! + BREATH_MB) {
    wrongs.push(`The router's memory grew from ${memory[0]!.toFixed(0)} to ${memory.at(-1)!.toFixed(0)} MB.`);
  }
  await sleep(10_000);
  const after = await typicalMs(client);
  if (after > calm * 3 + 50)
    wrongs.push(`10 s later a page took ${after.toFixed(0)} ms, and ${calm.toFixed(0)} ms before.`);
  client.close();
  wrongs.push(...(await stack.rest(120)).wrongs);
  return {
    done: [
      `${peak.toFixed(0)} answers a second at best, ${kept.toFixed(0)} under ${TIMES} times the load`,
      `${refused} refused`,
      `${bought.done} changes of carts meanwhile`,
      `router ${memory.at(-1)!.toFixed(0)} MB`,
      `a page ${calm.toFixed(0)} ms before and ${after.toFixed(0)} ms after`,
    ].join('; '),
    wrongs,
  };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

interface Client {
  ask(): Promise<Answer>;
  close(): void;
}

/** Asks one thing, and costs the machine as little as that can. */
function clientOf(url: string, body: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 512 });
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return {
    ask: () =>
      new Promise((resolve, reject) => {
        const asking = request(`${url}/graphql`, { method: 'POST', agent, headers }, (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('error', reject);
          response.on('end', () =>
            resolve({ status: response.statusCode!, headers: response.headers, text: Buffer.concat(parts).toString() }),
          );
        });
        asking.on('error', reject);
        asking.end(body);
      }),
    close: () => agent.destroy(),
  };
}

const isFine = ({ status, text }: Answer): boolean => status === 200 && !text.includes('"errors"');

/** As many as are answered, each asking again at once; how many answers were fine. */
async function closed(client: Client, seconds: number): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let fine = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (performance.now() < end) if (isFine(await client.ask())) fine += 1;
    }),
  );
  return fine;
}

/** So many a second, whoever is answered. */
async function open(client: Client, perSecond: number, seconds: number) {
  const since = performance.now();
  const asked: Promise<void>[] = [];
  const wrongs: string[] = [];
  let fine = 0;
  let refused = 0;
  const take = (answer: Answer): void => {
    if (isFine(answer)) fine += performance.now() - since <= seconds * 1000 ? 1 : 0;
    else if ([429, 503].includes(answer.status)) {
      refused += 1;
      if (!(Number(answer.headers['retry-after']) >= 1))
        wrongs.push('Somebody was refused and not told when to come back.');
    } else wrongs.push(`An answer was neither fine nor a refusal: ${answer.status} ${answer.text.slice(0, 300)}`);
  };
  for (let passed = 0; passed < seconds * 1000; passed = performance.now() - since) {
    const due = (passed / 1000) * perSecond;
    while (asked.length < due) asked.push(client.ask().then(take, (error: unknown) => void wrongs.push(String(error))));
    await sleep(5);
  }
  await Promise.all(asked);
  return { fine, refused, wrongs };
}

/** Of somebody who is alone with the shop. */
async function typicalMs(client: Client): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < 15; n++) {
    const since = performance.now();
    await client.ask();
    times.push(performance.now() - since);
  }
  return median(times);
}

/** Two guests who change their carts all the time. */
async function buy(stack: Stack, shop: Shop): Promise<{ stop(): Promise<{ done: number; refused: string[] }> }> {
  let over = false;
  let done = 0;
  const refused: string[] = [];
  const fill = async (guest: Caller): Promise<void> => {
    while (!over) {
      try {
        await mutate(guest, 'setCartAddress', 'SetCartAddressInput', { shipping: address }, 'cart { id }');
        done += 1;
      } catch (error) {
        if (/OVERLOADED|RATE_LIMITED/.test(String(error))) refused.push(String(error));
      }
      await sleep(100);
    }
  };
  const guests = [await stack.guest(), await stack.guest()];
  for (const guest of guests) await fillCart(guest, shop, { A: 1 });
  const filling = Promise.all(guests.map(fill));
  return {
    async stop() {
      over = true;
      await filling;
      return { done, refused };
    },
  };
}

function residentMb(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}
