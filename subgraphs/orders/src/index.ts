import { batchBy, batchById, batchManyBy, defineSubgraph, extended, hasRole, owned } from '@souk/kit';
import type { OrderId } from '@souk/schema';
import { FulfillmentResolver } from './fulfillment.resolvers.ts';
import { migrations } from './migrations/0001_orders.ts';
import { hears } from './order.events.ts';
import {
  loadOrder,
  OrderErrorResolver,
  OrderResolver,
  type OrdersContext,
  type OrdersLoaders,
} from './order.resolvers.ts';
import { maySee, sayAgain } from './order.service.ts';
import type { OrdersDb } from './order.tables.ts';
import { expireCheckouts } from './order.ticks.ts';
import {
  OrderCustomer,
  OrderError,
  OrderedVariant,
  OrderType,
  SellingChannel,
  ShippingWarehouse,
} from './order.types.ts';
import {
  listAllocationsByOrders,
  listEventsByOrders,
  listFulfillmentsByOrders,
  listLinesByOrders,
  listOrdersByIds,
  listRefundsByOrders,
} from './order-list.repository.ts';
import { CartQuoteResolver, UserOrdersResolver } from './quote.resolvers.ts';
import { QuotedCart, QuotedCartAddress, QuotedCartLine } from './quote.types.ts';
import { listShippingMethods, listShippingZones, listTaxClasses, listTaxZones } from './rules.repository.ts';
import { ShippingMethodResolver, ShippingZoneResolver, TaxResolver } from './rules.resolvers.ts';
import { RuleError } from './rules.types.ts';

const keepsRules = ({ viewer }: OrdersContext) => hasRole(viewer, 'FINANCE', 'MERCHANDISER');

export const orders = defineSubgraph<OrdersDb, OrdersLoaders>({
  name: 'orders',
  resolvers: [
    OrderResolver,
    OrderErrorResolver,
    FulfillmentResolver,
    CartQuoteResolver,
    UserOrdersResolver,
    TaxResolver,
    ShippingZoneResolver,
    ShippingMethodResolver,
  ],
  orphans: [
    OrderType,
    OrderError,
    RuleError,
    OrderedVariant,
    ShippingWarehouse,
    SellingChannel,
    OrderCustomer,
    QuotedCart,
    QuotedCartLine,
    QuotedCartAddress,
  ],
  entities: {
    Order: owned((id: OrderId, ctx: OrdersContext) => loadOrder(ctx, id)),
    TaxClass: owned((id: never, ctx: OrdersContext) => (keepsRules(ctx) ? ctx.loaders.taxClassById.load(id) : null)),
    TaxZone: owned((id: never, ctx: OrdersContext) =>
      hasRole(ctx.viewer, 'FINANCE') ? ctx.loaders.taxZoneById.load(id) : null,
    ),
    ShippingZone: owned((id: never, ctx: OrdersContext) =>
      keepsRules(ctx) ? ctx.loaders.shippingZoneById.load(id) : null,
    ),
    ShippingMethod: owned((id: never, ctx: OrdersContext) =>
      keepsRules(ctx) ? ctx.loaders.shippingMethodById.load(id) : null,
    ),
    Cart: extended(),
    User: extended(),
    ProductVariant: extended(),
    Warehouse: extended(),
    Channel: extended(),
  },
  migrations,
  hears,
  ticks: { expireCheckouts },
  loaders: ({ db, viewer }) => ({
    orderById: batchById(async (ids) => (await listOrdersByIds(db, ids)).filter((order) => maySee(viewer, order))),
    linesByOrder: batchManyBy(
      (ids) => listLinesByOrders(db, ids),
      ({ orderId }) => orderId,
    ),
    eventsByOrder: batchManyBy(
      (ids) => listEventsByOrders(db, ids),
      ({ orderId }) => orderId,
    ),
    fulfillmentsByOrder: batchManyBy(
      (ids) => listFulfillmentsByOrders(db, ids),
      ({ orderId }) => orderId,
    ),
    refundsByOrder: batchManyBy(
      (ids) => listRefundsByOrders(db, ids),
      ({ orderId }) => orderId,
    ),
    allocationsByOrder: batchManyBy(
      (ids) => listAllocationsByOrders(db, ids),
      ({ orderId }) => orderId,
    ),
    taxClassById: batchById((ids) => listTaxClasses(db, ids)),
    taxZoneById: batchById((ids) => listTaxZones(db, ids)),
    shippingZoneById: batchById((ids) => listShippingZones(db, ids)),
    shippingMethodById: batchBy(
      (ids) => listShippingMethods(db, { ids }),
      ({ id }) => id,
    ),
    methodsByZone: batchManyBy(
      (zones) => listShippingMethods(db, { zones }),
      ({ zoneId }) => zoneId,
    ),
  }),
  snapshot: sayAgain,
});
