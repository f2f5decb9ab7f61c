import { operationFromDocument } from '@apollo/federation-internals';
import { buildOperationContext, executeQueryPlan, type GraphQLDataSource, type ServiceMap } from '@apollo/gateway';
import { type FetchNode, type PlanNode, QueryPlanner } from '@apollo/query-planner';
import { type Log, mapIterator, systemError } from '@souk/kit';
import type { Viewer } from '@souk/schema';
import { type DocumentNode, type ExecutionResult, GraphQLError, OperationTypeNode, visit } from 'graphql';
import { buildSupergraph } from './admission/links.ts';
import type { Engine } from './engine.ts';
import type { Executor } from './executor/executor.ts';
import { type RouterContext, routerContext, type Upstream } from './upstream.ts';

/** Runs subscriptions with any federated selection: an error result where it cannot start, else a stream of results. */
export type Subscribe = Engine['subscribe'];

interface Options {
  readonly supergraphSdl: string;
  readonly upstreams: ReadonlyMap<string, Upstream>;
  readonly sources: ServiceMap;
  readonly log: Log;
}

type CompiledOptions = Pick<Options, 'upstreams' | 'log'> & { readonly executor: Executor };

const PLANS = 500;
const EVENT = '__event';

interface Planned {
  readonly primary: FetchNode;
  readonly rest: PlanNode | undefined;
}

/**
 * The planner yields `Subscription { primary, rest }`. The primary is subscribed to at its house; each event then runs
 * through the gateway's own plan execution, as a source that answers the primary with the event, followed by the rest.
 */
export function subscriber({ supergraphSdl, upstreams, sources, log }: Options): Subscribe {
  const supergraph = buildSupergraph(supergraphSdl);
  const apiSchema = supergraph.apiSchema();
  const graphqlSchema = apiSchema.toGraphQLJSSchema();
  const supergraphSchema = supergraph.schema.toGraphQLJSSchema();
  const planner = new QueryPlanner(supergraph);
  const plans = new WeakMap<DocumentNode, Map<string, Planned>>();
  let planned = 0;

  function plan(document: DocumentNode, operationName: string | null | undefined): Planned {
    const known = plans.get(document)?.get(operationName ?? '');
    if (known) return known;
    const operation = operationFromDocument(apiSchema, document, operationName ? { operationName } : {});
    const { node } = planner.buildQueryPlan(operation);
    if (node?.kind !== 'Subscription') throw new Error('the planner made no subscription plan');
    const made: Planned = { primary: node.primary, rest: node.rest };
    if (planned++ < PLANS) plans.set(document, (plans.get(document) ?? new Map()).set(operationName ?? '', made));
    return made;
  }

  return async ({ document, operationName, variables, viewer }) => {
    const { primary, rest } = plan(document, operationName);
    const upstream = upstreams.get(primary.serviceName);
    if (!upstream) return missing;
    const source = await upstream.subscribe(
      {
        query: primary.operation,
        variables: Object.fromEntries((primary.variableUsages ?? []).map((name) => [name, variables[name]])),
      },
      viewer,
    );
    if (!(Symbol.asyncIterator in source)) return source;
    const operationContext = buildOperationContext({
      schema: graphqlSchema,
      operationDocument: asQuery(document),
      ...(operationName ? { operationName } : {}),
    });

    return mapIterator(source, async (event): Promise<ExecutionResult> => {
      const eventSource: GraphQLDataSource<RouterContext> = {
        process: async () =>
          ({ data: structuredClone(event.data), ...(event.errors ? { errors: event.errors } : {}) }) as never,
      };
      const first: FetchNode = { ...primary, serviceName: EVENT };
      try {
        return (await executeQueryPlan(
          { kind: 'QueryPlan', node: rest ? { kind: 'Sequence', nodes: [first, rest] } : first },
          { ...sources, [EVENT]: eventSource } as ServiceMap,
          {
            request: { query: '', variables: variables as Record<string, unknown> },
            context: routerContext(viewer),
            document,
            logger: quiet,
            metrics: {},
            cache: undefined,
          } as never,
          {
            ...operationContext,
            operation: { ...operationContext.operation, operation: OperationTypeNode.SUBSCRIPTION },
          },
          supergraphSchema,
          apiSchema,
        )) as ExecutionResult;
      } catch (error) {
        return fault(error, viewer, log);
      }
    });
  };
}

const missing: ExecutionResult = {
  errors: [systemError('SUBGRAPH_UNAVAILABLE', 'This part of the shop is not available right now.')],
};

/** One bad event is an error of that event: a thrown one would end the stream. */
function fault(error: unknown, { requestId }: Viewer, log: Log): ExecutionResult {
  log.error({ requestId, error }, 'an event could not be completed');
  return { data: null, errors: [new GraphQLError('', { extensions: { code: 'INTERNAL' } })] };
}

/** The same on the compiled executor: an event and what completes it run as one compiled operation. */
export function compiledSubscriber({ executor, upstreams, log }: CompiledOptions): Subscribe {
  return async ({ viewer, ...request }) => {
    const subscribed = executor.subscribe({ ...request, context: routerContext(viewer) });
    if (!('complete' in subscribed)) return subscribed;
    const { service, query, variables: given, place, complete } = subscribed;
    const upstream = upstreams.get(service);
    if (!upstream) return missing;
    const source = await upstream.subscribe({ query, variables: given }, viewer);
    if (!(Symbol.asyncIterator in source)) return { errors: place(source.errors ?? []) };
    return mapIterator(source, (event) =>
      complete(event, routerContext(viewer)).catch((error: unknown) => fault(error, viewer, log)),
    );
  };
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** The gateway's operation context is made for queries and mutations only. */
const asQuery = (document: DocumentNode): DocumentNode =>
  visit(document, {
    OperationDefinition: (node) =>
      node.operation === 'subscription' ? { ...node, operation: OperationTypeNode.QUERY } : undefined,
  });
