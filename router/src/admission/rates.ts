import type { BlockList } from 'node:net';
import { type Budget, type Kv, systemError, type Taken } from '@souk/kit';
import type { GraphQLError } from 'graphql';
import type { Gate } from '../pipeline.ts';
import { addressKey, bucketsOf, clientOf, isUnlimited, type Sizes, secondsToFull } from './clients.ts';

interface Options {
  readonly kv: Pick<Kv, 'budget'>;
  readonly sizes: Sizes;
  readonly unlimited: BlockList;
}

/** A bucket that was asked, by the name that clients read in the headers. */
interface Asked {
  readonly name: string;
  readonly budget: Budget;
  readonly key: string;
  readonly taken: Taken;
}

/**
 * Counts the requests of an address, and those of the user, guest or app behind it: before anything is read of what they ask, so
 * that nonsense counts too. Told by the header fields of the IETF's draft, RateLimit-Policy and RateLimit; what is too
 * much is refused with RATE_LIMITED and Retry-After.
 */
export function rateLimits({ kv, sizes, unlimited }: Options): Gate {
  const buckets = bucketsOf(kv, 'rate', sizes);
  return async (asker) => {
    if (isUnlimited(unlimited, asker)) return undefined;
    const client = clientOf(asker);
    const address = { kind: 'address', key: addressKey(asker.viewer.clientAddress) } as const;
    const counted = client.kind === 'address' ? [address] : [address, client];
    const asked = await Promise.all(
      counted.map(async (one): Promise<Asked> => {
        const budget = buckets.of(one, asker.app?.requestsPerMinute);
        return { name: one.kind, budget, key: one.key, taken: await budget.take(one.key, 1) };
      }),
    );
    const headers = headersOf(asked);
    if (asked.every(({ taken }) => taken.ok)) return { after: () => ({ headers }) };
    // Whoever is refused by one of them has not used the other.
    await Promise.all(asked.filter(({ taken }) => taken.ok).map(({ budget, key }) => budget.give(key, 1)));
    const retryAfterMs = Math.max(...asked.map(({ taken }) => taken.retryAfterMs));
    throw tooMany('You ask too often.', retryAfterMs, headers);
  };
}

const headersOf = (asked: readonly Asked[]): Record<string, string> => ({
  'ratelimit-policy': asked
    .map(({ name, budget: { size } }) => `"${name}";q=${size.capacity};w=${size.seconds}`)
    .join(', '),
  ratelimit: asked
    .map(
      ({ name, budget: { size }, taken }) =>
        `"${name}";r=${Math.floor(taken.available)};t=${secondsToFull(size, taken.available)}`,
    )
    .join(', '),
});

const inWords = (seconds: number): string => (seconds === 1 ? 'in a second' : `in ${seconds} seconds`);

/** RATE_LIMITED, 429, and when to come back. */
export function tooMany(
  why: string,
  retryAfterMs: number,
  headers: Readonly<Record<string, string>> = {},
): GraphQLError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return systemError('RATE_LIMITED', `${why} Try again ${inWords(seconds)}.`, {
    retryAfterMs: Math.ceil(retryAfterMs),
    http: { status: 429, headers: { ...headers, 'retry-after': String(seconds) } },
  });
}
