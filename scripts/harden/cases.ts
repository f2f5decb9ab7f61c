import type { Case } from './case.ts';
import { httpCases } from './http.cases.ts';
import { shapeCases } from './shape.cases.ts';
import { socketCases } from './socket.cases.ts';
import { subgraphCases } from './subgraph.cases.ts';
import { valueCases } from './values.cases.ts';
import { wireCases } from './wire.cases.ts';

/** Every case of the hardening suite, in the order in which they run. */
export const cases: readonly Case[] = [
  ...shapeCases,
  ...valueCases,
  ...httpCases,
  ...wireCases,
  ...socketCases,
  ...subgraphCases,
];
