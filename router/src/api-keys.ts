import { createHash } from 'node:crypto';
import { type Live, type Log, monotonicMs, systemError, systemViewer } from '@souk/kit';
import { API_KEYS_TOPIC, type AppId, type Scope } from '@souk/schema';
import { Recent } from './executor/recent.ts';
import { routerContext, type Upstream } from './upstream.ts';

/** An app that showed a good key, and what the key grants it. */
export interface App {
  /** The bare UUID of the key. */
  readonly keyId: string;
  readonly appId: AppId;
  /** Whose registered operations it may run; null for those of every client. */
  readonly client: string | null;
  readonly scopes: readonly Scope[];
  /** Null for what the shop gives everybody. */
  readonly requestsPerMinute: number | null;
  readonly costPerMinute: number | null;
  /** Unix seconds; null where it never ends by itself. */
  readonly expiresAt: number | null;
}

export interface ApiKeys {
  /** Null for a key that is unknown, expired or revoked. Throws SUBGRAPH_UNAVAILABLE where that cannot be known. */
  find(secret: string): Promise<App | null>;
  stop(): Promise<void>;
}

const GRANT =
  'query ($hash: String!) { apiKeyGrant(hash: $hash) { id appId client scopes requestsPerMinute costPerMinute expiresAt } }';
const FORM = /^souk_[\w-]{43}$/;
const DEADLINE_MS = 5_000;
const RETRY_AFTER_MS = 5_000;
/** How long an answer is believed where no touch says otherwise: a revocation is known everywhere within this. */
const BELIEVED_MS = 10_000;
const MOST_KEYS = 10_000;

interface Believed {
  readonly app: App | null;
  readonly until: number;
}

type Grant = Omit<App, 'keyId' | 'expiresAt'> & { readonly id: string; readonly expiresAt: string | null };

interface Options {
  readonly users: Upstream;
  readonly live: Live;
  readonly log: Log;
  /** Told of each key that was let in. */
  readonly used: (keyId: string) => void;
}

/** Asks `users` about keys, by their hashes, and remembers briefly; a touch ends what is remembered at once. */
export function followApiKeys({ users, live, log, used }: Options): ApiKeys {
  let believed = new Recent<Believed>(MOST_KEYS);
  let asking = new Map<string, Promise<App | null>>();
  const touches = live.subscribe([API_KEYS_TOPIC]);

  async function ask(hash: string): Promise<App | null> {
    const operation = { query: GRANT, variables: { hash } };
    const { data, errors } = await users.execute(operation, routerContext(systemViewer), DEADLINE_MS);
    if (errors || !data) throw new Error('users did not tell about an API key');
    const grant = data.apiKeyGrant as Grant | null;
    if (!grant) return null;
    const { id: keyId, expiresAt, ...rest } = grant;
    return { ...rest, keyId, expiresAt: expiresAt === null ? null : Math.floor(Date.parse(expiresAt) / 1000) };
  }

  /** What was asked before a touch may be the old answer: it serves whoever waits for it, and nobody after them. */
  async function askOnce(hash: string): Promise<App | null> {
    const [into, among] = [believed, asking];
    const under = among.get(hash);
    if (under) return under;
    const answer = ask(hash).finally(() => among.delete(hash));
    among.set(hash, answer);
    const app = await answer;
    into.set(hash, { app, until: monotonicMs() + BELIEVED_MS });
    return app;
  }

  async function followTouches(): Promise<void> {
    for await (const _ of touches) {
      believed = new Recent(MOST_KEYS);
      asking = new Map();
    }
  }

  const following = followTouches();
  return {
    async find(secret) {
      // Nothing of another form was ever issued, and whoever guesses costs no query.
      if (!FORM.test(secret)) return null;
      const hash = createHash('sha256').update(secret).digest('hex');
      const known = believed.get(hash);
      try {
        const app = known && known.until > monotonicMs() ? known.app : await askOnce(hash);
        if (app) used(app.keyId);
        return app;
      } catch (error) {
        log.error({ error }, 'whether an API key is good could not be told');
        throw systemError('SUBGRAPH_UNAVAILABLE', 'This is not possible right now. Please try again shortly.', {
          retryAfterMs: RETRY_AFTER_MS,
          http: { status: 503 },
        });
      }
    },
    async stop() {
      await touches.return?.();
      await following;
    },
  };
}
