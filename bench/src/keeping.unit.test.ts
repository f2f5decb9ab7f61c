import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestTables, markFilled, stateOf } from './keeping.ts';

describe('a shop that is kept between runs', () => {
  let root: string;
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  };
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'souk-bench-'));
    await write('subgraphs/carts/src/migrations/0001_carts.ts', 'carts');
    await write('subgraphs/kit/src/migrations.ts', 'kit');
    await write('subgraphs/payments/src/simulator/migrations/0001.ts', 'simulator');
  });
  afterEach(() => rm(root, { recursive: true }));

  it('is empty, then filled, and stale once any table is made otherwise', async () => {
    const digest = await digestTables(root);
    expect(await stateOf(root, digest)).toBe('EMPTY');
    await markFilled(root, digest);
    expect(await stateOf(root, await digestTables(root))).toBe('FILLED');
    for (const path of [
      'subgraphs/carts/src/migrations/0001_carts.ts',
      'subgraphs/kit/src/migrations.ts',
      'subgraphs/payments/src/simulator/migrations/0001.ts',
    ]) {
      await markFilled(root, await digestTables(root));
      await write(path, 'another');
      expect(await stateOf(root, await digestTables(root)), path).toBe('STALE');
    }
  });

  it('does not mind other sources', async () => {
    const digest = await digestTables(root);
    await write('subgraphs/carts/src/cart.ts', 'a rule');
    expect(await digestTables(root)).toBe(digest);
  });
});
