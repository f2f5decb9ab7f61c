import type { Viewer } from '@souk/schema';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { BoundRoute, HttpAnswer } from './house.ts';

/** Mounts houses' own routes. They get the body as it came: a webhook's signature is over the bytes. */
export async function mountRoutes(
  scope: FastifyInstance,
  routes: readonly BoundRoute[],
  viewerOf: (request: FastifyRequest) => Promise<Viewer>,
): Promise<void> {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  for (const route of routes) {
    scope.route({
      method: route.method,
      url: route.path,
      bodyLimit: route.bodyLimit,
      handler: async (request, reply) => {
        const viewer = await viewerOf(request);
        const answer = await route.handle({
          params: request.params as Record<string, string>,
          query: request.query as Record<string, string>,
          headers: Object.fromEntries(
            Object.entries(request.headers).map(([name, value]) => [
              name,
              Array.isArray(value) ? value.join(', ') : value,
            ]),
          ),
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
          viewer,
        });
        return send(answer, reply);
      },
    });
  }
}

const send = ({ status, headers, body }: HttpAnswer, reply: FastifyReply): FastifyReply =>
  reply
    .code(status)
    .headers({ ...headers })
    .send(body);
