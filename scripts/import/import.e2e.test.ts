import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSouk, type TestSouk } from '../../router/src/souk.testing.ts';
import { type Imported, type ImportOptions, importFile } from './import-file.ts';
import { localAdmin } from './login.ts';
import type { Source } from './shopify-csv.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const real = ['apparel.csv', 'home-and-garden.csv'].map((name) => join(root, '..', 'shared', 'data', 'shopify', name));
const sample = join(root, 'scripts', 'import', 'sample.csv');
const login = localAdmin({});
const HEADER = 'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Variant Inventory Qty,Image Src';

let souk: TestSouk;
let folder: string;
let files = 0;

beforeAll(async () => {
  souk = await startSouk();
  folder = await mkdtemp(join(tmpdir(), 'souk-import-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await souk?.stop();
});

const run = (options: Partial<ImportOptions> & { file: string }): Promise<Imported> =>
  importFile({ url: souk.urls.graph, login, ...options });

async function write(content: string | Uint8Array): Promise<string> {
  files += 1;
  const file = join(folder, `file-${files}.csv`);
  await writeFile(file, content);
  return file;
}
const lines = (...rows: string[]): Promise<string> => write([HEADER, ...rows, ''].join('\n'));

const counts = ({ report }: Imported) => ({ ...report.counts, stock: { ...report.stock } });
const none = { created: 0, updated: 0, unchanged: 0, refused: 0, notice: 0, stock: { set: 0, unchanged: 0 } };

/** Outcome, row, column and sentence of everything the report says. */
async function told(file: string, options: Partial<ImportOptions> = {}): Promise<string[][]> {
  const report = join(folder, `report-${files}.csv`);
  await run({ ...options, file, report });
  const [, ...rows] = parse(await readFile(report), { bom: true });
  return rows.map(([outcome, row, , column, handle, message]) => [outcome!, row!, column!, handle!, message!]);
}

async function shown(slug: string) {
  const admin = await souk.admin();
  const { productBySlug } = await admin.run(
    `query ($slug: String!) { productBySlug(slug: $slug) {
      name status tags price { amount currency }
      media { sourceUrl status position }
      variants { sku price { amount } compareAtPrice { amount } levels { onHand warehouse { code } } }
    } }`,
    { slug },
  );
  return productBySlug;
}

async function products(): Promise<number> {
  const [row] = await souk.sql<{ count: string }>('select count(*) from products.products');
  return Number(row!.count);
}

describe('npm run import', () => {
  it('does not begin where stock is counted and there is no warehouse to put it in', async () => {
    await expect(run({ file: sample })).rejects.toMatchObject({
      message: 'The file counts stock, but the shop has no warehouse to put it in.',
      advice: 'Open a warehouse first, or import without quantities with --no-stock.',
    });
    expect(await products()).toBe(0);
    const admin = await souk.admin();
    for (const [code, priority] of [
      ['FIRST', 1],
      ['SECOND', 2],
    ]) {
      const input = { code, name: `The ${code} one`, country: 'NL', priority };
      await admin.run(
        'mutation ($input: CreateWarehouseInput!) { createWarehouse(input: $input) { errors { code } } }',
        {
          input,
        },
      );
    }
  });

  it('brings a file into the shop, and the same file again changes nothing', async () => {
    expect(counts(await run({ file: sample }))).toEqual({
      ...none,
      created: 3,
      notice: 2,
      stock: { set: 2, unchanged: 1 },
    });
    const facts = await souk.sql(
      'select (select count(*) from products.outbox) p, (select count(*) from inventory.outbox) i',
    );
    expect(counts(await run({ file: sample }))).toEqual({
      ...none,
      unchanged: 3,
      notice: 2,
      stock: { set: 0, unchanged: 3 },
    });
    await souk.quiet();
    expect(
      await souk.sql('select (select count(*) from products.outbox) p, (select count(*) from inventory.outbox) i'),
    ).toEqual(facts);
    expect(await products()).toBe(3);
    expect(await shown('quay-scarf')).toEqual({
      name: 'Quay Scarf',
      status: 'PUBLISHED',
      tags: ['wool', 'winter'],
      price: { amount: '39.00', currency: 'EUR' },
      media: [1, 2, 3, 4].map((position) => ({
        sourceUrl: `https://pictures.example.com/quay-scarf-${position === 4 ? 'cafe' : position}.jpg`,
        status: 'PENDING',
        position,
      })),
      variants: [
        {
          sku: 'QS-SHORT-CAFE',
          price: { amount: '39.00' },
          compareAtPrice: null,
          levels: [{ onHand: 12, warehouse: { code: 'FIRST' } }],
        },
        {
          sku: 'QS-LONG-CAFE',
          price: { amount: '49.00' },
          compareAtPrice: { amount: '59.00' },
          levels: [{ onHand: 3, warehouse: { code: 'FIRST' } }],
        },
      ],
    });
  });

  it('brings in real exports, twice', async ({ skip }) => {
    if (!real.every((file) => existsSync(file))) {
      console.warn(
        `\n!!! The real exports are not here (${real.join(', ')}). Only the project's own sample was imported.\n`,
      );
      skip('the real exports are not here');
    }
    const before = await products();
    const first = [];
    for (const file of real) first.push(counts(await run({ file })));
    expect(first).toEqual([
      { ...none, created: 20, stock: { set: 22, unchanged: 0 } },
      { ...none, created: 20, stock: { set: 19, unchanged: 2 } },
    ]);
    const again = [];
    for (const file of real) again.push(counts(await run({ file })));
    expect(again).toEqual([
      { ...none, unchanged: 20, stock: { set: 0, unchanged: 22 } },
      { ...none, unchanged: 20, stock: { set: 0, unchanged: 21 } },
    ]);
    expect(await products()).toBe(before + 40);
  });

  it('changes what the file changed, and only that', async () => {
    await run({ file: await lines('cup,Cup,Size,S,C-S,5,10,', 'cup,,,M,C-M,6,10,', 'jar,Jar,,,J,3,1,') });
    const again = await lines('cup,Cup,Size,S,C-S,5.50,10,', 'cup,,,M,C-M,6,7,', 'jar,Jar,,,J,3,1,');
    expect(await told(again)).toEqual([
      ['updated', '2', '', 'cup', ''],
      ['unchanged', '4', '', 'jar', ''],
    ]);
    // Only its stock moved: the product is changed all the same.
    expect(counts(await run({ file: await lines('jar,Jar,,,J,3,2,') }))).toEqual({
      ...none,
      updated: 1,
      stock: { set: 1, unchanged: 0 },
    });
    expect((await shown('cup')).variants).toMatchObject([
      { price: { amount: '5.50' }, levels: [{ onHand: 10 }] },
      { price: { amount: '6.00' }, levels: [{ onHand: 7 }] },
    ]);
  });

  it('counts stock in the warehouse that is named, or not at all', async () => {
    const file = await lines('vase,Vase,,,V,30,8,');
    await run({ file, stock: false });
    expect((await shown('vase')).variants[0].levels).toEqual([]);
    await run({ file, warehouse: 'second' });
    expect((await shown('vase')).variants[0].levels).toEqual([{ onHand: 8, warehouse: { code: 'SECOND' } }]);
  });

  it('keeps no stock of what is not for sale, and says so', async () => {
    const file = await write('Handle,Title,Variant Price,Variant Inventory Qty,Status\ndraft,Draft,5,4,draft\n');
    expect(await told(file)).toEqual([
      [
        ...['notice', '2', 'Variant Inventory Qty', 'draft'],
        'Stock is kept only of what is for sale: publish the product and import the file again.',
      ],
      ['created', '2', '', 'draft', ''],
    ]);
  });

  it('says what a trial run would do, and does nothing', async () => {
    const before = await products();
    const imported = await run({ file: await lines('trial,Trial,,,T,5,4,', 'cup,Cup,Size,S,C-S,9,1,'), dryRun: true });
    expect(counts(imported)).toEqual({ ...none, created: 1, updated: 1, stock: { set: 1, unchanged: 0 } });
    expect(imported.report.summary(80, true)).toContain('1  would be created');
    expect(await products()).toBe(before);
    expect((await shown('cup')).variants).toHaveLength(2);
  });

  it('names row and column of what the shop refuses, and takes the rest', async () => {
    const file = await lines('thief,Thief,,,C-S,5,,', '靴,Shoes,,,SHOES,5,,', 'fine,Fine,,,FINE,5,,');
    expect(await told(file)).toEqual([
      ['refused', '2', 'Variant SKU', 'thief', 'A variant of another product has this SKU.'],
      ['refused', '3', 'Handle', '靴', 'A handle has at least one letter or digit of the Latin alphabet.'],
      ['created', '4', '', 'fine', ''],
    ]);
    const { report } = await run({ file });
    expect([report.exitCode, await shown('thief')]).toEqual([1, null]);
  });

  it('with --abort imports all or nothing', async () => {
    const before = await products();
    const bad = await run({ file: await lines('whole,Whole,,,W,5,1,', 'thief,Thief,,,C-S,5,,'), errorPolicy: 'ABORT' });
    expect([bad.report.exitCode, bad.remarks]).toEqual([1, ['Nothing was imported, because not everything could be.']]);
    expect(await products()).toBe(before);
    const good = await run({ file: await lines('whole,Whole,,,W,5,1,'), errorPolicy: 'ABORT' });
    expect(counts(good)).toEqual({ ...none, created: 1, stock: { set: 1, unchanged: 0 } });
  });

  it('refuses a second product for the same web address', async () => {
    expect(await told(await lines('a-b,One,,,AB1,5,,', 'a_b,Two,,,AB2,5,,'))).toEqual([
      ['refused', '3', 'Handle', 'a_b', 'Its web address would be that of the product “a-b” of row 2.'],
      ['created', '2', '', 'a-b', ''],
    ]);
  });

  it('makes each thing once although the line breaks after the shop has done it', async () => {
    const asked: string[] = [];
    const breaking: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      const { query } = JSON.parse(String(init?.body)) as { query: string };
      const operation = /(?:query|mutation) (\w+)/.exec(query)![1]!;
      asked.push(operation);
      // Of everything that is asked the first answer is lost.
      if (asked.filter((one) => one === operation).length > 1 || operation === 'SignIn') return response;
      await response.arrayBuffer();
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
    };
    const file = await lines('line,Line,,,LINE,5,9,', 'rope,Rope,,,ROPE,5,4,');
    const { report, remarks } = await run({ file, fetch: breaking });
    expect([report.exitCode, report.refused]).toEqual([0, 0]);
    expect(remarks).toEqual(['The connection broke 5 times; what was then sent again may be counted as unchanged.']);
    expect((await shown('line')).variants).toMatchObject([{ levels: [{ onHand: 9 }] }]);
    const movements = await souk.sql(
      'select sum(quantity)::int as sum, count(*)::int as count from inventory.movements where variant_id in (select id from products.product_variants where sku in ($1, $2))',
      ['LINE', 'ROPE'],
    );
    expect(movements).toEqual([{ sum: 13, count: 2 }]);
    expect(counts(await run({ file }))).toEqual({ ...none, unchanged: 2, stock: { set: 0, unchanged: 2 } });
  });
});

describe('a file that is not as it should be', () => {
  it('whose quotation mark is never closed gives nothing', async () => {
    const before = await products();
    expect(await told(await lines('one,One,,,1,5,,', 'two,"Two,,,2,5,,', 'three,Three,,,3,5,,'))).toEqual([
      [
        ...['refused', '3', '', ''],
        'A quotation mark opens here and is not closed, so the rows after it cannot be told apart. Nothing of the file was imported.',
      ],
    ]);
    expect(await products()).toBe(before);
  });

  it('in another encoding is refused cell by cell, and read where the encoding is named', async () => {
    const file = await write(Buffer.from(`${HEADER}\ncafe,Caf\xe9,,,CAFE,5,,\n`, 'latin1'));
    expect(await told(file)).toEqual([
      [
        ...['refused', '2', 'Title', 'cafe'],
        'The text is not UTF-8. Read as Windows-1252 it says “Café”; if that is right, import with --encoding windows-1252, or save the file as UTF-8.',
      ],
    ]);
    await run({ file, encoding: 'windows-1252' });
    expect((await shown('cafe')).name).toBe('Café');
  });

  it.each([
    ['no CSV', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]), /^This is not a CSV file but an Excel workbook/],
    ['empty', '', /^The file is empty/],
    ['without the columns', 'Name,Cost\nMug,5\n', /^The file has no column “Handle”, “Title”, “Variant Price”/],
  ])('being %s is refused as a whole', async (_, content, sentence) => {
    const { report } = await run({ file: await write(content) });
    expect([report.exitCode, report.counts.refused]).toEqual([1, 1]);
    expect(report.summary(1000).split(': ').slice(1).join(': ')).toMatch(sentence);
  });

  it('of 100,000 rows tells of every bad one and brings in every good one', async () => {
    const rows: Source = async function* () {
      yield Buffer.from(`${HEADER}\n`);
      for (let index = 0; index < 100_000; index += 1_000) {
        const block = Array.from({ length: 1_000 }, (_, at) => {
          const number = index + at;
          const price = number % 50 === 0 ? '5' : 'five';
          return `many-${number},Many ${number},,,MANY-${number},${price},${number % 7},\n`;
        });
        yield Buffer.from(block.join(''));
      }
    };
    const before = await products();
    const report = join(folder, 'many.csv');
    const { report: result } = await run({ file: 'many.csv', source: rows, report });
    expect(result.counts).toEqual({ ...none, stock: undefined, created: 2_000, refused: 98_000 });
    expect(await products()).toBe(before + 2_000);
    const written = parse(await readFile(report), { bom: true });
    expect(written.length).toBe(100_001);
    expect(written.filter(([outcome]) => outcome === 'refused').at(-1)).toEqual([
      ...['refused', '100001', '100001', 'Variant Price', 'many-99999'],
      '“five” is not an amount of money; write it like 1234.50, without a currency sign.',
    ]);
  });
});

describe('an import that cannot begin', () => {
  it.each<[string, () => Partial<ImportOptions>, string]>([
    ['there is no such file', () => ({ file: '/nowhere/products.csv' }), 'There is no file /nowhere/products.csv.'],
    ['it is a folder', () => ({ file: folder }), 'is a folder.'],
    [
      'the password is wrong',
      () => ({ login: { ...login, password: 'not the password' } }),
      'did not let admin@souk.example in: ',
    ],
    ['there is no such channel', () => ({ channel: 'moon' }), 'The shop has no active channel "moon".'],
    [
      'the channel has another currency',
      () => ({ currency: 'USD' }),
      'The channel "default" sells in EUR, not in USD.',
    ],
    ['there is no such warehouse', () => ({ warehouse: 'attic' }), 'The shop has no open warehouse "attic".'],
    [
      'no shop answers',
      () => ({ url: 'http://127.0.0.1:9/graphql' }),
      'No shop answers at http://127.0.0.1:9/graphql.',
    ],
    ['the address is another', () => ({ url: `${souk.url}/nothing` }), "is not a Souk shop's graph."],
  ])('because %s says so', async (_, options, sentence) => {
    const trying = run({ file: sample, ...options() });
    await expect(trying).rejects.toThrow(sentence);
    await expect(trying).rejects.toMatchObject({ name: 'StartupError' });
  });

  it('because the account may not says so, and changes nothing', async () => {
    const before = await products();
    const { email } = await souk.customer();
    const shopper = { email, password: 'a long enough passphrase' };
    const file = await lines('denied,Denied,,,DENIED,5,1,');
    await expect(run({ file, login: shopper })).rejects.toMatchObject({
      message: `The account ${email} may not import products: it has not the role MERCHANDISER.`,
    });
    const admin = await souk.admin();
    const { users } = await admin.run('query ($search: String!) { users(search: $search) { nodes { id } } }', {
      search: email,
    });
    await admin.run('mutation ($input: SetUserRolesInput!) { setUserRoles(input: $input) { errors { code } } }', {
      input: { id: users.nodes[0].id, roles: ['MERCHANDISER'] },
    });
    await expect(run({ file, login: shopper })).rejects.toMatchObject({
      message: `The account ${email} may not set stock: it has not the role WAREHOUSE.`,
    });
    expect(await products()).toBe(before);
    expect(counts(await run({ file, login: shopper, stock: false }))).toEqual({ ...none, created: 1 });
  });
});

describe('the command', () => {
  async function command(...words: string[]): Promise<{ code: number; said: string; complained: string }> {
    const flags = ['--conditions=source', '--import', '@oxc-node/core/register'];
    const child = spawn(process.execPath, [...flags, join(root, 'scripts', 'import.ts'), ...words], {
      cwd: root,
      env: { PATH: process.env.PATH, INIT_CWD: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [said, complained] = ['', ''];
    child.stdout.on('data', (text) => {
      said += text;
    });
    child.stderr.on('data', (text) => {
      complained += text;
    });
    const [code] = (await once(child, 'close')) as [number];
    return { code, said, complained };
  }

  it('ends with 0 where all is in the shop, and shows progress and counts', async () => {
    const file = await lines('shell,Shell,,,SHELL,5,1,');
    const { code, said, complained } = await command(file, '--url', souk.urls.graph);
    expect([code, complained]).toEqual([0, 'Importing rows: 0 of 1\nImporting rows: 1 of 1\n']);
    expect(said).toBe(
      '\nProducts\n  1  created\n  0  updated\n  0  unchanged\n  0  refused\nStock    1 level set, 0 levels unchanged\n',
    );
  });

  it('ends with 1 where something is refused, and where it cannot begin', async () => {
    await lines('worse,Worse,,,WORSE,many,1,');
    const bad = await command(`file-${files}.csv`, '--url', souk.urls.graph);
    expect([bad.code, bad.said.split('\n')[1]]).toEqual([
      1,
      '✗ row 2 · “Variant Price” · worse: “many” is not an amount of money; write it like 1234.50, without',
    ]);
    const absent = await command('absent.csv');
    expect([absent.code, absent.complained]).toEqual([
      1,
      `\n✗ There is no file ${join(folder, 'absent.csv')}.\n  Correct the name; a name with blanks needs quotation marks.\n`,
    ]);
  });
});
