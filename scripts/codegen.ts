import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { envExample } from '@souk/kit/config';

/**
 * Writes what follows from the sources: `.env.example` from the configuration, the composed graph from the houses, and the
 * clients' typed operations and manifests from that graph. `--check` writes nothing, names the files that have drifted
 * and exits with 1.
 */
const check = process.argv.includes('--check');
const written = ['scripts/gql', 'clients/admin/gql', 'clients/partner/src/gql'];
const changed: string[] = [];

const env = envExample();
if ((await readFile('.env.example', 'utf8').catch(() => '')) !== env) {
  changed.push('.env.example');
  if (!check) await writeFile('.env.example', env);
}

// The operations are typed against the composed graph, so it comes first.
const composed = script('compose.ts');
const drifted = [...composed.said.replace(/^hint:.*$/gm, '').matchAll(/\bschema\/[\w/.]+\.graphql/g)].map(
  ([path]) => path,
);
changed.push(...drifted);
if (composed.code !== 0 && drifted.length === 0) stop('The graph does not compose.', composed.said);
// Against an old graph the operations could only be misjudged.
if (check && drifted.length > 0) tellDrift();

// The partners' client knows its operations by the ids that the manifest has for them.
const manifests = script('operations.ts');
const misfits = [...manifests.said.matchAll(/\bschema\/operations\/[\w-]+\.json/g)].map(([path]) => path);
changed.push(...misfits);
if (manifests.code !== 0 && (!check || misfits.length === 0)) {
  stop('The operations of the clients do not fit the graph.', manifests.said);
}
if (check && misfits.length > 0) tellDrift();

const before = await readOperations();
const cli = join(dirname(createRequire(import.meta.url).resolve('@graphql-codegen/cli/package.json')), 'esm', 'bin.js');
const generated = node(cli, '--config', 'codegen.yml', ...(check ? ['--check'] : []));
const stale = [...generated.said.matchAll(/^\W*-\s+(\S+)$/gm)].map(([, path]) => path!);
if (generated.code !== 0 && (!check || stale.length === 0)) {
  stop('The operations of the clients could not be typed.', generated.said);
}
changed.push(...stale);
if (!check) {
  const after = await readOperations();
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    if (before.get(path) !== after.get(path)) changed.push(path);
  }
}

// The pages tell what the graph says, so they come last.
const documented = script('docs.ts');
const pages = [...documented.said.matchAll(/\bdocs\/[\w/-]+\.\w+/g)].map(([path]) => path);
if (documented.code !== 0 && (!check || pages.length === 0)) {
  stop('The documentation could not be written.', documented.said);
}
changed.push(...pages);

if (check && changed.length > 0) tellDrift();
console.log(changed.length === 0 ? 'Everything generated is up to date.' : `Wrote ${changed.join(', ')}.`);

function script(name: string): { code: number; said: string } {
  const path = fileURLToPath(new URL(`./${name}`, import.meta.url));
  return node('--conditions=source', '--import', '@oxc-node/core/register', path, ...(check ? ['--check'] : []));
}

function node(...args: string[]): { code: number; said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { code: status ?? 1, said: `${stdout}\n${stderr}` };
}

function tellDrift(): never {
  console.error(
    `These files are not as the sources say:\n  ${changed.join('\n  ')}\nRun npm run codegen and commit what changes.`,
  );
  process.exit(1);
}

function stop(sentence: string, why: string): never {
  console.error(`${why.trim()}\n\n✗ ${sentence}\n  Correct what the lines above name and run npm run codegen again.`);
  process.exit(1);
}

async function readOperations(): Promise<Map<string, string>> {
  const paths = await Promise.all(
    written.map(async (folder) => (await readdir(folder).catch(() => [])).map((name) => `${folder}/${name}`)),
  );
  const all = paths.flat().sort();
  return new Map(await Promise.all(all.map(async (path) => [path, await readFile(path, 'utf8')] as const)));
}
