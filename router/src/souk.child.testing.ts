import { systemViewer } from '@souk/kit';
import type { PaymentsPorts } from '@souk/payments';
import pg from 'pg';
import { type EmbeddedStart, startEmbedded } from './embedded.ts';
import { houses } from './houses.ts';
import { type Reach, startOverEngines } from './souk.distributed.testing.ts';
import type { Running } from './souk.profile.testing.ts';

/** What the process that is to be killed is told. */
export type Order = EmbeddedStart & {
  /** The engines of the distributed profile; the embedded one where absent. */
  readonly reach?: Reach;
  /** A module whose `release` gives houses as another version has them. */
  readonly release?: { readonly module: string; readonly number: number };
};

/** What the process that is to be killed tells its parent. */
export type Told =
  | {
      readonly kind: 'ready';
      readonly logins: readonly { role: string; email: string; password: string }[];
      readonly simulator: PaymentsPorts['simulator'];
      /** Addresses of the houses that have one of their own. */
      readonly subgraphs: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'quiet' }
  | { readonly kind: 'stopped' };

type Shop = Pick<Running, 'logins' | 'houses' | 'quiet' | 'stop'> & Partial<Pick<Running, 'subgraphs'>>;

async function start({ reach, release, ...order }: Order): Promise<Shop> {
  if (!reach) {
    const { logins, embedded, stop } = await startEmbedded(order);
    return { logins, houses: embedded.houses, quiet: embedded.quiet, stop };
  }
  const { postgresUrl, dataDir, env, port } = order;
  const database = new pg.Pool({ connectionString: postgresUrl, max: 1 });
  database.on('error', () => undefined);
  const definitions = release
    ? ((await import(release.module)) as { release: (number: number) => typeof houses }).release(release.number)
    : houses;
  return startOverEngines(
    { postgresUrl, database, dataDir, env: env as Record<string, string>, ticks: true, console: false },
    { reach },
    { definitions, port },
  );
}

// The whole shop and nothing else: killed without warning, it leaves what a power cut would leave.
const souk = await start(JSON.parse(process.argv[2]!) as Order);
const ports = souk.houses.get('payments')!.context(systemViewer).ports as PaymentsPorts;
const tell = (told: Told): void => void process.send?.(told);
process.on('message', async (word: 'quiet' | 'stop') => {
  if (word === 'stop') await souk.stop();
  else await souk.quiet();
  tell({ kind: word === 'stop' ? 'stopped' : 'quiet' });
});
process.on('disconnect', () => process.exit());
tell({ kind: 'ready', logins: souk.logins, simulator: ports.simulator, subgraphs: souk.subgraphs ?? {} });
