import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasEngines } from '../../router/src/souk.profile.testing.ts';
import { rows } from './rows.ts';
import { runRow } from './run.ts';

const SEED = Number(process.env.SOUK_TEST_SEED ?? Date.now() % 1_000_000);

/** By cost: one that has every process and engine killed, and one that needs no engine. The others share most of what they try. */
const CHOSEN = new Set(['kill-9', 'webhooks']);
const NEED_ENGINES = new Set(['kill-9']);
/** Only a hang meets it. */
const PATIENCE = 15 * 60_000;

const chosen = rows.filter(({ name }) => CHOSEN.has(name));
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'souk-chaos-'));
  await chmod(home, 0o711);
});

afterAll(async () => {
  await rm(home, { recursive: true, force: true });
  const left = rows.filter((row) => !chosen.includes(row)).map(({ name }) => name);
  console.warn(`\n!!! Rows of the chaos suite that "npm run chaos" alone runs: ${left.join(', ')}\n`);
});

describe(`the chaos suite in short (SOUK_TEST_SEED=${SEED})`, () => {
  // A machine without the engines is told so by the suites of their adapters.
  const possible = chosen.filter(({ name }) => hasEngines || !NEED_ENGINES.has(name));
  it.each(possible.map((row) => [row.name, row] as const))(
    'keeps the promise of %s',
    async (name, row) => {
      const heard: string[] = [];
      const { done, wrongs } = await runRow(row, {
        seed: SEED,
        short: true,
        postgresUrl: inject('postgresUrl'),
        home,
        say: (line) => heard.push(line),
      });
      expect(wrongs, `${heard.join('\n')}\nAgain: npm run chaos -- ${name} --seed ${SEED} --short`).toEqual([]);
      console.log(`${name}: ${done}`);
    },
    PATIENCE,
  );
});
