import { unheld } from '@souk/kit/config';
import { startChild } from './child.ts';
import type { Provider } from './provider.ts';

/** What the server process can be asked. */
export type ServerAsk =
  | { readonly kind: 'start'; readonly postgresUrl: string; readonly dataDir: string; readonly ticks: boolean }
  | { readonly kind: 'quiet' }
  | { readonly kind: 'profile' }
  | { readonly kind: 'save-profile'; readonly file: string }
  | { readonly kind: 'collect' }
  | { readonly kind: 'stop' };

export interface Login {
  readonly role: string;
  readonly email: string;
  readonly password: string;
}

/** Souk in a process of its own. */
export interface Server {
  readonly pid: number;
  /** URL of the graph. */
  readonly url: string;
  readonly logins: readonly Login[];
  /** Resolves when no fact is under way, no tick runs and the payment provider has told all it had to tell. */
  quiet(): Promise<void>;
  /** Collects garbage, so that one scenario's is not another's memory. */
  collect(): Promise<void>;
  /** Begins to write down where processor time goes; the answer ends it and writes `file`. */
  profile(file: string): Promise<() => Promise<void>>;
  stop(): Promise<void>;
}

interface Start {
  readonly postgresUrl: string;
  readonly dataDir: string;
  /** False leaves out what runs by time alone; what a commit asks for runs all the same. */
  readonly ticks: boolean;
  readonly provider: Provider;
  readonly onProgress: (line: string) => void;
}

export async function startServer({ postgresUrl, dataDir, ticks, provider, onProgress }: Start): Promise<Server> {
  const child = startChild<ServerAsk>({
    name: 'the server',
    entry: './server.process.ts',
    env: {
      // The embedded profile refuses production; what it costs is the same.
      SOUK_ENV: 'development',
      SOUK_LOG_LEVEL: 'silent',
      ...unheld,
      STRIPE_API_URL: provider.url,
      STRIPE_SECRET_KEY: provider.secretKey,
      STRIPE_WEBHOOK_SECRET: provider.webhookSecret,
    },
    onProgress,
  });
  const { pid, ask } = child;
  const stop = (): Promise<void> => child.stop({ kind: 'stop' });
  try {
    const started = (await ask({ kind: 'start', postgresUrl, dataDir, ticks })) as { url: string; logins: Login[] };
    // The name would be looked up for each connection.
    const url = started.url.replace('//localhost', '//127.0.0.1');
    await provider.deliverTo(new URL('/webhooks/stripe', url).href);
    const quiet = async (): Promise<void> => void (await ask({ kind: 'quiet' }));
    return {
      pid,
      url,
      logins: started.logins,
      async quiet() {
        await quiet();
        await provider.quiet();
        await quiet();
      },
      collect: async () => void (await ask({ kind: 'collect' })),
      async profile(file) {
        await ask({ kind: 'profile' });
        return async () => void (await ask({ kind: 'save-profile', file }));
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
