import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rows } from '../chaos/rows.ts';
import { root } from '../run/options.ts';
import { mutate } from './apply.ts';
import { chaosMutants } from './list.chaos.ts';
import { testMutants } from './list.ts';

const mutants = [...testMutants, ...chaosMutants];

describe('the mutants', () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))('apply: %s', (_, mutant) => {
    const text = readFileSync(join(root, mutant.file), 'utf8');
    expect(mutate(text, mutant)).not.toBe(text);
    if ('row' in mutant) {
      expect(rows.map(({ name }) => name)).toContain(mutant.row);
      return;
    }
    expect(existsSync(join(root, mutant.test)), mutant.test).toBe(true);
    // A test that no file holds any more could not fail.
    expect(mutant.expects).not.toBe('');
    expect(readFileSync(join(root, mutant.test), 'utf8')).toContain(mutant.expects);
  });

  it('have names of their own', () => {
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });

  it('leave no row of the chaos suite without one', () => {
    const covered = new Set(chaosMutants.map(({ row }) => row));
    expect(rows.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual([]);
  });

  it('are refused where their text is gone or there twice', () => {
    const mutant = { name: 'x', file: 'a.ts', find: 'one', replace: 'two' };
    expect(mutate('just one $&', mutant)).toBe('just two $&');
    expect(() => mutate('nothing', mutant)).toThrow('occurs 0 times in a.ts, not once');
    expect(() => mutate('one one', mutant)).toThrow('occurs 2 times in a.ts, not once');
  });
});
