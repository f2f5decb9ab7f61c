import { type HouseContext, hasRole } from '@souk/kit';
import { type Money, money, type OrderId, type PaymentId, type Viewer } from '@souk/schema';
import type DataLoader from 'dataloader';
import { Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { PaymentRow, TransactionRow } from './payment.repository.ts';
import type { PaymentsDb } from './payment.tables.ts';
import { isOpen } from './payment.ts';
import {
  OrderOfPayment,
  PaymentCard,
  PaymentConfig,
  PaymentNextAction,
  PaymentTransaction,
  PaymentType,
  type TestCard,
} from './payment.types.ts';
import type { PaymentsPorts } from './payments.ports.ts';

export interface PaymentsLoaders {
  paymentById: DataLoader<PaymentId, PaymentRow | null>;
  paymentByOrder: DataLoader<OrderId, PaymentRow | null>;
  transactionsOf: DataLoader<PaymentId, TransactionRow[]>;
}
export type PaymentsContext = HouseContext<PaymentsDb, PaymentsLoaders, PaymentsPorts>;

const isOwner = (payment: PaymentRow, { principal }: Viewer): boolean =>
  principal !== 'anonymous' && payment.principal === principal;

/** The payment where the viewer may see it, null as for one that does not exist. */
export const shownTo = (viewer: Viewer, payment: PaymentRow | null): PaymentRow | null =>
  payment && (isOwner(payment, viewer) || hasRole(viewer, 'SUPPORT', 'FINANCE')) ? payment : null;

/** Stripe's published test tokens that the simulator and Stripe's test mode both know. */
const testCards: readonly TestCard[] = [
  { paymentMethod: 'pm_card_visa', description: 'Pays.' },
  { paymentMethod: 'pm_card_mastercard', description: 'Pays.' },
  { paymentMethod: 'pm_card_chargeDeclined', description: 'Is declined.' },
  { paymentMethod: 'pm_card_chargeDeclinedInsufficientFunds', description: 'Is declined for insufficient funds.' },
  { paymentMethod: 'pm_card_threeDSecure2Required', description: 'Asks for 3-D Secure, then pays.' },
  {
    paymentMethod: 'pm_card_threeDSecureRequiredChargeDeclined',
    description: 'Asks for 3-D Secure, then is declined.',
  },
  { paymentMethod: 'pm_card_createDispute', description: 'Pays, and disputes the charge.' },
  { paymentMethod: 'pm_card_pendingRefund', description: 'Pays; a refund settles later.' },
  { paymentMethod: 'pm_card_refundFail', description: 'Pays; a refund settles and then fails.' },
];

@Resolver(() => PaymentType)
export class PaymentResolver {
  @Query(() => PaymentConfig, { description: 'What a client needs to know to take a payment.' })
  paymentConfig(@Ctx() { ports }: PaymentsContext): PaymentConfig {
    const { provider, publishableKey } = ports;
    return { provider, publishableKey, testCards: ports.simulator === null ? null : testCards };
  }

  @FieldResolver()
  captured(@Root() { captured, amount }: PaymentRow): Money {
    return money(captured, amount.currency);
  }

  @FieldResolver()
  refunded(@Root() { refunded, amount }: PaymentRow): Money {
    return money(refunded, amount.currency);
  }

  @FieldResolver(() => PaymentNextAction, { nullable: true })
  nextAction(@Root() { status, redirectUrl }: PaymentRow): PaymentNextAction | null {
    if (status !== 'ACTION_REQUIRED') return null;
    return { type: redirectUrl === null ? 'PROVIDER_SDK' : 'REDIRECT', redirectUrl };
  }

  @FieldResolver(() => String, { nullable: true })
  clientSecret(@Root() payment: PaymentRow, @Ctx() { viewer }: PaymentsContext): string | null {
    return isOwner(payment, viewer) && isOpen(payment.status) ? payment.clientSecret : null;
  }

  @FieldResolver(() => String, { nullable: true })
  declineCode(@Root() { decline }: PaymentRow): string | null {
    return decline?.code ?? null;
  }

  @FieldResolver(() => String, { nullable: true })
  declineMessage(@Root() { decline }: PaymentRow): string | null {
    return decline?.message ?? null;
  }

  @FieldResolver(() => PaymentCard, { nullable: true })
  card(@Root() { card }: PaymentRow): PaymentCard | null {
    return card;
  }

  @FieldResolver(() => [PaymentTransaction])
  async transactions(@Root() { id }: PaymentRow, @Ctx() { loaders }: PaymentsContext): Promise<PaymentTransaction[]> {
    return (await loaders.transactionsOf.load(id)).map((row) => ({
      id: row.id,
      kind: row.kind,
      status: row.status,
      amount: money(row.amount, row.currency),
      message: row.message,
      at: row.at,
      providerReference: row.reference,
    }));
  }

  @FieldResolver(() => OrderOfPayment, { nullable: true })
  order(@Root() { orderId }: PaymentRow): OrderOfPayment {
    return { id: orderId };
  }
}

@Resolver(() => OrderOfPayment)
export class OrderPaymentResolver {
  @FieldResolver(() => PaymentType, {
    nullable: true,
    description: 'The order’s payment, once its stock is held. For its owner, support and finance.',
  })
  async payment(@Root() { id }: OrderOfPayment, @Ctx() { loaders, viewer }: PaymentsContext) {
    return shownTo(viewer, await loaders.paymentByOrder.load(id));
  }
}
