import { type Connection, PageArgs, Staff } from '@souk/kit';
import { type CurrencyCode, money } from '@souk/schema';
import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import {
  getQuarantined,
  listBalances,
  pageDisputes,
  pageLedger,
  pageQuarantined,
  type QuarantinedRow,
} from './gateway-event.repository.ts';
import type { PaymentsContext } from './payment.resolvers.ts';
import {
  LedgerBalance,
  LedgerEntry,
  LedgerEntryConnection,
  PaymentDispute,
  PaymentDisputeConnection,
  QuarantinedPaymentEvent,
  QuarantinedPaymentEventConnection,
  ResolvePaymentEventInput,
  ResolvePaymentEventPayload,
} from './payment.types.ts';
import { resolvePaymentEvent } from './quarantine.service.ts';

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
  async quarantinedPaymentEvents(
    @Arg('resolved', () => Boolean, {
      nullable: true,
      description: 'False for those that wait for a person, true for the others; all where absent.',
    })
    resolved: boolean | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { db }: PaymentsContext,
  ) {
    return shaped(await pageQuarantined(db, resolved ?? null, args), quarantinedView);
  }

  @Staff('FINANCE')
  @Mutation(() => ResolvePaymentEventPayload, {
    description:
      'Notes that an event that was set aside has been looked at, and what came of it. Moves no money; saying the same again changes nothing. Example: `resolvePaymentEvent(input: { providerEventId: "evt_1", reason: "Corrected by hand at the provider." }) { event { resolution { reason at } } errors { code message } }`.',
  })
  resolvePaymentEvent(
    @Arg('input', () => ResolvePaymentEventInput, { description: 'Which event, and what came of it.' })
    input: ResolvePaymentEventInput,
    @Ctx() ctx: PaymentsContext,
  ) {
    return ctx.mutate(
      'resolvePaymentEvent',
      {},
      (tx) => resolvePaymentEvent(tx, ctx.viewer, input),
      async (id) => ({ event: quarantinedView(await getQuarantined(ctx.db, id)) }),
    );
  }
}

const quarantinedView = (row: QuarantinedRow): QuarantinedPaymentEvent => ({
  providerEventId: row.id,
  reason: row.quarantine_reason!,
  providerReference: row.reference,
  amount: amountOf(row),
  paymentId: row.payment_id,
  occurredAt: row.occurred_at,
  receivedAt: row.received_at,
  resolution:
    row.resolution === null
      ? null
      : { reason: row.resolution, at: row.resolved_at!, by: row.resolved_by === null ? null : { id: row.resolved_by } },
});
