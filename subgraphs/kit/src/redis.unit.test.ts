import { describe, expect, it } from 'vitest';
import { parseRedisUrl, shownAddress } from './redis.url.ts';
import { StartupError } from './startup-error.ts';

const nobody = { username: undefined, password: undefined };

describe('the URL of Redis', () => {
  it.each([
    ['redis://localhost', { nodes: [{ host: 'localhost', port: 6379 }], cluster: false, tls: false, db: 0, ...nobody }],
    ['redis://10.0.0.1:7000/3', { nodes: [{ host: '10.0.0.1', port: 7000 }], db: 3 }],
    ['rediss://[::1]:7000', { nodes: [{ host: '::1', port: 7000 }], tls: true }],
    ['redis://:p%40ss@h', { username: undefined, password: 'p@ss' }],
    ['redis://me:p:w@h', { username: 'me', password: 'p:w' }],
    [
      'rediss+cluster://me:pw@a:1,b:2,c/?prefix=shop-1',
      {
        nodes: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
          { host: 'c', port: 6379 },
        ],
        cluster: true,
        tls: true,
        prefix: 'shop-1',
      },
    ],
  ])('%s is understood', (url, address) => expect(parseRedisUrl(url)).toMatchObject(address));

  it.each([
    '',
    'localhost:6379',
    'http://localhost',
    'redis://',
    'redis://a:0',
    'redis://a:70000',
    'redis://a,b',
    'redis+cluster://a/1',
    'redis://user@host',
    'redis://u:%zz@host',
    'redis://host/?db=1',
    'redis://host?prefix=a:b',
    'redis://host/x',
  ])('%j is refused', (url) => expect(() => parseRedisUrl(url)).toThrow(StartupError));

  it('is shown without what is secret', () => {
    expect(shownAddress(parseRedisUrl('rediss+cluster://me:pw@a:1,b:2'))).toBe('rediss+cluster://a:1,b:2');
    expect(shownAddress(parseRedisUrl('redis://:pw@[::1]/2'))).toBe('redis://[::1]:6379/2');
  });
});
