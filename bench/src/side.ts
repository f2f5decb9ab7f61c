import type { Provider } from './provider.ts';
import { type Login, startServer } from './server.ts';

/** A process whose processor time and memory count. */
export interface Counted {
  readonly kind: 'Souk' | 'NATS and Redis';
  readonly pid: number;
}

/** A running shop of one profile, without its database and the payment provider. */
export interface Side {
  /** URL of the graph. */
  readonly url: string;
  readonly logins: readonly Login[];
  readonly processes: readonly Counted[];
  /** Resolves when no fact is under way and the payment provider has told all it had to tell. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
}

export interface SideStart {
  readonly postgresUrl: string;
  readonly dataDir: string;
  readonly provider: Provider;
  readonly onProgress: (line: string) => void;
}

export type StartSide = (start: SideStart) => Promise<Side>;

/** The embedded profile, in one process. */
export const startEmbeddedSide: StartSide = async (start) => {
  const server = await startServer({ ...start, ticks: true });
  return {
    url: server.url,
    logins: server.logins,
    processes: [{ kind: 'Souk', pid: server.pid }],
    quiet: () => server.quiet(),
    stop: () => server.stop(),
  };
};
