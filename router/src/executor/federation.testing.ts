import { composeServices } from '@apollo/composition';
import { ApolloGateway, type GraphQLDataSource, type ServiceMap } from '@apollo/gateway';
import { parseOnce, systemViewer } from '@souk/kit';
import {
  buildSchema,
  type DocumentNode,
  defaultFieldResolver,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  isObjectType,
  Kind,
  parse,
  validate,
} from 'graphql';
import { type Ask, sourceOf } from '../sources.ts';
import { type Operation, type RouterContext, routerContext } from '../upstream.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@interfaceObject", "@tag"])\n`;

type Resolver = (source: Record<string, unknown>, args: Record<string, unknown>) => unknown;

/** A subgraph in a few lines: SDL, resolvers by `Type.field`, and how an entity is found by its representation. */
export interface Toy {
  readonly sdl: string;
  readonly resolvers?: Readonly<Record<string, Resolver>>;
  readonly entity?: (representation: Record<string, unknown>) => unknown;
}

export interface Asked extends Operation {
  readonly service: string;
}

export interface Federation {
  readonly supergraphSdl: string;
  readonly asks: ReadonlyMap<string, Ask>;
  /** Every call a subgraph got, in order. */
  readonly asked: Asked[];
  /** What Apollo's own executor answers over the same subgraphs. */
  stock(query: string, variables?: Record<string, unknown>): Promise<ExecutionResult>;
}

/** Subgraphs in memory, composed as Apollo composes them. `around` may stand between the router and a subgraph. */
export function federate(
  toys: Readonly<Record<string, Toy>>,
  around: (service: string, ask: Ask) => Ask = (_service, ask) => ask,
): Federation {
  const services = Object.entries(toys).map(([name, { sdl }]) => ({ name, typeDefs: parse(LINK + sdl), url: '' }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(errors!.map(({ message }) => message).join('\n'));
  const asked: Asked[] = [];
  const asks = new Map(
    Object.entries(toys).map(([service, toy]) => {
      const ask = askToy(toy);
      const logged: Ask = async (operation, context) => {
        asked.push({ service, ...operation });
        return ask(operation, context);
      };
      return [service, around(service, logged)] as const;
    }),
  );
  let loaded: Promise<ApolloGateway> | undefined;
  return {
    supergraphSdl,
    asks,
    asked,
    async stock(query, variables = {}) {
      loaded ??= loadStock(supergraphSdl, new Map([...asks].map(([name, ask]) => [name, sourceOf(ask)])));
      return askStock(await loaded, parse(query), variables, anybody());
    },
  };
}

export const anybody = (): RouterContext => routerContext({ ...systemViewer, requestId: `request-${++requests}` });
let requests = 0;

/** Apollo's gateway with its own executor. */
export async function loadStock(
  supergraphSdl: string,
  sources: ReadonlyMap<string, GraphQLDataSource>,
): Promise<ApolloGateway> {
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const map = Object.fromEntries(sources) as ServiceMap;
  const gateway = new ApolloGateway({ supergraphSdl, buildService: ({ name }) => map[name]!, logger: quiet });
  await gateway.load();
  return gateway;
}

export async function askStock(
  gateway: ApolloGateway,
  document: DocumentNode,
  variables: Record<string, unknown>,
  context: RouterContext,
): Promise<ExecutionResult> {
  const source = document.loc!.source.body;
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const request = { query: source, variables };
  return (await gateway.executor({
    request,
    document,
    queryHash: source,
    context,
    logger,
    metrics: {},
    source,
  } as never)) as ExecutionResult;
}

function askToy(toy: Toy): Ask {
  const schema = schemaOf(toy);
  return async ({ query, variables }) => {
    const document = parseOnce(query);
    const mistakes = validate(schema, document);
    if (mistakes.length > 0) return { data: null, errors: mistakes };
    return execute({ schema, document, variableValues: variables, rootValue: {} });
  };
}

function schemaOf({ sdl, resolvers = {}, entity = (representation) => representation }: Toy): GraphQLSchema {
  const document = parse(sdl);
  const entities = document.definitions.flatMap((node) =>
    node.kind === Kind.OBJECT_TYPE_DEFINITION && node.directives?.some(({ name }) => name.value === 'key')
      ? [node.name.value]
      : [],
  );
  const root = queryTypeOf(document);
  const hasQuery = document.definitions.some((node) => 'name' in node && node.name?.value === root);
  const addition =
    entities.length === 0
      ? ''
      : `scalar _Any union _Entity = ${entities.join(' | ')}
         ${hasQuery ? 'extend ' : ''}type ${root} { _entities(representations: [_Any!]!): [_Entity]! }`;
  const schema = buildSchema(`${sdl} ${addition}`, { assumeValid: true, assumeValidSDL: true });
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const resolver = resolvers[`${type.name}.${field.name}`];
      field.resolve = resolver ? (source, args) => resolver(source, args) : defaultFieldResolver;
    }
  }
  const { _entities: list } = schema.getQueryType()?.getFields() ?? {};
  if (list) {
    list.resolve = (_source, { representations }) =>
      (representations as Record<string, unknown>[]).map((representation) => {
        const found = entity(representation);
        if (found === null || found instanceof Error) return found;
        // One that is asked for by its interface says itself what it is.
        const __typename = (found as { __typename?: string }).__typename ?? representation.__typename;
        return Object.assign(Object.create(null), found, { __typename });
      });
  }
  return schema;
}

function queryTypeOf({ definitions }: DocumentNode): string {
  for (const node of definitions) {
    if (node.kind !== Kind.SCHEMA_DEFINITION) continue;
    for (const { operation, type } of node.operationTypes) if (operation === 'query') return type.name.value;
  }
  return 'Query';
}
