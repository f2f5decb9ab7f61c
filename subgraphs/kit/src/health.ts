import Fastify, { type FastifyInstance } from 'fastify';
import { counters } from './telemetry.ts';

/** What a process knows of itself. */
export interface Health {
  readonly draining: () => boolean;
  /** What works at this moment, by name. */
  readonly parts: () => Promise<Readonly<Record<string, boolean>>>;
  /** Whether it can work with those that do. */
  readonly works: (parts: Readonly<Record<string, boolean>>) => boolean;
}

/** `/health/live`, `/health/ready` and `/metrics`: for supervisors, and whoever balances. */
export function mountHealth(app: FastifyInstance, { draining, parts, works }: Health): void {
  app.get('/health/live', async () => ({ status: 'ok' }));
  app.get('/health/ready', async (_request, reply) => {
    const found = await parts();
    const status = draining() ? 'draining' : works(found) ? 'ready' : 'not ready';
    return reply.code(status === 'ready' ? 200 : 503).send({ status, parts: found });
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type('text/plain; version=0.0.4').send([...counters()].map(([name, value]) => `${name} ${value}\n`).join('')),
  );
}

/** The same at a port of its own by plain HTTP, for those who have no certificate to show. Nothing else answers there. */
export async function serveHealth(
  health: Health,
  at: { port: number; host: string },
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const app = Fastify({ logger: false, forceCloseConnections: true }) as unknown as FastifyInstance;
  mountHealth(app, health);
  const url = await app.listen(at);
  return { url, close: () => app.close() };
}
