import { type Connection, PageArgs, Staff } from '@souk/kit';
import { type CurrencyCode, money } from '@souk/schema';
import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { listBalances, pageDisputes, pageLedger, pageQuarantined } from './gateway-event.repository.ts';
import type { PaymentsContext } from './payment.resolvers.ts';
import {
  LedgerBalance,
  LedgerEntry,
  LedgerEntryConnection,
  PaymentDispute,
  PaymentDisputeConnection,
  QuarantinedPaymentEvent,
  QuarantinedPaymentEventConnection,
} from './payment.types.ts';

const amountOf = (row: { amount: number; currency: CurrencyCode }) => money(row.amount, row.currency);

/** The same page with its rows in the graph's shape. */
function shaped<Row, Shape>(page: Connection<Row>, shape: (row: Row) => Shape) {
  const edges = page.edges.map(({ node, cursor }) => ({ node: shape(node), cursor }));
  return { ...page, edges, nodes: edges.map(({ node }) => node) };
}

@Resolver()
export class FinanceResolver {
  @Staff('FINANCE')
  @Query(() => LedgerEntryConnection, { description: 'The books, newest entry first.' })
  async ledger(@Args(() => PageArgs) args: PageArgs, @Ctx() { db }: PaymentsContext) {
    const page = await pageLedger(db, args);
    return shaped(page, (row): LedgerEntry => ({ ...row, amount: amountOf(row), order: { id: row.order_id } }));
  }

  @Staff('FINANCE')
  @Query(() => [LedgerBalance], { description: 'The balance of every account that was booked on, by currency.' })
  async ledgerBalances(@Ctx() { db }: PaymentsContext): Promise<LedgerBalance[]> {
    return (await listBalances(db)).map(({ account, currency, balance }) => ({
      account,
      currency,
      balance: money(balance, currency),
    }));
  }

  @Staff('FINANCE', 'SUPPORT')
  @Query(() => PaymentDisputeConnection, { description: 'Disputes of cardholders, newest first.' })
  async disputes(@Args(() => PageArgs) args: PageArgs, @Ctx() { db }: PaymentsContext) {
    const page = await pageDisputes(db, args);
    return shaped(
      page,
      (row): PaymentDispute => ({
        id: row.id,
        status: row.status,
        reason: row.reason,
        amount: amountOf(row),
        providerReference: row.gateway_dispute_id,
        order: { id: row.order_id },
        createdAt: row.created_at,
        updatedAt: row.updated_at,
      }),
    );
  }

  @Staff('FINANCE')
  @Query(() => QuarantinedPaymentEventConnection, {
    description: 'Genuine words of the provider that do not fit our books, newest first. None of them had an effect.',
  })
  async quarantinedPaymentEvents(@Args(() => PageArgs) args: PageArgs, @Ctx() { db }: PaymentsContext) {
    const page = await pageQuarantined(db, args);
    return shaped(
      page,
      (row): QuarantinedPaymentEvent => ({
        providerEventId: row.id,
        reason: row.quarantine_reason!,
        providerReference: row.reference,
        amount: amountOf(row),
        paymentId: row.payment_id,
        occurredAt: row.occurred_at,
        receivedAt: row.received_at,
      }),
    );
  }
}
