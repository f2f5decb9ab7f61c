import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CompositionError, ContractError, compose, describeMistake, houses, lint, viewsOf } from '@souk/router';
import { parse } from 'yaml';

/**
 * Composes the supergraph from the houses' classes and writes it with each subgraph's SDL and the schemas that clients are shown.
 * What does not compose is explained; what composes and would still go wrong is refused. `--check` writes nothing and names what drifted.
 */
const check = process.argv.includes('--check');
const config = parse(await readFile('supergraph.yaml', 'utf8')) as {
  subgraphs: Record<string, { routing_url: string; schema: { file: string } }>;
};

const listed = Object.keys(config.subgraphs).sort().join(' ');
const running = houses
  .map((house) => house.name)
  .sort()
  .join(' ');
if (listed !== running) {
  stop(`supergraph.yaml lists ${listed}, but router/src/houses.ts runs ${running}. Make the two agree.`);
}

function stop(...lines: string[]): never {
  console.error(lines.join('\n\n'));
  process.exit(1);
}

async function write(files: ReadonlyMap<string, string>): Promise<string[]> {
  const drifted: string[] = [];
  for (const [file, text] of files) {
    const known = await readFile(file, 'utf8').catch(() => '');
    if (known === text) continue;
    drifted.push(file);
    if (check) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return drifted;
}

const fileOf = (subgraph: string): string => config.subgraphs[subgraph]?.schema.file ?? subgraph;

try {
  const urls = new Map(Object.entries(config.subgraphs).map(([name, { routing_url }]) => [name, routing_url]));
  const { subgraphs, supergraph, hints } = compose(houses, urls);
  const lints = lint(supergraph);
  if (lints.length > 0) {
    stop(
      ...lints.map(({ rule, where, message, advice }) => `✗ ${rule} at ${where}\n  ${message}\n  → ${advice}`),
      'The subgraphs compose, and would still answer wrong: nothing was written.',
    );
  }
  const views = viewsOf(supergraph);
  const drifted = await write(
    new Map([
      ...[...subgraphs].map(([name, sdl]): [string, string] => [fileOf(name), sdl]),
      ['schema/supergraph.graphql', supergraph],
      ['schema/public.graphql', views.public],
      ['schema/admin.graphql', views.admin],
    ]),
  );
  for (const hint of hints) console.log(`hint: ${hint}`);
  if (check && drifted.length > 0) {
    stop(
      `These files do not match the subgraphs' code:\n  ${drifted.join('\n  ')}\nRun npm run compose and commit what changes.`,
    );
  }
  console.log(drifted.length === 0 ? 'The supergraph is up to date.' : `Wrote ${drifted.join(', ')}.`);
} catch (error) {
  if (error instanceof ContractError) {
    stop(
      ...error.reasons.map((reason) => `✗ ${reason}`),
      'The public schema does not hold together: nothing was written.',
    );
  }
  if (!(error instanceof CompositionError)) throw error;
  // A subgraph's SDL as it is on disk may be older than its code: written first, the lines that are named are there to be read.
  if (!check) await write(new Map([...error.subgraphs].map(([name, sdl]) => [fileOf(name), sdl])));
  stop(
    ...error.mistakes.map((mistake) => describeMistake(mistake, fileOf)),
    `The subgraphs do not compose: ${error.mistakes.length === 1 ? 'one mistake' : `${error.mistakes.length} mistakes`}.`,
  );
}
