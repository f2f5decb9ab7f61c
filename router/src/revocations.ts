import { type Kv, type Log, type SystemCode, systemError, systemViewer } from '@souk/kit';
import { REVOCATIONS_PUBLISHED, revokedKey } from '@souk/users';
import { routerContext, type Upstream } from './upstream.ts';

/** Which tokens were ended before their time. */
export interface Revocations {
  /**
   * Whether a session or a guest (`revocableId`) was ended. Throws OVERLOADED or SUBGRAPH_UNAVAILABLE where that cannot be
   * known: it never lets a token through unchecked.
   */
  isEnded(id: string): Promise<boolean>;
  /** Has every revocation in force brought into the kv, unless all are there. */
  load(): Promise<void>;
}

const PUBLISH = 'mutation { publishRevocations }';
const DEADLINE_MS = 10_000;
const RETRY_AFTER_MS = 5_000;

/**
 * Looks where `users` publishes before it answers whoever ends a session: in the kv. A kv that was lost, as after a start, lacks
 * the note that all is published; then `users` is asked to publish everything again before anyone is let in.
 */
export function followRevocations({ kv, users, log }: { kv: Kv; users: Upstream; log: Log }): Revocations {
  let loading: Promise<void> | undefined;

  async function publishAgain(): Promise<void> {
    const { data, errors } = await users.execute({ query: PUBLISH }, routerContext(systemViewer), DEADLINE_MS);
    if (errors || data?.publishRevocations !== true) throw new Error('users did not publish the revocations');
  }

  /** One asks for all who wait. */
  function loadOnce(): Promise<void> {
    loading ??= publishAgain().finally(() => {
      loading = undefined;
    });
    return loading;
  }

  const tried = async <T>(code: SystemCode, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      log.error({ error }, 'whether a session was ended could not be told');
      throw systemError(code, 'This is not possible right now. Please try again shortly.', {
        retryAfterMs: RETRY_AFTER_MS,
        http: { status: 503 },
      });
    }
  };

  return {
    async isEnded(id) {
      const look = () => kv.get<boolean>(revokedKey(id));
      const [ended, published] = await tried('OVERLOADED', () =>
        Promise.all([look(), kv.get<boolean>(REVOCATIONS_PUBLISHED)]),
      );
      if (ended) return true;
      if (published) return false;
      await tried('SUBGRAPH_UNAVAILABLE', loadOnce);
      return (await tried('OVERLOADED', look)) === true;
    },
    async load() {
      if (!(await kv.get(REVOCATIONS_PUBLISHED))) await loadOnce();
    },
  };
}
