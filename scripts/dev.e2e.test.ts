import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspectPostgres, removePostgres } from '@souk/kit/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askGraph, freePort, killLaunched, launch, type Run } from './run/command.testing.ts';
import { copyProject } from './run/copy.testing.ts';

/** A copy of the project that a developer works on. */
let project: string;
let folder: string;
let dataDir: string;
let port: number;
let dev: Run;
/** How much it had said when the last change was made. */
let before = 0;

const database = (): string => join(dataDir, 'postgres');
const greeting = 'subgraphs/products/src/greeting.resolvers.ts';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-dev-'));
  await chmod(folder, 0o711);
  project = join(folder, 'project');
  dataDir = join(folder, 'data');
  await copyProject(project);
  await mkdir(dataDir);
  await writeFile(join(dataDir, 'made-by-souk'), '');
  // The shop is filled in a story of its own.
  await writeFile(join(dataDir, 'seeded'), 'nothing\n');
  port = await freePort();
  dev = start();
  await dev.until('Ctrl-C stops everything.');
});

afterAll(async () => {
  await killLaunched();
  while ((await inspectPostgres(database())).holder !== null) await sleep(20);
  await removePostgres(database());
  await rm(folder, { recursive: true, force: true });
});

const start = (): Run => launch('dev', ['--port', String(port)], { SOUK_DATA_DIR: dataDir }, project);

/** Writes a file of the project as an editor does. */
async function write(path: string, text: string): Promise<void> {
  before = dev.said().length;
  await writeFile(join(project, path), text);
}

async function edit(path: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(join(project, path), 'utf8');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  await write(path, changed);
}

const greets = (field: string, answer: string): string => `import { Query, Resolver } from 'type-graphql';

@Resolver()
export class GreetingResolver {
  @Query(() => String, { description: 'A greeting.' })
  ${field}(): string {
    return '${answer}';
  }
}
`;

const runsAgain = (): Promise<void> => dev.until(/Changed: [\s\S]*Running again: /, before);
const waits = (): Promise<void> => dev.until('It starts again when a file changes.', before);
const news = (): string => dev.said().slice(before);
const ask = (query: string): Promise<unknown> => askGraph(port, query);

async function isTaken(): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return once(socket, 'connect').then(
    () => {
      socket.destroy();
      return true;
    },
    () => false,
  );
}

describe('npm run dev', () => {
  it('answers for a new field as soon as it is written, composed into the graph', async () => {
    await writeFile(join(project, greeting), greets('greeting', 'hello'));
    await edit(
      'subgraphs/products/src/index.ts',
      'resolvers: [',
      'resolvers: [(await import("./greeting.resolvers.ts")).GreetingResolver, ',
    );
    await runsAgain();
    expect(news()).toContain('subgraphs/products/src/index.ts');
    expect(await ask('{ greeting }')).toMatchObject({ data: { greeting: 'hello' } });
    expect(await readFile(join(project, 'schema/supergraph.graphql'), 'utf8')).toContain(
      'greeting: String! @join__field(graph: PRODUCTS)',
    );
  });

  it('says what is wrong with a file that cannot be read, and goes on watching', async () => {
    await write(greeting, greets('greeting', 'oops').replace("'oops';", "'oops"));
    await waits();
    expect(news()).toContain(`Changed: ${greeting}`);
    expect(news()).toContain('greeting.resolvers.ts');
    expect(news()).toMatch(/Unterminated string/);
    expect(await isTaken()).toBe(false);
  });

  it('runs again when that is mended, with the house as it is now', async () => {
    await write(greeting, greets('greeting', 'good day'));
    await runsAgain();
    expect(await ask('{ greeting }')).toMatchObject({ data: { greeting: 'good day' } });
  });

  it('says why subgraphs do not compose', async () => {
    await write(greeting, greets('context', 'mine'));
    await waits();
    expect(news()).toMatch(/Type of field "Query\.context"[\s\S]*The subgraphs do not compose: 2 mistakes\./);
  });

  it('reloads the router too', async () => {
    const two = '{ a: greeting b: greeting }';
    await write(greeting, greets('greeting', 'hello'));
    await runsAgain();
    expect(await ask(two)).toMatchObject({ data: { a: 'hello', b: 'hello' } });
    await edit('router/src/limits.ts', /aliases: \d+/, 'aliases: 1');
    await runsAgain();
    expect(news()).toContain('Changed: router/src/limits.ts');
    expect(await ask(two)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  });

  it('leaves nothing behind when it is killed, and nothing that blocks the next start', async () => {
    dev.child.kill('SIGKILL');
    await dev.ended;
    while (await isTaken()) await sleep(20);
    dev = start();
    await dev.until('Ctrl-C stops everything.');
    expect(await ask('{ greeting }')).toMatchObject({ data: { greeting: 'hello' } });
  });

  it('stops everything on Ctrl-C', async () => {
    dev.child.kill('SIGINT');
    expect(await dev.ended).toBe(0);
    expect(await isTaken()).toBe(false);
    expect(await inspectPostgres(database())).toEqual({ holder: null, orphan: null, version: '18', url: null });
  });
});
