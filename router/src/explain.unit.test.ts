import { readFileSync } from 'node:fs';
import { systemError, systemViewer } from '@souk/kit';
import type { Role, UserId, Viewer } from '@souk/schema';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCosts } from './admission/costs.ts';
import { readLinks } from './admission/links.ts';
import { readRules } from './admission/rules.ts';
import { compileOperations } from './executor/operation.ts';
import { type About, serveExplanations } from './explain.ts';
import { defaultLimits } from './limits.ts';
import type { PlanView } from './plan-view.ts';

const sdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
const operations = compileOperations(sdl);
const linked = readLinks(sdl);
const known = { operations, rules: readRules(linked), costs: readCosts(linked) };

const viewer = (roles: readonly Role[]): Viewer => ({
  ...systemViewer,
  principal: roles.length > 0 ? 'user:1' : 'anonymous',
  userId: roles.length > 0 ? ('1' as UserId) : null,
  roles,
  requestId: 'the-request',
});

describe('what the console asks beside the graph', () => {
  let server: FastifyInstance;
  let gated = 0;
  let closed = false;
  beforeAll(() => {
    server = fastify();
    serveExplanations(server, {
      schema: () => operations.schema,
      known: () => known,
      credentialsOf: ({ headers }) => ({ authorization: headers.authorization, clientAddress: null }),
      identify: async ({ authorization }) => ({
        viewer: viewer((authorization?.split(',') ?? []) as Role[]),
        app: null,
        expiresAt: null,
      }),
      gates: [
        () => {
          gated += 1;
          if (closed)
            throw systemError('RATE_LIMITED', 'Slow down.', { http: { status: 429, headers: { 'retry-after': '1' } } });
          return undefined;
        },
      ],
      limits: defaultLimits,
      introspection: true,
      traceUrl: 'https://traces.example/{traceId}',
    });
  });
  afterAll(() => server.close());

  const about = async (roles = ''): Promise<About> =>
    (await server.inject({ url: '/console/about', headers: roles ? { authorization: roles } : {} })).json();
  const plan = (body: object | string, roles = 'ADMIN') =>
    server.inject({
      method: 'POST',
      url: '/console/plan',
      headers: { 'content-type': 'application/json', ...(roles ? { authorization: roles } : {}) },
      payload: body,
    });
  const QUERY = '{ products(first: 2) { nodes { id variants { id stock { available } } } } }';

  it('tells staff where traces are seen, and nobody else', async () => {
    expect([(await about('SUPPORT')).traceUrl, (await about('CUSTOMER')).traceUrl, (await about()).traceUrl]).toEqual([
      'https://traces.example/{traceId}',
      null,
      null,
    ]);
  });

  it('names nothing of the admin’s part to others than staff', async () => {
    const [shopper, staff] = [JSON.stringify(await about('CUSTOMER')), JSON.stringify(await about('ADMIN'))];
    for (const hidden of ['deadLetters', 'redriveDeadLetter', 'createWarehouse']) {
      expect([hidden, staff.includes(hidden), shopper.includes(hidden)]).toEqual([hidden, true, false]);
    }
  });

  it('tells which root fields a viewer may ask for, and what the others need', async () => {
    const field = async (name: string, roles: string) => (await about(roles)).roots.find((root) => root.name === name);
    expect(await field('deadLetters', 'SUPPORT')).toEqual({
      kind: 'query',
      name: 'deadLetters',
      may: false,
      needs: ['ADMIN'],
    });
    expect((await field('deadLetters', 'ADMIN'))?.may).toBe(true);
    expect((await about('ADMIN')).roots.filter(({ may }) => !may)).toEqual([]);
  });

  it('plans for staff, and runs nothing', async () => {
    const answer = await plan({ query: QUERY });
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-store']);
    const { calls, services } = answer.json<{ plan: PlanView }>().plan;
    expect([calls, services.map(({ name }) => name)]).toEqual([2, ['products', 'inventory']]);
  });

  it.each(['', 'CUSTOMER'])('plans nothing for “%s”', async (roles) => {
    const answer = await plan({ query: QUERY }, roles);
    expect(answer.statusCode).toBe(403);
    expect(answer.json().errors.map((error: { extensions: { code: string } }) => error.extensions.code)).toEqual([
      'FORBIDDEN',
    ]);
  });

  it.each([
    ['no text', {}, /Send an object/],
    ['no GraphQL', { query: '{ products(' }, /Syntax Error/],
    ['an unknown field', { query: '{ nonsense }' }, /Cannot query field/],
    ['two operations', { query: 'query A { me { id } } query B { me { id } }' }, /Name the one operation/],
    ['more tokens than the limit', { query: `{ ${'me { id } '.repeat(600)} }` }, /2.?000|token/i],
    [
      'more depth than the limit',
      { query: `{ products { nodes ${'{ variants { product '.repeat(10)} { id } ${'} }'.repeat(10)} } }` },
      /deep|depth/i,
    ],
  ])('refuses %s in a sentence', async (_what, body, sentence) => {
    const answer = await plan(body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors[0]).toMatchObject({
      message: expect.stringMatching(sentence),
      extensions: { code: 'BAD_USER_INPUT', requestId: 'the-request' },
    });
  });

  it('is counted by the rate limits, and tells when to come again', async () => {
    const before = gated;
    await about();
    expect(gated).toBe(before + 1);
    closed = true;
    const answer = await plan({ query: QUERY });
    closed = false;
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([429, '1']);
  });
});
