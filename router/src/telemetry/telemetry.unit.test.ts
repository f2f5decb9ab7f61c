import { childOf, counters, type FinishedSpan, followSpans, type Log, systemViewer } from '@souk/kit';
import { metricsText } from '@souk/kit/metrics';
import type { Viewer } from '@souk/schema';
import { buildSchema, getOperationAST, parse } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Observed, Prepared } from '../pipeline.ts';
import { isSampled, viewerKind } from './access-log.ts';
import { openTelemetry, type Telemetry } from './telemetry.ts';

const schema = buildSchema('type Query { me: ID } type Mutation { signIn(password: String): ID }');
const SECRETS = [
  'hunter2-in-text',
  'hunter2-in-name',
  'ada@shopper.example',
  '203.0.113.77',
  'eyJhbGciOi.token',
  'user-0190',
];

let lines: Record<string, unknown>[];
let spans: FinishedSpan[];
let ending: (() => void)[];
const log: Log = {
  debug: () => undefined,
  info: (fields, message) => void lines.push({ ...fields, message }),
  warn: () => undefined,
  error: () => undefined,
  child: () => log,
};

beforeEach(() => {
  lines = [];
  spans = [];
  ending = [followSpans((span) => void spans.push(span))];
});
afterEach(() => {
  for (const end of ending) end();
});

function open(accessLog: number): Telemetry {
  const telemetry = openTelemetry({ log, accessLog });
  ending.push(() => telemetry.stop());
  return telemetry;
}

const trace = childOf(null);
const viewer: Viewer = {
  ...systemViewer,
  principal: 'user:user-0190',
  requestId: '5a0c4e5c-0000-4000-8000-000000000000',
  clientAddress: '203.0.113.77',
  trace: childOf(trace),
};

function prepared(registered: { id: string; name: string; client: string } | null): Prepared {
  const text = 'mutation hunter2InName { signIn(password: "hunter2-in-text") }';
  const document = parse(text);
  const operation = getOperationAST(document)!;
  return {
    text,
    hash: 'ab'.repeat(32),
    registered,
    document,
    operation,
    operationName: 'hunter2-in-name',
    schema,
  } as Prepared;
}

const observed = (more: Partial<Observed> = {}): Observed => ({
  prepared: prepared(null),
  asker: {
    viewer,
    transport: 'SSE',
    credentials: { authorization: 'Bearer eyJhbGciOi.token', clientAddress: '203.0.113.77', trace },
    client: 'ada@shopper.example',
  } as Observed['asker'],
  status: 200,
  codes: [],
  durationMs: 12.3456,
  result: {
    data: { signIn: 'ada@shopper.example' },
    errors: [{ message: 'hunter2-in-text' }],
    extensions: { requestId: 'r', cost: { requested: 9, actual: 4 } },
  },
  ...more,
});

describe('the access log', () => {
  it('says what an operation was, how it ended and what it took', () => {
    const telemetry = open(1);
    for (const outcome of ['OK', 'ERRORS'] as const)
      telemetry.called({ subgraph: 'users', viewer, durationMs: 3, outcome, circuit: 'CLOSED' });
    telemetry.observe(
      observed({ prepared: prepared({ id: 'x', name: 'SignIn', client: 'web' }), codes: ['CONFLICT'] }),
    );
    expect(lines).toEqual([
      {
        message: 'operation',
        operation: 'SignIn',
        hash: 'ab'.repeat(32),
        kind: 'mutation',
        transport: 'SSE',
        status: 200,
        codes: ['CONFLICT'],
        ms: 12.35,
        cost: 4,
        subgraphCalls: 2,
        requestId: viewer.requestId,
        traceId: trace.slice(3, 35),
        viewer: 'customer',
      },
    ]);
  });

  it('holds no value, no token, no address, no principal and no name a client made up; neither do metrics and spans', async () => {
    const telemetry = open(1);
    telemetry.observe(observed());
    telemetry.observe(observed({ prepared: null, status: 400, codes: ['BAD_USER_INPUT'] }));
    telemetry.observe(observed({ codes: ['INTERNAL'], status: 500 }));
    const told = [JSON.stringify(lines), JSON.stringify(spans), await metricsText(), JSON.stringify([...counters()])];
    expect(lines).toHaveLength(3);
    for (const secret of [...SECRETS, 'hunter2InName']) for (const text of told) expect(text).not.toContain(secret);
  });

  it('is of a share of the traces, the same ones everywhere, and of every fault', () => {
    const traces = Array.from({ length: 2_000 }, () => childOf(null));
    const share = traces.filter((one) => isSampled(one, 0.25)).length;
    expect(share).toBeGreaterThan(400);
    expect(share).toBeLessThan(600);
    expect(isSampled(`00-${'a'.repeat(24)}00000000-${'b'.repeat(16)}-01`, 0.001)).toBe(true);
    expect(isSampled(`00-${'a'.repeat(24)}ffffffff-${'b'.repeat(16)}-01`, 0.999)).toBe(false);
    expect(isSampled(null, 0.5)).toBe(false);
    const off = open(0);
    const nearlyOff = open(1e-9);
    for (const telemetry of [off, nearlyOff]) {
      telemetry.observe(observed());
      telemetry.observe(observed({ codes: ['INTERNAL'] }));
    }
    expect(lines.map(({ codes }) => codes)).toEqual([['INTERNAL']]);
  });
});

describe('metrics', () => {
  it('name registered operations, and every other one alike', async () => {
    const telemetry = open(0);
    telemetry.observe(observed({ prepared: prepared({ id: 'x', name: 'ProductPage', client: 'web' }) }));
    for (let one = 0; one < 100; one++)
      telemetry.observe(observed({ prepared: { ...prepared(null), operationName: `N${one}` } }));
    const text = await metricsText();
    expect(text).toContain(
      'souk_operations_total{operation="ProductPage",kind="mutation",transport="SSE",code="OK"} 1',
    );
    const names = new Set(
      [...text.matchAll(/souk_operation_seconds_count\{operation="([^"]+)"/g)].map(([, name]) => name),
    );
    expect([...names].filter((name) => /^N\d/.test(name!))).toEqual([]);
    expect(names).toContain('other');
  });

  it('show subgraphs, circuits and what runs, until the router stops', async () => {
    const telemetry = open(0);
    telemetry.called({ subgraph: 'reviews', viewer, durationMs: 3, outcome: 'FAILED', circuit: 'OPEN' });
    telemetry.stand({
      streams: () => ({ upstream: 2, clients: 900 }),
      httpStreams: () => 5,
      sockets: () => 20,
      load: () => ({ running: 3, waiting: 1 }),
      cache: () => ({ hits: 7, misses: 3 }),
      supergraph: () => ({
        digest: 'ab'.repeat(32),
        since: 1,
        reloads: 4,
        refused: { digest: 'cd'.repeat(32), reason: 'It is empty.', at: 2 },
      }),
    });
    const text = await metricsText();
    for (const line of [
      'souk_subgraph_calls_total{subgraph="reviews",outcome="FAILED"} 1',
      'souk_subgraph_circuit{subgraph="reviews"} 2',
      'souk_streams{side="upstream"} 2',
      'souk_streams{side="clients"} 900',
      'souk_connections{transport="http"} 5',
      'souk_operations_under_way{state="waiting"} 1',
      'souk_entity_cache{what="hits"} 7',
      'souk_supergraph{digest="abababababab",state="serves"} 1',
      'souk_supergraph{digest="cdcdcdcdcdcd",state="refused"} 1',
      'souk_supergraph_reloads 4',
    ]) {
      expect(text).toContain(line);
    }
    telemetry.stop();
    expect(await metricsText()).not.toContain('souk_streams{');
  });
});

describe('spans', () => {
  it('are the router’s own, below the client’s where it sent one', () => {
    const telemetry = open(0);
    telemetry.observe(observed({ codes: ['INTERNAL'] }));
    const { credentials } = observed().asker;
    telemetry.observe(observed({ asker: { ...observed().asker, credentials: { ...credentials, trace: 'nonsense' } } }));
    expect(spans).toMatchObject([
      {
        name: 'mutation other',
        traceparent: viewer.trace,
        parent: trace,
        failed: true,
        attributes: { code: 'INTERNAL' },
      },
      { parent: null, failed: false },
    ]);
  });
});

describe('what somebody is', () => {
  it.each([
    ['anonymous', [], 'anonymous'],
    ['guest:1', [], 'guest'],
    ['user:1', ['CUSTOMER'], 'customer'],
    ['user:1', ['CUSTOMER', 'SUPPORT'], 'staff'],
    ['app:1', [], 'app'],
    ['system', [], 'system'],
  ] as const)('%s %j is %s', (principal, roles, kind) => {
    expect(viewerKind({ ...viewer, principal, roles })).toBe(kind);
  });
});
