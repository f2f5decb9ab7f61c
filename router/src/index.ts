export { describeMistake, explain, type Mistake } from './compose.explain.ts';
export { type Composed, CompositionError, compose } from './compose.ts';
export { ADMIN_TAG, ContractError } from './contract.ts';
export { appliedTo } from './directives.ts';
export { houses } from './houses.ts';
export { defaultLimits, type Limits } from './limits.ts';
export { type Lint, lint } from './lints.ts';
export { apiSchemaOf, buildManifest, type Source } from './operations/build.ts';
export { type Views, viewsOf } from './views.ts';
