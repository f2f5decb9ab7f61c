import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import type { Answer } from './caller.testing.ts';
import type { Shop } from './shop.testing.ts';

const WATCHERS = 5;
const LAST_COUNT = 90_000;
const STOCK = 'subscription ($ids: [ID!]!) { variantStockChanged(ids: $ids) { variant { stock { available } } } }';

/** People who watch a variant's stock, with clients that open a socket again that said it goes away, as browsers' do. */
export function watchStock(graph: string, variantId: string, failed: (what: string) => void) {
  const seen: (number | undefined)[] = [];
  let over = false;
  const clients = Array.from({ length: WATCHERS }, (_, at) => {
    const client = createClient({
      url: graph.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: Number.POSITIVE_INFINITY,
      shouldRetry: () => true,
      on: {
        closed(event) {
          const { code } = event as { code?: number };
          if (!over && code !== 1001) failed(`A socket was closed with ${code}`);
        },
      },
    });
    client.subscribe<Answer>(
      { query: STOCK, variables: { ids: [variantId] } },
      {
        next({ data, errors }) {
          if (errors) failed(`A stream said "${errors[0]!.message}"`);
          else seen[at] = data.variantStockChanged.variant?.stock?.available ?? seen[at];
        },
        error: (error) => over || failed(`A stream failed (${JSON.stringify(error)})`),
        complete: () => over || failed('A stream ended'),
      },
    );
    return client;
  });
  return {
    /** Whoever was not shown what comes last. */
    async miss(shop: Shop): Promise<string[]> {
      await shop.stock('A', LAST_COUNT);
      const { variant } = await shop.admin.run('query ($id: ID!) { variant(id: $id) { stock { available } } }', {
        id: variantId,
      });
      const wanted: number = variant.stock.available;
      for (let waited = 0; waited < 30_000 && seen.some((one) => one !== wanted); waited += 50) await sleep(50);
      return seen.flatMap((one, at) =>
        one === wanted ? [] : [`Watcher ${at} was last shown ${one} in stock, and there are ${wanted}.`],
      );
    },
    stop() {
      over = true;
      for (const client of clients) void client.dispose();
    },
  };
}
