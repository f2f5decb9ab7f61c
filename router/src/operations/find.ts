import { count, type Log, systemError } from '@souk/kit';
import { isStaff } from '@souk/schema';
import { Recent } from '../executor/recent.ts';
import { refusal } from '../limits.ts';
import { type Asked, type Asker, type Found, sha256 } from '../pipeline.ts';
import type { Known } from './known.ts';
import type { Texts } from './texts.ts';

/**
 * What clients may ask: `log` anything, and what is in no manifest is logged; `id` only registered operations, by their ids;
 * `safelist` only those registered for the very client.
 */
export type OperationMode = 'log' | 'id' | 'safelist';

interface Options {
  readonly mode: OperationMode;
  readonly known: Pick<Known, 'find'>;
  readonly texts: Texts;
  readonly log: Log;
}

/** The client whose operations the REST routes are. */
export const REST_CLIENT = 'rest';

const HASH = /^[0-9a-f]{64}$/;
const LONGEST_ID = 128;
const MOST_LOGGED = 1_000;

/** Clients know these very words: Apollo's send the text then. */
const notFound = (status: number) =>
  systemError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound', { http: { status } });

const required = () =>
  systemError(
    'PERSISTED_QUERY_REQUIRED',
    'This shop runs registered operations only. Ask for one by its id, as documentId or extensions.persistedQuery.sha256Hash.',
    { http: { status: 400 } },
  );

/** Finds what was asked: a registered operation by its id, a text that was sent before by its hash, or the text itself. */
export function finder({ mode, known, texts, log }: Options): (asked: Asked, asker: Asker) => Promise<Found> | Found {
  const logged = new Recent<true>(MOST_LOGGED);

  function unregistered(found: Found): Found {
    count('souk_unregistered_operations_total');
    if (!logged.get(found.hash)) {
      logged.set(found.hash, true);
      log.info({ hash: found.hash }, 'an operation that is in no manifest was asked for');
    }
    return found;
  }

  async function sentBefore(hash: string): Promise<Found> {
    const text = await texts.get(hash);
    if (text === undefined) throw notFound(200);
    return unregistered({ text, hash, registered: null });
  }

  return (asked, asker) => {
    const { query } = asked;
    const { id, hash } = idOf(asked);
    const found = id === undefined ? undefined : known.find(listOf(asker, mode), id);
    if (query) {
      const own = sha256(query);
      if (hash !== undefined && hash !== own) throw refusal('The hash is not that of the text.');
      if (found?.hash === own) return found;
      if (mode !== 'log' && !mayAskAnything(asker)) throw required();
      const listed = known.find(listOf(asker, mode), own);
      if (listed) return listed;
      if (hash !== undefined) texts.put(own, query);
      return unregistered({ text: query, hash: own, registered: null });
    }
    if (found) return found;
    if (id === undefined) throw refusal('Send the text of an operation as `query`, or its id as `documentId`.');
    if (hash === undefined) throw notFound(404);
    if (mode !== 'log') throw notFound(200);
    return sentBefore(hash);
  };
}

function idOf({ documentId, extensions }: Asked): { id: string | undefined; hash: string | undefined } {
  if (documentId !== undefined) {
    if (documentId.length === 0 || documentId.length > LONGEST_ID) throw notFound(404);
    return { id: documentId, hash: undefined };
  }
  const persisted = extensions?.persistedQuery;
  if (persisted === undefined || persisted === null) return { id: undefined, hash: undefined };
  const { sha256Hash } = persisted as { sha256Hash?: unknown };
  if (typeof sha256Hash !== 'string' || !HASH.test(sha256Hash)) {
    throw refusal('`extensions.persistedQuery.sha256Hash` is a SHA-256 in 64 hexadecimal digits.');
  }
  return { id: sha256Hash, hash: sha256Hash };
}

/**
 * Whose operations are looked through. An app's key says whose it may run; anybody else says who they are, which nobody
 * proves: all that first-party clients may ask is open to whoever reads their code.
 */
function listOf({ transport, app, credentials }: Asker, mode: OperationMode): string | null {
  if (transport === 'REST') return REST_CLIENT;
  if (mode !== 'safelist') return null;
  return app ? app.client : (credentials.client ?? null);
}

/** Staff who write operations in the console, by their own account. */
const mayAskAnything = ({ viewer }: Asker): boolean => viewer.appId === undefined && isStaff(viewer);
