import { Agent, request } from 'node:http';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

/** An answer that is no good: the bench ends, for a number of failed operations measures nothing. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer';
}

export interface GraphAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly { readonly message: string; readonly path?: readonly (string | number)[] }[];
}

/** The graph over kept connections, as many as are asked for at a time. */
export interface Client {
  run<Data>(query: string, variables?: object, token?: string | null): Promise<Data>;
  /** Each event's data; a socket of its own for each watcher, as browsers have. */
  watch<Data>(
    query: string,
    variables: Record<string, unknown>,
    token: string | null,
    onEvent: (data: Data) => void,
  ): Watcher;
  close(): void;
}

export interface Watcher {
  /** Rejects when the stream fails; resolves when it was stopped. */
  readonly ended: Promise<void>;
  stop(): void;
}

export function openClient(url: string): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });
  const { hostname, port, pathname } = new URL(url);

  function post(body: string, token: string | null): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const sent = request(
        {
          agent,
          hostname,
          port,
          path: pathname,
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
          );
          response.on('error', reject);
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  return {
    async run<Data>(query: string, variables?: object, token: string | null = null) {
      const { status, text } = await post(JSON.stringify({ query, variables }), token);
      let answer: GraphAnswer<Data>;
      try {
        answer = JSON.parse(text) as GraphAnswer<Data>;
      } catch {
        throw new WrongAnswer(`The graph answered ${status} and no JSON.`);
      }
      if (!answer.data || answer.errors) throw new WrongAnswer(describe(status, answer, query));
      return answer.data;
    },
    watch<Data>(
      query: string,
      variables: Record<string, unknown>,
      token: string | null,
      onEvent: (data: Data) => void,
    ): Watcher {
      const client = createClient({
        url: url.replace(/^http/, 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: token === null ? {} : { authorization: `Bearer ${token}` },
        retryAttempts: 0,
        lazy: true,
      });
      let unsubscribe = (): void => undefined;
      const ended = new Promise<void>((resolve, reject) => {
        unsubscribe = client.subscribe<Data>(
          { query, variables },
          {
            next: (answer) => {
              if (answer.data && !answer.errors) onEvent(answer.data);
              else reject(new WrongAnswer(describe(200, answer as GraphAnswer<Data>, query)));
            },
            error: (error) =>
              reject(error instanceof Error ? error : new WrongAnswer(`A stream ended: ${JSON.stringify(error)}`)),
            complete: resolve,
          },
        );
      });
      // Whoever waits for an event learns of it there; a failure after the last one is nobody's.
      ended.catch(() => undefined);
      return {
        ended,
        stop() {
          unsubscribe();
          void client.dispose();
        },
      };
    },
    close: () => agent.destroy(),
  };
}

function describe(status: number, { errors }: GraphAnswer<unknown>, query: string): string {
  const told = (errors ?? []).map(({ message, path }) => `  ${path?.join('.') ?? ''}: ${message}`).join('\n');
  return `The graph answered ${status} without what was asked for.\n${told}\nto ${query.trim().replace(/\s+/g, ' ').slice(0, 200)}`;
}
