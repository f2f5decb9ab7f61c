import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startPostgres } from '@souk/kit';
import { startChild } from './child.ts';

/** What the provider's process can be asked. */
export type ProviderAsk =
  | { readonly kind: 'start'; readonly postgresUrl: string; readonly secretKey: string }
  | { readonly kind: 'deliver'; readonly url: string; readonly secret: string }
  | { readonly kind: 'quiet' }
  | { readonly kind: 'stop' };

/**
 * The Stripe simulator in a process and on a database of its own, as Stripe is on machines of its own: what it costs is
 * not the shop's.
 */
export interface Provider {
  readonly url: string;
  readonly secretKey: string;
  readonly webhookSecret: string;
  deliverTo(webhookUrl: string): Promise<void>;
  /** Resolves when every event has been taken. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

export async function startProvider(folder: string, onProgress: (line: string) => void): Promise<Provider> {
  const secretKey = `sk_test_${randomBytes(16).toString('hex')}`;
  const webhookSecret = `whsec_${randomBytes(24).toString('hex')}`;
  const database = await startPostgres({ dir: join(folder, 'provider'), onProgress });
  const child = startChild<ProviderAsk>({ name: 'the payment provider', entry: './provider.process.ts' });
  const stop = async (): Promise<void> => {
    await child.stop({ kind: 'stop' });
    await database.stop();
  };
  try {
    const url = (await child.ask({ kind: 'start', postgresUrl: database.url, secretKey })) as string;
    return {
      url,
      secretKey,
      webhookSecret,
      deliverTo: async (to) => void (await child.ask({ kind: 'deliver', url: to, secret: webhookSecret })),
      quiet: async () => void (await child.ask({ kind: 'quiet' })),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
