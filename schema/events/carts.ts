import type { CartId, VariantId } from '../ids.ts';
import type { Fact } from './envelope.ts';

/** A cart's lines, codes or destination changed. State. Keyed by cartId. */
export type CartUpdated = Fact<
  'carts.CartUpdated',
  { cartId: CartId; principal: string; lines: { variantId: VariantId; quantity: number }[] }
>;

/** Nobody touched a cart with lines for a day. State. Keyed by cartId. */
export type CartAbandoned = Fact<'carts.CartAbandoned', { cartId: CartId; principal: string }>;

export type CartsFact = CartUpdated | CartAbandoned;
