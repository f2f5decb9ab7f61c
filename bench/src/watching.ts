import { type Watcher, WrongAnswer } from './client.ts';
import type { Database } from './database.ts';
import { epoch } from './measure.ts';
import type { Round, Scenario } from './scenario.ts';
import { adjustStock, type Shop } from './shop.ts';

const CLIENTS = 300;
const EVENTS = 20;

export interface FanoutSize {
  readonly clients: number;
  /** One after the other. */
  readonly events: number;
}

const WATCH = `subscription Watch($ids: [ID!]!) { variantStockChanged(ids: $ids) {
  eventId variant { id name productName price { amount currency } stock { available inStock lowStock } }
} }`;

interface StockEvent {
  readonly variantStockChanged: { readonly variant: { readonly stock: { readonly available: number } | null } | null };
}

/** So many people look at one product while its stock grows. */
class Crowd {
  private readonly watchers: Watcher[] = [];
  private readonly failed: Promise<never>;
  private fail: (error: unknown) => void = () => undefined;
  /** What each of them was last shown. */
  private readonly shown: number[];
  private wanted = 0;
  private missing: number;
  private last = 0;
  private all: () => void = () => undefined;

  constructor(private readonly size: number) {
    this.shown = Array.from({ length: size }, () => -1);
    this.missing = size;
    this.failed = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failed.catch(() => undefined);
  }

  /** Opens all sockets and waits until each was shown the present state. */
  async gather({ client }: Shop, variantId: string): Promise<void> {
    const everyone = this.until(0);
    for (let one = 0; one < this.size; one++) {
      const watcher = client.watch<StockEvent>(WATCH, { ids: [variantId] }, null, ({ variantStockChanged }) => {
        const stock = variantStockChanged.variant?.stock;
        if (stock) this.show(one, stock.available);
        else this.fail(new WrongAnswer('An event came without its stock.'));
      });
      watcher.ended.catch(this.fail);
      this.watchers.push(watcher);
    }
    await everyone;
  }

  private show(one: number, available: number): void {
    const before = this.shown[one]!;
    this.shown[one] = available;
    if (before >= this.wanted || available < this.wanted) return;
    this.missing -= 1;
    if (this.missing > 0) return;
    this.last = epoch();
    this.all();
  }

  private until(available: number): Promise<number> {
    this.wanted = available;
    this.missing = this.shown.filter((known) => known < available).length;
    const everyone = new Promise<number>((resolve) => {
      this.all = () => resolve(this.last);
    });
    return Promise.race([everyone, this.failed]);
  }

  /** When the last of them was shown one more in stock, by the system's clock. Ask before it can happen. */
  oneMore(): Promise<number> {
    return this.until(Math.max(...this.shown) + 1);
  }

  leave(): void {
    for (const watcher of this.watchers.splice(0)) watcher.stop();
  }
}

export function fanoutScenario(
  shop: Shop,
  database: Database,
  { clients, events }: FanoutSize = { clients: CLIENTS, events: EVENTS },
): Scenario {
  const variantId = shop.variants[0]!;
  const addOne = (): Promise<void> =>
    adjustStock(shop.client, shop.admin, [{ variantId, warehouseId: shop.warehouse, delta: 1 }]);
  let crowd: Crowd | undefined;
  const gathered = async (): Promise<Crowd> => {
    if (crowd) return crowd;
    crowd = new Crowd(clients);
    await crowd.gather(shop, variantId);
    return crowd;
  };
  const event = async (watching: Crowd): Promise<number> => {
    const seen = watching.oneMore();
    await addOne();
    return seen;
  };
  const leave = async (): Promise<void> => {
    crowd?.leave();
    crowd = undefined;
  };

  return {
    id: 'fanout',
    title: `fan-out, one event to ${clients}`,
    load: `${clients} sockets watch one variant's stock with its name and price, ${events} changes one after the other`,
    latency: 'the fan-out runs from the commit in PostgreSQL to the last client',
    countables: [
      {
        title: `fan-out, one event to ${clients}`,
        async prepare() {
          const watching = await gathered();
          return async () => void (await event(watching));
        },
      },
    ],
    prepare: async () => void (await gathered()),
    async round(): Promise<Round> {
      const watching = await gathered();
      const spans: { sent: number; seen: number }[] = [];
      const stop = await database.record();
      const start = performance.now();
      for (let one = 0; one < events; one++) {
        const sent = epoch();
        spans.push({ sent, seen: await event(watching) });
      }
      const seconds = (performance.now() - start) / 1000;
      const commits = (await stop()).filter(
        ({ application, text }) => application === 'souk-inventory' && /^commit\b/i.test(text),
      );
      const latencies = spans.map(({ sent, seen }) => {
        // The first commit after the change was sent is the change's own.
        const committed = commits.find(({ at }) => at >= sent)?.at ?? sent;
        return seen - committed;
      });
      return { operations: events, seconds, latencies };
    },
    leave,
  };
}
