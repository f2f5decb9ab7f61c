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
export type AppId = Id<'App'>;
export type ApiKeyId = Id<'ApiKey'>;
export type RegisteredOperationId = Id<'RegisteredOperation'>;
export type SharedOperationId = Id<'SharedOperation'>;

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
  App: 'app',
  ApiKey: 'key',
  RegisteredOperation: 'op',
  SharedOperation: 'sop',
} as const satisfies Record<string, string>;

export type IdKind = keyof typeof prefixes;

const kinds = new Map<string, IdKind>(Object.entries(prefixes).map(([kind, prefix]) => [prefix, kind as IdKind]));
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const VALUES = new Map([...ALPHABET].map((c, i) => [c, i]));
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const WIRE = /^([a-z]+)_([0-7][0-9a-hjkmnp-tv-z]{25})$/;

/** True for a UUID in lower-case hyphenated form. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** UUID → `prod_01j…`. Order is kept: UUIDv7s sort by time in both forms. */
export function encodeId(kind: IdKind, uuid: string): string {
  const hex = uuid.replaceAll('-', '');
  const head = Number.parseInt(hex.slice(0, 2), 16);
  let out = `${prefixes[kind]}_${ALPHABET[head >> 5]}${ALPHABET[head & 31]}`;
  // Five hexadecimal digits are four of base32: no need of a number as large as the whole.
  for (let at = 2; at < 32; at += 5) {
    const n = Number.parseInt(hex.slice(at, at + 5), 16);
    out += ALPHABET[n >> 15]! + ALPHABET[(n >> 10) & 31]! + ALPHABET[(n >> 5) & 31]! + ALPHABET[n & 31]!;
  }
  return out;
}

/** `prod_01j…` → its kind and UUID, or null where the text is not one of our ids. */
export function parseId(wire: string): { kind: IdKind; uuid: string } | null {
  const match = WIRE.exec(wire);
  const kind = match && kinds.get(match[1]!);
  if (!match || !kind) return null;
  const text = match[2]!;
  const value = (at: number) => VALUES.get(text[at]!)!;
  let hex = hexOf(value(0) * 32 + value(1), 2);
  for (let at = 2; at < 26; at += 4) {
    hex += hexOf(value(at) * 32_768 + value(at + 1) * 1_024 + value(at + 2) * 32 + value(at + 3), 5);
  }
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return { kind, uuid };
}

const hexOf = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');

/** The UUID of a wire id of the wanted kind, or null: an id of another kind names nothing here. */
export function decodeId<K extends IdKind>(kind: K, wire: string): Id<K> | null {
  const parsed = parseId(wire);
  return parsed?.kind === kind ? (parsed.uuid as Id<K>) : null;
}
