import { describe, expect, it } from 'vitest';
import { readSeedOptions } from '../seed/options.ts';
import { readImportOptions } from './options.ts';

const admin = { email: 'admin@souk.example', password: 'souk-demo-admin' };

describe('the arguments of npm run import', () => {
  it('mean the local shop where nothing else is said', () => {
    expect(readImportOptions(['products.csv'], {}, '/home/ada')).toEqual({
      file: '/home/ada/products.csv',
      url: 'http://localhost:4000/graphql',
      login: admin,
      stock: true,
      dryRun: false,
      errorPolicy: 'CONTINUE',
    });
  });

  it('follow the environment of the shop', () => {
    const env = {
      SOUK_PORT: '4010',
      SOUK_ADMIN_EMAIL: 'boss@shop.example',
      SOUK_ADMIN_PASSWORD: 'a passphrase of mine',
    };
    const options = readImportOptions(['a.csv'], env, '/');
    expect(options).toMatchObject({
      url: 'http://localhost:4010/graphql',
      login: { email: 'boss@shop.example', password: 'a passphrase of mine' },
    });
    expect(readImportOptions(['a.csv'], { SOUK_PUBLIC_URL: 'https://shop.example/' }, '/')).toMatchObject({
      url: 'https://shop.example/graphql',
    });
  });

  it('are all understood', () => {
    const words =
      '--url http://s.example/graphql --email m@s.example --password secret --channel us --currency usd --warehouse newark --no-stock --dry-run --abort --report out.csv --encoding windows-1252 in.csv';
    expect(readImportOptions(words.split(' '), {}, '/home/ada')).toEqual({
      file: '/home/ada/in.csv',
      url: 'http://s.example/graphql',
      login: { email: 'm@s.example', password: 'secret' },
      channel: 'us',
      currency: 'USD',
      warehouse: 'newark',
      stock: false,
      dryRun: true,
      errorPolicy: 'ABORT',
      report: '/home/ada/out.csv',
      encoding: 'windows-1252',
    });
  });

  it.each([
    [[], 'No file was named.'],
    [['a.csv', 'b.csv'], 'Import one file at a time; a name with blanks needs quotation marks.'],
    [['a.csv', '--abort', '--continue'], 'Choose --abort or --continue.'],
    [
      ['a.csv', '--encoding', 'latin1'],
      'The only --encoding to be named is windows-1252; UTF-8 and UTF-16 are recognised.',
    ],
    [['a.csv', '--fast'], /^The arguments are not understood: Unknown option '--fast'/],
  ])('%j are refused', (words, message) => {
    expect(() => readImportOptions(words, {}, '/')).toThrow(message);
  });

  it('ask for help', () => expect(readImportOptions(['--help'], {}, '/')).toContain('--dry-run'));
});

describe('the arguments of npm run seed', () => {
  it.each(['small', 'demo', 'large'])('name the size %s', (size) => {
    expect(readSeedOptions([size], {})).toEqual({ size, url: 'http://localhost:4000/graphql', admin });
  });

  it.each([[[]], [['huge']], [['small', 'demo']]])('%j are refused', (words) => {
    expect(() => readSeedOptions(words, {})).toThrow('Name one size: small, demo, large.');
  });

  it('ask for help', () => expect(readSeedOptions(['--help'], {})).toContain('50,000 generated products'));
});
