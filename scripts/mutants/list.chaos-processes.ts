import type { ChaosMutant } from './list.ts';

/** For the rows in which processes are told to stop, or are halted. */
export const chaosProcessMutants: readonly ChaosMutant[] = [
  {
    name: 'a process that is told to stop cuts what it has begun',
    file: 'subgraphs/kit/src/drain.ts',
    find: 'await sleep(lingerMs);',
    replace: 'app.server.closeAllConnections();',
    row: 'rolling',
  },
  {
    name: 'a process that is halted in a transaction keeps its locks',
    file: 'subgraphs/kit/src/db.ts',
    find: "idle_in_transaction_session_timeout: '30s',",
    replace: "idle_in_transaction_session_timeout: '0',",
    row: 'zombie',
  },
  {
    name: 'a subgraph that never answers is waited for each time',
    file: 'router/src/sources.ts',
    find: 'settle(circuit, !failed, endedAt, breaker)',
    replace: 'settle(circuit, true, endedAt, breaker)',
    row: 'slow-subgraph',
  },
  {
    name: 'whoever is refused under load is not told when to come back',
    file: 'router/src/admission/overload.ts',
    find: "headers: { 'retry-after': String(seconds) }",
    replace: 'headers: {}',
    row: 'overload',
  },
];
