import { createHash, timingSafeEqual } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { METRICS_TYPE, metricsText } from './metrics.ts';

/** What a process knows of itself. */
export interface Health {
  readonly draining: () => boolean;
  /** What works at this moment, by name. */
  readonly parts: () => Promise<Readonly<Record<string, boolean>>>;
  /** Whether it can work with those that do. */
  readonly works: (parts: Readonly<Record<string, boolean>>) => boolean;
}

/** Who may read `/metrics`; others find nothing there. */
export type MayMeasure = (request: FastifyRequest) => boolean;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether a request brings the secret as its bearer; never without one. */
export function bearerIs(secret: string | undefined): MayMeasure {
  if (secret === undefined) return () => false;
  const wanted = digest(`Bearer ${secret}`);
  return ({ headers }) => timingSafeEqual(digest(headers.authorization ?? ''), wanted);
}

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;

/** Whoever runs on this machine, and speaks for nobody else. */
export const isLocal: MayMeasure = ({ socket, headers }) =>
  LOOPBACK.test(socket.remoteAddress ?? '') &&
  headers['x-forwarded-for'] === undefined &&
  headers.forwarded === undefined;

/** `/health/live`, `/health/ready` and `/metrics`: for supervisors, and whoever balances. */
export function mountHealth(app: FastifyInstance, { draining, parts, works }: Health, mayMeasure: MayMeasure): void {
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) => {
    const found = await parts();
    const status = draining() ? 'draining' : works(found) ? 'ready' : 'not ready';
    return reply.code(status === 'ready' ? 200 : 503).send({ status, parts: found });
  });
  app.get('/metrics', async (request, reply) => {
    if (!mayMeasure(request)) return reply.callNotFound();
    return reply
      .type(METRICS_TYPE)
      .header('cache-control', 'no-store')
      .send(await metricsText());
  });
}

/** The same at a port of its own by plain HTTP, for those who have no certificate to show. Nothing else answers there. */
export async function serveHealth(
  health: Health,
  at: { port: number; host: string },
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const app = Fastify({ logger: false, forceCloseConnections: true }) as unknown as FastifyInstance;
  // The port is the secret: it is for those who watch over this process, and is published to nobody else.
  mountHealth(app, health, () => true);
  const url = await app.listen(at);
  return { url, close: () => app.close() };
}
