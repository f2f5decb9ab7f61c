import type { GraphQLDataSource, GraphQLDataSourceProcessOptions } from '@apollo/gateway';
import { type HouseContext, maskError, type RunningHouse, systemError } from '@souk/kit';
import type { Viewer } from '@souk/schema';
import { type DocumentNode, type ExecutionResult, GraphQLError, parse } from 'graphql';

/** What the router carries along one request, one WebSocket operation, or one event of a subscription. */
export interface RouterContext {
  readonly viewer: Viewer;
  /** The house's context of this request: its loaders are shared by all fetches of one plan. */
  readonly of: (house: RunningHouse) => HouseContext;
}

export function routerContext(viewer: Viewer): RouterContext {
  const contexts = new Map<string, HouseContext>();
  return {
    viewer,
    of(house) {
      const known = contexts.get(house.name);
      if (known) return known;
      const made = house.context(viewer);
      contexts.set(house.name, made);
      return made;
    },
  };
}

const DOCUMENTS = 2_000;
const documents = new Map<string, DocumentNode>();

/** Plans repeat their texts: a bounded memory of parsed ones, the oldest forgotten first. */
export function parseOnce(text: string): DocumentNode {
  const known = documents.get(text);
  if (known) return known;
  const document = parse(text, { noLocation: true });
  documents.set(text, document);
  if (documents.size > DOCUMENTS) documents.delete(documents.keys().next().value!);
  return document;
}

const DEADLINE_MS = 10_000;

/** A house in this process as the gateway calls it. Late or broken, it is an error of its own fields and never a hang. */
export function houseSource(house: RunningHouse): GraphQLDataSource<RouterContext> {
  return {
    async process({ request, context }: GraphQLDataSourceProcessOptions<RouterContext>) {
      const work = house.execute({
        document: parseOnce(request.query!),
        variables: request.variables,
        context: context.of(house),
      });
      // A timer, for it is set with every call and nearly never rings: an abort signal makes an error with its stack each time.
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<ExecutionResult>((resolve) => {
        timer = setTimeout(
          () =>
            resolve({
              data: null,
              errors: [systemError('TIMEOUT', 'A part of the shop took too long to answer.')],
            }),
          DEADLINE_MS,
        );
      });
      const result = await Promise.race([work, late]).catch((error: unknown) => ({
        data: null,
        errors: [
          maskError(
            error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error }),
            context.viewer,
            context.of(house).log,
          ),
        ],
      }));
      clearTimeout(timer);
      return {
        data: result.data as Record<string, unknown> | null,
        ...(result.errors ? { errors: result.errors.map((error) => named(error, house.name)) } : {}),
      } as never;
    },
  };
}

function named(error: GraphQLError, subgraph: string): GraphQLError {
  return new GraphQLError(error.message, { path: error.path, extensions: { ...error.extensions, subgraph } });
}
