import { systemViewer } from '@souk/kit';
import type { PaymentsPorts } from '@souk/payments';
import { type EmbeddedStart, startEmbedded } from './embedded.ts';

/** What the process that is to be killed tells its parent. */
export type Told =
  | {
      readonly kind: 'ready';
      readonly logins: readonly { role: string; email: string; password: string }[];
      readonly simulator: PaymentsPorts['simulator'];
    }
  | { readonly kind: 'quiet' };

// The whole embedded profile and nothing else: killed without warning, it leaves what a power cut would leave.
const souk = await startEmbedded(JSON.parse(process.argv[2]!) as EmbeddedStart);
const ports = souk.embedded.houses.get('payments')!.context(systemViewer).ports as PaymentsPorts;
const tell = (told: Told): void => void process.send?.(told);
process.on('message', async () => {
  await souk.embedded.quiet();
  tell({ kind: 'quiet' });
});
process.on('disconnect', () => process.exit());
tell({ kind: 'ready', logins: souk.logins, simulator: ports.simulator });
