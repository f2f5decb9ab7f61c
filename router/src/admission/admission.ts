import type { Config, Kv, Log } from '@souk/kit';
import type { GraphQLSchema } from 'graphql';
import type { Admit, Gate } from '../pipeline.ts';
import { authorization } from './authorization.ts';
import { costBudgets } from './budgets.ts';
import { type Costs, readCosts } from './costs.ts';
import type { Linked } from './links.ts';
import { type Gatekeeper, gatekeeper, loopDelay } from './overload.ts';
import { rateLimits } from './rates.ts';
import { type Rules, readRules } from './rules.ts';

/** What the directives of a supergraph say of who may see what, and what that costs. */
export interface Learned {
  readonly rules: Rules;
  readonly costs: Costs;
}

/** Everything that stands between a request and its run, on every transport. */
export interface Admissions {
  /** Takes the directives of a supergraph; of one that names what nobody enforces, a StartupError says so. */
  learn(schema: GraphQLSchema, linked: Linked): void;
  /** What was learned of a schema that serves. */
  learned(schema: GraphQLSchema): Learned;
  readonly gates: readonly Gate[];
  readonly admits: readonly Admit[];
  readonly keeper: Gatekeeper;
  stop(): void;
}

interface Options {
  readonly config: Config;
  readonly kv: Pick<Kv, 'budget'>;
  readonly log: Log;
}

export function openAdmissions({ config, kv, log }: Options): Admissions {
  const learned = new WeakMap<GraphQLSchema, Learned>();
  const of = (schema: GraphQLSchema) => {
    const found = learned.get(schema);
    if (!found) throw new Error('a schema that serves was learned before');
    return found;
  };
  const unlimited = config.SOUK_UNLIMITED_ADDRESSES;
  const delay = loopDelay();
  const keeper = gatekeeper(
    {
      atOnce: config.SOUK_OPERATIONS_AT_ONCE,
      waiting: config.SOUK_OPERATIONS_WAITING,
      delayMs: config.SOUK_OVERLOAD_DELAY_MS,
    },
    delay.lateMs,
  );
  return {
    learn(schema, linked) {
      learned.set(schema, { rules: readRules(linked), costs: readCosts(linked) });
    },
    learned: of,
    gates: [
      rateLimits({
        kv,
        unlimited,
        sizes: { address: config.SOUK_RATE_ADDRESS, person: config.SOUK_RATE_PERSON, app: config.SOUK_RATE_APP },
      }),
    ],
    admits: [
      authorization((schema) => of(schema).rules),
      costBudgets({
        kv,
        log,
        unlimited,
        costs: (schema) => of(schema).costs,
        sizes: { address: config.SOUK_BUDGET_ADDRESS, person: config.SOUK_BUDGET_PERSON, app: config.SOUK_BUDGET_APP },
      }),
    ],
    keeper,
    stop() {
      delay.stop();
      keeper.stop();
    },
  };
}
