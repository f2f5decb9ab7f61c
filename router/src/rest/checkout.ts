import { hash } from 'node:crypto';
import { type Kv, systemError } from '@souk/kit';
import { refusal } from '../limits.ts';

/** The cart of a checkout: what the shopper saw, as the order takes it. */
export interface CartSeen {
  readonly cartId: string;
  readonly cartVersion: number;
  readonly lines: readonly { readonly variantId: string; readonly quantity: number }[];
}

/** As long as the houses keep a key's answer. */
const KEEP_SECONDS = 2 * 86_400;

interface Wish {
  readonly principal: string;
  readonly idempotencyKey: string;
  /** As the body says it. */
  readonly cartVersion: unknown;
}

/**
 * The cart that a checkout is of. A try that is repeated finds the cart of the first one, whatever became of the cart since: the
 * order it led to emptied it. `read` answers null where there is no cart. Throws CONFLICT where it changed since the shopper saw it.
 */
export async function cartOf(
  kv: Kv,
  { principal, idempotencyKey, cartVersion }: Wish,
  read: () => Promise<CartSeen | null>,
): Promise<CartSeen | null> {
  if (!Number.isInteger(cartVersion))
    throw refusal('`cartVersion` is a whole number: the version of the cart that was seen.');
  const key = `router:checkout:${hash('sha256', `${principal} ${idempotencyKey}`, 'hex')}`;
  const first = await kv.get<CartSeen>(key).catch(() => undefined);
  if (first && first.cartVersion === cartVersion) return first;
  const seen = await read();
  if (!seen) return null;
  if (seen.cartVersion !== cartVersion) {
    throw systemError('CONFLICT', 'The cart changed meanwhile. Look at it again, then check out what it holds now.', {
      http: { status: 409 },
    });
  }
  // Without the kv a repeat is still done once: the house refuses it where the cart is another by then.
  await kv.set(key, seen, KEEP_SECONDS).catch(() => undefined);
  return seen;
}

/** The cart as `GetCart` answers it. */
export function cartSeenIn(cart: unknown): CartSeen | null {
  if (cart === null || cart === undefined) return null;
  const { id, version, lines } = cart as {
    id: string;
    version: number;
    lines: readonly { quantity: number; variant: { id: string } | null }[];
  };
  const known = lines.flatMap(({ quantity, variant }) => (variant ? [{ variantId: variant.id, quantity }] : []));
  if (known.length < lines.length) {
    throw systemError('SUBGRAPH_UNAVAILABLE', 'The products of this cart cannot be read right now. Please try again.', {
      http: { status: 503 },
    });
  }
  return { cartId: id, cartVersion: version, lines: known };
}
