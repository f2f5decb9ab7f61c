import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whenToldToStop } from './lifetime.ts';

interface Step {
  readonly name: string;
  readonly args: readonly string[];
  /** What mends it, where one command does. */
  readonly mend?: string;
  /** Shows its output while it runs, because it takes minutes. */
  readonly long?: boolean;
}

const require = createRequire(import.meta.url);
const folderOf = (name: string): string => dirname(require.resolve(`${name}/package.json`));
const script = (name: string): string => fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
const typescript = ['--conditions=source', '--import', '@oxc-node/core/register'];

const steps: readonly Step[] = [
  { name: 'types', args: [join(folderOf('typescript'), 'bin', 'tsc'), '-p', '.'] },
  { name: 'console types', args: [join(folderOf('typescript'), 'bin', 'tsc'), '-p', 'router/console'] },
  {
    name: 'lint',
    args: [join(folderOf('@biomejs/biome'), 'bin', 'biome'), 'check', '.'],
    mend: 'npx biome check --write',
  },
  { name: 'generated files', args: [...typescript, script('codegen'), '--check'], mend: 'npm run codegen' },
  { name: 'composition', args: [...typescript, script('compose'), '--check'], mend: 'npm run compose' },
  { name: 'released schema', args: [...typescript, script('schema-check')] },
  { name: 'architecture', args: [...typescript, script('test'), '--project', 'architecture'] },
  {
    name: 'tests',
    args: [...typescript, script('test'), ...['unit', 'int', 'contract', 'e2e'].flatMap((name) => ['--project', name])],
    long: true,
  },
];

let running: ReturnType<typeof spawn> | undefined;
whenToldToStop(async (reason) => {
  if (reason !== 'SIGINT') running?.kill('SIGTERM');
  if (running && running.exitCode === null) await once(running, 'exit');
});

const results: { step: Step; seconds: number; passed: boolean }[] = [];
for (const step of steps) {
  console.log(`· ${step.name}`);
  const since = performance.now();
  const { passed, said } = await run(step);
  if (!passed) console.log(said);
  results.push({ step, seconds: (performance.now() - since) / 1000, passed });
}

console.log('');
for (const { step, seconds, passed } of results) {
  const mend = !passed && step.mend ? `   → ${step.mend}` : '';
  console.log(`  ${passed ? 'ok    ' : 'FAILED'}  ${step.name.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s${mend}`);
}
const failed = results.filter(({ passed }) => !passed).map(({ step }) => step.name);
console.log(failed.length === 0 ? '\nDone.' : `\nNot done: ${failed.join(', ')}.`);
process.exit(failed.length === 0 ? 0 : 1);

async function run(step: Step): Promise<{ passed: boolean; said: string }> {
  const child = spawn(process.execPath, step.args, { stdio: step.long ? 'inherit' : ['ignore', 'pipe', 'pipe'] });
  running = child;
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { passed: code === 0, said };
}
