import { isSystemCode, type SystemCode } from '@souk/kit';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** Codes of Apollo Server and the gateway → the closed list. Whatever is not known is INTERNAL. */
const known: ReadonlyMap<unknown, SystemCode> = new Map<unknown, SystemCode>(
  Object.entries({
    GRAPHQL_PARSE_FAILED: 'BAD_USER_INPUT',
    GRAPHQL_VALIDATION_FAILED: 'BAD_USER_INPUT',
    OPERATION_RESOLUTION_FAILURE: 'BAD_USER_INPUT',
    BAD_REQUEST: 'BAD_USER_INPUT',
    PERSISTED_QUERY_NOT_SUPPORTED: 'PERSISTED_QUERY_NOT_FOUND',
  }),
);

const KINDS: readonly [RegExp, string][] = [
  [/\bInt cannot represent/, 'It takes a whole number between -2147483648 and 2147483647.'],
  [/\bFloat cannot represent/, 'It takes a number.'],
  [/\bString cannot represent/, 'It takes text.'],
  [/\bBoolean cannot represent/, 'It takes true or false.'],
  [/\bID cannot represent/, 'It takes an id.'],
  [/does not exist in "(\w+)" enum|Enum "(\w+)" cannot represent/, 'It takes one of the values of its enum.'],
  [/Expected non-nullable type|must not be null/, 'It may not be null.'],
  [/This is not a valid (\w+)\./, 'It has not the form its type asks for.'],
];

const kindOf = (message: string): string =>
  KINDS.find(([pattern]) => pattern.test(message))?.[1] ??
  /Field "\w+" of required type "[\w![\]]+" was not provided\./.exec(message)?.[0] ??
  'Look at its type.';

/** The message without any value that came in: a password typed into the wrong field must not come back or be logged. */
export function withoutValues(message: string): string {
  const variable =
    /^Variable "(\$\w+)" (?:got invalid value [\s\S]*?(?: at "([\w.[\]]+)")?;|of (?:required|non-null) type)/.exec(
      message,
    );
  if (variable) {
    const [, name, path] = variable;
    if (/of (required|non-null) type/.test(variable[0])) return `The variable "${name}" needs a value.`;
    return `The value of "${path ? `$${path}` : name}" is not valid. ${kindOf(message)}`;
  }
  if (/cannot represent|does not exist in "\w+" enum|Expected (value|non-nullable)|This is not a valid/.test(message)) {
    return `A value in the query is not valid. ${kindOf(message)}`;
  }
  return message;
}

/** What a parser, a validator or a coercion says of the operation, as the client's mistake. */
export const asInput = (error: GraphQLError): GraphQLError =>
  error.extensions.code
    ? error
    : new GraphQLError(error.message, {
        nodes: error.nodes,
        source: error.source,
        positions: error.positions,
        extensions: { code: 'BAD_USER_INPUT' },
      });

interface Options {
  readonly requestId: string;
  /** Names of fields and types are told to whoever may introspect. */
  readonly suggestions: boolean;
}

/** An error as clients of any transport see it: a code of the closed list, a sentence, no value, no stack. */
export function toClientError(error: unknown, { requestId, suggestions }: Options): GraphQLFormattedError {
  const { message, path, locations, extensions } = asFormatted(error);
  const raw = extensions?.code;
  const code: SystemCode = isSystemCode(raw) ? raw : (known.get(raw) ?? 'INTERNAL');
  const subgraph = extensions?.subgraph ?? extensions?.serviceName;
  return {
    message: code === 'INTERNAL' ? 'Something went wrong on our side. Please try again.' : plain(message, suggestions),
    ...(locations ? { locations } : {}),
    ...(path ? { path } : {}),
    extensions: {
      code,
      requestId: extensions?.requestId ?? requestId,
      ...(typeof subgraph === 'string' ? { subgraph } : {}),
      ...(typeof extensions?.retryAfterMs === 'number' ? { retryAfterMs: extensions.retryAfterMs } : {}),
    },
  };
}

const plain = (message: string, suggestions: boolean): string => {
  const text = withoutValues(message);
  return suggestions ? text : text.replace(/ Did you mean .*\?$/s, '');
};

function asFormatted(error: unknown): GraphQLFormattedError {
  if (error instanceof GraphQLError) return error.toJSON();
  if (error !== null && typeof error === 'object' && 'message' in error) return error as GraphQLFormattedError;
  return { message: '' };
}
