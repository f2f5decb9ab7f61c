import { setTimeout as sleep } from 'node:timers/promises';
import { type Simulator, startSimulator, stripeEvents } from '@souk/payments/simulator';
import pg from 'pg';
import { obeyParent } from './child.ts';
import type { ProviderAsk } from './provider.ts';

let pool: pg.Pool | undefined;
let simulator: Simulator | undefined;
let secretKey = '';

obeyParent<ProviderAsk>(async (ask) => {
  switch (ask.kind) {
    case 'start':
      pool = new pg.Pool({ connectionString: ask.postgresUrl, max: 6 });
      pool.on('error', () => undefined);
      secretKey = ask.secretKey;
      // The measured shop says production to Node, and this is no part of it.
      simulator = await startSimulator({ pool, secretKey, webhook: null, environment: { SOUK_ENV: 'development' } });
      return simulator.url;
    case 'deliver':
      return simulator?.deliverTo({ url: ask.url, secret: ask.secret, events: stripeEvents });
    case 'quiet':
      while ((await undelivered()) > 0) await sleep(20);
      return;
    case 'stop':
      await simulator?.stop();
      return pool?.end();
  }
});

async function undelivered(): Promise<number> {
  const headers = { authorization: `Bearer ${secretKey}` };
  const answer = await fetch(`${simulator!.url}/_simulator/state`, { headers });
  return ((await answer.json()) as { webhooks: { undelivered: number } }).webhooks.undelivered;
}
