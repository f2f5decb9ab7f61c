import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../run/options.ts';
import { planHouse, writePlan } from './plan.ts';

/** Only a hang meets it: installing and checking a whole copy takes a minute or two on a small machine. */
const LONG = 15 * 60_000;

const temporary: string[] = [];
const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'souk-house-'));
  temporary.push(folder);
  return folder;
};
afterAll(async () => {
  for (const folder of temporary) await rm(folder, { recursive: true, force: true });
});

/** Every file of the project as it is now, committed or not, without what git ignores. */
async function listProjectFiles(): Promise<string[]> {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { stdout } = await promisify(execFile)('git', args, { cwd: root, maxBuffer: 64_000_000 });
  return [...new Set(stdout.split('\0'))].filter((path) => path !== '');
}

async function copyProject(to: string, wanted: (path: string) => boolean = () => true): Promise<void> {
  for (const path of (await listProjectFiles()).filter(wanted)) {
    await mkdir(dirname(join(to, path)), { recursive: true });
    await cp(join(root, path), join(to, path)).catch((error: NodeJS.ErrnoException) => {
      // Deleted and not yet committed.
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

const refusal = (folder: string, house: string, aggregate?: string): Promise<string> =>
  planHouse(folder, house, aggregate).then(
    () => 'none',
    (error: Error) => error.message,
  );

describe('planning a house', () => {
  let copy: string;
  const namedIn = /^(schema\/|supergraph\.yaml$|router\/(package\.json|src\/houses\.ts)$|subgraphs\/platform\/)/;
  const everything = async (): Promise<Map<string, string>> => {
    const files = (await readdir(copy, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
    return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)));
  };
  beforeAll(async () => {
    copy = await temporaryFolder();
    await copyProject(copy, (path) => namedIn.test(path));
  });

  it('refuses a name that a house has', async () => {
    expect(await refusal(copy, 'platform')).toBe(
      'There is a house called "platform" already, in subgraphs/platform; choose another name or remove that folder.',
    );
  });

  it('refuses an aggregate that the graph or the facts have', async () => {
    const message = (what: string) => `${what} Name another aggregate with --aggregate.`;
    expect(await refusal(copy, 'things', 'Product')).toBe(message('@souk/schema exports ProductId already.'));
    expect(await refusal(copy, 'things', 'Address')).toBe(message('@souk/schema exports AddressId already.'));
    expect(await refusal(copy, 'things', 'Money')).toBe(
      '"Money" is a word of the language or of the kit and cannot name an aggregate.',
    );
    await mkdir(join(copy, 'schema/subgraphs'), { recursive: true });
    const sdl = join(copy, 'schema/subgraphs/elsewhere.graphql');
    await writeFile(sdl, 'type WidgetEvent { id: ID } type Query { gadgets: [ID] }');
    expect(await refusal(copy, 'things', 'Widget')).toBe(
      message('The graph has a type WidgetEvent already, in elsewhere.'),
    );
    expect(await refusal(copy, 'things', 'Gadget')).toBe(
      message('The graph has a root field gadgets already, in elsewhere.'),
    );
    await rm(sdl);
  });

  it('refuses to overwrite a file, before it writes any', async () => {
    const left = join(copy, 'schema/events/reviews.ts');
    await writeFile(left, '// kept');
    const before = await everything();
    expect(await refusal(copy, 'reviews')).toBe(
      'schema/events/reviews.ts is there already and would be overwritten, so nothing was written.',
    );
    expect(await everything()).toEqual(before);
    await rm(left);
  });

  it('refuses a project whose lists were moved, before it writes anything', async () => {
    const houses = join(copy, 'router/src/houses.ts');
    const text = await readFile(houses, 'utf8');
    await writeFile(houses, text.replace('export const houses', 'export const rooms'));
    expect(await refusal(copy, 'reviews')).toBe(
      'The list of houses in router/src/houses.ts could not be found, so nothing was written.',
    );
    await writeFile(houses, text);
  });

  it('takes back what it wrote when a write fails half way', async () => {
    const plan = await planHouse(copy, 'reviews', undefined);
    const before = await everything();
    // The last file to be created is there by now.
    const last = [...plan.created.keys()].at(-1)!;
    await writeFile(join(copy, last), '// somebody else’s');
    await expect(writePlan(copy, plan)).rejects.toThrow('EEXIST');
    expect(await everything()).toEqual(new Map([...before, [join(copy, last), '// somebody else’s']]));
    await rm(join(copy, last));
  });

  it('makes room for a second house after a first', async () => {
    for (const [house, aggregate] of [
      ['reviews', undefined],
      ['giftcards', 'GiftCard'],
    ] as const) {
      await writePlan(copy, await planHouse(copy, house, aggregate));
    }
    const read = (path: string) => readFile(join(copy, path), 'utf8');
    expect(await read('schema/events/index.ts')).toMatch(
      /'platform\.ChannelChanged': state\(\[(?:'\w+', )*'reviews', 'giftcards'\]/,
    );
    const ports = [...(await read('supergraph.yaml')).matchAll(/:(\d+)\/graphql/g)].map((match) => Number(match[1]));
    expect(ports.slice(-2)).toEqual([ports.at(-3)! + 1, ports.at(-3)! + 2]);
    expect(new Set(ports).size).toBe(ports.length);
    const prefixes = [...(await read('schema/ids.ts')).matchAll(/^ {2}\w+: '([a-z]+)',$/gm)].map((match) => match[1]);
    expect(prefixes.slice(-2)).toEqual(['review', 'gift']);
    expect(new Set(prefixes).size).toBe(prefixes.length);
    expect(await refusal(copy, 'more', 'Review')).toBe(
      '@souk/schema exports ReviewId already. Name another aggregate with --aggregate.',
    );
  });
});

describe('a new house in a copy of this project', () => {
  let copy: string;
  const sources = ['--conditions=source', '--import', '@oxc-node/core/register'];
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default'];

  /** Runs the project's Node in the copy, with nothing of this test run in its environment. */
  async function node(...args: string[]): Promise<{ code: number | null; said: string }> {
    const env = Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) => !/^(VITEST|SOUK_|npm_|NODE_OPTIONS$|NODE_ENV$|TEST$|DEV$|PROD$|MODE$)/.test(name),
      ),
    );
    const child = spawn(process.execPath, args, { cwd: copy, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
    return { code, said };
  }
  const passes = async (...args: string[]): Promise<string> => {
    const { code, said } = await node(...args);
    expect(code, said).toBe(0);
    return said;
  };

  beforeAll(async () => {
    copy = await temporaryFolder();
    await copyProject(copy);
    const said = await passes('scripts/bootstrap.mjs', 'new-subgraph', '--', 'wishlists');
    expect(said).toContain('Made the house wishlists, which keeps wishlists (ids wish_…)');
  }, LONG);

  it('has right types', () => passes('node_modules/typescript/bin/tsc', '-p', '.'), LONG);

  it(
    'is clean for the linter',
    async () => {
      await passes(
        'node_modules/@biomejs/biome/bin/biome',
        'check',
        'subgraphs/wishlists',
        'schema',
        'router/src/houses.ts',
      );
    },
    LONG,
  );

  it(
    'composes to what is written',
    async () => {
      expect(await passes(...sources, 'scripts/compose.ts', '--check')).toContain('The supergraph is up to date.');
      expect(await readFile(join(copy, 'schema/supergraph.graphql'), 'utf8')).toContain(
        'type Wishlist implements Node',
      );
    },
    LONG,
  );

  it('keeps the architecture and the rules of the schema', () => passes(...vitest, '--project', 'architecture'), LONG);

  it(
    'passes its own tests',
    async () => {
      const said = await passes(...vitest, 'subgraphs/wishlists');
      expect(said).toContain('wishlist.unit.test.ts');
      expect(said).toContain('wishlist.int.test.ts');
    },
    LONG,
  );
});
