import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '@souk/kit/config';
import { describe, expect, it } from 'vitest';
import { backOff } from './back-off.ts';
import { hostsOf, openEngines } from './engines.ts';
import { reasonIn } from './processes.ts';
import { keepSecrets } from './secrets.ts';
import { findProgram } from './server.ts';
import { tableOf } from './table.ts';

const opening = (env: Record<string, string>) =>
  openEngines({
    dataDir: '/nowhere',
    config: readConfig(env),
    houses: ['orders'],
    secrets: {
      viewerPrivateKey: '',
      viewerPublicKey: '',
      redisPassword: 'r',
      natsPassword: async () => 'n',
    },
    onProgress: () => undefined,
    onLost: () => undefined,
    find: () => null,
  });

describe('an engine that is neither here nor named', () => {
  it('is told by name, with what to install and what to set, before anything starts', async () => {
    await expect(opening({ SOUK_NATS_URL: 'nats://127.0.0.1:1' })).rejects.toMatchObject({
      message: 'redis-server is not on this machine, and nothing says where Redis is.',
      advice:
        'Install it (apt-get install redis-server on Debian and Ubuntu, brew install redis on macOS), or set SOUK_REDIS_URL to one that runs elsewhere.',
    });
    await expect(opening({ SOUK_REDIS_URL: 'redis://127.0.0.1:1' })).rejects.toMatchObject({
      message: 'nats-server is not on this machine, and nothing says where the NATS server is.',
      advice:
        'Install it (apt-get install nats-server on Debian and Ubuntu, brew install nats-server on macOS), or set SOUK_NATS_URL to one that runs elsewhere.',
    });
  });

  it('is looked for on PATH', () => {
    expect(findProgram('sh', '/nowhere:/bin')).toBe('/bin/sh');
    expect(findProgram('a-server-nobody-wrote')).toBeNull();
  });
});

it('waits ever longer between restarts, and begins anew after a quiet minute', () => {
  let now = 0;
  const waits = backOff(() => now);
  expect(Array.from({ length: 8 }, () => waits.next())).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  now += 60_001;
  expect(waits.next()).toBe(250);
});

it('passes on what a process says of its own failed start', () => {
  expect(reasonIn('{"level":30}\n✗ No NATS server answers at x.\n  Start it.\n', 'orders', 'log')).toMatchObject({
    message: 'No NATS server answers at x.',
    advice: 'Start it.',
  });
  expect(reasonIn('✗ There are 2 mistakes:\n  A: no.\n  B: no.\n  Correct them.\n', 'orders', 'log')).toMatchObject({
    message: 'There are 2 mistakes:\n  A: no.\n  B: no.',
    advice: 'Correct them.',
  });
  expect(reasonIn('Error: what', 'orders', '/x/orders.log')).toMatchObject({
    message: 'orders ended while it started: Error: what',
    advice: '/x/orders.log holds all it said.',
  });
});

it('shows what runs where, and no password', () => {
  expect(hostsOf('nats://a:secret@one:4222,nats://a:secret@two:4222')).toBe('one:4222,two:4222');
  expect(hostsOf('redis+cluster://:s@one:1,two:2')).toBe('one:1,two:2');
  expect(hostsOf('postgres://u:p%40@db:5432/souk?sslmode=require')).toBe('db:5432');
  expect(
    tableOf([
      { name: 'Redis', pid: null, where: 'cache:6379', what: '7.0.15' },
      { name: 'orders', pid: 42, where: 'http://127.0.0.1:4105', what: '' },
    ]).split('\n'),
  ).toEqual([
    '          Process  Where',
    '  Redis         -  cache:6379             7.0.15',
    '  orders       42  http://127.0.0.1:4105',
  ]);
});

it('makes secrets once, for nobody else to read', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'souk-secrets-'));
  try {
    const [one, two] = await Promise.all([keepSecrets(dataDir), keepSecrets(dataDir)]);
    expect(two.viewerPrivateKey).toBe(one.viewerPrivateKey);
    expect(await two.natsPassword('orders')).toBe(await one.natsPassword('orders'));
    expect(await one.natsPassword('carts')).not.toBe(await one.natsPassword('orders'));
    const file = join(dataDir, 'secrets', 'redis');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toBe(one.redisPassword);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
