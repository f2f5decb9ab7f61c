import type {
  CancelReason,
  CartId,
  ChannelId,
  CurrencyCode,
  FulfillmentId,
  Id,
  MissingLine,
  OrderId,
  OrderLineId,
  ProductId,
  RefundId,
  UserId,
  VariantId,
  WarehouseId,
} from '@souk/schema';
import type { ColumnType, Generated } from 'kysely';
import type { Address } from './address.ts';
import type { FulfillmentStatus } from './goods.ts';
import type { Actor, CheckoutStep, CreditStatus, EventKind, OrderEvent, OrderStatus } from './order.ts';
import type { ShippingMethodId } from './pricing.ts';

type Json<T> = ColumnType<T, string, string>;

export interface OrdersTable {
  id: OrderId;
  order_number: Generated<string>;
  user_id: UserId | null;
  principal: string;
  origin: 'SHOP' | 'IMPORTED';
  cart_id: CartId | null;
  cart_version: number | null;
  request_hash: Buffer | null;
  channel_id: ChannelId;
  currency: CurrencyCode;
  prices_include_tax: boolean;
  locale: string;
  status: OrderStatus;
  version: number;
  subtotal: number;
  discount: number;
  tax: number;
  shipping: number;
  shipping_gross: number;
  total: number;
  email: string;
  shipping_address: Json<Address | null>;
  billing_address: Json<Address | null>;
  shipping_method_id: ShippingMethodId | null;
  shipping_method_name: string | null;
  note: string | null;
  cancel_reason: CancelReason | null;
  missing: Json<MissingLine[] | null>;
  step: CheckoutStep;
  deadline: Date | null;
  deadlines_met: number;
  pay_within_ms: number;
  attempt: number;
  payment_method: string | null;
  authorized: boolean;
  captured: number;
  credited: number;
  refunded: number;
  shipping_refunded: number;
  cancel_credit_id: RefundId;
  placed_at: Date;
  confirmed_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface OrderItemsTable {
  id: OrderLineId;
  order_id: OrderId;
  position: number;
  product_variant_id: VariantId | null;
  name: string;
  sku: string;
  quantity: number;
  unit_price: number;
  total_price: number;
  discount: number;
  net: number;
  tax: number;
  gross: number;
  tax_rate_bp: number;
  requires_shipping: boolean;
  packed_quantity: Generated<number>;
  shipped_quantity: Generated<number>;
  cancelled_quantity: Generated<number>;
  returned_quantity: Generated<number>;
  refunded_quantity: Generated<number>;
}

export interface OrderAllocationsTable {
  order_id: OrderId;
  variant_id: VariantId;
  warehouse_id: WarehouseId;
  quantity: number;
  packed: Generated<number>;
  shipped: Generated<number>;
  released: Generated<number>;
  returned: Generated<number>;
}

export interface OrderEventsTable {
  id: string;
  order_id: OrderId;
  at: Date;
  kind: EventKind;
  actor: Actor;
  actor_id: string | null;
  data: Json<OrderEvent['data']>;
}

export interface FulfillmentsTable {
  id: FulfillmentId;
  order_id: OrderId;
  warehouse_id: WarehouseId;
  status: FulfillmentStatus;
  carrier: string | null;
  tracking_number: string | null;
  tracking_url: string | null;
  created_at: Date;
  shipped_at: Date | null;
  delivered_at: Date | null;
}

export interface FulfillmentLinesTable {
  fulfillment_id: FulfillmentId;
  order_line_id: OrderLineId;
  quantity: number;
}

export interface CreditsTable {
  id: RefundId;
  order_id: OrderId;
  kind: 'CANCELLATION' | 'REFUND';
  status: CreditStatus;
  amount: number;
  shipping: number;
  reason: string | null;
  failure: string | null;
  created_at: Date;
  settled_at: Date | null;
}

export interface CreditLinesTable {
  credit_id: RefundId;
  order_line_id: OrderLineId;
  quantity: number;
  amount: number;
  restocked: boolean;
}

export interface VariantCopiesTable {
  variant_id: VariantId;
  product_id: ProductId;
  published: boolean;
  product_name: string;
  variant_name: string | null;
  sku: string;
  weight_grams: number;
  requires_shipping: boolean;
  tax_class: string;
  max_per_order: number | null;
}

export interface PriceCopiesTable {
  variant_id: VariantId;
  product_id: ProductId;
  channel_id: ChannelId;
  currency: CurrencyCode;
  amount: number;
  valid_from: Date | null;
  valid_to: Date | null;
}

export interface TaxClassesTable {
  id: Id<'TaxClass'>;
  code: string;
  name: string;
  archived_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface TaxZonesTable {
  id: Id<'TaxZone'>;
  name: string;
  created_at: Date;
  updated_at: Date;
}

export interface TaxZonePlacesTable {
  zone_id: Id<'TaxZone'>;
  country: string;
  state: string;
}

export interface TaxRatesTable {
  id: Id<'TaxRate'>;
  zone_id: Id<'TaxZone'>;
  tax_class: string;
  name: string;
  basis_points: number;
  valid_from: Date | null;
  valid_to: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface ShippingZonesTable {
  id: Id<'ShippingZone'>;
  name: string;
  countries: string[];
  everywhere_else: boolean;
  archived_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface ShippingMethodsTable {
  id: ShippingMethodId;
  zone_id: Id<'ShippingZone'>;
  name: string;
  description: string | null;
  tax_class: string;
  min_days: number | null;
  max_days: number | null;
  position: number;
  archived_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface ShippingTiersTable {
  id: Id<'ShippingTier'>;
  method_id: ShippingMethodId;
  currency: CurrencyCode;
  price: number;
  weight_from: number;
  weight_to: number | null;
  subtotal_from: number;
  subtotal_to: number | null;
}

export interface OrdersDb {
  orders: OrdersTable;
  order_items: OrderItemsTable;
  order_allocations: OrderAllocationsTable;
  order_events: OrderEventsTable;
  fulfillments: FulfillmentsTable;
  fulfillment_lines: FulfillmentLinesTable;
  credits: CreditsTable;
  credit_lines: CreditLinesTable;
  product_copies: { product_id: ProductId; catalogue_version: Generated<number>; price_version: Generated<number> };
  variant_copies: VariantCopiesTable;
  price_copies: PriceCopiesTable;
  tax_classes: TaxClassesTable;
  tax_zones: TaxZonesTable;
  tax_zone_places: TaxZonePlacesTable;
  tax_rates: TaxRatesTable;
  shipping_zones: ShippingZonesTable;
  shipping_methods: ShippingMethodsTable;
  shipping_tiers: ShippingTiersTable;
}
