import { type Kv, type Log, systemError, systemViewer } from '@souk/kit';
import { REVOCATIONS_PUBLISHED, revokedKey } from '@souk/users';
import { routerContext, type Upstream } from './upstream.ts';

/** Which tokens were ended before their time. */
export interface Revocations {
  /**
   * Whether a session or a guest (`revocableId`) was ended. Throws SUBGRAPH_UNAVAILABLE where that cannot be
   * known: it never lets a token through unchecked.
   */
  isEnded(id: string): Promise<boolean>;
  /** Has every revocation in force brought into the kv, unless all are there. */
  load(): Promise<void>;
}

const PUBLISH = 'mutation { publishRevocations }';
const IS_ENDED = 'query ($id: ID!) { isSessionEnded(id: $id) }';
const DEADLINE_MS = 10_000;
const RETRY_AFTER_MS = 5_000;

/**
 * Looks where `users` publishes before it answers whoever ends a session: in the kv. A kv that was lost, as after a start, lacks
 * the note that all is published; then `users` is asked to publish everything again before anyone is let in. While the kv is
 * away, `users` is asked about each token.
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

  async function look(id: string): Promise<boolean> {
    const find = () => kv.get<boolean>(revokedKey(id));
    const [ended, published] = await Promise.all([find(), kv.get<boolean>(REVOCATIONS_PUBLISHED)]);
    if (ended) return true;
    if (published) return false;
    await loadOnce();
    return (await find()) === true;
  }

  async function ask(id: string): Promise<boolean> {
    const operation = { query: IS_ENDED, variables: { id } };
    const { data, errors } = await users.execute(operation, routerContext(systemViewer), DEADLINE_MS);
    if (errors || typeof data?.isSessionEnded !== 'boolean')
      throw new Error('users did not tell whether a session ended');
    return data.isSessionEnded;
  }

  return {
    async isEnded(id) {
      try {
        // The kv's own fault is no answer, and neither is one of what fills it: the tables know.
        return await look(id).catch(() => ask(id));
      } catch (error) {
        log.error({ error }, 'whether a session was ended could not be told');
        throw systemError('SUBGRAPH_UNAVAILABLE', 'This is not possible right now. Please try again shortly.', {
          retryAfterMs: RETRY_AFTER_MS,
          http: { status: 503 },
        });
      }
    },
    async load() {
      const published = await kv.get(REVOCATIONS_PUBLISHED).catch(() => undefined);
      if (!published) await loadOnce();
    },
  };
}
