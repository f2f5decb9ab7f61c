import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const skipped = new Set(['node_modules', 'dist', '.souk', 'console']);

function listSources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : listSources(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

const isTest = (path: string) =>
  /\.test\.ts$/.test(path) || /(^|\/)(testing|[\w.-]+\.testing|testing\.\w+)\.ts$/.test(path);
const houses = readdirSync(join(root, 'subgraphs'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'kit')
  .map((entry) => entry.name);
const all = ['schema', 'subgraphs', 'router'].flatMap(listSources);
const sources = all.filter((path) => !isTest(path));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const houseOf = (path: string) => /^subgraphs\/([^/]+)\//.exec(path)?.[1];
const isKit = (path: string) => houseOf(path) === 'kit';
/** An imitation of the outside world, which has a clock and rules of its own. */
const isSimulator = (path: string) => path.includes('/simulator/');
const rooms = sources.filter((path) => houseOf(path) && !isKit(path) && !isSimulator(path));

type Room =
  | 'main'
  | 'index'
  | 'domain'
  | 'saga'
  | 'service'
  | 'repository'
  | 'tables'
  | 'types'
  | 'resolvers'
  | 'events'
  | 'ticks'
  | 'routes'
  | 'adapter'
  | 'migration';
const suffixes: readonly Room[] = [
  'saga',
  'service',
  'repository',
  'tables',
  'types',
  'resolvers',
  'events',
  'ticks',
  'routes',
];

function roomOf(path: string): Room {
  const name = basename(path);
  if (path.includes('/migrations/')) return 'migration';
  if (name === 'index.ts') return 'index';
  if (name === 'main.ts') return 'main';
  const [stem, suffix] = name.split('.');
  const room = suffixes.find((one) => one === suffix);
  if (room) return room;
  return name.split('.').length > 2 && existsSync(join(root, dirname(path), `${stem}.ts`)) ? 'adapter' : 'domain';
}

/** Which rooms of its own house a room may import. */
const arrows: Record<Room, readonly Room[]> = {
  main: ['index'],
  index: [
    'domain',
    'saga',
    'service',
    'repository',
    'tables',
    'types',
    'resolvers',
    'events',
    'ticks',
    'routes',
    'adapter',
    'migration',
  ],
  domain: ['domain'],
  saga: ['domain'],
  service: ['domain', 'saga', 'service', 'repository', 'tables'],
  repository: ['domain', 'saga', 'repository', 'tables'],
  tables: ['domain', 'saga', 'tables'],
  types: ['domain', 'types'],
  resolvers: ['domain', 'saga', 'service', 'repository', 'tables', 'types', 'resolvers'],
  events: ['domain', 'service', 'tables'],
  ticks: ['domain', 'service', 'repository', 'tables'],
  routes: ['domain', 'service', 'repository', 'tables'],
  adapter: ['domain', 'adapter'],
  migration: ['domain'],
};

/** Packages that only some rooms may know. */
const packages: readonly { readonly name: RegExp; readonly rooms: readonly Room[] }[] = [
  { name: /^kysely/, rooms: ['repository', 'tables', 'migration', 'index'] },
  { name: /^type-graphql$/, rooms: ['types', 'resolvers'] },
  {
    name: /^@souk\/kit$/,
    rooms: suffixes.filter((room) => room !== 'saga').concat('main', 'index', 'adapter', 'migration'),
  },
  { name: /^@souk\/kit\/serve$/, rooms: ['main'] },
  { name: /^(stripe|nodemailer|sharp|@node-rs\/argon2|jose)$/, rooms: ['adapter'] },
];

function importsOf(path: string): string[] {
  return [
    ...read(path).matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*['"]([^'"]+)['"]/g,
    ),
  ].map((match) => (match[1] ?? match[2] ?? match[3])!);
}

const offences = (paths: readonly string[], offend: (path: string) => readonly string[]): string[] =>
  paths.flatMap((path) => offend(path).map((what) => `${path}: ${what}`));

describe('the architecture', () => {
  it('finds the sources it speaks of', () => {
    expect(rooms.length).toBeGreaterThan(20);
    expect(houses).toContain('orders');
  });

  it('keeps every arrow inside a house pointing downhill', () => {
    expect(
      offences(rooms, (path) =>
        importsOf(path)
          .filter((to) => to.startsWith('.') && !to.includes('/simulator/'))
          .map((to) => relative(root, join(root, dirname(path), to)))
          .filter((to) => to.endsWith('.ts') && !arrows[roomOf(path)].includes(roomOf(to)))
          .map((to) => `${roomOf(path)} imports ${roomOf(to)} ${basename(to)}`),
      ),
    ).toEqual([]);
  });

  it('lets only some rooms know some packages', () => {
    expect(
      offences(rooms, (path) =>
        importsOf(path).filter((to) =>
          packages.some(({ name, rooms: may }) => name.test(to) && !may.includes(roomOf(path))),
        ),
      ),
    ).toEqual([]);
  });

  it('keeps houses apart, the kit below them and the schema below all', () => {
    const foreign = (path: string) =>
      importsOf(path).filter((to) => {
        const wanted = /^@souk\/(\w+)/.exec(to)?.[1];
        if (!wanted || wanted === 'schema') return false;
        if (path.startsWith('schema/')) return true;
        if (isKit(path)) return wanted !== 'kit';
        return houseOf(path) !== undefined && wanted !== 'kit';
      });
    const escaping = (path: string) =>
      importsOf(path).filter((to) => {
        if (!to.startsWith('.')) return false;
        const target = relative(root, join(root, dirname(path), to));
        return (
          target.split('/').slice(0, 2).join('/') !== path.split('/').slice(0, 2).join('/') &&
          !path.startsWith('schema/')
        );
      });
    expect(
      offences(
        all.filter((path) => path.startsWith('schema/') || houseOf(path)),
        (path) => [...foreign(path), ...escaping(path)],
      ),
    ).toEqual([]);
  });

  it('lets the router meet the houses at a few places only', () => {
    const places = ['houses', 'viewer', 'channels', 'revocations', 'embedded'].map((room) => `router/src/${room}.ts`);
    const inRouter = sources.filter((path) => path.startsWith('router/') && !places.includes(path));
    expect(
      offences(inRouter, (path) => importsOf(path).filter((to) => houses.some((house) => to === `@souk/${house}`))),
    ).toEqual([]);
  });

  it('takes time, chance and the environment from the kit alone', () => {
    const banned = [
      /\bDate\.now\(/,
      /\bnew Date\(\s*\)/,
      /\bMath\.random\(/,
      /\bprocess\.env\b/,
      /\b(?:now|clock_timestamp|transaction_timestamp)\(\)/i,
      /\bcurrent_timestamp\b/i,
    ];
    const bound = sources.filter((path) => !isKit(path) && !isSimulator(path));
    expect(
      offences(bound, (path) => banned.filter((pattern) => pattern.test(withoutComments(read(path)))).map(String)),
    ).toEqual([]);
  });

  it('keeps rooms within 400 lines', () => {
    const generated = /\/gql\//;
    expect(
      offences(
        sources.filter((path) => !generated.test(path)),
        (path) => {
          const lines = read(path).split('\n').length - 1;
          return lines > 400 ? [`${lines} lines`] : [];
        },
      ),
    ).toEqual([]);
  });

  it('has no drawer for odds and ends', () => {
    expect(all.filter((path) => /(^|[/.-])(utils?|helpers?|common|misc|manager|base)([/.-]|$)/i.test(path))).toEqual(
      [],
    );
  });

  it('has no unfinished word, no silenced type and no swallowed error', () => {
    const banned = [
      /\bTODO\b|\bFIXME\b|\bXXX\b/,
      /@ts-(ignore|nocheck|expect-error)/,
      /\bas any\b|: any\b/,
      /catch\s*(\([^)]*\))?\s*\{\s*\}/,
    ];
    const own = basename(fileURLToPath(import.meta.url));
    expect(
      offences(
        all.filter((path) => basename(path) !== own),
        (path) => banned.filter((pattern) => pattern.test(read(path))).map(String),
      ),
    ).toEqual([]);
  });

  it('gives every house a README of what it owns, says, hears and promises', () => {
    for (const house of houses) {
      const text = read(`subgraphs/${house}/README.md`);
      for (const heading of ['Owns', 'Says', 'Hears', 'Promises'])
        expect(text, `${house} ${heading}`).toMatch(new RegExp(`\\b${heading}\\b`));
      expect(text.split('\n').length, house).toBeLessThanOrEqual(40);
    }
  });
});

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
