import { type Live, type Log, monotonicMs, StartupError, sleep, systemViewer } from '@souk/kit';
import { CHANNELS_TOPIC } from '@souk/platform';
import { type Channel, type ChannelId, type CurrencyCode, decodeId } from '@souk/schema';
import { routerContext, type Upstream } from './upstream.ts';

const QUERY = '{ channels { id code currency defaultLocale timeZone pricesIncludeTax active } }';
const DEADLINE_MS = 5_000;
const REFRESH_MS = 30_000;
const AGAIN_MS = 500;
/** Longer than a subgraph takes to start again. */
const PATIENCE_MS = 60_000;

/** The active channels by code, as the platform tells them: read at start, on every touch or loss of touches, and by time. */
export interface Channels {
  find(code: string): Channel | undefined;
  stop(): Promise<void>;
}

/** Waits for a platform that is away; a StartupError where it stays away. */
export async function followChannels(
  platform: Upstream,
  live: Live,
  log: Log,
  patienceMs = PATIENCE_MS,
): Promise<Channels> {
  let byCode = new Map<string, Channel>();
  const touches = live.subscribe([CHANNELS_TOPIC]);
  const stopping = new AbortController();

  async function read(): Promise<void> {
    const { data, errors } = await platform.execute({ query: QUERY }, routerContext(systemViewer), DEADLINE_MS);
    if (errors || !data) throw new Error('the platform did not tell the channels');
    const channels = data.channels as (Omit<Channel, 'id' | 'currency'> & {
      id: string;
      currency: string;
      active: boolean;
    })[];
    byCode = new Map(
      channels
        .filter((channel) => channel.active)
        .map(({ active: _, ...channel }) => [
          channel.code,
          { ...channel, id: decodeId('Channel', channel.id) as ChannelId, currency: channel.currency as CurrencyCode },
        ]),
    );
  }

  /** Whoever starts beside the platform, or while it is being started again, must not fall with it. */
  async function readFirst(): Promise<void> {
    const since = monotonicMs();
    for (let told = false; ; told = true) {
      try {
        return await read();
      } catch (error) {
        if (monotonicMs() - since > patienceMs) {
          throw new StartupError(
            'The platform subgraph does not tell the channels, and without them nothing can be served.',
            'Start it, or correct SOUK_SUBGRAPH_URLS.',
            { cause: error },
          );
        }
        if (!told) log.warn({ error }, 'the platform is away; it is asked for the channels until it answers');
        await sleep(AGAIN_MS);
      }
    }
  }

  async function followTouches(): Promise<void> {
    for await (const _ of touches) await read().catch(() => undefined);
  }
  async function followTime(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sleep(REFRESH_MS, stopping.signal);
      // A failed read keeps what is known; the next one is half a minute away.
      if (!stopping.signal.aborted) await read().catch(() => undefined);
    }
  }

  // Heard before it is read, or a change in between would be missed.
  await touches.listening;
  await readFirst().catch(async (error: unknown) => {
    await touches.return?.();
    throw error;
  });
  const following = Promise.all([followTouches(), followTime()]);
  return {
    find: (code) => byCode.get(code),
    async stop() {
      stopping.abort();
      await touches.return?.();
      await following;
    },
  };
}
