import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StartupError } from '@souk/kit/startup-error';
import { Kind, parse } from 'graphql';
import { type Names, namesOf, usage } from './names.ts';
import { edits } from './registry.ts';
import { example, facts } from './templates/facts.ts';
import { resolvers, types } from './templates/graph.ts';
import { events, index, manifest, migration, readme, tables } from './templates/house.ts';
import { domain, repository, service } from './templates/rules.ts';
import { intTest, unitTest } from './templates/tests.ts';

/** Everything that will be written, decided before the first byte is. Paths are relative to the project's folder. */
export interface Plan {
  readonly names: Names;
  readonly created: ReadonlyMap<string, string>;
  readonly edited: ReadonlyMap<string, { readonly before: string; readonly after: string }>;
}

/** Reads the project at `root` and plans a house for it. Throws a StartupError where it would take or overwrite something. */
export async function planHouse(root: string, house: string, aggregate: string | undefined): Promise<Plan> {
  const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');
  const ids = await read('schema/ids.ts');
  const prefixes = new Set([...ids.matchAll(/^ {2}\w+: '([a-z]+)',$/gm)].map((match) => match[1]!));
  const names = namesOf(house, aggregate, prefixes);

  const folder = `subgraphs/${house}`;
  if (existsSync(join(root, folder))) {
    throw usage(`There is a house called "${house}" already, in ${folder}; choose another name or remove that folder.`);
  }
  await refuseTakenNames(root, names);

  const { dependencies } = JSON.parse(await read('subgraphs/platform/package.json')) as {
    dependencies: Record<string, string>;
  };
  const created = filesOf(names, dependencies);
  for (const path of [...created.keys(), `schema/subgraphs/${house}.graphql`]) {
    if (!existsSync(join(root, path))) continue;
    throw new StartupError(
      `${path} is there already and would be overwritten, so nothing was written.`,
      'Choose another name, or move that file away first.',
    );
  }
  const edited = new Map<string, { before: string; after: string }>();
  for (const { path, change } of edits) {
    const before = await read(path);
    edited.set(path, { before, after: change(before, names) });
  }
  return { names, created, edited };
}

/** Type names, root fields and exports of @souk/schema are one namespace for all houses. */
async function refuseTakenNames(root: string, names: Names): Promise<void> {
  const { house, House, Thing, thing, things } = names;
  const refuse = (what: string) => {
    throw usage(`${what} Name another aggregate with --aggregate.`);
  };
  const exported = await exportsOf(root);
  for (const name of [`${Thing}Id`, `${Thing}Created`, `${House}Fact`]) {
    if (exported.has(name)) refuse(`@souk/schema exports ${name} already.`);
  }
  const ownTypes = new Set([
    ...['', 'Status', 'Error', 'ErrorCode', 'Edge', 'Connection', 'Event'].map((suffix) => Thing + suffix),
    ...['Create', 'Rename', 'Archive'].map((verb) => `${verb}${Thing}Payload`),
    ...['Create', 'Rename'].map((verb) => `${verb}${Thing}Input`),
  ]);
  const ownFields = new Set([thing, things, `create${Thing}`, `rename${Thing}`, `archive${Thing}`, `${thing}Updated`]);
  for (const [subgraph, { types, fields }] of await graphOf(root)) {
    if (subgraph === house) continue;
    const type = types.find((one) => ownTypes.has(one));
    if (type) refuse(`The graph has a type ${type} already, in ${subgraph}.`);
    const field = fields.find((one) => ownFields.has(one));
    if (field) refuse(`The graph has a root field ${field} already, in ${subgraph}.`);
  }
}

async function exportsOf(root: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const folder of ['schema', 'schema/events']) {
    for (const name of await readdir(join(root, folder))) {
      if (!name.endsWith('.ts')) continue;
      const text = await readFile(join(root, folder, name), 'utf8');
      for (const match of text.matchAll(/^export (?:type|interface|class|const|function) (\w+)/gm))
        found.add(match[1]!);
    }
  }
  return found;
}

/** What each subgraph's committed SDL defines: type names, and the fields of the three root types. */
async function graphOf(root: string): Promise<Map<string, { types: string[]; fields: string[] }>> {
  const folder = join(root, 'schema/subgraphs');
  const files = existsSync(folder) ? (await readdir(folder)).filter((name) => name.endsWith('.graphql')) : [];
  const graph = new Map<string, { types: string[]; fields: string[] }>();
  for (const file of files) {
    const types: string[] = [];
    const fields: string[] = [];
    for (const one of parse(await readFile(join(folder, file), 'utf8')).definitions) {
      if (!('name' in one) || !one.name || one.kind === Kind.DIRECTIVE_DEFINITION) continue;
      const isRoot = /^(Query|Mutation|Subscription)$/.test(one.name.value);
      if (!isRoot) types.push(one.name.value);
      else if ('fields' in one) fields.push(...(one.fields ?? []).map((field) => field.name.value));
    }
    graph.set(file.replace('.graphql', ''), { types, fields });
  }
  return graph;
}

function filesOf(names: Names, dependencies: Readonly<Record<string, string>>): Map<string, string> {
  const { house, Thing, file } = names;
  const src = `subgraphs/${house}/src`;
  return new Map([
    [`subgraphs/${house}/package.json`, manifest(names, dependencies)],
    [`subgraphs/${house}/README.md`, readme(names)],
    [`${src}/index.ts`, index(names)],
    [`${src}/${file}.ts`, domain(names)],
    [`${src}/${file}.service.ts`, service(names)],
    [`${src}/${file}.repository.ts`, repository(names)],
    [`${src}/${file}.tables.ts`, tables(names)],
    [`${src}/${file}.types.ts`, types(names)],
    [`${src}/${file}.resolvers.ts`, resolvers(names)],
    [`${src}/${file}.events.ts`, events(names)],
    [`${src}/${file}.unit.test.ts`, unitTest(names)],
    [`${src}/${file}.int.test.ts`, intTest(names)],
    [`${src}/migrations/0001_${house}.ts`, migration(names)],
    [`schema/events/${house}.ts`, facts(names)],
    [`schema/events/examples/${house}.${Thing}Created.json`, example(names)],
  ]);
}

/** Writes a plan whole or not at all: what was written before a failure is taken back. */
export async function writePlan(root: string, { names, created, edited }: Plan): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  try {
    undo.push(() => rm(join(root, 'subgraphs', names.house), { recursive: true, force: true }));
    for (const [path, text] of created) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      // wx: a file that appeared since the plan was made is not overwritten either.
      await writeFile(join(root, path), text, { flag: 'wx' });
      undo.push(() => rm(join(root, path), { force: true }));
    }
    for (const [path, { before, after }] of edited) {
      undo.push(() => writeFile(join(root, path), before));
      await writeFile(join(root, path), after);
    }
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}
