import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { UNFINISHED, wrongsIn } from './chaos/report.ts';
import { whenToldToStop } from './lifetime.ts';
import { mutate } from './mutants/apply.ts';
import { chaosMutants } from './mutants/list.chaos.ts';
import { type Mutant, testMutants } from './mutants/list.ts';
import { root } from './run/options.ts';

/**
 * `npm run mutants [-- WORD…]`: breaks a copy of the project in each listed way (those that name a word) and shows whether a test, or
 * a row of the chaos suite, notices.
 */
const words = process.argv.slice(2);
const mutants: readonly Mutant[] = [...testMutants, ...chaosMutants];
const listed = mutants.filter((mutant) => {
  const said = [mutant.name, mutant.file, 'row' in mutant ? mutant.row : mutant.test];
  return words.length === 0 || words.some((word) => said.some((text) => text.includes(word)));
});

if (listed.length === 0) {
  console.error(`No mutant is named by ${words.join(' ')}. Without a word, all ${mutants.length} are tried.`);
  process.exit(1);
}

interface Outcome {
  readonly mutant: Mutant;
  readonly verdict: 'KILLED' | 'SURVIVED' | 'DOES NOT APPLY';
  /** The test that failed or the promise that was broken, the one that should have, or why it could not be tried. */
  readonly by: string;
}

const folder = await mkdtemp(join(tmpdir(), 'souk-mutants-'));
const nothing: Shown = { ran: true, failed: [], said: '' };
let running: ReturnType<typeof spawn> | undefined;
whenToldToStop(async () => {
  running?.kill('SIGTERM');
  await rm(folder, { recursive: true, force: true });
});

try {
  console.log('Copying the project and installing its packages');
  await copyProject(folder);
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  const { pnpm } = (await import('./bootstrap.mjs')) as { pnpm: string };
  const installed = await run(npx, ['--yes', pnpm, 'install', '--frozen-lockfile', '--prefer-offline']);
  if (installed.code !== 0) throw new Error(`The packages of the copy could not be installed:\n${installed.said}`);

  const files = [...new Set(listed.flatMap((mutant) => ('row' in mutant ? [] : [mutant.test])))];
  const rows = [...new Set(listed.flatMap((mutant) => ('row' in mutant ? [mutant.row] : [])))];
  console.log(`Running ${files.length} test files and ${rows.length} rows of the chaos suite on the copy as it is`);
  const tests = files.length > 0 ? await runTests(files) : nothing;
  const chaos = rows.length > 0 ? await runRows(rows) : nothing;
  const sound = {
    ran: tests.ran && chaos.ran,
    failed: [...tests.failed, ...chaos.failed],
    said: tests.ran ? chaos.said : tests.said,
  };
  if (sound.failed.length > 0 || !sound.ran) {
    throw new Error(
      `Tests fail without any mutant, so they can show nothing:\n${sound.failed.join('\n') || sound.said}`,
    );
  }
  const outcomes: Outcome[] = [];
  for (const [index, mutant] of listed.entries()) {
    const outcome = await attempt(mutant);
    outcomes.push(outcome);
    console.log(`${index + 1}/${listed.length}  ${outcome.verdict.padEnd(8)}  ${mutant.name}`);
  }
  report(outcomes);
  process.exitCode = outcomes.every(({ verdict }) => verdict === 'KILLED') ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exit();

async function attempt(mutant: Mutant): Promise<Outcome> {
  const path = join(folder, mutant.file);
  const text = await readFile(path, 'utf8');
  let broken: string;
  try {
    broken = mutate(text, mutant);
  } catch (error) {
    return { mutant, verdict: 'DOES NOT APPLY', by: (error as Error).message };
  }
  await writeFile(path, broken);
  try {
    const { ran, failed, said } =
      'row' in mutant ? await runRows([mutant.row]) : await runTests([mutant.test], mutant.expects);
    // A file that does not even load has shown nothing about the promise, and neither has a row that did not come to its end.
    if (!ran) return { mutant, verdict: 'DOES NOT APPLY', by: said.slice(-500) };
    if (failed.length > 0) return { mutant, verdict: 'KILLED', by: failed[0]! };
    const by = 'row' in mutant ? `chaos ${mutant.row}` : `${mutant.test}: ${mutant.expects}`;
    return { mutant, verdict: 'SURVIVED', by };
  } finally {
    await writeFile(path, text);
  }
}

function report(outcomes: readonly Outcome[]): void {
  const width = Math.max(...outcomes.map(({ mutant }) => mutant.name.length));
  console.log(`\n${'mutant'.padEnd(width)}  verdict   noticed by`);
  for (const { mutant, verdict, by } of outcomes) {
    console.log(`${mutant.name.padEnd(width)}  ${verdict.padEnd(8)}  ${by.replaceAll('\n', ' ')}`);
  }
  const killed = outcomes.filter(({ verdict }) => verdict === 'KILLED').length;
  console.log(`\n${killed} of ${outcomes.length} killed`);
}

/** Every file as it is now, committed or not, without what git ignores. */
async function copyProject(to: string): Promise<void> {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { stdout } = await promisify(execFile)('git', args, { cwd: root, maxBuffer: 64_000_000 });
  for (const path of new Set(stdout.split('\0').filter(Boolean))) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await cp(join(root, path), join(to, path)).catch((error: NodeJS.ErrnoException) => {
      // Deleted and not yet committed.
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

/** What tests or rows showed. */
interface Shown {
  readonly ran: boolean;
  readonly failed: readonly string[];
  readonly said: string;
}

interface TestResults {
  readonly numTotalTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/** Runs rows of the chaos suite in their short form. */
async function runRows(names: readonly string[]): Promise<Shown> {
  const flags = ['--conditions=source', '--import', '@oxc-node/core/register'];
  const { code, said } = await run(process.execPath, [...flags, 'scripts/chaos.ts', ...names, '--short']);
  const failed = wrongsIn(said);
  return { ran: code === 0 || (failed.length > 0 && !said.includes(UNFINISHED)), failed, said };
}

/** Runs test files; of each only the tests whose title holds `title`, where one is given. */
async function runTests(files: readonly string[], title?: string): Promise<Shown> {
  const output = join(folder, 'mutants.json');
  await rm(output, { force: true });
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile=${output}`, '--bail=0'];
  const chosen = title === undefined ? [] : [`--testNamePattern=${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`];
  // A mutant may make a test wait for ever.
  const { said } = await run(process.execPath, [
    ...vitest,
    '--testTimeout=60000',
    '--hookTimeout=60000',
    ...chosen,
    ...files,
  ]);
  const text = await readFile(output, 'utf8').catch(() => null);
  if (text === null) return { ran: false, failed: [], said };
  const tests = (JSON.parse(text) as TestResults).testResults.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName);
  return { ran: tests.some(({ status }) => status === 'passed' || status === 'failed'), failed, said };
}

async function run(program: string, args: readonly string[]): Promise<{ code: number | null; said: string }> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VITEST|SOUK_|npm_|NODE_OPTIONS$|NODE_ENV$)/.test(name)),
  );
  const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  running = child;
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-20_000);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { code, said };
}
