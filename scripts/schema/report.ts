import type { GraphQLSchema } from 'graphql';
import { badDeprecations, type Change, changesBetween, type Severity } from './changes.ts';
import { type Breakage, breakagesOf, type Persisted } from './operations.ts';

export interface Schemas {
  readonly public: GraphQLSchema;
  readonly admin: GraphQLSchema;
}

export interface Report {
  readonly changes: readonly Change[];
  readonly breakages: readonly Breakage[];
  /** Whether nobody who was promised something is let down. */
  readonly passes: boolean;
}

/**
 * Compares what is released with what is at hand: for everybody, and for staff. What leaves the public schema and stays in the
 * other breaks the public alone, and says so.
 */
export function compareSchemas(
  released: Schemas,
  current: Schemas,
  operations: readonly Persisted[],
  today: string,
): Report {
  const ofAll = changesBetween(released.admin, current.admin, today);
  const told = new Set(ofAll.map(({ severity, coordinate }) => `${severity} ${coordinate}`));
  const ofPublic = changesBetween(released.public, current.public, today)
    .filter(({ severity, coordinate }) => !told.has(`${severity} ${coordinate}`))
    .map((change) => ({ ...change, message: `For all but staff: ${change.message}` }));
  const changes = [...ofAll, ...ofPublic, ...badDeprecations(current.admin)];
  const breakages = breakagesOf(operations, { released: released.admin, current: current.admin, changes });
  const passes = breakages.length === 0 && changes.every(({ severity }) => severity !== 'breaking');
  return { changes, breakages, passes };
}

const titles: Readonly<Record<Severity, string>> = {
  breaking: 'Breaking: clients that were promised this stop working',
  dangerous: 'Dangerous: clients that expect all there was may be surprised',
  safe: 'Safe',
};

/** The report as a person reads it. */
export function describeReport({ changes, breakages, passes }: Report): string {
  const parts = (Object.keys(titles) as Severity[]).flatMap((severity) => {
    const of = changes.filter((change) => change.severity === severity);
    return of.length === 0
      ? []
      : [`${titles[severity]} (${of.length})\n${of.map((one) => `  ${one.message}`).join('\n')}`];
  });
  if (breakages.length > 0) {
    const lines = breakages.map(
      ({ operation: { client, name, id }, position: { line, column }, message }) =>
        `  ${name} of ${client} (${id.slice(0, 12)}), at line ${line}, column ${column}: ${message}`,
    );
    parts.push(`Persisted operations that would break (${breakages.length})\n${lines.join('\n')}`);
  }
  if (changes.length === 0 && breakages.length === 0) return 'The schema is as it was released.';
  parts.push(
    passes
      ? 'Nothing breaks. When this is deployed, run npm run schema:check -- --release and commit schema/released.'
      : 'This would break clients. Keep what was there and mark it @deprecated(reason: "Use X. Removal after YYYY-MM-DD").',
  );
  return parts.join('\n\n');
}
