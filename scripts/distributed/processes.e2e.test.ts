import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '@souk/kit/ports';
import { afterEach, expect, it } from 'vitest';
import { type Kept, keepProcess } from './processes.ts';

const kept: Kept[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const process of kept.splice(0)) await process.stop();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function keep(patienceMs: number) {
  const folder = await mkdtemp(join(tmpdir(), 'souk-kept-'));
  folders.push(folder);
  const [port] = await freePorts(1);
  const said: string[] = [];
  const url = `http://127.0.0.1:${port}`;
  const one = await keepProcess(
    {
      name: 'orders',
      program: 'scripts/distributed/lives.testing.ts',
      url,
      live: url,
      env: { PATH: process.env.PATH!, SOUK_PORT: String(port) },
    },
    { logDir: folder, cacheDir: folder, onProgress: (line) => said.push(line), patienceMs },
  );
  kept.push(one);
  return { one, said };
}

it('a process that ends is started again at the same address', async () => {
  const { one, said } = await keep(Number.POSITIVE_INFINITY);
  const { pid } = one;
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => said.at(-1), { timeout: 60_000 }).toMatch(/^orders is back/);
  expect(one.pid).not.toBe(pid);
  expect((await fetch(one.url)).status).toBe(200);
});

it('a process that says nothing any more is ended and started again', async () => {
  const { one, said } = await keep(2_000);
  const { pid } = one;
  process.kill(pid, 'SIGSTOP');
  await expect.poll(() => said.at(-1), { timeout: 60_000 }).toMatch(/^orders is back/);
  expect(one.pid).not.toBe(pid);
  expect(said.slice(0, 2)).toEqual([
    'orders has said nothing for 2 s; ending it',
    'orders ended unexpectedly; starting it again',
  ]);
  expect((await fetch(one.url)).status).toBe(200);
});
