import { chaosDataMutants } from './list.chaos-data.ts';
import { chaosProcessMutants } from './list.chaos-processes.ts';
import type { ChaosMutant } from './list.ts';

/** At least one for each row of the chaos suite. */
export const chaosMutants: readonly ChaosMutant[] = [
  {
    name: 'a house that lost the broker never finds it again',
    file: 'subgraphs/kit/src/nats.ts',
    find: 'maxReconnectAttempts: -1,',
    replace: 'maxReconnectAttempts: 0,',
    row: 'kill-9',
  },
  {
    name: 'a relay that failed once carries nothing more',
    file: 'subgraphs/kit/src/nats.relay.ts',
    find: 'if (signal.aborted) return;\n          // Whatever',
    replace: 'if (signal) return;\n          // Whatever',
    row: 'broker-down',
  },
  {
    name: 'a broker that lost its store is told nothing again',
    file: 'subgraphs/kit/src/nats.relay.ts',
    find: 'if (known) {\n      const wiped',
    replace: 'if (known?.madeAt === madeAt) {\n      const wiped',
    row: 'broker-wiped',
  },
  {
    name: 'while Redis is away nobody can tell who was signed out',
    file: 'router/src/revocations.ts',
    find: 'return await look(id).catch(() => ask(id));',
    replace: "return await (id === '' ? ask(id) : look(id));",
    row: 'redis-down',
  },
  {
    name: 'a webhook that is signed for tomorrow has its effect',
    file: 'subgraphs/payments/src/payment-gateway.ts',
    find: 'if (age < -WEBHOOK_TOLERANCE_SECONDS) {',
    replace: 'if (age < -1_000_000) {',
    row: 'webhooks',
  },
  {
    name: 'a webhook is believed whatever amount it tells',
    file: 'subgraphs/payments/src/gateway-event.ts',
    find: 'if (!equal(told.amount, amount)) return true;',
    replace: 'if (told.amount.amountMinor >= 0) return false;',
    row: 'webhooks',
  },
  ...chaosDataMutants,
  ...chaosProcessMutants,
];
