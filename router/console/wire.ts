/** A plain GraphQL call. */
export interface GraphRequest {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | null | undefined;
}

export interface GraphAnswer {
  data?: Record<string, unknown> | null;
  errors?: readonly { message: string; extensions?: Record<string, unknown> }[];
  extensions?: Record<string, unknown>;
}

export type Headers = Record<string, string>;

/** One call over HTTP. Throws a sentence for a person when nothing that looks like a GraphQL answer comes back. */
export async function post(request: GraphRequest, headers: Headers): Promise<GraphAnswer> {
  let response: Response;
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      credentials: 'omit',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json;q=0.9',
        ...headers,
      },
      body: JSON.stringify(request),
    });
  } catch {
    throw new Error('The graph cannot be reached. Is Souk still running?');
  }
  const text = await response.text();
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer === 'object' && answer !== null) return answer as GraphAnswer;
  } catch {
    // Not JSON: told below.
  }
  throw new Error(`The graph answered with HTTP ${response.status} and no GraphQL result.`);
}

/** True where the graph says that the token itself is not accepted. */
export const isUnauthenticated = (answer: GraphAnswer): boolean =>
  answer.errors?.some((error) => error.extensions?.code === 'UNAUTHENTICATED') ?? false;
