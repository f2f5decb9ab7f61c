import { hash } from 'node:crypto';
import { setImmediate as breathe } from 'node:timers/promises';
import type { FetchNode, PlanNode, SubscriptionNode } from '@apollo/query-planner';
import { systemViewer } from '@souk/kit';
import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isRequiredArgument,
  Kind,
  OperationTypeNode,
  parse,
} from 'graphql';
import { type Linked, readLinks } from './admission/links.ts';
import { ContractError } from './contract.ts';
import { appliedTo } from './directives.ts';
import { compileOperations, type Operations } from './executor/operation.ts';

/** A supergraph that was found fit to serve. */
export interface Supergraph {
  readonly sdl: string;
  /** SHA-256 of its text, hex. */
  readonly digest: string;
  readonly operations: Operations;
  /** For the directives that are enforced here. */
  readonly linked: Linked;
}

/** Why a supergraph cannot serve, in one sentence. */
export class SupergraphRefusal extends Error {
  override readonly name = 'SupergraphRefusal';
}

export const digestOf = (sdl: string): string => hash('sha256', sdl, 'hex');

/**
 * Builds a supergraph and has every root field planned, so that one that would answer nothing never serves. Throws a
 * SupergraphRefusal. Lets other work pass between its steps.
 */
export async function judgeSupergraph(sdl: string, subgraphs: ReadonlySet<string>): Promise<Supergraph> {
  const unknown = namesOf(parsed(sdl)).filter((name) => !subgraphs.has(name));
  if (unknown.length > 0) {
    throw new SupergraphRefusal(
      `It names ${unknown.length === 1 ? 'the subgraph' : 'the subgraphs'} ${unknown.join(', ')}, which this router does not know; it knows ${[...subgraphs].sort().join(', ')}.`,
    );
  }
  await breathe();
  const operations = built(sdl);
  await breathe();
  try {
    operations.shownTo({ ...systemViewer, roles: [] });
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    throw new SupergraphRefusal(`The public schema does not hold together: ${error.reasons[0]}`);
  }
  const unanswered: string[] = [];
  for (const group of rootsTogether(operations.schema)) {
    await breathe();
    if (unansweredOf(operations, group).length === 0) continue;
    // One field that nobody answers may spoil the plan of all.
    for (const root of group) unanswered.push(...unansweredOf(operations, [root]));
  }
  if (unanswered.length > 0) throw new SupergraphRefusal(`No subgraph can be asked for ${unanswered.join(', ')}.`);
  return { sdl, digest: digestOf(sdl), operations, linked: readLinks(sdl) };
}

function parsed(sdl: string): DocumentNode {
  if (sdl.trim() === '') throw new SupergraphRefusal('The file is empty, or there is none.');
  try {
    return parse(sdl);
  } catch (error) {
    const { locations } = error as { locations?: readonly { line: number; column: number }[] };
    const at = locations?.[0];
    throw new SupergraphRefusal(
      `It cannot be read as GraphQL${at ? `, at line ${at.line}, column ${at.column}` : ''}: ${firstLine(error)}`,
    );
  }
}

function built(sdl: string): Operations {
  try {
    return compileOperations(sdl);
  } catch (error) {
    throw new SupergraphRefusal(`No graph can be built from it: ${firstLine(error)}`);
  }
}

/** The subgraphs' names, as supergraph.yaml has them. */
export function namesOf(supergraph: DocumentNode): string[] {
  const graphs = supergraph.definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  );
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) return [];
  return (graphs.values ?? []).flatMap((value) => appliedTo(value, 'join__graph').map(({ name }) => String(name)));
}

interface Root {
  readonly kind: OperationTypeNode;
  readonly coordinate: string;
  readonly field: GraphQLField<unknown, unknown>;
}

/** The root fields that one operation may ask for together. */
function rootsTogether(schema: GraphQLSchema): Root[][] {
  return Object.values(OperationTypeNode).flatMap((kind) => {
    const type = schema.getRootType(kind);
    const fields = Object.values(type?.getFields() ?? {});
    const roots = fields.map((field) => ({ kind, coordinate: `${type!.name}.${field.name}`, field }));
    if (roots.length === 0) return [];
    return kind === OperationTypeNode.SUBSCRIPTION ? roots.map((root) => [root]) : [roots];
  });
}

/** The root fields that a plan for all of them asks no subgraph for. */
function unansweredOf({ plan }: Operations, roots: readonly Root[]): string[] {
  const text = probeOf(
    roots[0]!.kind,
    roots.map(({ field }) => field),
  );
  const asked = rootsOf(planned(plan, text));
  return roots.filter(({ field }) => !asked.has(field.name)).map(({ coordinate }) => coordinate);
}

function probeOf(kind: OperationTypeNode, fields: readonly GraphQLField<unknown, unknown>[]): string {
  const variables: string[] = [];
  const calls = fields.map(({ name, args, type }) => {
    const given = args.filter(isRequiredArgument).map((arg) => {
      variables.push(`$${name}_${arg.name}: ${arg.type}`);
      return `${arg.name}: $${name}_${arg.name}`;
    });
    const selection = isCompositeType(getNamedType(type)) ? ' { __typename }' : '';
    return `${name}${given.length > 0 ? `(${given.join(', ')})` : ''}${selection}`;
  });
  return `${kind}${variables.length > 0 ? ` (${variables.join(', ')})` : ''} { ${calls.join(' ')} }`;
}

function planned(plan: Operations['plan'], text: string): ReturnType<Operations['plan']> {
  try {
    return plan(parse(text));
  } catch {
    // What cannot be planned at all is asked of nobody.
    return undefined;
  }
}

/** The root fields that a plan asks subgraphs for. */
const rootsOf = (plan: ReturnType<Operations['plan']>): ReadonlySet<string> =>
  new Set(
    fetchesOf(plan)
      .filter(({ requires }) => !requires)
      .flatMap(({ operation }) => parse(operation).definitions)
      .flatMap((node) => (node.kind === Kind.OPERATION_DEFINITION ? node.selectionSet.selections : []))
      .flatMap((node) => (node.kind === Kind.FIELD ? node.name.value : [])),
  );

/** Every fetch of a plan, in the plan's order. */
export function fetchesOf(node: PlanNode | SubscriptionNode | undefined): FetchNode[] {
  switch (node?.kind) {
    case 'Fetch':
      return [node];
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(fetchesOf);
    case 'Flatten':
      return fetchesOf(node.node);
    case 'Condition':
      return [...fetchesOf(node.ifClause), ...fetchesOf(node.elseClause)];
    case 'Subscription':
      return [node.primary, ...fetchesOf(node.rest)];
    default:
      return [];
  }
}

/** What something said, short enough for a line of the log. */
function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).trim().split('\n');
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}
