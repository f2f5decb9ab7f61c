import { readConfig } from '@souk/kit';
import { type EmbeddedStart, startEmbedded } from '../../router/src/embedded.ts';
import { openFrontDoor } from '../../router/src/front.ts';
import { localUpstream } from '../../router/src/upstream.ts';
import { FRAIL_HOUSE, serveMangled } from './frail.ts';

export type Order = EmbeddedStart & { readonly frailPort: number };

/** What this process is asked; each is answered once, in order. */
export type Word =
  | { readonly word: 'look' | 'quiet' | 'mutations' | 'stop' }
  | { readonly word: 'mangle'; readonly how: string | null };

/** The state of this process. */
export interface Look {
  /** Bytes after a collection. */
  readonly heldBytes: number;
  /** Connections and servers that are open. */
  readonly handles: number;
}

export type Told =
  | { readonly kind: 'ready'; readonly admin: { readonly email: string; readonly password: string } }
  | { readonly kind: 'size'; readonly bytes: number }
  | { readonly kind: 'answer'; readonly answer: Look | number | null };

// A shop that is attacked, and beside it a second router whose one house can be told to answer nonsense.
const { frailPort, ...order } = JSON.parse(process.argv[2]!) as Order;
const souk = await startEmbedded(order);
const { platform, houses } = souk.embedded;
const mangled = await serveMangled(houses.get(FRAIL_HOUSE)!, platform.log);
const upstreams = new Map([...houses].map(([name, house]) => [name, localUpstream(house)]));
const publicUrl = `http://localhost:${frailPort}`;
const frail = await openFrontDoor({
  config: readConfig(order.env),
  log: platform.log,
  kv: platform.kv,
  live: platform.live,
  keep: null,
  publicKey: platform.tokenKey.publicKey,
  upstreams: upstreams.set(FRAIL_HOUSE, mangled.upstream),
  port: frailPort,
  publicUrl,
  consoleRoot: null,
});

const tell = (told: Told): void => void process.send?.(told);

function look(): Look {
  // Told to by --expose-gc: what could be collected is not held.
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, external } = process.memoryUsage();
  const handles = process.getActiveResourcesInfo().filter((name) => /^(TCP|Pipe|HTTP|TLS)/.test(name)).length;
  return { heldBytes: heapUsed + external, handles };
}

async function answer(asked: Word): Promise<Look | number | null> {
  switch (asked.word) {
    case 'look':
      return look();
    case 'mutations':
      return mangled.mutations;
    case 'mangle':
      mangled.mangle(asked.how);
      return null;
    case 'quiet':
      await souk.embedded.quiet();
      return null;
    case 'stop':
      await frail.close();
      await mangled.stop();
      await souk.stop();
      return null;
  }
}

process.on('message', async (asked: Word) => tell({ kind: 'answer', answer: await answer(asked) }));
process.on('disconnect', () => process.exit());
setInterval(() => tell({ kind: 'size', bytes: process.memoryUsage.rss() }), 200).unref();
const { email, password } = souk.logins.find(({ role }) => role === 'ADMIN')!;
tell({ kind: 'ready', admin: { email, password } });
