import { type Live, type Log, monotonicMs, sleep, systemViewer } from '@souk/kit';
import { OPERATIONS_TOPIC } from '@souk/schema';
import { routerContext, type Upstream } from '../upstream.ts';
import { type Entry, type Known, knownOperations } from './known.ts';
import type { Shipped } from './manifests.ts';

const DEADLINE_MS = 5_000;
const REFRESH_MS = 10_000;
const AGAIN_MS = 1_000;
/** As many as the platform tells at a time. */
const PAGE = 500;

const CHANGES =
  'query ($since: Int!) { changedOperations(since: $since) { version client documentId name owner body maxAge retiredAt } }';
const SHIP = 'mutation ($input: RegisterOperationsInput!) { shipOperations(input: $input) { errors { message } } }';

type Change = Omit<Entry, 'id'> & {
  readonly documentId: string;
  readonly version: number;
  readonly retiredAt: string | null;
};

export interface Registry extends Pick<Known, 'find'> {
  /** Resolves once the platform was heard for the first time. */
  readonly heard: Promise<void>;
  stop(): Promise<void>;
}

interface Options {
  readonly platform: Upstream;
  readonly live: Live;
  readonly shipped: readonly Shipped[];
  readonly log: Log;
  readonly refreshMs?: number;
}

/**
 * The operations of the manifests this router came with and of the registry in the platform, which it is told of the former.
 * A change there is known here at a touch, and otherwise within `refreshMs`. While the platform is away, what is known works.
 */
export function followRegistry({ platform, live, shipped, log, refreshMs = REFRESH_MS }: Options): Registry {
  const known = knownOperations();
  for (const { entries } of shipped) entries.forEach(known.add);
  const touches = live.subscribe([OPERATIONS_TOPIC]);
  const stopping = new AbortController();
  const { signal } = stopping;
  let version = 0;
  const unshipped = [...shipped];
  let reading: Promise<void> | undefined;
  let again = false;

  async function ask(query: string, variables: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { data, errors } = await platform.execute({ query, variables }, routerContext(systemViewer), DEADLINE_MS);
    if (errors || !data) throw new Error(`the platform did not answer: ${errors?.[0]?.message ?? 'nothing came'}`);
    return data;
  }

  async function ship(): Promise<void> {
    for (let next = unshipped[0]; next; next = unshipped[0]) {
      const { client, owner, text } = next;
      const { shipOperations } = await ask(SHIP, { input: { client, owner, manifest: text } });
      const { errors } = shipOperations as { errors: readonly { message: string }[] };
      // The file is as wrong tomorrow: it is used all the same, and the registry goes without it.
      if (errors.length > 0) log.error({ client, reasons: errors }, 'the registry refuses a manifest of this router');
      unshipped.shift();
    }
  }

  async function readChanges(): Promise<void> {
    for (;;) {
      const { changedOperations } = await ask(CHANGES, { since: version });
      const changes = changedOperations as readonly Change[];
      for (const { documentId: id, retiredAt, version: at, ...entry } of changes) {
        if (retiredAt === null) known.add({ ...entry, id });
        else known.remove(entry.client, id);
        version = Math.max(version, at);
      }
      if (changes.length < PAGE) return;
    }
  }

  async function readAll(): Promise<void> {
    do {
      again = false;
      await ship();
      await readChanges();
    } while (again);
  }

  /** One reads for all; who asks while it reads is served by another turn, which begins after they asked. */
  function read(): Promise<void> {
    again = true;
    reading ??= readAll().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function readFirst(): Promise<void> {
    const since = monotonicMs();
    for (let told = false; !signal.aborted; ) {
      try {
        return await read();
      } catch (error) {
        // Whoever starts beside the platform waits for it a moment, and no word is lost about that.
        if (!told && monotonicMs() - since > DEADLINE_MS) {
          log.warn(
            { error },
            'the registry of operations is away; the manifests of this router are used until it answers',
          );
          told = true;
        }
        await sleep(AGAIN_MS, signal);
      }
    }
  }
  async function followTouches(): Promise<void> {
    for await (const _ of touches) await read().catch(() => undefined);
  }
  async function followTime(): Promise<void> {
    while (!signal.aborted) {
      await sleep(refreshMs, signal);
      // A failed read keeps what is known.
      if (!signal.aborted) await read().catch(() => undefined);
    }
  }

  const heard = touches.listening.then(readFirst);
  const following = Promise.all([heard, followTouches(), followTime()]);
  return {
    find: known.find,
    heard,
    async stop() {
      stopping.abort();
      await touches.return?.();
      await following;
    },
  };
}
