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
];
