import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parse } from 'graphql';
import { expect, it } from 'vitest';
import { openEngine } from './engine.ts';
import { judgeSupergraph, namesOf } from './supergraph.ts';

const supergraphSdl = readFileSync(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
const quiet = { debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };

it('reports to nobody: the gateway starts none of its maker’s telemetry', async () => {
  const telemetry = createRequire(import.meta.url)('@apollo/gateway/dist/utilities/opentelemetry.js') as {
    createDataCollectionExporter: () => unknown;
  };
  let started = 0;
  telemetry.createDataCollectionExporter = () => {
    started += 1;
    return { shutdown: async () => undefined };
  };
  delete process.env.APOLLO_TELEMETRY_DISABLED;
  const supergraph = await judgeSupergraph(supergraphSdl, new Set(namesOf(parse(supergraphSdl))));
  await openEngine('stock', { supergraph, asks: new Map(), upstreams: new Map(), log: quiet }).catch(() => undefined);
  expect(started).toBe(0);
});
