import { TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { Learned } from '../admission/admission.ts';
import { costOf } from '../admission/cost.ts';
import type { Prepared } from '../pipeline.ts';
import type { Traits } from './usage.ts';

/** What the registry is told of an operation: the most it costs as it stands, and the scopes that its fields ask for. */
export function traitsOf({ document, operation, schema }: Prepared, { rules, costs }: Learned): Traits {
  const cost = costOf({ document, operation, schema }, costs).requested({});
  const info = new TypeInfo(schema);
  const scopes = new Set<string>();
  visit(
    document,
    visitWithTypeInfo(info, {
      Field({ name }) {
        const parent = info.getParentType();
        for (const demand of parent ? rules.of(parent.name, name.value) : []) {
          if (demand.kind === 'scopes') for (const scope of demand.oneOf.flat()) scopes.add(scope);
        }
      },
    }),
  );
  // Without a bound there is no number to tell.
  return { cost: Number.isFinite(cost) ? Math.ceil(cost) : null, scopes: [...scopes].sort() };
}
