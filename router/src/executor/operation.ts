import { operationFromDocument } from '@apollo/federation-internals';
import { type FetchNode, QueryPlanner } from '@apollo/query-planner';
import { systemViewer } from '@souk/kit';
import { isStaff } from '@souk/schema';
import {
  type DocumentNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationTypeNode,
  parse,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';
import { buildSupergraph } from '../admission/links.ts';
import { policiesOf } from '../cache/policy.ts';
import { withoutTag } from '../contract.ts';
import { refusal } from '../limits.ts';
import { type RouterContext, routerContext } from '../upstream.ts';
import { refuseContexts } from './contexts.ts';
import {
  applyConditions,
  type Chosen,
  chooseOperation,
  conditionVariables,
  isIntrospection,
  makePrivate,
} from './document.ts';
import { type Compiling, clientNamer, operationOf } from './entities.ts';
import { compileIntrospection, type Introspect, type ShownTo } from './introspection.ts';
import { type Shape, shapeOf } from './merge.ts';
import { type DecideLabel, type Overrides, overridesOf } from './overrides.ts';
import { compilePlan } from './plan.ts';
import { compileProjection, type Projection } from './projection.ts';
import { Recent } from './recent.ts';
import { typeTest } from './representation.ts';
import type { Step } from './run.ts';

/** What a subscription is subscribed to, at its house. */
export interface Source {
  readonly service: string;
  readonly query: string;
  readonly variables: readonly string[];
  readonly shape: Shape;
  readonly clientName: (key: string) => string;
}

/** An operation ready to run, for one set of values of whatever its plan depends on. */
export interface Compiled {
  readonly kind: OperationTypeNode;
  /** Null where there is nothing to fetch. */
  readonly step: Step | null;
  /** Of a subscription alone. */
  readonly source: Source | null;
  readonly introspect: Introspect | null;
  readonly project: Projection;
  /** Private name of a variable → the client's, where they differ. */
  readonly variables: ReadonlyMap<string, string>;
}

/** An operation of a document, before its conditions are known. */
export interface Known {
  readonly variableDefinitions: readonly VariableDefinitionNode[];
  /** Variables that decide by @skip and @include what is selected. */
  readonly conditions: readonly string[];
  /** Plans it once for each set of values; a mistake of the operation is thrown as a GraphQLError. */
  compile(conditions: ReadonlyMap<string, boolean>, overrides: ReadonlyMap<string, boolean>): Compiled;
}

/** A supergraph, planned and compiled. */
export interface Operations {
  readonly schema: GraphQLSchema;
  /** Staff are shown all of it, others what is public. */
  readonly shownTo: ShownTo;
  readonly overrides: Overrides;
  /** Apollo's plan of a document, as it is; nothing where there is nothing to fetch. For whoever looks at plans. */
  plan(document: DocumentNode): ReturnType<QueryPlanner['buildQueryPlan']>['node'];
  /** A document without a hash is not remembered. */
  find(document: DocumentNode, hash: string | null, operationName: string | null | undefined): Known;
}

const MOST_OPERATIONS = 1_000;
/** Plans of one operation, by conditions and override labels. */
const MOST_VARIANTS = 32;

/** Compiles operations on Apollo's planner, and remembers those that were used last. */
export function compileOperations(supergraphSdl: string, decideLabel: DecideLabel = () => false): Operations {
  refuseContexts(supergraphSdl);
  const supergraph = buildSupergraph(supergraphSdl);
  const apiSchema = supergraph.apiSchema();
  const schema = apiSchema.toGraphQLJSSchema();
  const shownTo = shownOf(schema, supergraphSdl);
  const whole = supergraph.schema.toGraphQLJSSchema();
  // Texts are sent whole and parsed once: fragments would only make them harder to put together.
  const planner = new QueryPlanner(supergraph, { reuseQueryFragments: false });
  const overrides = overridesOf(supergraph, decideLabel);
  const isOfType = typeTest(whole);
  const naming = namingOf(whole);
  // Private names go on with a number.
  const policies = policiesOf(supergraphSdl, `${naming.prefix}id`);
  const operations = new Recent<Known>(MOST_OPERATIONS);

  function know(chosen: Chosen): Known {
    const variants = new Recent<Compiled>(MOST_VARIANTS);
    return {
      variableDefinitions: chosen.operation.variableDefinitions ?? [],
      conditions: conditionVariables(chosen),
      compile(conditions, overrides) {
        const key = JSON.stringify([...conditions, ...overrides]);
        const known = variants.get(key);
        if (known) return known;
        const made = compile(applyConditions(chosen, conditions), overrides);
        variants.set(key, made);
        return made;
      },
    };
  }

  function compile(chosen: Chosen, overrideConditions: ReadonlyMap<string, boolean>): Compiled {
    const { document, keys, clientNames, variables } = makePrivate(chosen, naming);
    const operation = operationFromDocument(apiSchema, document);
    const { node } = planner.buildQueryPlan(operation, { overrideConditions: new Map(overrideConditions) });
    const compiling: Compiling = { isOfType, clientNames, variables, policies };
    const common = {
      kind: chosen.operation.operation,
      introspect: compileIntrospection(shownTo, chosen),
      project: compileProjection(schema, chosen, keys),
      variables,
    };
    if (!node) {
      if (fetchesSomething(chosen)) throw refusal('No subgraph answers what this operation asks for.');
      return { ...common, step: null, source: null };
    }
    if (node.kind !== 'Subscription') return { ...common, step: compilePlan(node, compiling), source: null };
    return {
      ...common,
      step: node.rest ? compilePlan(node.rest, compiling) : null,
      source: sourceOf(node.primary, compiling),
    };
  }

  return {
    schema,
    shownTo,
    overrides,
    plan: (document) =>
      planner.buildQueryPlan(operationFromDocument(apiSchema, document), {
        overrideConditions: new Map(overrides(nobody)),
      }).node,
    find(document, hash, operationName) {
      if (hash === null) return know(chooseOperation(document, operationName));
      const key = `${hash} ${operationName ?? ''}`;
      const known = operations.get(key);
      if (known) return known;
      const made = know(chooseOperation(document, operationName));
      operations.set(key, made);
      return made;
    },
  };
}

const nobody: RouterContext = routerContext(systemViewer);

function shownOf(schema: GraphQLSchema, supergraphSdl: string): ShownTo {
  let open: GraphQLSchema | undefined;
  return (viewer) => {
    if (isStaff(viewer)) return schema;
    open ??= withoutTag(parse(supergraphSdl), schema);
    return open;
  };
}

function sourceOf(
  { serviceName, operation, variableUsages = [], outputRewrites }: FetchNode,
  compiling: Compiling,
): Source {
  if (outputRewrites?.length) throw new Error('the planner wants an event rewritten');
  return {
    service: serviceName,
    query: operation,
    variables: variableUsages,
    shape: shapeOf(operationOf(operation).selectionSet),
    clientName: clientNamer(compiling.clientNames, new Map()),
  };
}

/** True where an answer needs more than the schema, which gives `__typename`, `__schema` and `__type`. */
function fetchesSomething({ operation, fragments }: Chosen): boolean {
  const seen = new Set<string>();
  const among = (set: SelectionSetNode): boolean =>
    set.selections.some((node) => {
      if (node.kind === Kind.FIELD) return node.name.value !== '__typename' && !isIntrospection(node);
      if (node.kind === Kind.INLINE_FRAGMENT) return among(node.selectionSet);
      if (seen.has(node.name.value)) return false;
      seen.add(node.name.value);
      return among(fragments.get(node.name.value)!.selectionSet);
    });
  return among(operation.selectionSet);
}

function namingOf(supergraph: GraphQLSchema): { prefix: string; withArguments: ReadonlySet<string> } {
  const names = new Set<string>();
  const withArguments = new Set<string>();
  for (const type of Object.values(supergraph.getTypeMap())) {
    if (type.name.startsWith('__') || (!isObjectType(type) && !isInterfaceType(type))) continue;
    for (const field of Object.values(type.getFields())) {
      names.add(field.name);
      if (field.args.length > 0) withArguments.add(field.name);
    }
  }
  let prefix = '_p';
  while ([...names].some((name) => name.startsWith(prefix))) prefix += '_';
  return { prefix, withArguments };
}
