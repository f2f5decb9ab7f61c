import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { sleep } from './clock.ts';
import { readConfig } from './config.ts';
import { houseUrl, placesOf } from './db.places.ts';
import { prepareSite, type Site } from './db.prepare.ts';
import { asAdministrator, newDatabase, varied } from './db.testing.ts';
import { timeouts } from './db.ts';
import { type Answer, IMITATED_PID, imitatePostgres } from './postgres.imitation.testing.ts';
import { shelf, slowShelf } from './shelf.testing.ts';

const setting = 'SOUK_POSTGRES_URL';
const house = { name: 'shelf', migrations: shelf };
const other = { name: 'attic', migrations: shelf };
const prepare = (url: string, more: Partial<Site> = {}) => prepareSite({ setting, url, houses: [house], ...more });
const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => new Error('it went through'),
    (thrown: Error & { advice?: string }) => thrown,
  );
  expect(error.name).toBe('StartupError');
  const { message, advice } = error as Error & { advice: string };
  // One sentence each, and nothing secret in them.
  expect(message).toMatch(/^[^\n]+\.$/);
  expect(`${message} ${advice}`).not.toContain('hunter2');
  return `${message} ${advice}`;
};

describe('a start says in one sentence what is wrong with its PostgreSQL:', () => {
  const server = inject('postgresUrl');
  it('what is no URL', async () => {
    for (const SOUK_POSTGRES_URL of ['localhost', 'http://localhost/souk', 'mysql://root@localhost/souk'])
      expect(() => readConfig({ SOUK_POSTGRES_URL })).toThrow(/SOUK_POSTGRES_URL: not a valid value/);
    expect(() => readConfig({ SOUK_POSTGRES_URL_ORDERS: 'hunter2' })).toThrow(/SOUK_POSTGRES_URL_ORDERS: not a valid/);
    expect(await refusal(prepare(varied(server, (url) => (url.pathname = '/'))))).toMatch(/is not the URL/);
  });
  it('a host that is not there, and a name that is none', async () => {
    expect(await refusal(prepare(varied(server, (url) => (url.port = '1'))))).toMatch(/nothing listens there/);
    const nowhere = varied(server, (url) => (url.hostname = 'nowhere.invalid'));
    expect(await refusal(prepare(nowhere))).toMatch(/no host of that name|cannot be looked up/);
  });
  it('something that is no PostgreSQL', async () => {
    const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, '127.0.0.1');
    await once(web, 'listening');
    const { port } = web.address() as { port: number };
    expect(await refusal(prepare(`postgres://a:hunter2@127.0.0.1:${port}/souk`))).toMatch(/PostgreSQL at 127/);
    web.close();
  });
  it('a wrong password, a missing one and a role that is none', async () => {
    const wrong = [
      varied(server, (url) => (url.password = 'hunter2')),
      varied(server, (url) => (url.password = '')),
      varied(server, (url) => (url.username = 'stranger')),
    ];
    for (const url of wrong) expect(await refusal(prepare(url))).toMatch(/refuses the role/);
  });
  it('a database that is not there and may not be made', async () => {
    await asAdministrator(`create role poor_${process.pid} login password 'hunter2'`);
    const url = varied(newDatabase().url, (one) => {
      one.username = `poor_${process.pid}`;
      one.password = 'hunter2';
    });
    expect(await refusal(prepare(url))).toMatch(/There is no database 't_\w+' .* may not make one/);
    await asAdministrator(`drop role poor_${process.pid}`);
  });
  const rights = { me: 'somebody', superuser: 'f', administers: 'f', may_create: 't', pid: IMITATED_PID };
  it('a server that is too old', async () => {
    const old = await imitatePostgres(() => [{ ...rights, version: '170004' }]);
    expect(await refusal(prepare(old.url))).toMatch(/is version 17, and Souk needs 18 or newer/);
    old.stop();
  });
  it('an extension that is not installed', async () => {
    const said: Record<string, Answer> = {
      'select current_setting': [{ ...rights, version: '180004' }],
      'select pg_has_role': [{ mine: 't' }],
      'create extension': { code: '0A000', message: 'extension "pg_trgm" is not available' },
      'select from pg_namespace': [{}],
    };
    const bare = await imitatePostgres((text) => said[Object.keys(said).find((one) => text.includes(one)) ?? ''] ?? []);
    expect(await refusal(prepare(bare.url))).toMatch(/lacks the extension pg_trgm/);
    bare.stop();
  });
  it('a subgraph that is none, and one that has no place', () => {
    const places = (env: Record<string, string>) => placesOf(readConfig(env), ['orders', 'users']);
    expect(() => places({ SOUK_POSTGRES_URL: server, SOUK_POSTGRES_URL_ODRERS: server })).toThrow(/no such subgraph/);
    expect(() => places({ SOUK_POSTGRES_URL_ORDERS: server })).toThrow(/Nothing says where the data of users lives/);
    const at = 'postgres://a:b@elsewhere/orders';
    const found = places({
      SOUK_POSTGRES_URL: server,
      SOUK_POSTGRES_URL_ORDERS: at,
      SOUK_POSTGRES_REPLICA_URL: 'postgres://standby',
    });
    // A house that lives elsewhere does not read the others' standby.
    expect(found).toMatchObject([
      { house: 'orders', url: at, replica: null, sharedWith: [] },
      { house: 'users', url: server, replica: { url: 'postgres://standby' }, sharedWith: [] },
    ]);
  });
});

describe("what a URL's role may do decides what is made:", () => {
  const shared = newDatabase();
  const alone = newDatabase();
  const tag = shared.name;
  const as = (role: string, where = alone) =>
    varied(where.url, (url) => {
      url.username = role;
      url.password = 'hunter2';
    });
  const roles = [`${tag}_admin`, `${tag}_owner`, `${tag}_serves`];

  beforeAll(async () => {
    await asAdministrator(`create role ${tag}_admin login createrole password 'hunter2'`);
    await asAdministrator(`create role ${tag}_owner login password 'hunter2'`);
    await asAdministrator(`create role ${tag}_serves login password 'hunter2'`);
    await asAdministrator(`create database ${shared.name} owner ${tag}_admin`);
    await asAdministrator(`create database ${alone.name}`);
  });
  afterAll(async () => {
    await shared.drop();
    await alone.drop();
    const made = [`${tag}a`, `${tag}b`].flatMap((one) => [`${one}_app`, `${one}_owner`]);
    for (const role of [...made, ...roles]) await asAdministrator(`drop role ${role}`);
  });

  it('an administrator who is no superuser makes a runtime role for each house, which reads its own rows alone', async () => {
    const houses = [`${tag}a`, `${tag}b`].map((name) => ({ name, migrations: shelf }));
    const first = await prepare(as(`${tag}_admin`, shared), { houses });
    const again = await prepare(as(`${tag}_admin`, shared), { houses });
    expect(again).toEqual(first);
    const app = new pg.Client({ connectionString: first.get(`${tag}a`)! });
    await app.connect();
    await app.query(`insert into things values (1, 'lamp', 1)`);
    await expect(app.query(`select from ${tag}b.things`)).rejects.toMatchObject({ code: '42501' });
    await expect(app.query('alter table things add column x int')).rejects.toMatchObject({ code: '42501' });
    for (const [name, value] of Object.entries(timeouts))
      expect((await app.query(`show ${name}`)).rows).toEqual([{ [name]: value }]);
    await app.end();
  });

  it('an owner migrates and serves by itself; it needs no right over others', async () => {
    await asAdministrator(`grant create on database ${alone.name} to ${tag}_owner`);
    const url = as(`${tag}_owner`);
    expect(await prepare(url)).toEqual(new Map([['shelf', url]]));
    const own = new pg.Client({ connectionString: url });
    await own.connect();
    expect((await own.query('select count(*)::int as n from things')).rows).toEqual([{ n: 0 }]);
    expect((await own.query('show statement_timeout')).rows).toEqual([{ statement_timeout: '30s' }]);
    await own.end();
  });

  it('such a role cannot be shared, for it looks into one schema', async () => {
    const url = as(`${tag}_owner`);
    expect(await refusal(prepare(url, { houses: [house, other] }))).toMatch(/is for several subgraphs/);
    expect(await refusal(prepare(url, { others: ['attic'] }))).toMatch(/is for several subgraphs/);
  });

  it('a role that may only serve is told when somebody has still to migrate', async () => {
    await asAdministrator(
      `grant usage on schema shelf, ext to ${tag}_serves;
       grant select, insert, update, delete on all tables in schema shelf to ${tag}_serves`,
      alone.url,
    );
    const url = as(`${tag}_serves`);
    expect(await prepare(url)).toEqual(new Map([['shelf', url]]));
    const newer = { name: 'shelf', migrations: slowShelf };
    expect(await refusal(prepare(url, { houses: [newer] }))).toMatch(/older than this version, and its role may not/);
  });

  it('a role that may nothing is told so', async () => {
    expect(await refusal(prepare(as(`${tag}_serves`), { houses: [other] }))).toMatch(/may not set up its database/);
  });

  it('a superuser without a password cannot make passwords for others', async () => {
    const rights = { me: 'a', superuser: 't', administers: 't', may_create: 't', version: '180000', pid: IMITATED_PID };
    const trusting = await imitatePostgres(() => [rights]);
    const open = varied(trusting.url, (url) => (url.password = ''));
    expect(await refusal(prepare(open))).toMatch(/has no password/);
    trusting.stop();
  });
});

describe('processes that start', () => {
  const program = fileURLToPath(new URL('./shelf.testing.ts', import.meta.url));
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const start = (url: string, seconds: number) => {
    const flags = ['--conditions=source', '--import', '@oxc-node/core/register'];
    const child = spawn(process.execPath, [...flags, program], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH, SOUK_TEST_PREPARE: url, SOUK_TEST_SLEEP: String(seconds) },
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    return { child, ended: once(child, 'exit').then(([code]) => ({ code: code as number | null, said })) };
  };

  it('at once migrate once, and all of them come up', async () => {
    const database = newDatabase();
    const ends = await Promise.all([1, 2, 3].map(() => start(database.url, 0.3).ended));
    expect(ends.map((end) => end.code)).toEqual([0, 0, 0]);
    expect(ends.filter((end) => end.said !== '')).toHaveLength(1);
    expect(await asAdministrator('select * from shelf.things', database.url)).toHaveLength(1);
    await database.drop();
  });

  it('and are killed in the middle leave nothing half done, and the next one goes on at once', async () => {
    const database = newDatabase();
    await prepare(database.url);
    const { child, ended } = start(database.url, 600);
    const inTheMiddle = `select pid from pg_stat_activity where datname = '${database.name}' and query like '%pg_sleep%' and state = 'active' and pid <> pg_backend_pid()`;
    while ((await asAdministrator(inTheMiddle)).length === 0) {
      expect(child.exitCode).toBeNull();
      await sleep(20);
    }
    child.kill('SIGKILL');
    await ended;
    // The server finds its client gone by itself: else this would wait ten minutes for the lock.
    const next = await start(database.url, 0).ended;
    expect(next).toMatchObject({ code: 0, said: expect.stringContaining('1 migration') });
    expect(await asAdministrator('select * from shelf.things', database.url)).toHaveLength(1);
    expect(await asAdministrator('select * from shelf.half_done', database.url)).toHaveLength(0);
    await database.drop();
  });
});

it("the runtime role's password follows the administrator's", () => {
  expect(houseUrl('postgres://a:one@h/d', 'shelf')).not.toBe(houseUrl('postgres://a:two@h/d', 'shelf'));
});
