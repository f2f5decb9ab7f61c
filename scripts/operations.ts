import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { apiSchemaOf, buildManifest } from '@souk/router';

/**
 * Writes a manifest of operations for each client, `schema/operations/<client>.json`, from the .graphql files that the client
 * keeps. `--check` writes nothing, names the manifests that have drifted and exits with 1.
 */
const check = process.argv.includes('--check');
const FOLDER = 'schema/operations';

const foldersIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);

const clients = new Map<string, string>([['rest', 'router/src/rest/operations']]);
for (const client of await foldersIn('clients')) clients.set(client, `clients/${client}/operations`);

const schema = apiSchemaOf(await readFile('schema/supergraph.graphql', 'utf8'));
const mistakes: string[] = [];
const manifests = new Map<string, string>();
for (const [client, folder] of [...clients].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const names = (await readdir(folder, { recursive: true }).catch(() => []))
    .filter((name) => name.endsWith('.graphql'))
    .sort();
  if (names.length === 0) continue;
  const sources = await Promise.all(
    names.map(async (name) => ({ path: join(folder, name), text: await readFile(join(folder, name), 'utf8') })),
  );
  const built = buildManifest(client, sources, schema);
  mistakes.push(...built.mistakes);
  manifests.set(join(FOLDER, `${client}.json`), built.text);
}

if (mistakes.length > 0) {
  console.error(`These operations do not fit the graph or the limits of the router:\n  ${mistakes.join('\n  ')}`);
  process.exit(1);
}

const drifted: string[] = [];
for (const [path, text] of manifests) {
  if ((await readFile(path, 'utf8').catch(() => '')) === text) continue;
  drifted.push(path);
  if (check) continue;
  await mkdir(FOLDER, { recursive: true });
  await writeFile(path, text);
}
for (const name of (await readdir(FOLDER)).filter((one) => one.endsWith('.json'))) {
  if (!manifests.has(join(FOLDER, name))) {
    console.error(`${join(FOLDER, name)} is the manifest of no client. Remove it, or bring its operations back.`);
    process.exit(1);
  }
}
if (check && drifted.length > 0) {
  console.error(
    `These manifests do not match the clients' operations:\n  ${drifted.join('\n  ')}\nRun npm run codegen and commit what changes.`,
  );
  process.exit(1);
}
console.log(drifted.length === 0 ? 'The manifests of operations are up to date.' : `Wrote ${drifted.join(', ')}.`);
