import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);
const postgres = ['./subgraphs/kit/src/testing.global.ts'];
const folders = '{schema,subgraphs/*,router,clients/*,scripts,bench}';
const minute = 60_000;
const stories = ['first-sale', 'live', 'transport', 'revocations', 'provider', 'deadline'].map(
  (story) => `router/src/${story}.e2e.test.ts`,
);
const hasEngines = ['nats-server', 'redis-server'].every((name) => spawnSync(name, ['--version']).status === 0);

export default defineConfig({
  resolve: {
    // Workspace packages run from their sources; graphql must be the one file that CommonJS packages load, or its types
    // exist twice ("from another module or realm").
    conditions: ['source', 'node'],
    alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }],
  },
  ssr: { resolve: { conditions: ['source', 'node'], externalConditions: ['source', 'node'] } },
  test: {
    pool: 'forks',
    maxWorkers: 2,
    passWithNoTests: true,
    setupFiles: ['./subgraphs/kit/src/testing.setup.ts'],
    // Only a hang meets these: no test measures time.
    testTimeout: 2 * minute,
    hookTimeout: 2 * minute,
    projects: [
      { extends: true, test: { name: 'unit', include: [`${folders}/**/*.unit.test.ts`] } },
      {
        extends: true,
        test: { name: 'architecture', include: [`${folders}/**/architecture.test.ts`, `${folders}/**/schema.test.ts`] },
      },
      { extends: true, test: { name: 'int', include: [`${folders}/**/*.int.test.ts`], globalSetup: postgres } },
      {
        extends: true,
        test: {
          // The kit and one whole house once more, with PgBouncer in transaction mode before the database.
          name: 'pgbouncer',
          include: ['subgraphs/kit/src/{kit,ears,page}.int.test.ts', 'subgraphs/inventory/**/*.int.test.ts'],
          globalSetup: ['./subgraphs/kit/src/testing.pgbouncer.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'contract', include: [`${folders}/**/*.contract.test.ts`], globalSetup: postgres },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: [`${folders}/**/*.e2e.test.ts`],
          globalSetup: postgres,
          testTimeout: 10 * minute,
          hookTimeout: 10 * minute,
        },
      },
      {
        extends: true,
        test: {
          // The same stories on NATS, Redis, HTTP and WebSocket between the houses and the router.
          name: 'distributed',
          include: ['router/src/profile.engines.test.ts', ...(hasEngines ? stories : [])],
          env: { SOUK_TEST_PROFILE: 'distributed' },
          globalSetup: postgres,
          testTimeout: 10 * minute,
          hookTimeout: 10 * minute,
        },
      },
    ],
  },
});
