import type { BlockList } from 'node:net';
import { type Kv, type Log, systemError, type Taken } from '@souk/kit';
import type { GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Admit, Shown } from '../pipeline.ts';
import { bucketsOf, clientOf, isUnlimited, type Sizes } from './clients.ts';
import { costOf, type OperationCost } from './cost.ts';
import type { Costs } from './costs.ts';
import { tooMany } from './rates.ts';

interface Options {
  readonly kv: Pick<Kv, 'budget'>;
  readonly sizes: Sizes;
  readonly unlimited: BlockList;
  readonly costs: (schema: GraphQLSchema) => Costs;
  readonly log: Log;
}

/** What an answer tells of its cost. */
export interface CostReport {
  /** The most it could have cost. */
  readonly requested: number;
  /** What it did cost. */
  readonly actual: number;
  /** The most a client's budget holds. */
  readonly limit: number;
  /** What is left of it. */
  readonly available: number;
  /** What comes back in a second. */
  readonly restoreRate: number;
}

/**
 * Charges each operation what it can cost before it runs, and puts back what it did not. What no budget could ever hold is
 * refused with COST_EXCEEDED; what this one does not hold just now, with RATE_LIMITED and when it will.
 */
export function costBudgets({ kv, sizes, unlimited, costs, log }: Options): Admit {
  const buckets = bucketsOf(kv, 'cost', sizes);
  const known = new WeakMap<OperationDefinitionNode, OperationCost>();
  return async (prepared, variables, asker) => {
    const { operation, schema } = prepared;
    const cost = known.get(operation) ?? costOf(prepared, costs(schema));
    known.set(operation, cost);
    const requested = cost.requested(variables);
    const client = clientOf(asker);
    const budget = buckets.of(client, asker.app?.costPerMinute);
    const { capacity, seconds } = budget.size;
    if (requested > capacity) throw tooDear(requested, capacity);
    const free = isUnlimited(unlimited, asker);
    const taken: Taken = free
      ? { ok: true, available: capacity, retryAfterMs: 0 }
      : await budget.take(client.key, requested);
    if (!taken.ok) {
      throw tooMany(
        `This costs ${requested}, and of your budget of ${capacity} only ${Math.floor(taken.available)} are left.`,
        taken.retryAfterMs,
      );
    }
    const isStream = operation.operation === 'subscription';
    let settled = free || isStream;
    return {
      after(result: Shown) {
        const actual = Math.min(requested, cost.actual(result.data, variables));
        const unused = requested - actual;
        if (!settled) {
          settled = true;
          budget.give(client.key, unused).catch((error: unknown) => log.warn({ error }, 'a budget was not given back'));
        }
        const report: CostReport = {
          requested,
          actual,
          limit: capacity,
          available: Math.floor(free || isStream ? taken.available : Math.min(capacity, taken.available + unused)),
          restoreRate: Math.floor(capacity / seconds),
        };
        // The body of a GET may be kept for others, who have not paid for it.
        return asker.transport === 'GET'
          ? { headers: { 'souk-cost': inHeader(report) } }
          : { extensions: { cost: report } };
      },
    };
  };
}

const inHeader = (report: CostReport): string =>
  Object.entries(report)
    .map(([name, value]) => `${name === 'restoreRate' ? 'restore-rate' : name}=${value}`)
    .join(', ');

function tooDear(requested: number, capacity: number): GraphQLError {
  const what = Number.isFinite(requested) ? `This costs up to ${requested}` : 'What this costs cannot be told';
  return systemError(
    'COST_EXCEEDED',
    `${what}, and an operation may cost ${capacity} at most. Ask for shorter pages, or for less in several operations.`,
    { http: { status: 400 } },
  );
}
