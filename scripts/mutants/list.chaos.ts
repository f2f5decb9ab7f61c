import type { ChaosMutant } from './list.ts';

/** At least one for each row of the chaos suite. */
export const chaosMutants: readonly ChaosMutant[] = [];
