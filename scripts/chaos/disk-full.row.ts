import { randomBytes } from 'node:crypto';
import { access, chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspectPostgres, removePostgres } from '@souk/kit/postgres';
import { violations } from '@souk/router/laws';
import { localAdmin } from '../import/login.ts';
import { askGraph, freePort, type GraphAnswer, launch, type Run } from '../run/command.testing.ts';
import { connect } from './point-in-time.ts';
import { inspection, until } from './rest.ts';
import type { Row, Scene } from './row.ts';
import { NO_DISK, openSmallDisk, type SmallDisk } from './small-disk.ts';

export const diskFull: Row = {
  name: 'disk-full',
  promise:
    'on a full disk every write is refused as something to try again, nothing acknowledged is lost, and it goes on by itself when there is room',
  async run(scene) {
    const disk = await openSmallDisk(join(scene.folder, 'disk'), '500m');
    if (!disk) return { done: '', wrongs: [`It was not tried. ${NO_DISK}.`] };
    const dataDir = join(disk.folder, 'data');
    await mkdir(dataDir);
    await chmod(dataDir, 0o711);
    await writeFile(join(dataDir, 'made-by-souk'), '');
    // A merchant's shop without the demo's goods.
    await writeFile(join(dataDir, 'seeded'), 'nothing\n');
    const port = await freePort();
    const shop = launch('start', ['--port', String(port)], { SOUK_DATA_DIR: dataDir });
    try {
      await shop.until('Ctrl-C stops everything.');
      // Where PostgreSQL's user cannot reach this folder its data lies elsewhere, and no disk would ever be full.
      await access(join(dataDir, 'postgres', 'data'));
      return await fillUp(scene, { disk, dataDir, port, shop });
    } finally {
      await disk.free();
      shop.child.kill('SIGTERM');
      await shop.ended;
      await removePostgres(join(dataDir, 'postgres'));
      await disk.close();
    }
  },
};

interface World {
  readonly disk: SmallDisk;
  readonly dataDir: string;
  readonly port: number;
  readonly shop: Run;
}

/** Every "no" on a full disk is the same: not your mistake, nothing of ours, come again. */
const COME_AGAIN = {
  code: 'SUBGRAPH_UNAVAILABLE',
  message: 'This part of the shop cannot answer right now. Please try again in a moment.',
  retryAfterMs: 2000,
};

async function fillUp({ short, say }: Scene, { disk, dataDir, port, shop }: World) {
  const { wrongs, expect } = inspection();
  const token = await signIn(port);
  /** The SKUs of products that the merchant was told are made. */
  const acknowledged: string[] = [];
  let asked = 0;
  let refused = 0;

  /** Makes a product with a description of some pages; false where it was refused. */
  async function isMade(): Promise<boolean> {
    asked += 1;
    const sku = `FULL-${asked}`;
    const { data, errors } = await make(port, token, sku);
    if (!errors) {
      expect(`the answer about ${sku}`, data?.createProduct, { product: { sku }, errors: [] });
      acknowledged.push(sku);
      return true;
    }
    refused += 1;
    for (const { message, extensions } of errors) {
      const { code, retryAfterMs } = extensions;
      expect(`the refusal of ${sku}`, { code, message, retryAfterMs }, COME_AGAIN);
    }
    return false;
  }
  const untilRefused = async (times: number): Promise<void> => {
    for (const end = refused + times; refused < end; ) await isMade();
  };
  const untilMade = async (): Promise<void> => {
    while (!(await isMade())) await sleep(100);
  };
  const ask = async <Row extends object>(sql: string, database = 'souk'): Promise<Row[]> => {
    const { url } = await inspectPostgres(join(dataDir, 'postgres'));
    const client = await connect(Object.assign(new URL(url!), { pathname: `/${database}` }).href);
    try {
      return (await client.query<Row>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  /** What was told to be made is there, and every fact of it is heard: none was given up for want of space. */
  const look = async (): Promise<void> => {
    const stored = new Set((await ask<{ sku: string }>('select sku from products.products')).map(({ sku }) => sku));
    expect(
      'acknowledged products that are gone',
      acknowledged.filter((sku) => !stored.has(sku)),
      [],
    );
    const broken = await until(
      () => violations((sql) => ask(sql)),
      (found) => found.length === 0,
    );
    for (const { law, examples } of broken) expect(`law ${law.number} (${law.text})`, examples, []);
    const letters = (await ask<{ house: string }>(HOUSES)).map(
      ({ house }) => `select fact_id from ${house}.dead_letters`,
    );
    expect('facts that were given up', await ask(letters.join(' union all ')), []);
  };

  const rounds = short ? 1 : 5;
  for (let round = 1; round <= rounds; round++) {
    say(`round ${round} of ${rounds}: no room for tables`);
    // A fresh segment of the log has room for all that follows: this is about the tables.
    await ask('select pg_switch_wal()', 'postgres');
    await untilMade();
    await disk.fill();
    await untilRefused(5);
    const { errors } = await askGraph(port, '{ products { nodes { id } } }');
    expect('who only reads on a full disk', errors ?? [], []);
    await disk.free();
    await untilMade();
    await look();

    say(`round ${round} of ${rounds}: no room for the log`);
    await disk.fill();
    const from = shop.said().length;
    // The next segment of the log has no room, and PostgreSQL ends itself rather than acknowledge what it cannot keep.
    while (!shop.said().slice(from).includes('as soon as there is room')) {
      await ask('select pg_switch_wal()', 'postgres').catch(() => undefined);
      await isMade();
    }
    await untilRefused(3);
    await disk.free();
    await untilMade();
    await look();
  }
  expect('the shop as a process', shop.child.exitCode, null);
  shop.child.kill('SIGTERM');
  expect('how it ended when it was told to', await shop.ended, 0);
  return {
    done: `${rounds} times without room for tables and for the log; ${acknowledged.length} products made, ${refused} refused`,
    wrongs: [...new Set(wrongs)],
  };
}

const HOUSES = `select table_schema as house from information_schema.tables where table_name = 'dead_letters'`;

async function signIn(port: number): Promise<string> {
  const { data } = await askGraph(
    port,
    'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }',
    { input: localAdmin(process.env) },
  );
  return (data as { signIn: { session: { accessToken: string } } }).signIn.session.accessToken;
}

const make = (port: number, token: string, sku: string): Promise<GraphAnswer> =>
  askGraph(
    port,
    `mutation ($input: CreateProductInput!) {
      createProduct(input: $input) { product { sku } errors { message } }
    }`,
    {
      input: {
        name: sku,
        sku,
        description: `<p>${randomBytes(24_000).toString('hex')}</p>`,
        variants: [{ sku, prices: [{ amount: '9.00', currency: 'EUR' }] }],
      },
    },
    token,
  );
