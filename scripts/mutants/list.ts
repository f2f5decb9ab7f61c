import { cacheMutants } from './list.cache.ts';
import { hardenMutants } from './list.harden.ts';
import { simulationMutants } from './list.simulation.ts';

/** A fault that somebody could make by one careless edit. */
export interface Fault {
  /** What is broken, as the promise that no longer holds. */
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

/** A fault that a test must notice. */
export interface TestMutant extends Fault {
  /** The test file that is run, and words of the title of a test that must fail. */
  readonly test: string;
  readonly expects: string;
}

/** A fault that a row of the chaos suite must notice in its short form. */
export interface ChaosMutant extends Fault {
  readonly row: string;
}

export type Mutant = TestMutant | ChaosMutant;

const inventoryRace = 'subgraphs/inventory/src/race.int.test.ts';
const webhooks = 'subgraphs/payments/src/webhooks.int.test.ts';
const payments = 'subgraphs/payments/src/payments.int.test.ts';
const checkout = 'subgraphs/orders/src/checkout.int.test.ts';
const saga = 'subgraphs/orders/src/checkout.saga.unit.test.ts';
const goods = 'subgraphs/orders/src/goods.int.test.ts';
const kit = 'subgraphs/kit/src/kit.int.test.ts';
const bus = 'subgraphs/kit/src/bus.contract.test.ts';
const limits = 'router/src/limits.unit.test.ts';
const standby = 'subgraphs/kit/src/replica.int.test.ts';

/** At least one for each promise of the reliability tests; kept where a test once let one live. */
export const testMutants: readonly TestMutant[] = [
  // Stock
  {
    name: 'stock is read without its lock',
    file: 'subgraphs/inventory/src/stock.repository.ts',
    find: 'order by variant_id for update)',
    replace: 'order by variant_id)',
    test: inventoryRace,
    expects: 'says each variant’s totals',
  },
  {
    name: 'an order is held again by a replay',
    file: 'subgraphs/inventory/src/reservation.ts',
    find: "if (reservation.status !== 'NEW') return unchanged(reservation);",
    replace: '',
    test: 'subgraphs/inventory/src/reservation.int.test.ts',
    expects: 'is held once even where',
  },
  // One result for one key
  {
    name: 'an idempotency key is never found again',
    file: 'subgraphs/kit/src/tx.ts',
    find: 'values (${claim.principal}, ${claim.operation}, ${claim.key}, ${claim.hash})',
    replace: 'values (${claim.principal}, ${claim.operation}, ${v7()}, ${claim.hash})',
    test: checkout,
    expects: 'double click',
  },
  {
    name: 'another body under a used key is taken for the same request',
    file: 'subgraphs/kit/src/tx.ts',
    find: 'if (!earlier.input_hash.equals(claim.hash)) {',
    replace: 'if (earlier.input_hash.length === 0) {',
    test: checkout,
    expects: 'double click',
  },
  // Facts
  {
    name: 'a fact is heard as often as it comes',
    file: 'subgraphs/kit/src/messages.ts',
    find: 'fresh: facts.filter((fact) => ids.has(fact.id)),',
    replace: 'fresh: facts.filter((fact) => ids.size >= 0 && fact.id),',
    test: kit,
    expects: 'hears a fact once',
  },
  {
    name: 'no inbox row is written',
    file: 'subgraphs/kit/src/messages.ts',
    find: 'insert into inbox (fact_id, type)\n  select id, ${facts[0]!.type} from unnest(${facts.map((fact) => fact.id)}::uuid[]) as id ${condition}\n  on conflict do nothing returning fact_id)`;',
    replace: 'select id as fact_id from unnest(${facts.map((fact) => fact.id)}::uuid[]) as id ${condition})`;',
    test: kit,
    expects: 'hears a fact once',
  },
  {
    name: 'a fact is given up because the disk is full',
    file: 'subgraphs/kit/src/bus.embedded.ts',
    find: 'if (isOutage(error)) return this.later(batch, error);',
    replace: '',
    test: bus,
    expects: 'waits for an ear whose database is away',
  },
  {
    name: 'a fact counts as carried when the first ear has heard it',
    file: 'subgraphs/kit/src/bus.embedded.ts',
    find: 'left: Math.max(lanes.length, 1)',
    replace: 'left: 1',
    test: bus,
    expects: 'does not mark while an ear has not settled',
  },
  {
    name: 'a poison fact is tried for ever',
    file: 'subgraphs/kit/src/bus.embedded.ts',
    find: 'if (wait === undefined) {',
    replace: 'if (wait === undefined && delivery.tries > 99) {',
    test: bus,
    expects: 'parks what fails five times',
  },
  {
    name: 'what follows a dead letter flows past it',
    file: 'subgraphs/kit/src/parked.ts',
    find: '      keys.add(parkKey(fact));\n',
    replace: '',
    test: kit,
    expects: 'parks a poison fact',
  },
  // The checkout
  {
    name: 'the saga confirms a payment that comes after the cancellation',
    file: 'subgraphs/orders/src/checkout.saga.ts',
    find: 'return isSettled(order) ? unchanged(order) : giveBack(order, { authorized: true }, now);',
    replace: 'return confirm(order, { authorized: true }, now, []);',
    test: saga,
    expects: 'gives money back that arrives too late',
  },
  {
    name: 'the saga takes any amount for the right one',
    file: 'subgraphs/orders/src/checkout.saga.ts',
    find: 'amount.amountMinor === order.total && amount.currency === order.currency;\n      if',
    replace: 'amount.currency === order.currency;\n      if',
    test: saga,
    expects: 'gives back a payment of another amount',
  },
  {
    name: 'an order that is never paid keeps its stock for ever',
    file: 'subgraphs/orders/src/checkout.saga.ts',
    find: "if (step === 'HOLDING' || step === 'PAYING') return cancel(order, now, { reason: 'EXPIRED' });",
    replace: "if (step === 'HOLDING') return cancel(order, now, { reason: 'EXPIRED' });",
    test: saga,
    expects: 'cancels at the deadline',
  },
  {
    name: 'the hold that was lost is not told to the order',
    file: 'subgraphs/orders/src/checkout.saga.ts',
    find: "reason: 'OUT_OF_STOCK', missing: heard.data.missing",
    replace: "reason: 'OUT_OF_STOCK'",
    test: saga,
    expects: 'missing lines',
  },
  {
    name: 'a price that moved is charged without a word',
    file: 'subgraphs/orders/src/order.ts',
    find: 'if (quote.total !== expectedTotal.amountMinor || quote.currency !== expectedTotal.currency) {',
    replace: 'if (quote.currency !== expectedTotal.currency) {',
    test: checkout,
    expects: 'tells the total of now',
  },
  {
    name: 'the total is what the client says it is',
    file: 'subgraphs/orders/src/order.service.ts',
    find: '    quote: quoted,\n',
    replace: '    quote: { ...quoted, total: expectedTotal!.amountMinor },\n',
    test: checkout,
    expects: 'tells the total of now',
  },
  {
    name: 'an order is seen by whoever has a session',
    file: 'subgraphs/orders/src/order.service.ts',
    find: "(viewer.principal !== 'anonymous' && viewer.principal === order.principal)",
    replace: "viewer.principal !== 'anonymous'",
    test: checkout,
    expects: 'to nobody else by any path',
  },
  {
    name: 'more is credited than was captured',
    file: 'subgraphs/orders/src/refund.ts',
    find: 'Math.max(0, captured - credited);',
    replace: 'Math.max(captured, credited);',
    test: goods,
    expects: 'never credits more than was captured',
  },
  // Money
  {
    name: 'more is given back than was taken',
    file: 'subgraphs/payments/src/refund.ts',
    find: "return amount.amountMinor > refundable(payment) ? 'More would be given back than was taken.' : null;",
    replace: 'return null;',
    test: payments,
    expects: 'give parts back until nothing is left, and refuse more',
  },
  {
    name: 'a refund is asked for under a new key each time',
    file: 'subgraphs/payments/src/refund.service.ts',
    find: 'idempotencyKey: `refund:${refund.id}`',
    replace: 'idempotencyKey: `refund:${refund.id}:${refund.tries}`',
    test: payments,
    expects: 'of a refund leads to one refund',
  },
  {
    name: 'an intent is asked for under a new key each time',
    file: 'subgraphs/payments/src/settlement.service.ts',
    find: 'idempotencyKey: `${payment.id}:create`',
    replace: 'idempotencyKey: `${payment.id}:create:${crypto.randomUUID()}`',
    test: payments,
    expects: 'leads to one charge',
  },
  {
    name: 'a cancelled order’s hold on the card is kept',
    file: 'subgraphs/payments/src/payment.ts',
    find: "  if (payment.cancelRefundId !== null) return 'VOID';\n",
    replace: '',
    test: payments,
    expects: 'voids',
  },
  {
    name: 'what a late capture took is kept',
    file: 'subgraphs/payments/src/payment.ts',
    find: 'return payment.cancelRefundId === null ? change_ : giveAllBack(change_, payment.cancelRefundId);',
    replace: 'return change_;',
    test: payments,
    expects: 'gives back what a capture took whose answer was lost',
  },
  {
    name: 'a capture is not booked',
    file: 'subgraphs/payments/src/payment.ts',
    find: "entries: [entryOf('CAPTURED', captured)],",
    replace: 'entries: [],',
    test: payments,
    expects: 'is made at the provider at once',
  },
  // Webhooks
  {
    // Its effects are harmless to repeat by themselves: states never go backwards. The row is what must be there once.
    name: 'a webhook that comes again is written down again',
    file: 'subgraphs/payments/src/gateway-event.repository.ts',
    find: "    .onConflict((c) => c.column('id').doNothing())\n",
    replace: '',
    test: webhooks,
    expects: 'a hundred times at once',
  },
  {
    name: 'an old webhook is believed',
    file: 'subgraphs/payments/src/payment-gateway.ts',
    find: 'if (age > WEBHOOK_TOLERANCE_SECONDS)',
    replace: 'if (age > WEBHOOK_TOLERANCE_SECONDS * 1e6)',
    test: webhooks,
    expects: ': 400 and nothing changes',
  },
  {
    name: 'a webhook from the future is believed',
    file: 'subgraphs/payments/src/payment-gateway.ts',
    find: 'if (age < -WEBHOOK_TOLERANCE_SECONDS) {',
    replace: 'if (age < -WEBHOOK_TOLERANCE_SECONDS * 1e6) {',
    test: webhooks,
    expects: ': 400 and nothing changes',
  },
  {
    name: 'a webhook is believed whoever signed it',
    file: 'subgraphs/payments/src/payment-gateway.stripe.ts',
    find: '.find((found) => found !== null);',
    replace: '.find((found) => found !== null) ?? (JSON.parse(String(rawBody)) as Stripe.Event);',
    test: webhooks,
    expects: ': 400 and nothing changes',
  },
  {
    name: 'a webhook for another amount has its effect',
    file: 'subgraphs/payments/src/gateway-event.service.ts',
    find: "    if (isMismatch(payment, intent)) return quarantine(tx, row, 'AMOUNT_MISMATCH', payment.id, duty);\n",
    replace: '',
    test: webhooks,
    expects: 'for another amount: set aside',
  },
  // Carts
  {
    name: 'a cart is changed without its lock',
    file: 'subgraphs/carts/src/cart.repository.ts',
    find: 'select * from carts where principal = ${principal} for update)',
    replace: 'select * from carts where principal = ${principal})',
    test: 'subgraphs/carts/src/cart.int.test.ts',
    expects: 'keeps every change of ten lines at once',
  },
  // The front door
  {
    name: 'mutations in a fragment are not counted',
    file: 'router/src/limits.ts',
    find: 'roots > limits.rootMutations',
    replace: 'operation.selectionSet.selections.length > limits.rootMutations',
    test: limits,
    expects: 'count mutations through fragments',
  },
  {
    name: 'a list in a variable is not counted',
    file: 'router/src/limits.ts',
    find: 'variables.length > limits.listItems',
    replace: 'variables.length > 1e6',
    test: limits,
    expects: 'count lists at any depth',
  },
  {
    name: 'a session that was signed out goes on',
    file: 'router/src/viewer.ts',
    find: '(await revocations.isEnded(revocable))',
    replace: '(await revocations.isEnded(revocable) && !revocable)',
    test: 'router/src/transport.e2e.test.ts',
    expects: 'refuses that of a session that was signed out',
  },
  {
    name: 'a kv that lost the revocations is believed',
    file: 'router/src/revocations.ts',
    find: 'if (published) return false;',
    replace: 'if (published || id) return false;',
    test: 'router/src/revocations.e2e.test.ts',
    expects: 'is refused by a kv that lost everything',
  },
  {
    name: 'pages of any origin open a WebSocket',
    file: 'router/src/websocket.ts',
    find: "if (!originAllowed(request.headers.origin)) return refuseUpgrade(socket, '403 Forbidden');",
    replace: 'if (!originAllowed) return refuseUpgrade(socket, "403 Forbidden");',
    test: 'router/src/live.e2e.test.ts',
    expects: 'is opened by pages of its own origin',
  },
  // PostgreSQL
  {
    name: 'a standby is read before it has what its viewer wrote',
    file: 'subgraphs/kit/src/db.replica.ts',
    find: 'return wanted <= replayed && away === null;',
    replace: 'return away === null;',
    test: standby,
    expects: 'never shows a viewer less than they wrote',
  },
  {
    name: 'marks of commits that were lost pass for nothing written',
    file: 'subgraphs/kit/src/db.replica.ts',
    find: 'if (!(await marksAreWhole(marks.pop()))) return false;',
    replace: 'await marksAreWhole(marks.pop());',
    test: standby,
    expects: 'marks that cannot be read or were lost',
  },
  {
    name: 'a standby that was promoted is read on',
    file: 'subgraphs/kit/src/db.replica.ts',
    find: 'if (!row.standby || row.lsn === null)',
    replace: 'if (row.lsn === null)',
    test: standby,
    expects: 'promoted, it is no standby any more',
  },
  {
    name: 'statements have names behind a pooler',
    file: 'subgraphs/kit/src/db.houses.ts',
    find: 'named: prepare ?? !isPooled(client, pid)',
    replace: 'named: prepare ?? pid > 0',
    test: 'subgraphs/kit/src/pgbouncer.int.test.ts',
    expects: 'statements have no names there',
  },
  {
    name: 'a plan that a migration outdated fails its request',
    file: 'subgraphs/kit/src/prepared.ts',
    find: "return code === '0A000' && routine === 'RevalidateCachedQuery';",
    replace: "return code === '0A000' && routine === 'never';",
    test: 'subgraphs/kit/src/expand-contract.int.test.ts',
    expects: 'two versions serve at once',
  },
  ...cacheMutants,
  ...simulationMutants,
  ...hardenMutants,
];
