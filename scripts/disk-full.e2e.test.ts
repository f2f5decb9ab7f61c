import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { inspectPostgres, removePostgres } from '@souk/kit/postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localAdmin } from './import/login.ts';
import {
  askGraph,
  freePort,
  type GraphAnswer,
  killLaunched,
  lastWords,
  launch,
  type Run,
} from './run/command.testing.ts';

const run = promisify(execFile);

/** A disk of our own that can be filled without harm, or why this machine does not let us have one. */
const disk = await mkdtemp(join(tmpdir(), 'souk-disk-'));
const refusal = await mount('100m').then(
  () => null,
  () => 'A disk that may be filled: run the tests as root where file systems may be mounted (docker: --privileged)',
);
const dataDir = join(disk, 'data');
const ballast = join(disk, 'ballast');
const env = { SOUK_DATA_DIR: dataDir };

async function mount(size: string): Promise<void> {
  await run('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0755`, 'tmpfs', disk]);
}

/** Takes every byte that is left. */
async function fill(): Promise<void> {
  const file = await open(ballast, 'a');
  try {
    for (const size of [1024 * 1024, 4096]) {
      const block = Buffer.alloc(size, 1);
      while (await file.write(block).then(({ bytesWritten }) => bytesWritten === size, isFull));
    }
  } finally {
    await file.close();
  }
}

function isFull(error: unknown): false {
  if ((error as { code?: unknown }).code !== 'ENOSPC') throw error;
  return false;
}

afterAll(async () => {
  await killLaunched();
  while ((await inspectPostgres(join(dataDir, 'postgres'))).holder !== null) await sleep(20);
  if (refusal === null) {
    await rm(ballast, { force: true });
    await removePostgres(join(dataDir, 'postgres'));
    await run('umount', [disk]);
  }
  await rm(disk, { recursive: true, force: true });
});

describe('a disk that is full', () => {
  if (refusal !== null) {
    it('is told in a sentence, and harms nothing', (test) => {
      test.task.meta.absentServer = refusal;
      test.skip(refusal);
    });
    return;
  }

  const sentence = (folder: string): string[] => [
    `✗ The disk that holds ${folder} is full.`,
    '  Free at least 500 MB on it and start again; nothing that was stored is lost.',
  ];

  it('is one sentence at the start where there is too little room for a database', async () => {
    const start = launch('start', ['--port', String(await freePort())], env);
    expect(await start.ended).toBe(1);
    expect(lastWords(start)).toEqual(sentence(join(dataDir, 'postgres')));
  });

  it('is the same sentence where not a byte is left', async () => {
    await rm(dataDir, { recursive: true });
    await fill();
    const start = launch('start', ['--port', String(await freePort())], env);
    expect(await start.ended).toBe(1);
    expect(lastWords(start)).toEqual(sentence(dataDir));
    await rm(ballast);
  });

  describe('while the shop runs', () => {
    let port: number;
    let shop: Run;
    let token: string;
    /** The SKUs of products that the merchant was told are made. */
    const acknowledged: string[] = [];

    beforeAll(async () => {
      await run('mount', ['-o', 'remount,size=500m', disk]);
      await mkdir(dataDir, { recursive: true });
      await chmod(dataDir, 0o711);
      await writeFile(join(dataDir, 'made-by-souk'), '');
      // The shop is filled in a story of its own.
      await writeFile(join(dataDir, 'seeded'), 'nothing\n');
      port = await freePort();
      shop = launch('start', ['--port', String(port)], env);
      await shop.until('Ctrl-C stops everything.');
      const { data } = await askGraph(
        port,
        'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }',
        { input: localAdmin(process.env) },
      );
      token = (data as { signIn: { session: { accessToken: string } } }).signIn.session.accessToken;
    });

    const createProduct = `mutation ($input: CreateProductInput!) {
      createProduct(input: $input) { product { id } errors { message } }
    }`;
    let made = 0;

    /** Makes a product with a description of some pages; answers the errors, none where it was made. */
    async function make(): Promise<NonNullable<GraphAnswer['errors']>> {
      made += 1;
      const sku = `FULL-${made}`;
      const description = `<p>${randomBytes(24_000).toString('hex')}</p>`;
      const price = { amount: '9.00', currency: 'EUR' };
      const { data, errors } = await askGraph(
        port,
        createProduct,
        { input: { name: sku, sku, description, variants: [{ sku, prices: [price] }] } },
        token,
      );
      if (errors) return errors;
      expect(data).toEqual({ createProduct: { product: { id: expect.any(String) }, errors: [] } });
      acknowledged.push(sku);
      return [];
    }

    /** Every "no" on a full disk is the same: not your mistake, nothing of ours, come again. */
    const comeAgain = {
      message: 'This part of the shop cannot answer right now. Please try again in a moment.',
      path: ['createProduct'],
      extensions: {
        code: 'SUBGRAPH_UNAVAILABLE',
        subgraph: 'products',
        retryAfterMs: 2000,
        requestId: expect.any(String),
      },
    };

    /** False where it was refused. */
    async function isMade(): Promise<boolean> {
      const errors = await make();
      if (errors.length > 0) expect(errors).toEqual([comeAgain]);
      return errors.length === 0;
    }

    async function untilRefused(times: number): Promise<void> {
      for (let refused = 0; refused < times; ) if (!(await isMade())) refused += 1;
    }

    async function untilMade(): Promise<void> {
      while (!(await isMade())) await sleep(100);
    }

    async function ask<Row extends object>(sql: string, database: string): Promise<Row[]> {
      const { url } = await inspectPostgres(join(dataDir, 'postgres'));
      const address = new URL(url!);
      address.pathname = `/${database}`;
      const client = new pg.Client(address.href);
      client.on('error', () => undefined);
      await client.connect();
      try {
        return (await client.query<Row>(sql)).rows;
      } finally {
        await client.end();
      }
    }

    /** What was told to be made is there, and every fact of it is heard: none was given up for want of space. */
    async function expectNothingLost(): Promise<void> {
      const rows = await ask<{ sku: string }>('select sku from products.products', 'souk');
      expect(rows.map(({ sku }) => sku)).toEqual(expect.arrayContaining(acknowledged));
      const houses = await ask<{ name: string }>(
        `select table_schema as name from information_schema.tables where table_name = 'outbox'`,
        'souk',
      );
      const countOf = async (what: string): Promise<number> => {
        const parts = houses.map(({ name }) => `select count(*)::int as n from ${name}.${what}`);
        const [row] = await ask<{ n: number }>(`select sum(n)::int as n from (${parts.join(' union all ')}) a`, 'souk');
        return row!.n;
      };
      while ((await countOf('outbox where published_at is null')) > 0) await sleep(100);
      expect(await countOf('dead_letters')).toBe(0);
    }

    it('refuses writes as something to try again, and goes on by itself when there is room', async () => {
      // A fresh segment of the log has room for all that follows: this is about the tables.
      await ask('select pg_switch_wal()', 'postgres');
      await untilMade();
      await fill();
      await untilRefused(5);
      const { data } = await askGraph(port, '{ products { nodes { id } } }');
      expect(data).toEqual({ products: { nodes: [] } });
      await rm(ballast);
      await untilMade();
      await expectNothingLost();
    });

    it('outlives a database that cannot even write its log, and brings it back when there is room', async () => {
      await fill();
      const from = shop.said().length;
      // The next segment of the log has no room, and PostgreSQL ends itself rather than acknowledge what it cannot keep.
      while (!shop.said().slice(from).includes('as soon as there is room')) {
        await ask('select pg_switch_wal()', 'postgres').catch(() => undefined);
        await isMade();
      }
      await untilRefused(3);
      await rm(ballast);
      await untilMade();
      await expectNothingLost();
      expect(shop.child.exitCode).toBeNull();
    });

    it('stops as ever', async () => {
      shop.child.kill('SIGTERM');
      expect(await shop.ended).toBe(0);
    });
  });
});
