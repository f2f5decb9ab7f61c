import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { envExample } from '@souk/kit/config';

/** Writes what follows from the sources: `.env.example` and the clients' typed operations. `--check` only compares. */
const check = process.argv.includes('--check');
const drifted: string[] = [];

if ((await readFile('.env.example', 'utf8').catch(() => '')) !== envExample()) {
  drifted.push('.env.example');
  if (!check) await writeFile('.env.example', envExample());
}
if (existsSync('codegen.yml')) {
  const cli = dirname(createRequire(import.meta.url).resolve('@graphql-codegen/cli/package.json'));
  const args = [join(cli, 'esm', 'bin.js'), '--config', 'codegen.yml', ...(check ? ['--check'] : [])];
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) drifted.push('the typed operations of codegen.yml');
}
if (check && drifted.length > 0) {
  console.error(`Not as the sources say: ${drifted.join(', ')}.\nRun npm run codegen and commit what changes.`);
  process.exit(1);
}
console.log(drifted.length === 0 ? 'Everything generated is up to date.' : `Wrote ${drifted.join(', ')}.`);
