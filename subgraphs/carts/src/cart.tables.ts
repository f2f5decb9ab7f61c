import type { CartId, CartLineId, Id, OrderId, ProductId, VariantId } from '@souk/schema';
import type { ColumnType, Generated } from 'kysely';
import type { Address } from './address.ts';
import type { Notice, Quantity } from './cart.ts';

type Json<T> = ColumnType<T, string, string>;

export interface CartsTable {
  id: CartId;
  principal: string;
  version: number;
  item_count: number;
  codes: Generated<string[]>;
  note: string | null;
  email: string | null;
  shipping_address: Json<Address> | null;
  billing_address: Json<Address> | null;
  shipping_method_id: Id<'ShippingMethod'> | null;
  notices: ColumnType<Notice[], string | undefined, string>;
  merged_ids: Generated<string[]>;
  merged_principals: Generated<string[]>;
  abandoned_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface CartLinesTable {
  id: CartLineId;
  cart_id: CartId;
  variant_id: VariantId;
  quantity: number;
}

export interface VariantsTable {
  variant_id: VariantId;
  product_id: ProductId | null;
  product_version: Generated<number>;
  published: Generated<boolean>;
  max_per_order: number | null;
  stock_version: Generated<number>;
  available: Generated<number>;
}

export interface OrderedTable {
  order_id: OrderId;
  cart_id: CartId;
  principal: string;
  lines: Json<readonly Quantity[]>;
  applied: boolean;
  at: Date;
}

export interface CartsDb {
  carts: CartsTable;
  cart_lines: CartLinesTable;
  variants: VariantsTable;
  ordered: OrderedTable;
}
