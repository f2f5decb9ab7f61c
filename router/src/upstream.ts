import { type BoundRoute, type HouseContext, maskError, parseOnce, type RunningHouse } from '@souk/kit';
import type { RemoteHouse } from '@souk/kit/remote';
import type { Viewer } from '@souk/schema';
import { type ExecutionResult, GraphQLError } from 'graphql';

/** What the router carries along one request, one WebSocket operation, or one event of a subscription. */
export interface RouterContext {
  readonly viewer: Viewer;
}

export const routerContext = (viewer: Viewer): RouterContext => ({ viewer });

export interface Operation {
  readonly query: string;
  readonly variables?: Record<string, unknown> | undefined;
}

/** A subgraph as the router calls it, in this process or in another. It answers errors and throws none. */
export interface Upstream {
  readonly name: string;
  readonly routes: readonly BoundRoute[];
  execute(operation: Operation, context: RouterContext, deadlineMs: number): Promise<ExecutionResult>;
  subscribe(operation: Operation, viewer: Viewer): Promise<AsyncIterable<ExecutionResult> | ExecutionResult>;
}

/** A house in this process. All fetches of one request share its context, and so its loaders. */
export function localUpstream(house: RunningHouse): Upstream {
  const contexts = new WeakMap<RouterContext, HouseContext>();
  const contextOf = (context: RouterContext): HouseContext => {
    const known = contexts.get(context);
    if (known) return known;
    const made = house.context(context.viewer);
    contexts.set(context, made);
    return made;
  };
  return {
    name: house.name,
    routes: house.routes,
    async execute({ query, variables }, context) {
      const of = contextOf(context);
      try {
        return await house.execute({ document: parseOnce(query), ...(variables ? { variables } : {}), context: of });
      } catch (error) {
        const wrapped = error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error });
        return { data: null, errors: [maskError(wrapped, context.viewer, of.log)] };
      }
    },
    subscribe: ({ query, variables }, viewer) =>
      house.subscribe({
        document: parseOnce(query),
        ...(variables ? { variables } : {}),
        context: house.context(viewer),
      }),
  };
}

/** A house in another process; `routes` are the paths of its own that the router passes on. */
export function remoteUpstream(
  remote: RemoteHouse,
  routes: readonly { readonly method: BoundRoute['method']; readonly path: string; readonly bodyLimit?: number }[],
): Upstream {
  return {
    name: remote.name,
    routes: routes.map(({ method, path, bodyLimit = 1_000_000 }) => ({
      method,
      path,
      bodyLimit,
      handle: ({ params, query, headers, body, viewer }) => {
        const filled = path.replace(/:(\w+)|\*/g, (_, name?: string) => encodeURIComponent(params[name ?? '*'] ?? ''));
        const search = new URLSearchParams(query).toString();
        return remote.route({ method, url: search ? `${filled}?${search}` : filled, headers, body, viewer });
      },
    })),
    execute: ({ query, variables }, { viewer }, deadlineMs) => remote.execute({ query, variables, viewer, deadlineMs }),
    subscribe: async ({ query, variables }, viewer) => remote.subscribe({ query, variables, viewer }),
  };
}
