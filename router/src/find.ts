import { systemError } from '@souk/kit';
import { Recent } from './executor/recent.ts';
import { refusal } from './limits.ts';
import { type Asked, type Found, sha256 } from './pipeline.ts';

const MOST_TEXTS = 1_000;
const LONGEST_TEXT = 20_000;

/**
 * Finds an operation by its text, or by the hash of a text that was sent before (Apollo's automatic persisted queries).
 * Longer texts, and those that were not sent for longest, are not kept: their clients are told to send the text again.
 */
export function automatic(): (asked: Asked) => Found {
  const texts = new Recent<string>(MOST_TEXTS);
  return ({ query, extensions }) => {
    const { sha256Hash: wanted } = (extensions?.persistedQuery ?? {}) as { sha256Hash?: unknown };
    if (query) {
      const hash = sha256(query);
      if (wanted !== undefined && wanted !== hash) throw refusal('The hash is not that of the text.');
      if (wanted !== undefined && query.length <= LONGEST_TEXT) texts.set(hash, query);
      return { text: query, hash, registered: null };
    }
    if (typeof wanted !== 'string') throw refusal('Send the text of an operation as `query`.');
    const text = texts.get(wanted);
    // Clients know these very words, answered with 200, and send the text.
    if (text === undefined)
      throw systemError('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound', { http: { status: 200 } });
    return { text, hash: wanted, registered: null };
  };
}
