import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspectPostgres, removePostgres } from '@souk/kit/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './run/options.ts';

let dataDir: string;
let port: number;
const started: ChildProcess[] = [];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'souk-start-'));
  await chmod(folder, 0o711);
  dataDir = join(folder, 'data');
  await mkdir(dataDir);
  // The shop is filled in a story of its own.
  await writeFile(join(dataDir, 'made-by-souk'), '');
  await writeFile(join(dataDir, 'seeded'), 'nothing\n');
  port = await freePort();
});

afterAll(async () => {
  for (const child of started) child.kill('SIGKILL');
  while ((await inspectPostgres(join(dataDir, 'postgres'))).holder !== null) await sleep(20);
  await removePostgres(join(dataDir, 'postgres'));
  await rm(join(dataDir, '..'), { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

interface Run {
  readonly child: ChildProcess;
  said(): string;
  ended: Promise<number | null>;
}

function launch(): Run {
  const child = spawn(
    process.execPath,
    [
      '--conditions=source',
      '--import',
      '@oxc-node/core/register',
      join(root, 'scripts/start.ts'),
      '--port',
      String(port),
    ],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, SOUK_DATA_DIR: dataDir, SOUK_LOG_LEVEL: 'silent' },
    },
  );
  started.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  return { child, said: () => said, ended: once(child, 'close').then(([code]) => code as number | null) };
}

async function untilRunning(run: Run): Promise<void> {
  while (!run.said().includes('Ctrl-C stops everything.')) {
    if (run.child.exitCode !== null) throw new Error(`Souk ended: ${run.said()}`);
    await sleep(50);
  }
}

async function graphAnswers(): Promise<unknown> {
  const answer = await fetch(`http://localhost:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  return answer.json();
}

describe('npm start', () => {
  it('prints where everything is, and the graph answers', async () => {
    const run = launch();
    await untilRunning(run);
    expect(run.said()).toContain(`  Graph    http://localhost:${port}/graphql\n`);
    expect(run.said()).toContain(`  Console  http://localhost:${port}/console\n`);
    expect(run.said()).toContain(`  Mailbox  http://localhost:${port}/mailbox\n`);
    expect(await graphAnswers()).toMatchObject({ data: { __typename: 'Query' } });
  });

  it('refuses a second Souk on the same folder in one sentence', async () => {
    const second = launch();
    expect(await second.ended).toBe(1);
    expect(second.said().trim().split('\n').slice(-2)).toEqual([
      `✗ Another Souk (process ${started[0]?.pid}) is already running on ${dataDir}.`,
      '  Stop it first with Ctrl-C in its window, or use that one.',
    ]);
  });

  it('starts again, with its data, right after it was killed', async () => {
    const password = await readFile(join(dataDir, 'postgres/password'), 'utf8');
    started[0]?.kill('SIGKILL');
    const run = launch();
    await untilRunning(run);
    expect(run.said()).not.toContain('Creating the database');
    expect(await readFile(join(dataDir, 'postgres/password'), 'utf8')).toBe(password);
    expect(await graphAnswers()).toMatchObject({ data: { __typename: 'Query' } });
  });

  it('stops everything on SIGTERM', async () => {
    const run = started.at(-1);
    const ended = once(run!, 'exit');
    run?.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await inspectPostgres(join(dataDir, 'postgres'))).toEqual({
      holder: null,
      orphan: null,
      version: '18',
      url: null,
    });
  });

  it('says in one sentence that its port is taken', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const run = launch();
    expect(await run.ended).toBe(1);
    other.close();
    expect(run.said().trim().split('\n')).toEqual([
      `✗ Port ${port} is taken by another program.`,
      `  Stop that program, or choose another port: npm start -- --port ${port + 1}`,
    ]);
  });
});
