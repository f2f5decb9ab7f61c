import { batchBy, batchById, batchManyBy, defineSubgraph, extended, owned } from '@souk/kit';
import type { PaymentId } from '@souk/schema';
import { readmitRefunds } from './adoption.service.ts';
import { FinanceResolver } from './finance.resolvers.ts';
import { hearGateway } from './gateway-event.service.ts';
import { migrations } from './migrations/0001_payments.ts';
import { refundsAtProvider } from './migrations/0002_refunds_at_provider.ts';
import { hears } from './payment.events.ts';
import { listPaymentsByIds, listPaymentsByOrders, listTransactionsOf } from './payment.repository.ts';
import {
  OrderPaymentResolver,
  PaymentResolver,
  type PaymentsContext,
  type PaymentsLoaders,
  shownTo,
} from './payment.resolvers.ts';
import { routes } from './payment.routes.ts';
import type { PaymentsDb } from './payment.tables.ts';
import { PaymentEventError } from './payment.types.ts';
import { openPorts } from './payment-gateway.simulator.ts';
import type { PaymentsPorts } from './payments.ports.ts';
import { settleRefunds } from './refund.service.ts';
import { settlePayments } from './settlement.service.ts';
import { snapshot } from './snapshot.service.ts';

export type { PaymentsPorts } from './payments.ports.ts';

export const payments = defineSubgraph<PaymentsDb, PaymentsLoaders, PaymentsPorts>({
  name: 'payments',
  resolvers: [PaymentResolver, OrderPaymentResolver, FinanceResolver],
  orphans: [PaymentEventError],
  entities: {
    Payment: owned(async (id: PaymentId, ctx: PaymentsContext) =>
      shownTo(ctx.viewer, await ctx.loaders.paymentById.load(id)),
    ),
    Order: extended(),
    User: extended(),
  },
  migrations: { ...migrations, ...refundsAtProvider },
  hears,
  ticks: {
    settlePayments: { everySeconds: 5, run: settlePayments },
    settleRefunds: { everySeconds: 5, run: settleRefunds },
    readmitRefunds: { everySeconds: 60, run: readmitRefunds },
  },
  loaders: ({ db }) => ({
    paymentById: batchById((ids) => listPaymentsByIds(db, ids)),
    paymentByOrder: batchBy(
      (orders) => listPaymentsByOrders(db, orders),
      (payment) => payment.orderId,
    ),
    transactionsOf: batchManyBy(
      (ids) => listTransactionsOf(db, ids),
      (row) => row.payment_id,
    ),
  }),
  ports: (platform, _db, own) =>
    openPorts(platform, own.log, (request, ports) => hearGateway(request, { ...own, ports })),
  closePorts: (ports) => ports.close(),
  routes,
  snapshot,
});
