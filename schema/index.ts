export * from './event-ids.ts';
export * from './events/index.ts';
export * from './ids.ts';
export * from './money.ts';
export * from './rejection.ts';
export * from './scopes.ts';
export * from './viewer.ts';
