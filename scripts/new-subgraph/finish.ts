import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { StartupError } from '@souk/kit/startup-error';
import { pnpm } from '../bootstrap.mjs';

interface Step {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** What the person runs to do the same by hand. */
  readonly byHand: string;
}

const windows = process.platform === 'win32';

/** What turns written files into a house that runs: links, formatting, the composed graph. */
const stepsFor = (sources: readonly string[]): readonly Step[] => [
  {
    name: 'Installing the workspace',
    command: windows ? 'npx.cmd' : 'npx',
    args: ['--yes', pnpm, 'install', '--no-frozen-lockfile', '--prefer-offline', '--reporter=append-only'],
    byHand: `npx --yes ${pnpm} install`,
  },
  {
    name: 'Formatting',
    command: process.execPath,
    args: [join('node_modules', '@biomejs', 'biome', 'bin', 'biome'), 'check', '--write', ...sources],
    byHand: `npx biome check --write ${sources[0]}`,
  },
  {
    name: 'Composing the graph',
    command: process.execPath,
    args: ['--conditions=source', '--import', '@oxc-node/core/register', join('scripts', 'compose.ts')],
    byHand: 'npm run compose',
  },
];

/** Runs the steps in the project's folder. A failed one leaves the files as they are and says how to go on by hand. */
export async function finish(root: string, sources: readonly string[], say: (line: string) => void): Promise<void> {
  const steps = stepsFor(sources);
  for (const [index, { name, command, args }] of steps.entries()) {
    say(`· ${name}`);
    const { code, said } = await run(root, command, args);
    if (code === 0) continue;
    say(said.trimEnd());
    const left = steps.slice(index).map((step) => step.byHand);
    throw new StartupError(
      `The house is written, but "${name}" failed; the lines above say why.`,
      `Correct that, then run: ${left.join(' && ')}.`,
    );
  }
}

function run(cwd: string, command: string, args: readonly string[]): Promise<{ code: number; said: string }> {
  // Without a terminal pnpm would refuse to replace what is installed unless it is told that nobody can be asked.
  const env = { ...process.env, CI: 'true' };
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], shell: windows });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, said: `${said}${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, said }));
  });
}
