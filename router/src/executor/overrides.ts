import { createHash } from 'node:crypto';
import type { Supergraph } from '@apollo/federation-internals';
import type { RouterContext } from '../upstream.ts';

/** Which labels of `@override(label:)` hold for a request: each of them moves a field to its new subgraph. */
export type Overrides = (context: RouterContext) => ReadonlyMap<string, boolean>;

/** Decides a label that is not `percent(…)`. */
export type DecideLabel = (label: string, context: RouterContext) => boolean;

const PERCENT = /^percent\((\d{1,3}(?:\.\d{1,8})?)\)$/;
const none: ReadonlyMap<string, boolean> = new Map();

/**
 * The labels a supergraph holds. `percent(n)` holds for n percent of viewers, for the same ones each time, so that nobody sees
 * a field change its mind from one request to the next; anonymous viewers are told apart by request. Any other label is
 * `decide`'s to decide.
 */
export function overridesOf(supergraph: Supergraph, decide: DecideLabel): Overrides {
  const labels = new Set<string>();
  const directive = supergraph.schema.directives().find(({ name }) => name === 'join__field');
  for (const application of directive?.applications() ?? []) {
    const { overrideLabel } = application.arguments() as { overrideLabel?: string };
    if (overrideLabel) labels.add(overrideLabel);
  }
  if (labels.size === 0) return () => none;
  const rules = [...labels].sort().map((label) => ({ label, percent: PERCENT.exec(label)?.[1] }));
  return (context) =>
    new Map(
      rules.map(({ label, percent }) => [
        label,
        percent === undefined ? decide(label, context) : share(label, context) < Number(percent),
      ]),
    );
}

/** A number from 0 to 100 that this viewer has for this label, evenly spread over viewers. */
function share(label: string, { viewer }: RouterContext): number {
  const who = viewer.principal === 'anonymous' ? viewer.requestId : viewer.principal;
  return (createHash('sha256').update(`${label}\n${who}`).digest().readUInt32BE(0) / 2 ** 32) * 100;
}
