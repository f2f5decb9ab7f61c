import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { monotonicMs, sleep } from './clock.ts';
import { unavailable } from './outage.ts';
import { DRAINING, NOT_BEGUN } from './wire.ts';

/** From the word to stop to the end, all that is begun included. */
const STOP_MS = 8_000;
const LOOK_EVERY_MS = 20;

interface DrainOptions {
  /** How long requests are still taken after readiness has said no, ms. */
  readonly lingerMs: number;
  /** What is asked after that on a connection that was kept is refused as "not begun"; else it is still answered. */
  readonly refuse: boolean;
}

/** How a server ends without failing anybody. */
export interface Drain {
  readonly draining: boolean;
  /** Ends at once what only waits, such as sockets, when requests are no longer taken. */
  run(closing?: () => Promise<void>): Promise<void>;
  /** Resolves when nothing may take longer. */
  readonly late: Promise<void>;
}

/**
 * Told to stop, a server says so in its readiness and on each answer, takes requests for a while longer, leaves its callers the
 * time to give up their kept connections, and ends what it began: a connection that is closed while a request is on its way is
 * one whose caller cannot know what became of it.
 */
export function drainOf(app: FastifyInstance, { lingerMs, refuse }: DrainOptions): Drain {
  let phase: 'SERVING' | 'LEAVING' | 'CLOSED' = 'SERVING';
  let lateNow: () => void = () => undefined;
  const late = new Promise<void>((resolve) => {
    lateNow = resolve;
  });
  app.addHook('onSend', async (_request: FastifyRequest, reply: FastifyReply) => {
    if (phase !== 'SERVING') reply.header('connection', 'close').header(DRAINING, '1');
  });
  app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    if (phase !== 'CLOSED' || !refuse || request.url.startsWith('/health/')) return undefined;
    const { message, code, more } = unavailable;
    return reply
      .code(503)
      .header(NOT_BEGUN, 'draining')
      .header('retry-after', '1')
      .send({ errors: [{ message, extensions: { code, ...more } }] });
  });
  const connections = (): Promise<number> =>
    new Promise((resolve) => app.server.getConnections((error, many) => resolve(error ? 0 : many)));

  return {
    get draining() {
      return phase !== 'SERVING';
    },
    late,
    async run(closing) {
      phase = 'LEAVING';
      setTimeout(lateNow, STOP_MS).unref();
      await sleep(lingerMs);
      phase = 'CLOSED';
      await closing?.();
      for (const until = monotonicMs() + lingerMs; monotonicMs() < until && (await connections()) > 0; ) {
        await sleep(LOOK_EVERY_MS);
      }
      await Promise.race([app.close(), late]);
      app.server.closeAllConnections();
    },
  };
}
