import { readManifest } from '@souk/schema';
import {
  type DefinitionNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  specifiedRules,
  validate,
  visit,
} from 'graphql';
import { buildSupergraph } from '../admission/links.ts';
import { defaultLimits, rules } from '../limits.ts';
import { sha256 } from '../pipeline.ts';

/** A file of operations, by its path. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

export interface BuiltManifest {
  readonly text: string;
  /** What to correct, each with its place; the manifest is of no use then. */
  readonly mistakes: readonly string[];
}

/** What clients may ask of a supergraph. */
export const apiSchemaOf = (supergraphSdl: string): GraphQLSchema =>
  buildSupergraph(supergraphSdl).apiSchema().toGraphQLJSSchema();

interface Said {
  readonly definition: DefinitionNode;
  readonly path: string;
  readonly maxAge: number | null;
}

/**
 * A client's manifest, in Apollo's format, from its files of operations. Whoever is asked about them is named
 * by `# owner: …` in a file, or is the client; an operation whose
 * answer is everybody's says `# max-age: …` (seconds) in the comment before it. Fragments are the file's own. Each operation
 * is checked against the graph and the limits of the router.
 */
export function buildManifest(client: string, sources: readonly Source[], schema: GraphQLSchema): BuiltManifest {
  const mistakes: string[] = [];
  const operations: object[] = [];
  const names = new Map<string, string>();
  let owner = client;
  for (const source of sources) {
    owner = /^#\s*owner:\s*(.+?)\s*$/m.exec(source.text)?.[1] ?? owner;
    const said = definitionsIn(source, mistakes);
    const fragments = new Map(
      said.flatMap(({ definition }) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
      ),
    );
    for (const { definition, maxAge } of said) {
      if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
      const name = definition.name?.value;
      const no = (why: string) => mistakes.push(`${source.path}: ${name ?? 'an operation'}: ${why}`);
      if (!name) {
        no('give it a name.');
        continue;
      }
      if (names.has(name)) no(`${names.get(name)} has an operation of this name.`);
      names.set(name, source.path);
      const body = print({
        kind: Kind.DOCUMENT,
        definitions: [definition, ...fragmentsOf(definition, fragments)],
      });
      for (const error of mistakesIn(body, schema)) no(error.message);
      if (maxAge !== null && definition.operation !== 'query')
        no('only what a query answers can be kept: take max-age away.');
      operations.push({
        id: sha256(body),
        name,
        type: definition.operation,
        ...(maxAge === null ? {} : { maxAge }),
        body,
      });
    }
  }
  const text = `${JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, client, owner, operations }, null, 2)}\n`;
  if (mistakes.length === 0) readManifest(text);
  return { text, mistakes };
}

function definitionsIn({ path, text }: Source, mistakes: string[]): readonly Said[] {
  try {
    let from = 0;
    return parse(text).definitions.map((definition) => {
      const before = text.slice(from, definition.loc!.start);
      from = definition.loc!.end;
      const maxAge = /^#\s*max-age:\s*(\d+)\s*$/m.exec(before)?.[1];
      return { definition, path, maxAge: maxAge === undefined ? null : Number(maxAge) };
    });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    mistakes.push(`${path}: ${error.message}`);
    return [];
  }
}

/** The fragments an operation spreads, and those that they spread, by name. */
function fragmentsOf(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): FragmentDefinitionNode[] {
  const used = new Map<string, FragmentDefinitionNode>();
  const follow = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      FragmentSpread({ name: { value } }) {
        const fragment = fragments.get(value);
        if (!fragment || used.has(value)) return;
        used.set(value, fragment);
        follow(fragment);
      },
    });
  };
  follow(operation);
  return [...used.values()].sort((a, b) => (a.name.value < b.name.value ? -1 : 1));
}

function mistakesIn(body: string, schema: GraphQLSchema): readonly GraphQLError[] {
  try {
    const document = parse(body, { maxTokens: defaultLimits.tokens });
    return validate(schema, document, [...specifiedRules, ...rules(defaultLimits, false)]);
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
