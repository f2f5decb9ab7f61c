import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whenToldToStop } from './lifetime.ts';
import type { TestSummary } from './test.reporter.ts';

const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const reporter = fileURLToPath(new URL('./test.reporter.ts', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'souk-summary-'));
const file = join(folder, 'summary.json');

const runner = spawn(
  process.execPath,
  [vitest, 'run', '--reporter=default', `--reporter=${reporter}`, ...process.argv.slice(2)],
  { stdio: 'inherit', env: { ...process.env, SOUK_ENV: 'test', SOUK_TEST_SUMMARY: file } },
);
const ended = once(runner, 'exit');
whenToldToStop(async (reason) => {
  if (reason !== 'SIGINT') runner.kill('SIGTERM');
  await ended;
});
const [code] = (await ended) as [number | null];
const summary = await readSummary();
// A failure outside of every test, such as a database that did not start, is one too.
if (summary && summary.failed === 0 && code !== 0) summary.failed = 1;
await rm(folder, { recursive: true, force: true });
report(summary);
process.exit(code === 0 && summary?.failed === 0 ? 0 : code || 1);

async function readSummary(): Promise<TestSummary | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as TestSummary);
}

/** The last line is the closing summary alone, for people and for CI alike. */
function report(summary: TestSummary | undefined): void {
  if (summary === undefined) {
    console.log('\nThe test runner ended before it had run the tests; the lines above say why.\n0 passed, 1 failed');
    return;
  }
  const chosen = process.argv.some((word) => /^(-t|--testNamePattern)(=|$)/.test(word));
  if (chosen) console.log(`\n${summary.skipped.length} not chosen by the name pattern`);
  else if (summary.skipped.length > 0) {
    console.log(`\n${summary.skipped.length} SKIPPED:\n${summary.skipped.map((name) => `  - ${name}`).join('\n')}`);
  }
  if (summary.absentServers.length > 0) {
    const list = summary.absentServers.map((name) => `  - ${name}`).join('\n');
    console.log(`\n!!! NOT TESTED, because this machine lacks:\n${list}`);
  }
  console.log(`\n${summary.passed} passed, ${summary.failed} failed`);
}
