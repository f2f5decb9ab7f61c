import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

// biome-ignore lint/suspicious/noExplicitAny: a story reads the answer of a document it wrote itself
export type Answer = any;

export interface Asked {
  readonly status: number;
  readonly data: Answer;
  readonly errors?: readonly {
    message: string;
    path?: readonly (string | number)[];
    extensions: Record<string, unknown>;
  }[];
  readonly extensions: Record<string, unknown>;
}

export interface Watching {
  /** The next event's data; throws on an event with errors or when the stream has ended. */
  next(): Promise<Answer>;
  /** Reads on until an event satisfies. */
  until(wanted: (data: Answer) => boolean): Promise<Answer>;
  stop(): void;
}

/** A person or program at the front door. */
export interface Caller {
  readonly token: string | null;
  /** Data of an answer without top-level errors. */
  run(query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** The whole answer. */
  ask(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<Asked>;
  watch(query: string, variables?: Record<string, unknown>): Watching;
}

/** An answer that came, with errors at its top. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly codes: readonly unknown[];
  constructor(errors: NonNullable<Asked['errors']>) {
    super(
      errors.map((error) => `${error.path?.join('.') ?? ''}: ${error.message} ${error.extensions.code}`).join('\n'),
    );
    this.codes = errors.map((error) => error.extensions.code);
  }
}

export interface Callers {
  caller(token: string | null, headers?: Record<string, string>): Caller;
  guest(headers?: Record<string, string>): Promise<Caller>;
  signedIn(email: string, password: string): Promise<Caller>;
  /** Ends every watching that was not stopped. */
  stop(): void;
}

/** People and programs at the graph of this address, over HTTP and WebSocket alone. */
export function callersOf(graph: string): Callers {
  const watches = new Set<Watching>();

  const caller = (token: string | null, extra: Record<string, string> = {}): Caller => {
    const ask: Caller['ask'] = async (query, variables, headers) => {
      const response = await fetch(graph, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(token ? { authorization: `Bearer ${token}` } : {}),
          ...extra,
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      return { status: response.status, ...((await response.json()) as Omit<Asked, 'status'>) };
    };
    return {
      token,
      ask,
      async run(query, variables) {
        const { data, errors } = await ask(query, variables);
        if (errors) throw new Refused(errors);
        return data;
      },
      watch(query, variables) {
        const client = createClient({
          url: graph.replace(/^http/, 'ws'),
          webSocketImpl: WebSocket,
          connectionParams: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...extra },
          retryAttempts: 0,
        });
        const events = client.iterate<Answer>({ query, ...(variables ? { variables } : {}) });
        const watching: Watching = {
          async next() {
            const { value, done } = await events.next();
            if (done) throw new Error('the stream has ended');
            if (value.errors)
              throw new Error(value.errors.map((error: { message: string }) => error.message).join('\n'));
            return value.data;
          },
          async until(wanted) {
            for (;;) {
              const data = await watching.next();
              if (wanted(data)) return data;
            }
          },
          stop() {
            watches.delete(watching);
            void client.dispose();
          },
        };
        watches.add(watching);
        return watching;
      },
    };
  };

  return {
    caller,
    async guest(headers) {
      const { startGuestSession } = await caller(null).run(
        'mutation { startGuestSession { session { accessToken } } }',
      );
      return caller(startGuestSession.session.accessToken, headers);
    },
    async signedIn(email, password) {
      const { signIn } = await caller(null).run(
        'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } errors { message } } }',
        { input: { email, password } },
      );
      if (!signIn.session) throw new Error(signIn.errors[0].message);
      return caller(signIn.session.accessToken);
    },
    stop() {
      for (const watching of [...watches]) watching.stop();
    },
  };
}
