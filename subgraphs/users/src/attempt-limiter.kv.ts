import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { type Kv, systemError } from '@souk/kit';
import type { Attempt, AttemptLimiter } from './attempt-limiter.ts';

const WINDOW_SECONDS = 15 * 60;

/** Tries within a window. An address may stand for a whole office. */
const limits: { readonly [A in Attempt]: { readonly account: number; readonly address: number } } = {
  SIGN_IN: { account: 10, address: 100 },
  REGISTER: { account: 10, address: 100 },
  PASSWORD: { account: 10, address: 100 },
};

/** What one client can hold of addresses: an IPv4 address, or an IPv6 /64. */
export function addressRange(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.toLowerCase().split('%')[0]!.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right].map((group) => group.replace(/^0+(?=.)/, ''));
  return `${groups.slice(0, 4).join(':')}::/64`;
}

/** Counts in the kv. Keys are hashes: neither an e-mail address nor an IP address is kept in clear. */
export function kvLimiter(kv: Kv): AttemptLimiter {
  const keyOf = (attempt: Attempt, kind: 'account' | 'address', what: string) =>
    `users:attempts:${attempt}:${kind}:${createHash('sha256').update(what.toLowerCase()).digest('base64url')}`;

  async function add(key: string): Promise<number> {
    try {
      return await kv.increment(key, WINDOW_SECONDS);
    } catch (cause) {
      throw Object.assign(
        systemError('OVERLOADED', 'This is not possible right now. Please try again shortly.', { retryAfterMs: 5_000 }),
        { cause },
      );
    }
  }

  return {
    async count(attempt, account, clientAddress) {
      const tries = await Promise.all([
        add(keyOf(attempt, 'account', account)),
        clientAddress === null ? 0 : add(keyOf(attempt, 'address', addressRange(clientAddress))),
      ]);
      if (tries[0] > limits[attempt].account || tries[1] > limits[attempt].address) {
        throw systemError('RATE_LIMITED', 'Too many tries. Please wait a quarter of an hour and try again.', {
          retryAfterMs: WINDOW_SECONDS * 1000,
        });
      }
    },
    forgive: (attempt, account) => kv.delete(keyOf(attempt, 'account', account)),
  };
}
