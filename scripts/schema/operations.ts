import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DocumentNode, type GraphQLError, type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import type { Change } from './changes.ts';
import { coordinatesOf, type Position } from './coordinates.ts';

/** An operation that a client was promised. */
export interface Persisted {
  /** Name of its manifest, which is the client's. */
  readonly client: string;
  readonly id: string;
  readonly name: string;
  readonly body: string;
}

interface Manifest {
  readonly format?: unknown;
  readonly version?: unknown;
  readonly operations?: unknown;
}

/** A manifest that cannot be read says which one it is and why. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/** The operations of every manifest in a folder; none where there is no folder. Throws a ManifestError. */
export async function readManifests(folder: string): Promise<Persisted[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.json')).sort();
  const read = await Promise.all(
    names.map(async (name) => operationsOf(name, await readFile(join(folder, name), 'utf8'))),
  );
  return read.flat();
}

function operationsOf(file: string, text: string): Persisted[] {
  const client = file.replace(/\.json$/, '');
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text) as Manifest;
  } catch {
    throw new ManifestError(`The manifest ${file} is not JSON.`);
  }
  if (manifest.format !== 'apollo-persisted-query-manifest' || !Array.isArray(manifest.operations)) {
    throw new ManifestError(`The manifest ${file} has not the form of an apollo-persisted-query-manifest.`);
  }
  return manifest.operations.map((operation: Partial<Persisted>) => {
    if (typeof operation.id !== 'string' || typeof operation.name !== 'string' || typeof operation.body !== 'string') {
      throw new ManifestError(`An operation of the manifest ${file} lacks its id, name or body.`);
    }
    return { client, id: operation.id, name: operation.name, body: operation.body };
  });
}

/** Why an operation and a new schema do not go together, and where in the operation. */
export interface Breakage {
  readonly operation: Persisted;
  readonly position: Position;
  readonly message: string;
}

/** The operations that a schema no longer answers, and those that ask for what changes in a way that breaks clients. */
export function breakagesOf(
  operations: readonly Persisted[],
  { released, current, changes }: { released: GraphQLSchema; current: GraphQLSchema; changes: readonly Change[] },
): Breakage[] {
  return operations.flatMap((operation): Breakage[] => {
    let document: DocumentNode;
    try {
      document = parse(operation.body);
    } catch (error) {
      return [breakage(operation, error as GraphQLError)];
    }
    const touched = coordinatesOf(document, released);
    const mistakes = validate(current, document, specifiedRules).map((error) => breakage(operation, error));
    const lines = new Set(mistakes.map(({ position }) => position.line));
    const changed = changes
      .filter(({ severity }) => severity === 'breaking')
      .flatMap(({ coordinate, message }): Breakage[] => {
        const position = touched.get(coordinate);
        // What validation tells already is told once.
        return position && !lines.has(position.line) ? [{ operation, position, message }] : [];
      });
    return [...mistakes, ...changed];
  });
}

const breakage = (operation: Persisted, { message, locations }: GraphQLError): Breakage => ({
  operation,
  position: locations?.[0] ?? { line: 1, column: 1 },
  message,
});
