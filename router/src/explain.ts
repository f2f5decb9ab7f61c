import { systemError } from '@souk/kit';
import { isStaff, type Viewer } from '@souk/schema';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getNamedType,
  getOperationAST,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { narrow } from './admission/authorization.ts';
import type { Costs } from './admission/costs.ts';
import { type Demands, meets, type Rules } from './admission/rules.ts';
import { asInput, toClientError } from './errors.ts';
import type { Operations } from './executor/operation.ts';
import { checkSubscriptionRoots, checkVariables, type Limits, rules as limitRules, refusal } from './limits.ts';
import { httpOf } from './pipeline.ts';
import { viewPlan } from './plan-view.ts';
import type { Gate } from './stages.ts';
import type { Credentials, Identify } from './viewer.ts';

/** What the console is told beside the graph. */
export interface About {
  /** Address of a trace, with `{traceId}` or `{requestId}` in it; staff alone are told. */
  readonly traceUrl: string | null;
  readonly costs: CostTable;
  /** The root fields that the viewer is shown. */
  readonly roots: readonly RootField[];
}

/** What of a schema costs anything else than usual: nothing for a leaf, 1 for an object, nothing for an argument. */
export interface CostTable {
  readonly weights: Readonly<Record<string, number>>;
  readonly sizes: Readonly<
    Record<
      string,
      { readonly assumed: number | null; readonly slicing: readonly string[]; readonly sized: readonly string[] }
    >
  >;
  /** By `Type.field.argument`, or `Input.field`. */
  readonly inputs: Readonly<Record<string, number>>;
}

export interface RootField {
  readonly kind: OperationTypeNode;
  readonly name: string;
  /** Whether the viewer may ask for it. */
  readonly may: boolean;
  /** What one needs: `SIGNED_IN`, or one of these roles. */
  readonly needs: readonly string[];
}

export type Explained = Pick<Operations, 'plan' | 'shownTo'>;

/** What is known of a schema that serves. */
export interface Known {
  readonly operations: Explained;
  readonly rules: Rules;
  readonly costs: Costs;
}

interface Options {
  readonly schema: () => GraphQLSchema;
  readonly known: (schema: GraphQLSchema) => Known;
  readonly credentialsOf: (request: FastifyRequest) => Credentials;
  readonly identify: Identify;
  /** Look at who asks, as they do before an operation. */
  readonly gates: readonly Gate[];
  readonly limits: Limits;
  readonly introspection: boolean;
  readonly traceUrl: string | null;
}

/** What the console asks beside the graph: costs and rights of whoever asks, and for staff the plan of an operation. It runs nothing. */
export function serveExplanations(fastify: FastifyInstance, options: Options): void {
  const { schema, known, credentialsOf, identify, gates, introspection, traceUrl } = options;
  const tables = new WeakMap<GraphQLSchema, CostTable>();

  const answered = async (request: FastifyRequest, reply: FastifyReply, answer: (viewer: Viewer) => unknown) => {
    reply.header('cache-control', 'no-store');
    let requestId = '';
    try {
      const credentials = credentialsOf(request);
      const { viewer, app } = await identify(credentials);
      requestId = viewer.requestId;
      for (const gate of gates) await gate({ viewer, app, credentials, transport: 'POST' });
      return reply.send(answer(viewer));
    } catch (error) {
      const { status = 400, headers = {} } = httpOf(error);
      const errors = [toClientError(error, { requestId, suggestions: introspection })];
      return reply.code(status).headers(headers).send({ errors });
    }
  };

  fastify.get('/console/about', (request, reply) =>
    answered(request, reply, (viewer): About => {
      const served = schema();
      const { operations, rules, costs } = known(served);
      const shown = operations.shownTo(viewer);
      const table = tables.get(shown) ?? costTableOf(shown, costs);
      tables.set(shown, table);
      return { traceUrl: isStaff(viewer) ? traceUrl : null, costs: table, roots: rootsOf(shown, rules, viewer) };
    }),
  );

  fastify.post('/console/plan', (request, reply) =>
    answered(request, reply, (viewer) => {
      if (!isStaff(viewer)) throw no('Plans are for staff. Sign in as one who works for this shop.');
      return { plan: planned(request.body, viewer, options) };
    }),
  );
}

const no = (message: string): GraphQLError => systemError('FORBIDDEN', message, { http: { status: 403 } });

function planned(body: unknown, viewer: Viewer, { schema: serving, known, limits, introspection }: Options) {
  const { query, operationName, variables } = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof query !== 'string') throw refusal('Send an object with the operation as `query`.');
  const name = typeof operationName === 'string' && operationName !== '' ? operationName : null;
  const given = (typeof variables === 'object' && variables !== null ? variables : {}) as Record<string, unknown>;
  checkVariables(given, limits);
  const schema = serving();
  const { operations, rules } = known(schema);
  const document = understood(query, operations.shownTo(viewer), limits, introspection);
  const operation = getOperationAST(document, name);
  if (!operation) throw refusal('Name the one operation to plan.');
  // What is taken out of it before it runs is not planned either.
  const narrowed = narrow({ document, operation, schema }, rules, viewer);
  if (narrowed && 'refused' in narrowed) throw no('Your roles do not allow this operation, so it has no plan.');
  return viewPlan({ document: narrowed?.document ?? document, operationName: name, variables: given }, operations.plan);
}

function understood(text: string, schema: GraphQLSchema, limits: Limits, introspection: boolean): DocumentNode {
  try {
    const document = parse(text, { maxTokens: limits.tokens });
    checkSubscriptionRoots(document);
    const all = [...specifiedRules, ...limitRules(limits, introspection)];
    const [mistake] = validate(schema, document, all, { maxErrors: 1 });
    if (mistake) throw mistake;
    return document;
  } catch (error) {
    throw error instanceof GraphQLError ? asInput(error) : error;
  }
}

/** Pure. */
export function costTableOf(shown: GraphQLSchema, costs: Costs): CostTable {
  const weights: Record<string, number> = {};
  const sizes: Record<string, CostTable['sizes'][string]> = {};
  const inputs: Record<string, number> = {};
  for (const type of Object.values(shown.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isInputObjectType(type)) {
      for (const [name, { weight }] of costs.input(type.name) ?? [])
        if (weight !== 0 && type.getFields()[name]) inputs[`${type.name}.${name}`] = weight;
    }
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const cost = costs.field(type.name, field.name);
      if (!cost) continue;
      const coordinate = `${type.name}.${field.name}`;
      if (cost.weight !== (isLeafType(getNamedType(field.type)) ? 0 : 1)) weights[coordinate] = cost.weight;
      if (cost.size) sizes[coordinate] = { ...cost.size, sized: [...cost.size.sized] };
      for (const arg of field.args) {
        const weight = cost.args.get(arg.name)?.weight ?? 0;
        if (weight !== 0) inputs[`${coordinate}.${arg.name}`] = weight;
      }
    }
  }
  return { weights, sizes, inputs };
}

/** Pure. */
export function rootsOf(shown: GraphQLSchema, rules: Rules, viewer: Viewer): RootField[] {
  return Object.values(OperationTypeNode).flatMap((kind) => {
    const root = shown.getRootType(kind);
    return Object.keys(root?.getFields() ?? {}).map((name) => {
      const demands = rules.of(root!.name, name);
      return { kind, name, may: meets(viewer, demands), needs: needsOf(demands) };
    });
  });
}

function needsOf(demands: Demands): string[] {
  const roles = demands.flatMap((demand) =>
    demand.kind === 'scopes' ? demand.oneOf.flat().map((scope) => scope.split(':')[0]!.toUpperCase()) : [],
  );
  if (roles.length > 0) return [...new Set(roles)];
  return demands.length > 0 ? ['SIGNED_IN'] : [];
}
