import { openSocket } from '../../router/src/doors.testing.ts';

/** What an innocent client met. */
export interface Innocent {
  readonly answered: number;
  readonly failures: readonly string[];
  /** The longest it waited, ms. */
  readonly worstMs: number;
}

/** Longer than anybody waits. */
const PATIENCE_MS = 10_000;
const PAUSE_MS = 10;
const QUERY = '{ context { channel { code } } products(first: 2) { nodes { id name } } }';

interface Answered {
  readonly data?: { readonly context?: { readonly channel?: { readonly code?: string } } };
  readonly errors?: unknown;
}

const fine = ({ data, errors }: Answered): boolean => !errors && data?.context?.channel?.code === 'default';

async function overHttp(graph: string): Promise<string | null> {
  const response = await fetch(graph, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const text = await response.text();
  return response.status === 200 && fine(JSON.parse(text)) ? null : `${response.status} ${text.slice(0, 200)}`;
}

async function overSocket(graph: string): Promise<string | null> {
  const socket = await openSocket(graph);
  const late = setTimeout(() => socket.ws.terminate(), PATIENCE_MS);
  try {
    const first = await socket.next();
    if ('closed' in first) return `closed with ${first.closed}`;
    socket.send({ id: '1', type: 'subscribe', payload: { query: QUERY } });
    const answer = await socket.next();
    if ('closed' in answer) return `closed with ${answer.closed}`;
    return fine(answer.frame.payload) ? null : JSON.stringify(answer.frame).slice(0, 200);
  } finally {
    clearTimeout(late);
    socket.ws.terminate();
  }
}

/** Asks on and on, by HTTP and by new sockets, until it is told to stop. */
export function sendInnocent(graph: string): { stop(): Promise<Innocent> } {
  let going = true;
  let answered = 0;
  let worstMs = 0;
  const failures: string[] = [];

  async function ask(way: (graph: string) => Promise<string | null>): Promise<void> {
    const since = performance.now();
    const wrong = await way(graph).catch((error: unknown) => {
      const { message, cause } = error as Error;
      return `${message}${cause instanceof Error ? `: ${cause.message}` : ''}`;
    });
    worstMs = Math.max(worstMs, performance.now() - since);
    if (wrong === null) answered += 1;
    else failures.push(wrong);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }

  const loop = async (way: (graph: string) => Promise<string | null>): Promise<void> => {
    do await ask(way);
    while (going);
  };
  const loops = Promise.all([loop(overHttp), loop(overSocket)]);
  return {
    async stop() {
      going = false;
      await loops;
      return { answered, failures, worstMs };
    },
  };
}
