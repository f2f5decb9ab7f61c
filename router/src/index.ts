export { type Composed, CompositionError, compose } from './compose.ts';
export { houses } from './houses.ts';
export { defaultLimits, type Limits } from './limits.ts';
