/** A UUIDv7 in tables and facts; on the wire `prefix_` + 26 characters of Crockford base32. The codec lives only here. */
export type Id<Kind extends string> = string & { readonly __kind: Kind };

export type UserId = Id<'User'>;
export type AddressId = Id<'UserAddress'>;
export type ProductId = Id<'Product'>;
export type VariantId = Id<'ProductVariant'>;
export type CategoryId = Id<'Category'>;
export type CollectionId = Id<'Collection'>;
export type MediaId = Id<'Media'>;
export type WarehouseId = Id<'Warehouse'>;
export type CartId = Id<'Cart'>;
export type CartLineId = Id<'CartLine'>;
export type OrderId = Id<'Order'>;
export type OrderLineId = Id<'OrderLine'>;
export type FulfillmentId = Id<'Fulfillment'>;
export type PaymentId = Id<'Payment'>;
export type RefundId = Id<'Refund'>;
export type ChannelId = Id<'Channel'>;

/** GraphQL type name → prefix of its ids on the wire. A prefix is never reused and never changes. */
export const prefixes = {
  User: 'user',
  UserAddress: 'addr',
  Product: 'prod',
  ProductVariant: 'var',
  Category: 'cat',
  Collection: 'coll',
  Media: 'media',
  Warehouse: 'wh',
  Cart: 'cart',
  CartLine: 'cline',
  Order: 'order',
  OrderLine: 'oline',
  Fulfillment: 'ful',
  Payment: 'pay',
  PaymentTransaction: 'ptx',
  Refund: 'ref',
  LedgerEntry: 'ledger',
  PaymentDispute: 'disp',
  TaxZone: 'tzone',
  TaxClass: 'tclass',
  TaxRate: 'trate',
  ShippingZone: 'szone',
  ShippingMethod: 'smeth',
  ShippingTier: 'stier',
  Channel: 'chan',
  Message: 'msg',
  DeadLetter: 'dead',
} as const satisfies Record<string, string>;

export type IdKind = keyof typeof prefixes;

const kinds = new Map<string, IdKind>(Object.entries(prefixes).map(([kind, prefix]) => [prefix, kind as IdKind]));
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const VALUES = new Map([...ALPHABET].map((c, i) => [c, BigInt(i)]));
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const WIRE = /^([a-z]+)_([0-7][0-9a-hjkmnp-tv-z]{25})$/;

/** True for a UUID in lower-case hyphenated form. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** UUID → `prod_01j…`. Order is kept: UUIDv7s sort by time in both forms. */
export function encodeId(kind: IdKind, uuid: string): string {
  let n = BigInt(`0x${uuid.replaceAll('-', '')}`);
  let out = '';
  for (let i = 0; i < 26; i++) {
    out = ALPHABET[Number(n & 31n)] + out;
    n >>= 5n;
  }
  return `${prefixes[kind]}_${out}`;
}

/** `prod_01j…` → its kind and UUID, or null where the text is not one of our ids. */
export function parseId(wire: string): { kind: IdKind; uuid: string } | null {
  const match = WIRE.exec(wire);
  const kind = match && kinds.get(match[1]!);
  if (!match || !kind) return null;
  let n = 0n;
  for (const c of match[2]!) n = (n << 5n) | VALUES.get(c)!;
  const hex = n.toString(16).padStart(32, '0');
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return { kind, uuid };
}

/** The UUID of a wire id of the wanted kind, or null: an id of another kind names nothing here. */
export function decodeId<K extends IdKind>(kind: K, wire: string): Id<K> | null {
  const parsed = parseId(wire);
  return parsed?.kind === kind ? (parsed.uuid as Id<K>) : null;
}
