import { randomUUID } from 'node:crypto';
import type { ApolloGateway } from '@apollo/gateway';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import type { Log } from '@souk/kit';
import type { GraphQLFormattedError } from 'graphql';
import { toClientError } from './errors.ts';
import { asApolloLogger } from './gateway.ts';
import { checkVariables, type Limits, refusal, rules } from './limits.ts';
import type { RouterContext } from './upstream.ts';

interface Options {
  readonly gateway: ApolloGateway;
  readonly limits: Limits;
  readonly introspection: boolean;
  readonly log: Log;
}

/** Apollo Server with our limits and errors, for queries and mutations of every transport. */
export function makeServer({ gateway, limits, introspection, log }: Options): ApolloServer<RouterContext> {
  return new ApolloServer<RouterContext>({
    gateway,
    introspection: true,
    validationRules: rules(limits, introspection),
    parseOptions: { maxTokens: limits.tokens, noLocation: false },
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    persistedQueries: { ttl: 86_400 },
    logger: asApolloLogger(log),
    // What is refused before there is a viewer has an id of its own; every other answer gets its request's below.
    formatError: (_formatted, error) => toClientError(error, { requestId: randomUUID(), suggestions: introspection }),
    plugins: [answerPlugin(limits)],
  });
}

/** Counts variables against the limits; gives each answer its request id, its holes by name, and nothing internal. */
function answerPlugin(limits: Limits): ApolloServerPlugin<RouterContext> {
  return {
    async requestDidStart({ contextValue }) {
      return {
        // What is thrown earlier than here Apollo Server takes for a fault of its own and answers with a 500.
        async didResolveOperation({ request, operation }) {
          checkVariables(request.variables, limits);
          if (!operation) throw refusal('Name the one operation to run.');
          if (operation.operation === 'subscription') {
            throw refusal('Subscriptions run over WebSocket, at the same path.');
          }
        },
        async willSendResponse({ response }) {
          if (response.body.kind !== 'single') return;
          const { singleResult } = response.body;
          const { viewer } = contextValue;
          if (singleResult.errors) {
            singleResult.errors = singleResult.errors.map((error) => withRequestId(error, viewer.requestId));
          }
          singleResult.extensions = answerExtensions(singleResult.errors, viewer.requestId);
          response.http.headers.set('x-request-id', viewer.requestId);
          response.http.headers.set('vary', 'origin, authorization, souk-channel, souk-currency, souk-locale');
          response.http.headers.set('cache-control', 'no-store');
        },
      };
    },
  };
}

const withRequestId = (error: GraphQLFormattedError, requestId: string): GraphQLFormattedError => ({
  ...error,
  extensions: { ...error.extensions, requestId },
});

const OUTAGES = new Set(['SUBGRAPH_UNAVAILABLE', 'TIMEOUT', 'INTERNAL', 'OVERLOADED']);

/** `degraded` names each hole of an answer: which subgraph is missing and where. */
export function answerExtensions(
  errors: readonly GraphQLFormattedError[] | undefined,
  requestId: string,
): Record<string, unknown> {
  const holes = (errors ?? []).filter(({ extensions }) => extensions?.subgraph && OUTAGES.has(String(extensions.code)));
  const degraded = holes.map(({ extensions, path }) => ({ subgraph: extensions!.subgraph, path: path ?? null }));
  return { requestId, ...(degraded.length > 0 ? { degraded } : {}) };
}
