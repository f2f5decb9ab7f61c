import { type Log, sleep, systemViewer } from '@souk/kit';
import type { Registered } from '../pipeline.ts';
import { routerContext, type Upstream } from '../upstream.ts';

const EVERY_MS = 10_000;
const DEADLINE_MS = 5_000;
/** As many as the platform takes at a time. */
const MOST_USES = 1_000;
const MOST_KEYS = 1_000;

const NOTE_USES = 'mutation ($uses: [OperationUseInput!]!) { noteOperationUses(uses: $uses) }';
const NOTE_KEYS = 'mutation ($ids: [String!]!) { noteApiKeyUse(ids: $ids) }';

/** What is known of an operation once it was understood. */
export interface Traits {
  readonly cost: number | null;
  readonly scopes: readonly string[] | null;
}

export interface Usage {
  /** `traits` is asked for the first time an operation runs here. */
  ran(operation: Registered, traits: () => Traits): void;
  keyUsed(id: string): void;
  /** Tells what was counted and not told yet. */
  stop(): Promise<void>;
}

interface Counted extends Traits {
  readonly client: string;
  readonly documentId: string;
  uses: number;
}

interface Options {
  readonly platform: Upstream;
  readonly users: Upstream;
  readonly log: Log;
  readonly everyMs?: number;
}

/**
 * Counts what runs here and tells it in batches: no request waits for that, and none leads to a write of its own. What
 * cannot be told is told with the next batch; what was counted when a process is killed is lost.
 */
export function countUsage({ platform, users, log, everyMs = EVERY_MS }: Options): Usage {
  let counted = new Map<string, Counted>();
  let keys = new Set<string>();
  const traits = new Map<string, Traits>();
  const stopping = new AbortController();

  async function tell(upstream: Upstream, query: string, variables: Record<string, unknown>): Promise<boolean> {
    const { errors } = await upstream.execute({ query, variables }, routerContext(systemViewer), DEADLINE_MS);
    if (errors) log.debug({ house: upstream.name }, 'use could not be told; it is told later');
    return !errors;
  }

  async function tellUses(): Promise<void> {
    const batch = [...counted.values()].slice(0, MOST_USES);
    if (batch.length === 0) return;
    const rest = [...counted].slice(MOST_USES);
    counted = new Map(rest);
    if (await tell(platform, NOTE_USES, { uses: batch })) return;
    for (const one of batch) {
      const key = keyOf(one.client, one.documentId);
      const since = counted.get(key);
      counted.set(key, { ...one, uses: one.uses + (since?.uses ?? 0) });
    }
  }

  async function tellKeys(): Promise<void> {
    const batch = [...keys].slice(0, MOST_KEYS);
    if (batch.length === 0) return;
    keys = new Set([...keys].slice(MOST_KEYS));
    if (await tell(users, NOTE_KEYS, { ids: batch })) return;
    keys = new Set([...keys, ...batch]);
  }

  const tellAll = (): Promise<unknown> => Promise.all([tellUses(), tellKeys()]);

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sleep(everyMs, stopping.signal);
      await tellAll();
    }
  }

  const following = follow();
  return {
    ran({ client, id }, ask) {
      const key = keyOf(client, id);
      const one = counted.get(key);
      if (one) {
        one.uses++;
        return;
      }
      const known = traits.get(key) ?? ask();
      traits.set(key, known);
      counted.set(key, { client, documentId: id, uses: 1, ...known });
    },
    keyUsed: (id) => void keys.add(id),
    async stop() {
      stopping.abort();
      await following;
    },
  };
}

const keyOf = (client: string, id: string): string => `${client} ${id}`;
