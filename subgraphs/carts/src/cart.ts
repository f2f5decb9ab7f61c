import { type CartId, type CartLineId, type Id, Rejection, type VariantId } from '@souk/schema';
import type { Address } from './address.ts';

export const cartErrorCodes = [
  'NOT_FOUND',
  'INVALID_QUANTITY',
  'QUANTITY_LIMIT',
  'LINE_LIMIT',
  'UNAVAILABLE',
  'INSUFFICIENT_STOCK',
  'INVALID_EMAIL',
  'INVALID_ADDRESS',
  'INVALID_NOTE',
] as const;
export type CartErrorCode = (typeof cartErrorCodes)[number];

export const cartProblemCodes = ['ADJUSTED', 'MERGED', 'UNAVAILABLE', 'INSUFFICIENT_STOCK', 'QUANTITY_LIMIT'] as const;
export type CartProblemCode = (typeof cartProblemCodes)[number];

export const MAX_LINES = 100;
export const MAX_QUANTITY = 999;

export interface Quantity {
  readonly variantId: VariantId;
  readonly quantity: number;
}

export interface Line extends Quantity {
  readonly id: CartLineId;
}

/** What carts knows of a variant, from products and inventory. */
export interface Goods {
  readonly variantId: VariantId;
  readonly published: boolean;
  readonly maxPerOrder: number | null;
  readonly available: number;
}

/** What the shopper's last change, or a merge, did otherwise than asked. Kept until the next change. */
export interface Notice {
  readonly code: 'ADJUSTED' | 'MERGED';
  readonly variantId: VariantId | null;
  /** What the line got instead; 0 where there was no room for it. */
  readonly quantity: number | null;
}

export interface Cart {
  readonly id: CartId;
  readonly principal: string;
  readonly version: number;
  readonly lines: readonly Line[];
  readonly codes: readonly string[];
  readonly note: string | null;
  readonly email: string | null;
  readonly shippingAddress: Address | null;
  readonly billingAddress: Address | null;
  readonly shippingMethodId: Id<'ShippingMethod'> | null;
  readonly notices: readonly Notice[];
  readonly mergedIds: readonly string[];
  readonly mergedPrincipals: readonly string[];
}

export interface Problem {
  readonly code: CartProblemCode;
  readonly message: string;
  readonly line: Line | null;
  readonly availableQuantity: number | null;
  readonly maxQuantity: number | null;
}

export type GoodsOf = (variantId: VariantId) => Goods | undefined;

const no = (
  code: CartErrorCode,
  message: string,
  field: string,
  data: { availableQuantity?: number; maxQuantity?: number } = {},
): Rejection => new Rejection(code, message, ['input', field], data);

export const itemCount = (cart: { lines: readonly Quantity[] }): number =>
  cart.lines.reduce((sum, line) => sum + line.quantity, 0);

const limitOf = (goods: Goods): number => Math.min(MAX_QUANTITY, goods.maxPerOrder ?? MAX_QUANTITY);

const checkQuantity = (quantity: number, least: number): void => {
  if (!Number.isSafeInteger(quantity) || quantity < least) {
    throw no('INVALID_QUANTITY', `A quantity is a whole number of at least ${least}.`, 'quantity');
  }
};

interface Fitted {
  readonly quantity: number;
  readonly notices: readonly Notice[];
}

/** The quantity a line gets when one asks for `wanted`: as asked, or what there is, told by a notice. Throws what cannot be. */
function fit(goods: Goods | undefined, wanted: number, present: number, field: string): Fitted {
  if (!goods?.published) throw no('UNAVAILABLE', 'This article is not for sale at the moment.', field);
  const maxQuantity = limitOf(goods);
  if (wanted > maxQuantity) {
    throw no('QUANTITY_LIMIT', `An order holds at most ${maxQuantity} of this article.`, 'quantity', { maxQuantity });
  }
  const { available, variantId } = goods;
  if (wanted <= available) return { quantity: wanted, notices: [] };
  if (available === 0 || (wanted > present && available <= present)) {
    const message =
      available === 0 ? 'This article is out of stock.' : `Only ${available} of this article are in stock.`;
    throw no('INSUFFICIENT_STOCK', message, 'quantity', { availableQuantity: available });
  }
  return { quantity: available, notices: [{ code: 'ADJUSTED', variantId, quantity: available }] };
}

/** Adds units of a variant to its line, or a line. What is not in stock is left out, and a notice tells. */
export function add(cart: Cart, goods: Goods | undefined, quantity: number, newId: () => CartLineId): Cart {
  checkQuantity(quantity, 1);
  if (!goods) throw no('NOT_FOUND', 'There is no such article.', 'variantId');
  const line = cart.lines.find((one) => one.variantId === goods.variantId);
  const present = line?.quantity ?? 0;
  const fitted = fit(goods, present + quantity, present, 'variantId');
  if (line) return changed(cart, line, fitted);
  if (cart.lines.length >= MAX_LINES) {
    throw no('LINE_LIMIT', `A cart holds at most ${MAX_LINES} different articles.`, 'variantId');
  }
  const added = { id: newId(), variantId: goods.variantId, quantity: fitted.quantity };
  return { ...cart, lines: [...cart.lines, added], notices: fitted.notices };
}

/** Sets a line's quantity; 0 takes the line out. */
export function setQuantity(cart: Cart, lineId: CartLineId, goodsOf: GoodsOf, quantity: number): Cart {
  checkQuantity(quantity, 0);
  const line = lineOf(cart, lineId);
  if (quantity === 0) return removeLine(cart, lineId);
  if (quantity === line.quantity) return cart;
  return changed(cart, line, fit(goodsOf(line.variantId), quantity, line.quantity, 'lineId'));
}

export function removeLine(cart: Cart, lineId: CartLineId): Cart {
  const gone = lineOf(cart, lineId);
  return { ...cart, lines: cart.lines.filter((line) => line !== gone), notices: [] };
}

export const clear = (cart: Cart): Cart => (cart.lines.length === 0 ? cart : { ...cart, lines: [], notices: [] });

function lineOf(cart: Cart, lineId: CartLineId): Line {
  const line = cart.lines.find((one) => one.id === lineId);
  if (!line) throw no('NOT_FOUND', 'There is no such line in your cart.', 'lineId');
  return line;
}

const changed = (cart: Cart, line: Line, { quantity, notices }: Fitted): Cart => ({
  ...cart,
  lines: cart.lines.map((one) => (one === line ? { ...one, quantity } : one)),
  notices,
});

/**
 * The guest's cart goes into the user's: quantities add up, as far as limits and stock allow, and notices tell. What the
 * person typed last, as a guest, counts.
 */
export function merge(cart: Cart, guest: Cart, goodsOf: GoodsOf, newId: () => CartLineId): Cart {
  const notices: Notice[] = [];
  const both = cart.lines.length > 0 && guest.lines.length > 0;
  if (both) notices.push({ code: 'MERGED', variantId: null, quantity: null });
  const lines = [...cart.lines];
  for (const { variantId, quantity } of guest.lines) {
    const at = lines.findIndex((line) => line.variantId === variantId);
    const present = at < 0 ? 0 : lines[at]!.quantity;
    const wanted = present + quantity;
    const goods = goodsOf(variantId);
    // Joining never takes from either side: what cannot be bought shows among the problems, and the person decides.
    const most = goods ? Math.min(limitOf(goods), goods.available) : MAX_QUANTITY;
    const sum = Math.min(wanted, MAX_QUANTITY, Math.max(most, present, quantity));
    if (sum < wanted) notices.push({ code: 'ADJUSTED', variantId, quantity: sum });
    if (at >= 0) lines[at] = { ...lines[at]!, quantity: sum };
    else if (lines.length < MAX_LINES) lines.push({ id: newId(), variantId, quantity: sum });
    else notices.push({ code: 'ADJUSTED', variantId, quantity: 0 });
  }
  return {
    ...cart,
    lines,
    notices,
    codes: [...new Set([...cart.codes, ...guest.codes])],
    note: guest.note ?? cart.note,
    email: guest.email ?? cart.email,
    shippingAddress: guest.shippingAddress ?? cart.shippingAddress,
    billingAddress: guest.billingAddress ?? cart.billingAddress,
    shippingMethodId: guest.shippingMethodId ?? cart.shippingMethodId,
    mergedIds: [...cart.mergedIds, ...guest.mergedIds, guest.id].slice(-REMEMBERED),
    mergedPrincipals: remember([...cart.mergedPrincipals, ...guest.mergedPrincipals], guest.principal),
  };
}

/** An order is confirmed within hours of its cart: the last few guests are enough. */
const REMEMBERED = 50;
const remember = (principals: readonly string[], one: string): string[] =>
  [...new Set([...principals.filter((principal) => principal !== one), one])].slice(-REMEMBERED);

/** A guest's cart becomes the user's as it is. */
export const handOver = (cart: Cart, principal: string): Cart => ({
  ...cart,
  principal,
  mergedPrincipals: remember(cart.mergedPrincipals, cart.principal),
});

/** Takes out what was ordered; what was added since stays. An emptied cart forgets what belonged to that order alone. */
export function takeOut(cart: Cart, ordered: readonly Quantity[]): Cart {
  const left = new Map<VariantId, number>();
  for (const { variantId, quantity } of ordered) left.set(variantId, (left.get(variantId) ?? 0) + quantity);
  const lines = cart.lines
    .map((line) => ({ ...line, quantity: line.quantity - (left.get(line.variantId) ?? 0) }))
    .filter((line) => line.quantity > 0);
  if (itemCount({ lines }) === itemCount(cart)) return cart;
  const emptied = lines.length === 0 ? { note: null, codes: [], shippingMethodId: null } : {};
  return { ...cart, ...emptied, lines, notices: [] };
}

/** What stands in the way of ordering the cart as it is, and what was done otherwise than asked. */
export function problemsOf(cart: Cart, goodsOf: GoodsOf): Problem[] {
  return [...noticed(cart), ...cart.lines.flatMap((line) => problemOf(line, goodsOf(line.variantId)))];
}

/** What the last change did otherwise than asked. */
export const noticed = (cart: Cart): Problem[] =>
  cart.notices.map(({ code, variantId, quantity }) => {
    const line = cart.lines.find((one) => one.variantId === variantId) ?? null;
    const message = code === 'MERGED' ? MERGED : adjusted(quantity ?? 0);
    return { code, message, line, availableQuantity: quantity, maxQuantity: null };
  });

const MERGED = 'The cart you filled before you signed in was added to the one you had.';
const adjusted = (quantity: number): string =>
  quantity === 0
    ? 'An article found no room in your cart and was left out.'
    : `The quantity was set to ${quantity}, which is all that can be had.`;

function problemOf(line: Line, goods: Goods | undefined): Problem[] {
  const problem = (code: CartProblemCode, message: string, data: Partial<Problem> = {}): Problem[] => [
    { code, message, line, availableQuantity: null, maxQuantity: null, ...data },
  ];
  if (!goods?.published) return problem('UNAVAILABLE', 'This article is not for sale any more.');
  const { available } = goods;
  if (available < line.quantity) {
    const message =
      available === 0 ? 'This article is out of stock.' : `Only ${available} of this article are in stock.`;
    return problem('INSUFFICIENT_STOCK', message, { availableQuantity: available });
  }
  const maxQuantity = limitOf(goods);
  if (line.quantity > maxQuantity) {
    return problem('QUANTITY_LIMIT', `An order holds at most ${maxQuantity} of this article.`, { maxQuantity });
  }
  return [];
}
