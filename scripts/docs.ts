import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { facts as registry } from '@souk/schema';
import { eventsMarkdown, eventsPage } from './docs/events.ts';
import { readFacts } from './docs/facts.ts';
import { framed } from './docs/html.ts';
import { readReference } from './docs/model.ts';
import { housePage, indexPage, sharedPage, titleOf } from './docs/pages.ts';
import { searchScript } from './docs/search.ts';

/**
 * Writes the schema reference, `docs/schema`, from the supergraph, and the catalogue of facts, also `docs/events.md`, from schema/events.
 * `--check` writes nothing, names the files that have drifted and exits with 1.
 */
const check = process.argv.includes('--check');
const SITE = 'docs/schema';
const asset = (name: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`./docs/${name}`, import.meta.url)), 'utf8');

/** What a house's README says it owns. */
async function introductionOf(house: string): Promise<string> {
  const readme = await readFile(`subgraphs/${house}/README.md`, 'utf8').catch(() => '');
  const owns = /\*\*Owns\*\*:?\s*([\s\S]*?)(?:\n\n|$)/.exec(readme)?.[1]?.replace(/\s*\n\s*/g, ' ') ?? '';
  return owns && titleOf(owns);
}

const read = (path: string): Promise<string> => readFile(path, 'utf8');
const reference = readReference(await read('schema/supergraph.graphql'), await read('schema/public.graphql'));
const introductions = new Map(
  await Promise.all(reference.houses.map(async (house) => [house, await introductionOf(house)] as const)),
);
const examples = new Map(
  await Promise.all(
    Object.keys(registry).map(async (type) => [type, await read(`schema/events/examples/${type}.json`)] as const),
  ),
);
const speakers = [...new Set(Object.keys(registry).map((type) => type.split('.')[0]!))];
const facts = (
  await Promise.all(
    speakers.map(async (house) =>
      readFacts(house, await read(`schema/events/${house}.ts`), registry, (type) => examples.get(type)!),
    ),
  )
).flat();

const pages = [
  indexPage(reference, introductions),
  ...reference.houses.map((house) => housePage(reference, house, introductions.get(house) ?? '')),
  sharedPage(reference),
  eventsPage(facts),
];
const places = pages.map(({ file, title }) => ({ href: file, title: file === 'index.html' ? 'The graph' : title }));
const files = new Map<string, string>([
  ...pages.map((page): [string, string] => [join(SITE, page.file), framed(page, places)]),
  [join(SITE, 'search.js'), searchScript(reference, facts)],
  [join(SITE, 'style.css'), await asset('style.css')],
  [join(SITE, 'page.js'), await asset('page.js')],
  ['docs/events.md', eventsMarkdown(facts)],
]);

const drifted: string[] = [];
for (const [file, text] of files) {
  if ((await readFile(file, 'utf8').catch(() => null)) === text) continue;
  drifted.push(file);
  if (check) continue;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
for (const name of await readdir(SITE).catch(() => [])) {
  const file = join(SITE, name);
  if (files.has(file)) continue;
  drifted.push(file);
  if (!check) await rm(file);
}
if (check && drifted.length > 0) {
  console.error(
    `These pages are not as the schema says:\n  ${drifted.join('\n  ')}\nRun npm run docs and commit what changes.`,
  );
  process.exit(1);
}
console.log(drifted.length === 0 ? 'The documentation is up to date.' : `Wrote ${drifted.join(', ')}.`);
