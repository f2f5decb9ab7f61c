import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspectPostgres, removePostgres } from '@souk/kit/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askGraph, freePort, killLaunched, lastWords, launch, type Run } from './run/command.testing.ts';
import { root } from './run/options.ts';

let dataDir: string;
let port: number;
let database: string;
let shop: Run;

const start = (...words: string[]): Run => launch('start', ['--port', String(port), ...words], env());
const env = (): Record<string, string> => ({ SOUK_DATA_DIR: dataDir });
const running = 'Ctrl-C stops everything.';
const nobody = { holder: null, orphan: null, url: null };

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'souk-start-'));
  await chmod(folder, 0o711);
  dataDir = join(folder, 'data');
  database = join(dataDir, 'postgres');
  await mkdir(dataDir);
  // The shop is filled in a story of its own.
  await writeFile(join(dataDir, 'made-by-souk'), '');
  await writeFile(join(dataDir, 'seeded'), 'nothing\n');
  port = await freePort();
});

afterAll(async () => {
  await killLaunched();
  while ((await inspectPostgres(database)).holder !== null) await sleep(20);
  await removePostgres(database);
  await rm(join(dataDir, '..'), { recursive: true, force: true });
});

const password = (): Promise<string> => readFile(join(database, 'password'), 'utf8');
const expectAnswer = async (): Promise<void> =>
  expect(await askGraph(port, '{ __typename }')).toMatchObject({ data: { __typename: 'Query' } });

describe('npm start', () => {
  it('shows each long step, prints where everything is and who can sign in, and the graph answers', async () => {
    shop = start();
    await shop.until(running);
    expect(shop.said()).toContain('· Creating the database');
    expect(shop.said()).toContain(`  Graph    http://localhost:${port}/graphql\n`);
    expect(shop.said()).toContain(`  Console  http://localhost:${port}/console\n`);
    expect(shop.said()).toContain(`  Mailbox  http://localhost:${port}/mailbox\n`);
    expect(shop.said()).toMatch(/Demo logins\n\n {2}ADMIN +admin@souk\.example +\S+\n/);
    await expectAnswer();
    for (const page of ['console', 'mailbox']) {
      expect((await fetch(`http://localhost:${port}/${page}`)).status, page).toBe(200);
    }
  });

  it('refuses a second Souk on the same folder in one sentence', async () => {
    const second = start();
    expect(await second.ended).toBe(1);
    expect(lastWords(second)).toEqual([
      `✗ Another Souk (process ${shop.child.pid}) is already running on ${dataDir}.`,
      '  Stop it first with Ctrl-C in its window, or use that one.',
    ]);
    await expectAnswer();
  });

  it('starts again, with its data and without doing anything twice, right after it was killed', async () => {
    const before = await password();
    shop.child.kill('SIGKILL');
    shop = start();
    await shop.until(running);
    expect(shop.said()).not.toMatch(/Creating the database|migration|Filling|Building/);
    expect(await password()).toBe(before);
    await expectAnswer();
  });

  it('stops everything on SIGTERM', async () => {
    shop.child.kill('SIGTERM');
    expect(await shop.ended).toBe(0);
    expect(await inspectPostgres(database)).toEqual({ ...nobody, version: '18' });
  });

  it('says in one sentence that its data folder is broken, and harms nothing more', async () => {
    const control = join(database, 'data/global/pg_control');
    await rename(control, `${control}.away`);
    const refused = start();
    expect(await refused.ended).toBe(1);
    expect(lastWords(refused)).toEqual([
      `✗ The data folder ${database}/data cannot be used: PostgreSQL says "could not find the database system" (see ${database}/postgres.log).`,
      `  Put back a backup of ${database}, or start over with "npm start -- --fresh", which deletes what it holds.`,
    ]);
    expect(await inspectPostgres(database)).toEqual({ ...nobody, version: '18' });
    await rename(`${control}.away`, control);
  });

  it('stops everything on Ctrl-C, through every process between the terminal and the shop', async () => {
    // Detached, it leads a group of its own, which is what a terminal sends Ctrl-C to.
    const terminal = spawn(
      process.execPath,
      [join(root, 'scripts/bootstrap.mjs'), 'start', '--', '--port', String(port)],
      { cwd: root, detached: true, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env() } },
    );
    let said = '';
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    while (!said.includes(running)) {
      if (terminal.exitCode !== null) throw new Error(`It ended, having said: ${said}`);
      await sleep(20);
    }
    const ended = once(terminal, 'close');
    process.kill(-terminal.pid!, 'SIGINT');
    expect(await ended).toEqual([0, null]);
    expect(said.trim().split('\n').at(-1)).toBe('Stopping Souk');
    expect(await inspectPostgres(database)).toEqual({ ...nobody, version: '18' });
    // Nobody of the group is left: there is nothing to send a signal to.
    expect(() => process.kill(-terminal.pid!, 0)).toThrow('ESRCH');
  });

  it('says in one sentence that its port is taken', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const refused = start();
    expect(await refused.ended).toBe(1);
    other.close();
    expect(refused.said().trim().split('\n')).toEqual([
      `✗ Port ${port} is taken by another program.`,
      `  Stop that program, or choose another port: npm start -- --port ${port + 1}`,
    ]);
  });

  it('names every mistake of the configuration at once, and never a value', async () => {
    const refused = launch('start', [], { ...env(), SOUK_PORT: 'abc', STRIPE_SECRET_KEY: 'hunter2' });
    expect(await refused.ended).toBe(1);
    expect(refused.said().trim().split('\n')).toEqual([
      '✗ The configuration has 2 mistakes:',
      '  SOUK_PORT: not a valid value. Port of the graph, the console and the mailbox.',
      '  STRIPE_SECRET_KEY: not a valid value. Secret key of the Stripe account. Default outside production: the local simulator.',
      '  Correct the environment or the .env file; .env.example names every variable.',
    ]);
  });

  it('starts over with --fresh, and goes on where it was interrupted while filling the shop', async () => {
    const before = await password();
    shop = start('--fresh');
    await shop.until('· Filling the demo shop');
    shop.child.kill('SIGINT');
    expect(await shop.ended).toBe(0);
    expect(shop.said()).toContain('· Creating the database');
    expect(await password()).not.toBe(before);
    expect(existsSync(join(dataDir, 'seeded'))).toBe(false);
    shop = start();
    await shop.until('· Filling the demo shop');
    expect(shop.said()).not.toContain('Creating the database');
    shop.child.kill('SIGKILL');
    await shop.ended;
  });
});
