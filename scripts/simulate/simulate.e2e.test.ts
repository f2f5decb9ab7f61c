import { afterEach, describe, expect, it } from 'vitest';
import { killLaunched, launch } from '../run/command.testing.ts';

const SEEDS = 40;
/** Only a hang meets it: many lives take long on a busy machine. */
const PATIENCE = 15 * 60_000;

async function simulate(...words: string[]): Promise<{ code: number | null; said: string }> {
  const run = launch('simulate', words, {});
  const code = await run.ended;
  return { code, said: run.said() };
}

const traces = (said: string): string[] => said.match(/^seed \d+ trace [0-9a-f]{16}$/gm)?.sort() ?? [];

describe('npm run simulate', () => {
  afterEach(killLaunched);

  it(
    `breaks no law in ${SEEDS} lives of a shop`,
    async () => {
      const { code, said } = await simulate('--seeds', String(SEEDS));
      expect(said).toContain('no law was broken');
      expect(said).toContain(`${SEEDS} seeds in`);
      expect(code).toBe(0);
    },
    PATIENCE,
  );

  it(
    'does the same again for the same seed, whatever was run before it',
    async () => {
      const several = await simulate('--from', '11', '--seeds', '3', '--workers', '1', '--traces');
      const alone = await simulate('--seed', '13', '--traces');
      expect(traces(several.said)).toHaveLength(3);
      expect(traces(alone.said)).toEqual([traces(several.said)[2]]);
    },
    PATIENCE,
  );

  it.each([
    [['--seeds', '0'], '--seeds takes a whole number from 1 on.'],
    [['--luck', '7'], 'The arguments "--luck 7" are not understood.'],
  ])('refuses %j in a sentence', async (words, sentence) => {
    const { code, said } = await simulate(...words);
    expect(said).toContain(sentence);
    expect(said).not.toContain('at ');
    expect(code).toBe(1);
  });
});
