import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CompositionError, compose, houses } from '@souk/router';
import { parse } from 'yaml';

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
  console.error(`supergraph.yaml lists ${listed}, but router/src/houses.ts runs ${running}. Make the two agree.`);
  process.exit(1);
}

try {
  const urls = new Map(Object.entries(config.subgraphs).map(([name, { routing_url }]) => [name, routing_url]));
  const { subgraphs, supergraph, hints } = compose(houses, urls);
  const files = new Map([...subgraphs].map(([name, sdl]) => [config.subgraphs[name]!.schema.file, sdl]));
  files.set('schema/supergraph.graphql', supergraph);
  const drifted: string[] = [];
  for (const [file, text] of files) {
    const known = await readFile(file, 'utf8').catch(() => '');
    if (known === text) continue;
    drifted.push(file);
    if (check) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  for (const hint of hints) console.log(`hint: ${hint}`);
  if (check && drifted.length > 0) {
    console.error(
      `These files do not match the subgraphs' code:\n  ${drifted.join('\n  ')}\nRun npm run compose and commit what changes.`,
    );
    process.exit(1);
  }
  console.log(drifted.length === 0 ? 'The supergraph is up to date.' : `Wrote ${drifted.join(', ')}.`);
} catch (error) {
  if (!(error instanceof CompositionError)) throw error;
  console.error(error.message);
  process.exit(1);
}
