export { type CallOptions, connect, type Options, type Partner } from './client.ts';
export * from './gql/operations.ts';
export type { DataOf, MistakesOf, Operation, VariablesOf } from './operation.ts';
export * from './result.ts';
