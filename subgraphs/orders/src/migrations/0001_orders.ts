import type { Migrations } from '@souk/kit';
import { type Kysely, sql } from 'kysely';

export const migrations: Migrations = {
  '0001_orders': {
    async up(db: Kysely<unknown>) {
      const run = (text: string) => sql.raw(text).execute(db);
      await run(`create sequence order_numbers start 100001`);
      await run(`
        create table orders (
          id uuid primary key,
          order_number text not null unique default 'S-' || nextval('order_numbers'),
          user_id uuid,
          principal text not null,
          origin text not null check (origin in ('SHOP', 'IMPORTED')),
          cart_id uuid,
          cart_version bigint,
          request_hash bytea,
          channel_id uuid not null,
          currency text not null check (currency ~ '^[A-Z]{3}$'),
          prices_include_tax boolean not null,
          locale text not null,
          status text not null check (status in
            ('PENDING', 'AWAITING_PAYMENT', 'CONFIRMED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED', 'CANCELLED')),
          version bigint not null check (version > 0),
          subtotal bigint not null check (subtotal >= 0),
          discount bigint not null check (discount between 0 and subtotal),
          tax bigint not null check (tax >= 0),
          shipping bigint not null check (shipping >= 0),
          shipping_gross bigint not null check (shipping_gross >= shipping),
          total bigint not null check (total >= 0),
          email text not null,
          shipping_address jsonb,
          billing_address jsonb,
          shipping_method_id uuid,
          shipping_method_name text,
          note text,
          cancel_reason text check (cancel_reason in ('CUSTOMER', 'STAFF', 'OUT_OF_STOCK', 'EXPIRED', 'PAYMENT_FAILED')),
          missing jsonb,
          step text not null check (step in ('HOLDING', 'PAYING', 'CAPTURING', 'DONE', 'CANCELLED')),
          deadline timestamptz,
          deadlines_met int not null default 0,
          pay_within_ms bigint not null,
          attempt int not null default 0,
          payment_method text,
          authorized boolean not null default false,
          captured bigint not null default 0,
          credited bigint not null default 0,
          refunded bigint not null default 0,
          shipping_refunded bigint not null default 0,
          cancel_credit_id uuid not null,
          placed_at timestamptz not null,
          confirmed_at timestamptz,
          created_at timestamptz not null,
          updated_at timestamptz not null,
          constraint orders_total check (total = subtotal - discount + shipping + case when prices_include_tax then 0 else tax end),
          constraint orders_cancelled check ((status = 'CANCELLED') = (cancel_reason is not null)),
          constraint orders_step check ((status = 'CANCELLED') = (step = 'CANCELLED')),
          constraint orders_captured check (captured between 0 and total),
          constraint orders_credited check (credited between 0 and total),
          constraint orders_refunded check (refunded between 0 and credited),
          constraint orders_shipping_refunded check (shipping_refunded between 0 and shipping_gross)
        )`);
      // One living order per cart version: a double click with two keys meets it, a cancelled order does not block another try.
      await run(
        `create unique index orders_cart on orders (principal, cart_id, cart_version) where status <> 'CANCELLED'`,
      );
      await run(`create index orders_principal on orders (principal, placed_at, id)`);
      await run(`create index orders_user on orders (user_id, placed_at, id) where user_id is not null`);
      await run(`create index orders_placed on orders (placed_at, id)`);
      await run(`create index orders_status on orders (status, placed_at, id)`);
      await run(`create index orders_email on orders (lower(email), placed_at, id)`);
      await run(`create index orders_deadline on orders (deadline) where deadline is not null`);
      await run(`
        create table order_items (
          id uuid primary key,
          order_id uuid not null references orders,
          position int not null,
          product_variant_id uuid,
          name text not null,
          sku text not null,
          quantity int not null check (quantity between 1 and 999),
          unit_price bigint not null check (unit_price >= 0),
          total_price bigint not null check (total_price >= 0),
          discount bigint not null check (discount >= 0),
          net bigint not null check (net >= 0),
          tax bigint not null check (tax >= 0),
          gross bigint not null,
          tax_rate_bp int not null check (tax_rate_bp between 0 and 10000),
          requires_shipping boolean not null,
          packed_quantity int not null default 0,
          shipped_quantity int not null default 0,
          cancelled_quantity int not null default 0,
          returned_quantity int not null default 0,
          refunded_quantity int not null default 0,
          unique (order_id, position),
          constraint items_gross check (gross = net + tax),
          constraint items_total check (total_price = unit_price * quantity),
          constraint items_shipped check (packed_quantity >= 0 and shipped_quantity >= 0 and cancelled_quantity >= 0
            and packed_quantity + shipped_quantity + cancelled_quantity <= quantity),
          constraint items_returned check (returned_quantity between 0 and shipped_quantity),
          constraint items_refunded check (refunded_quantity between 0 and quantity)
        )`);
      await run(`create index order_items_order on order_items (order_id, position)`);
      await run(`
        create table order_allocations (
          order_id uuid not null references orders,
          variant_id uuid not null,
          warehouse_id uuid not null,
          quantity int not null check (quantity > 0),
          packed int not null default 0,
          shipped int not null default 0,
          released int not null default 0,
          returned int not null default 0,
          primary key (order_id, variant_id, warehouse_id),
          constraint allocations_parts check (packed >= 0 and shipped >= 0 and released >= 0
            and packed + shipped + released <= quantity and returned between 0 and shipped)
        )`);
      await run(`
        create table order_events (
          id uuid primary key,
          order_id uuid not null references orders,
          at timestamptz not null,
          kind text not null,
          actor text not null check (actor in ('CUSTOMER', 'STAFF', 'SYSTEM')),
          actor_id uuid,
          data jsonb not null
        )`);
      await run(`create index order_events_order on order_events (order_id, id)`);
      await run(`
        create table fulfillments (
          id uuid primary key,
          order_id uuid not null references orders,
          warehouse_id uuid not null,
          status text not null check (status in ('PACKED', 'SHIPPED', 'DELIVERED', 'CANCELLED')),
          carrier text,
          tracking_number text,
          tracking_url text,
          created_at timestamptz not null,
          shipped_at timestamptz,
          delivered_at timestamptz
        )`);
      await run(`create index fulfillments_order on fulfillments (order_id, id)`);
      await run(`
        create table fulfillment_lines (
          fulfillment_id uuid not null references fulfillments,
          order_line_id uuid not null references order_items,
          quantity int not null check (quantity > 0),
          primary key (fulfillment_id, order_line_id)
        )`);
      // A credit is a part of the total that is no longer owed; a refund is a credit for which money has to travel.
      await run(`
        create table credits (
          id uuid primary key,
          order_id uuid not null references orders,
          kind text not null check (kind in ('CANCELLATION', 'REFUND')),
          status text not null check (status in ('NOT_DUE', 'REQUESTED', 'SETTLED', 'FAILED', 'VOIDED', 'RETRIED')),
          amount bigint not null check (amount >= 0),
          shipping bigint not null default 0 check (shipping >= 0),
          reason text,
          failure text,
          created_at timestamptz not null,
          settled_at timestamptz
        )`);
      await run(`create index credits_order on credits (order_id, id)`);
      await run(`
        create table credit_lines (
          credit_id uuid not null references credits,
          order_line_id uuid not null references order_items,
          quantity int not null check (quantity > 0),
          amount bigint not null check (amount >= 0),
          restocked boolean not null,
          primary key (credit_id, order_line_id)
        )`);

      // Copies fed by the facts of products: what an order is priced by.
      await run(`
        create table product_copies (
          product_id uuid primary key,
          catalogue_version bigint not null default 0,
          price_version bigint not null default 0
        )`);
      await run(`
        create table variant_copies (
          variant_id uuid primary key,
          product_id uuid not null,
          published boolean not null,
          product_name text not null,
          variant_name text,
          sku text not null,
          weight_grams int not null,
          requires_shipping boolean not null,
          tax_class text not null,
          max_per_order int
        )`);
      await run(`create index variant_copies_product on variant_copies (product_id)`);
      await run(`create index variant_copies_sku on variant_copies (sku)`);
      await run(`
        create table price_copies (
          variant_id uuid not null,
          product_id uuid not null,
          channel_id uuid not null,
          currency text not null,
          amount bigint not null check (amount >= 0),
          valid_from timestamptz,
          valid_to timestamptz
        )`);
      await run(`create index price_copies_variant on price_copies (variant_id, channel_id, currency)`);
      await run(`create index price_copies_product on price_copies (product_id)`);

      await run(`
        create table tax_classes (
          id uuid primary key,
          code text not null unique check (code ~ '^[a-z][a-z0-9_-]{0,39}$'),
          name text not null,
          archived_at timestamptz,
          created_at timestamptz not null,
          updated_at timestamptz not null
        )`);
      await run(`
        create table tax_zones (
          id uuid primary key,
          name text not null,
          created_at timestamptz not null,
          updated_at timestamptz not null
        )`);
      await run(`
        create table tax_zone_places (
          zone_id uuid not null references tax_zones on delete cascade,
          country text not null check (country ~ '^[A-Z]{2}$'),
          state text not null default '',
          primary key (country, state)
        )`);
      await run(`create index tax_zone_places_zone on tax_zone_places (zone_id)`);
      await run(`
        create table tax_rates (
          id uuid primary key,
          zone_id uuid not null references tax_zones on delete cascade,
          tax_class text not null references tax_classes (code),
          name text not null,
          basis_points int not null check (basis_points between 0 and 10000),
          valid_from timestamptz,
          valid_to timestamptz,
          created_at timestamptz not null,
          updated_at timestamptz not null,
          constraint tax_rates_period check (valid_from is null or valid_to is null or valid_from < valid_to),
          constraint tax_rates_overlap exclude using gist
            (zone_id with =, tax_class with =, tstzrange(valid_from, valid_to) with &&)
        )`);
      await run(`
        create table shipping_zones (
          id uuid primary key,
          name text not null,
          countries text[] not null,
          everywhere_else boolean not null,
          archived_at timestamptz,
          created_at timestamptz not null,
          updated_at timestamptz not null
        )`);
      await run(`
        create table shipping_methods (
          id uuid primary key,
          zone_id uuid not null references shipping_zones,
          name text not null,
          description text,
          tax_class text not null references tax_classes (code),
          min_days int check (min_days between 0 and 365),
          max_days int check (max_days between 0 and 365),
          position int not null,
          archived_at timestamptz,
          created_at timestamptz not null,
          updated_at timestamptz not null,
          check (min_days is null or max_days is null or min_days <= max_days)
        )`);
      await run(`create index shipping_methods_zone on shipping_methods (zone_id)`);
      await run(`
        create table shipping_tiers (
          id uuid primary key,
          method_id uuid not null references shipping_methods on delete cascade,
          currency text not null check (currency ~ '^[A-Z]{3}$'),
          price bigint not null check (price >= 0),
          weight_from int not null check (weight_from >= 0),
          weight_to int check (weight_to > weight_from),
          subtotal_from bigint not null check (subtotal_from >= 0),
          subtotal_to bigint check (subtotal_to > subtotal_from)
        )`);
      await run(`create index shipping_tiers_method on shipping_tiers (method_id)`);
      await run(`
        insert into tax_classes (id, code, name, created_at, updated_at) values
          ('01900000-0000-7000-8000-0000000000a1', 'standard', 'Standard', '2026-01-01Z', '2026-01-01Z'),
          ('01900000-0000-7000-8000-0000000000a2', 'reduced', 'Reduced', '2026-01-01Z', '2026-01-01Z'),
          ('01900000-0000-7000-8000-0000000000a3', 'zero', 'Zero', '2026-01-01Z', '2026-01-01Z')`);
    },
  },
};
