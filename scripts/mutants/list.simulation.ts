import type { TestMutant } from './list.ts';

const simulation = 'scripts/simulate/simulate.e2e.test.ts';

/** Faults that show only where houses meet, whatever the order of things. */
export const simulationMutants: readonly TestMutant[] = [
  {
    name: 'inboxes are written and never asked',
    file: 'subgraphs/kit/src/messages.ts',
    find: 'fresh: facts.filter((fact) => ids.has(fact.id)),',
    replace: 'fresh: facts.filter((fact) => ids.size >= 0 && fact.id),',
    test: simulation,
    expects: 'lives of a shop',
  },
  {
    name: 'an outbox is marked whole, whoever has heard',
    file: 'subgraphs/kit/src/messages.ts',
    find: 'update outbox set published_at = now() where id = any(${ids}::uuid[])',
    replace: 'update outbox set published_at = now() where published_at is null and ${ids}::uuid[] is not null',
    test: simulation,
    expects: 'lives of a shop',
  },
  {
    name: 'a cancelled order keeps its stock',
    file: 'subgraphs/inventory/src/reservation.ts',
    find: "book.release(unshipped(parts), status === 'HELD' ? 'held' : 'allocated');\n  return released(after, 'CANCELLED');",
    replace: "return released(after, 'CANCELLED');",
    test: simulation,
    expects: 'lives of a shop',
  },
  {
    name: 'nobody looks at the deadlines of orders',
    file: 'subgraphs/orders/src/order.repository.ts',
    find: 'where o.deadline <= ${now} order by',
    replace: 'where o.deadline <= ${now} and false order by',
    test: simulation,
    expects: 'lives of a shop',
  },
  {
    name: 'carts believe an older word on stock',
    file: 'subgraphs/carts/src/goods.repository.ts',
    find: 'where excluded.stock_version > variants.stock_version',
    replace: 'where true',
    test: simulation,
    expects: 'lives of a shop',
  },
  {
    name: 'whoever asks again under a key is served again',
    file: 'subgraphs/kit/src/tx.ts',
    find: 'values (${claim.principal}, ${claim.operation}, ${claim.key}, ${claim.hash})',
    replace: 'values (${claim.principal}, ${claim.operation}, ${v7()}, ${claim.hash})',
    test: simulation,
    expects: 'lives of a shop',
  },
  {
    name: 'an intent whose answer was lost is asked for under a new key',
    file: 'subgraphs/payments/src/settlement.service.ts',
    find: 'idempotencyKey: `${payment.id}:create`',
    replace: 'idempotencyKey: `${payment.id}:create:${Math.random()}`',
    test: simulation,
    expects: 'lives of a shop',
  },
  {
    name: 'only a hold is voided, never an attempt under way',
    file: 'subgraphs/payments/src/payment.ts',
    find: "if (payment.cancelRefundId !== null) return 'VOID';",
    replace: "if (payment.cancelRefundId !== null && status === 'AUTHORIZED') return 'VOID';",
    test: simulation,
    expects: 'lives of a shop',
  },
];
