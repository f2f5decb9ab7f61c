import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './run/options.ts';

const rows = readFileSync(join(root, 'docs/pitfalls.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\| .* \|$/.test(line))
  .slice(1)
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  ) as [pitfall: string, file: string, words: string][];

it('there are pitfalls', () => {
  expect(rows.length).toBeGreaterThan(40);
});

it.each(rows)('%s: has a test', (_, file, words) => {
  expect(readFileSync(join(root, file), 'utf8')).toContain(words);
});
