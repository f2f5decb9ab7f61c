import { isIPv6 } from 'node:net';
import { type Budget, type BudgetSize, isWithin, type Kv, plainAddress } from '@souk/kit';
import type { Asker } from '../pipeline.ts';

/** Who a limit is counted for: an app by whichever of its keys, a person by their session, everybody else by their address. */
export type ClientKind = 'app' | 'person' | 'address';

export interface Client {
  readonly kind: ClientKind;
  readonly key: string;
}

export function clientOf({ app, viewer: { principal, clientAddress } }: Asker): Client {
  if (app) return { kind: 'app', key: app.appId };
  if (principal !== 'anonymous') return { kind: 'person', key: principal };
  return { kind: 'address', key: addressKey(clientAddress) };
}

/** One subscriber has a whole /64 of IPv6. Whoever has no address shares one bucket with all others that have none. */
export function addressKey(address: string | null): string {
  const plain = plainAddress(address ?? undefined);
  if (plain === null) return 'none';
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('%')[0]!.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  const groups = [...before, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

/** An app, and what a shop grants it where that is not what every app has. */
export interface Quota {
  readonly appId: string;
  readonly requestsPerMinute: number | null;
  readonly costPerMinute: number | null;
}

export type Sizes = Readonly<Record<ClientKind, BudgetSize>>;

/** The buckets of one thing that is counted, for clients of every kind. */
export interface Buckets {
  of(client: Client, granted: number | null | undefined): Budget;
}

/** A quota is a bucket that is full again after a minute, apart from everybody else's. */
const MINUTE = 60;
const MOST_QUOTAS = 1_000;

export function bucketsOf(kv: Pick<Kv, 'budget'>, what: string, sizes: Sizes): Buckets {
  const usual = {
    app: kv.budget(`${what}:app`, sizes.app),
    person: kv.budget(`${what}:person`, sizes.person),
    address: kv.budget(`${what}:address`, sizes.address),
  };
  const quotas = new Map<number, Budget>();
  return {
    of({ kind }, granted) {
      if (kind !== 'app' || granted == null) return usual[kind];
      let quota = quotas.get(granted);
      if (!quota) {
        if (quotas.size >= MOST_QUOTAS) quotas.clear();
        quota = kv.budget(`${what}:quota:${granted}`, { capacity: granted, seconds: MINUTE });
        quotas.set(granted, quota);
      }
      return quota;
    },
  };
}

/** Seconds after which a bucket that holds so much is full. */
export const secondsToFull = ({ capacity, seconds }: BudgetSize, available: number): number =>
  Math.ceil(((capacity - available) * seconds) / capacity);

export const isUnlimited = (networks: Parameters<typeof isWithin>[0], { viewer: { clientAddress } }: Asker): boolean =>
  isWithin(networks, plainAddress(clientAddress ?? undefined));
