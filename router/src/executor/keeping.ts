import { createHash } from 'node:crypto';
import { monotonicMs } from '@souk/kit';
import { isStaff, type Viewer } from '@souk/schema';
import type { EntityCache } from '../cache/cache.ts';
import type { Kept } from '../cache/policy.ts';
import type { Fetched } from './data.ts';

/** The cache as one run may use it. Runs that write, and those that tell of an event, use none. */
export interface Caching {
  readonly cache: EntityCache;
  /** Whose public answers are alike; null for whoever may be shown more than others. */
  readonly publicly: string | null;
  readonly privately: string;
}

/** How the answers of a fetch are kept. */
export interface Keeping extends Kept {
  /** Stands for subgraph and text in keys. */
  readonly id: string;
}

export const keepingOf = (service: string, text: string, kept: Kept | null): Keeping | null =>
  kept && { ...kept, id: createHash('sha256').update(`${service}\n${text}`).digest('base64url') };

export function cachingOf(cache: EntityCache, viewer: Viewer, identity: string): Caching {
  const { channel, locale, principal, scopes = [] } = viewer;
  const sees = isStaff(viewer) || scopes.length > 0 || principal === 'system';
  return { cache, publicly: sees ? null : `${channel.id} ${channel.currency} ${locale}`, privately: identity };
}

/** What all keys of a fetch begin with in this run; null where its answers are not for keeping. */
export function prefixOf(keeping: Keeping | null, caching: Caching, variables: Fetched): string | null {
  if (!keeping) return null;
  const identity = keeping.scope === 'PUBLIC' ? caching.publicly : caching.privately;
  return identity === null ? null : `${keeping.id}\n${identity}\n${JSON.stringify(variables)}\n`;
}

/** What is left of the time for which something may be kept that was asked for at `since`. */
export const ttlOf = ({ maxAgeMs }: Keeping, holdsMs: number | undefined, since: number): number =>
  Math.min(maxAgeMs, holdsMs ?? maxAgeMs) - (monotonicMs() - since);
