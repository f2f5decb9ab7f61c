import type { Live } from '@souk/kit';
import { createLog } from '@souk/kit/distributed';
import { expect, it } from 'vitest';
import { followChannels } from './channels.ts';
import type { Upstream } from './upstream.ts';

const channel = {
  id: 'chan_0000000000000000000000000a',
  code: 'default',
  currency: 'EUR',
  defaultLocale: 'en',
  timeZone: 'Europe/Berlin',
  pricesIncludeTax: true,
  active: true,
};

/** Nobody touches anything. */
const still = { subscribe: () => Object.assign((async function* () {})(), { listening: Promise.resolve() }) };

/** A platform that fails so often before it answers. */
function platform(failures: number): Upstream {
  let left = failures;
  return {
    name: 'platform',
    routes: [],
    execute: async () => (left-- > 0 ? { data: null, errors: [] } : { data: { channels: [channel] } }),
    subscribe: async () => ({ data: null }),
  };
}

const follow = (failures: number, patienceMs: number) =>
  followChannels(platform(failures), still as unknown as Live, createLog('silent'), patienceMs);

it('waits at the start for a platform that is away', async () => {
  const channels = await follow(1, 60_000);
  expect(channels.find('default')).toMatchObject({ code: 'default', currency: 'EUR' });
  await channels.stop();
});

it('says in a sentence that the platform stayed away', async () => {
  await expect(follow(Number.POSITIVE_INFINITY, 0)).rejects.toMatchObject({
    name: 'StartupError',
    message: 'The platform subgraph does not tell the channels, and without them nothing can be served.',
    advice: 'Start it, or correct SOUK_SUBGRAPH_URLS.',
  });
});
