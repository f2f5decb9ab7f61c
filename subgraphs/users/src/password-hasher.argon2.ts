import { randomBytes } from 'node:crypto';
import { hash as argon2Hash, verify as argon2Verify, type Options } from '@node-rs/argon2';
import { semaphore, systemError } from '@souk/kit';
import type { PasswordHasher } from './password-hasher.ts';

/** OWASP's and RFC 9106's choice for servers. The library's default algorithm is argon2id. */
const cost: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

interface Bounds {
  /** Hashes at a time: they run in the thread pool that files and DNS use too, and must leave it room. */
  readonly atOnce?: number;
  /** Callers in line. Beyond it the answer is OVERLOADED at once rather than a time-out later. */
  readonly waiting?: number;
}

export async function argon2Hasher({ atOnce = 2, waiting = 200 }: Bounds = {}): Promise<PasswordHasher> {
  const inTurn = semaphore(atOnce, {
    most: waiting,
    refusal: () =>
      systemError('OVERLOADED', 'Too many people are signing in right now. Please try again shortly.', {
        retryAfterMs: 5_000,
      }),
  });
  const dummy = await argon2Hash(randomBytes(32), cost);
  return {
    hash: (password) => inTurn(() => argon2Hash(password, cost)),
    async verify(hash, password) {
      const same = await inTurn(() => argon2Verify(hash ?? dummy, password));
      return hash !== null && same;
    },
  };
}
