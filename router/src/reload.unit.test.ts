import { mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartupError, systemViewer } from '@souk/kit';
import { parse } from 'graphql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngine } from './engine.ts';
import { federate } from './executor/federation.testing.ts';
import { type ServedSupergraph, serveSupergraph } from './reload.ts';
import type { Ask } from './sources.ts';
import { digestOf } from './supergraph.ts';

const old = federate({ a: { sdl: 'type Query { old: String both: String }' } }).supergraphSdl;
const young = federate({ a: { sdl: 'type Query { young: String both: String }' } }).supergraphSdl;
const foreign = federate({ a: { sdl: 'type Query { a: Int }' }, b: { sdl: 'type Query { b: Int }' } }).supergraphSdl;

let folder: string;
let path: string;
let served: ServedSupergraph | undefined;
const said: { level: string; fields: Record<string, unknown>; message: string }[] = [];
const say = (level: string) => (fields: object, message: string) =>
  void said.push({ level, fields: fields as Record<string, unknown>, message });
const log = { debug() {}, info: say('info'), warn: say('warn'), error: say('error'), child: () => log };

/** Each field is answered by its own name. */
const answer: Ask = async ({ query }) => {
  const [, name] = /\{\s*(\w+)/.exec(query)!;
  return { data: { [name!]: name! } };
};

async function serve(ask: Ask = answer, pollSeconds = 3_600): Promise<ServedSupergraph> {
  const asks = new Map([['a', ask]]);
  served = await serveSupergraph({
    path,
    open: (supergraph) => openEngine('compiled', { supergraph, asks, upstreams: new Map(), log }),
    subgraphs: new Set(['a']),
    log,
    pollSeconds,
  });
  return served;
}

const ask = async ({ engine }: ServedSupergraph, query: string, schema = engine.schema()) => {
  const viewer = { ...systemViewer, requestId: 'r' };
  const result = await engine.execute({
    document: parse(query),
    hash: query,
    operationName: null,
    variables: {},
    viewer,
    schema,
  });
  return JSON.parse(JSON.stringify(result));
};

const fields = ({ engine }: ServedSupergraph) => Object.keys(engine.schema().getQueryType()!.getFields()).sort();
const reloaded = ({ onReload }: ServedSupergraph): Promise<string> => new Promise((resolve) => onReload(resolve));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-reload-'));
  path = join(folder, 'supergraph.graphql');
  await writeFile(path, old);
  said.length = 0;
});

afterEach(async () => {
  await served?.stop();
  served = undefined;
  await rm(folder, { recursive: true, force: true });
});

describe('a new supergraph', () => {
  it('is taken when the file is written over', async () => {
    const souk = await serve();
    expect(souk.status()).toMatchObject({ digest: digestOf(old), reloads: 0, refused: null });
    const taken = reloaded(souk);
    await writeFile(path, young);
    expect(await taken).toBe(digestOf(young));
    expect(fields(souk)).toEqual(['both', 'young']);
    expect(await ask(souk, '{ young }')).toEqual({ data: { young: 'young' } });
    expect(souk.status()).toMatchObject({ digest: digestOf(young), reloads: 1, refused: null });
    expect(said.map(({ message }) => message)).toEqual(['a new supergraph serves']);
  });

  it('is taken when an editor gives a new file the old one’s name', async () => {
    const souk = await serve();
    for (const text of [young, old, young]) {
      const taken = reloaded(souk);
      await writeFile(`${path}~`, text);
      await rename(`${path}~`, path);
      expect(await taken).toBe(digestOf(text));
    }
  });

  it('is taken by time where nobody tells of the change', async () => {
    const target = `${folder}-elsewhere.graphql`;
    await writeFile(target, old);
    await rm(path);
    await symlink(target, path);
    const souk = await serve(answer, 0.05);
    const taken = reloaded(souk);
    await writeFile(target, young);
    expect(await taken).toBe(digestOf(young));
    await rm(target);
  });

  it('leaves what was found to fit the old one to the old one', async () => {
    const souk = await serve();
    const before = souk.engine.schema();
    await writeFile(path, young);
    await souk.look();
    expect(souk.engine.schema()).not.toBe(before);
    expect(await ask(souk, '{ old }', before)).toEqual({ data: { old: 'old' } });
    expect((await ask(souk, '{ old }')).errors).toHaveLength(1);
  });

  it('drops nothing that runs while it is taken', async () => {
    const waiting: (() => void)[] = [];
    const souk = await serve(async (operation, context) => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return answer(operation, context);
    });
    const asked: Promise<unknown>[] = [];
    for (let round = 0; round < 6; round += 1) {
      // Distinct questions: the same ones would be asked once.
      for (let n = 0; n < 20; n += 1) asked.push(ask(souk, `{ both a${round}_${n}: __typename }`));
      await writeFile(path, round % 2 === 0 ? young : old);
      await souk.look();
    }
    expect(souk.status().reloads).toBe(6);
    while (waiting.length > 0) {
      waiting.shift()!();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const answers = (await Promise.all(asked)) as { data: Record<string, unknown>; errors?: unknown }[];
    expect(answers).toHaveLength(120);
    expect(answers.filter(({ data, errors }) => data.both !== 'both' || errors)).toEqual([]);
  });

  it('is told to every listener, also after one that fails', async () => {
    const souk = await serve();
    souk.onReload(() => {
      throw new Error('no');
    });
    const heard: string[] = [];
    const leave = souk.onReload((digest) => heard.push(digest));
    await writeFile(path, young);
    await souk.look();
    leave();
    await writeFile(path, old);
    await souk.look();
    expect(heard).toEqual([digestOf(young)]);
  });
});

describe('a supergraph that cannot serve is refused, and the old one keeps serving', () => {
  const nowhere = old.replace('old: String', 'old: String @join__field');
  const cases: [string, string, RegExp][] = [
    ['unparseable', old.slice(0, -20), /^It cannot be read as GraphQL, at line \d+, column \d+: Syntax Error/],
    ['empty', '', /^The file is empty, or there is none\.$/],
    ['no supergraph', 'type Query { a: Int }', /^No graph can be built from it: /],
    [
      'of a type that is not there',
      old.replace('old: String', 'old: Strange'),
      /^No graph can be built from it: .*Strange/,
    ],
    ['of a foreign subgraph', foreign, /^It names the subgraph b, which this router does not know; it knows a\.$/],
    ['answered by nobody', nowhere, /^No subgraph can be asked for Query\.old\.$/],
    [
      'whose public part does not hold together',
      federate({ a: { sdl: 'type Query { old: Thing } type Thing @tag(name: "admin") { id: ID }' } }).supergraphSdl,
      /^The public schema does not hold together: Query\.old is public, and of the type Thing/,
    ],
  ];

  it.each(cases)('%s', async (_, text, reason) => {
    const souk = await serve();
    await writeFile(path, text);
    await souk.look();
    await souk.look();
    const { refused, digest, reloads } = souk.status();
    expect(refused?.reason).toMatch(reason);
    expect({ digest, reloads, refused: refused?.digest }).toEqual({
      digest: digestOf(old),
      reloads: 0,
      refused: digestOf(text),
    });
    // However often it is looked at, it is one line of the log.
    expect(said.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'a new supergraph was refused; the old one keeps serving'],
    ]);
    expect(await ask(souk, '{ old }')).toEqual({ data: { old: 'old' } });

    await writeFile(path, old);
    await souk.look();
    expect(souk.status()).toMatchObject({ digest: digestOf(old), reloads: 0, refused: null });
  });

  it('and a good one after it is taken', async () => {
    const souk = await serve();
    await rm(path);
    await souk.look();
    expect(souk.status().refused?.reason).toBe('The file is empty, or there is none.');
    await writeFile(path, young);
    await souk.look();
    expect(souk.status()).toMatchObject({ digest: digestOf(young), reloads: 1, refused: null });
  });

  it('and is no start at all', async () => {
    await writeFile(path, 'type Query {');
    const start = serve();
    await expect(start).rejects.toBeInstanceOf(StartupError);
    await expect(start).rejects.toThrow(/cannot serve\. It cannot be read as GraphQL, at line 1/);
  });
});

it('the supergraph of the repository can serve', async () => {
  const sdl = await readFile(new URL('../../schema/supergraph.graphql', import.meta.url), 'utf8');
  await writeFile(path, sdl);
  const houses = [...sdl.matchAll(/@join__graph\(name: "(\w+)"/g)].map(([, name]) => name!);
  served = await serveSupergraph({
    path,
    open: (supergraph) => openEngine('compiled', { supergraph, asks: new Map(), upstreams: new Map(), log }),
    subgraphs: new Set(houses),
    log,
    pollSeconds: 3_600,
  });
  expect(served.status().digest).toBe(digestOf(sdl));
});
