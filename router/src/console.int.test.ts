import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildConsole, registerConsole } from './console.ts';

let outRoot: string;
let dir: string;
const told: string[] = [];

beforeAll(async () => {
  outRoot = await mkdtemp(join(tmpdir(), 'souk-console-'));
  // What a build that was killed leaves: no process has this number.
  await mkdir(join(outRoot, 'building-console-999999999-abc'));
  const [one, two] = await Promise.all([
    buildConsole({ outRoot, onProgress: (message) => told.push(message) }),
    buildConsole({ outRoot }),
  ]);
  expect(one).toBe(two);
  dir = one;
});
afterAll(() => rm(outRoot, { recursive: true, force: true }));

describe('building the console', () => {
  it('leaves one whole build where two ran at once, and sweeps what a killed one left', async () => {
    expect(await readdir(outRoot)).toEqual([dir.slice(outRoot.length + 1)]);
    expect(await readdir(dir)).toContain('index.html');
  });

  it('tells how far it is', () => {
    expect(told[0]).toBe('Building the console page, once for this version.');
    expect(told.at(-1)).toBe('The console page is built.');
    expect(told.some((message) => /^Building the console page: \d+ modules read\.$/.test(message))).toBe(true);
  });

  it('takes the build that is there without a word', async () => {
    const mark = join(dir, 'mark');
    await writeFile(mark, '');
    const again: string[] = [];
    expect(await buildConsole({ outRoot, onProgress: (message) => again.push(message) })).toBe(dir);
    expect(again).toEqual([]);
    expect(await readdir(dir)).toContain('mark');
    await rm(mark);
  });

  it('refers to its own files only', async () => {
    const page = await readFile(join(dir, 'index.html'), 'utf8');
    const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    expect(addresses.length).toBeGreaterThan(1);
    expect(
      addresses.filter((address) => !address.startsWith('/console/assets/') && !address.startsWith('data:')),
    ).toEqual([]);
    // The policy allows no script but files.
    expect([...page.matchAll(/<script(?![^>]* src=)/g)]).toEqual([]);
  });
});

describe('serving the console', () => {
  let server: FastifyInstance;
  beforeAll(async () => {
    server = fastify();
    await registerConsole(server, dir);
    server.get('/elsewhere', () => 'untouched');
  });
  afterAll(() => server.close());

  it('sends /console to /console/', async () => {
    const answer = await server.inject('/console');
    expect([answer.statusCode, answer.headers.location]).toEqual([308, '/console/']);
  });

  it('serves the page unframed, under a policy that keeps it on its own origin, and asks again for it', async () => {
    const answer = await server.inject('/console/');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-cache');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    const policy = String(answer.headers['content-security-policy']).split('; ');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('lets hashed files be kept for good', async () => {
    const file = (await readdir(join(dir, 'assets'))).find((name) => name.endsWith('.js'));
    const answer = await server.inject(`/console/assets/${file}`);
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
  });

  it.each([
    '/console/nothing.js',
    '/console/../package.json',
    '/console/%2e%2e/%2e%2e/package.json',
    '/console/assets/',
  ])('has nothing at %s', async (path) => {
    const answer = await server.inject(path);
    expect([403, 404]).toContain(answer.statusCode);
  });

  it('leaves other routes without its headers', async () => {
    const answer = await server.inject('/elsewhere');
    expect(answer.headers['content-security-policy']).toBeUndefined();
  });
});
