import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { subgraphUrls } from './keys.ts';

const of = (SOUK_SUBGRAPH_URLS: string) => Object.fromEntries(subgraphUrls(readConfig({ SOUK_SUBGRAPH_URLS })));

describe('where the subgraphs listen', () => {
  it('is an address for each, or several one after the other', () => {
    expect(of('users=http://u:1, orders=http://a:2,http://b:2/,carts=https://c:3')).toEqual({
      users: ['http://u:1'],
      orders: ['http://a:2', 'http://b:2/'],
      carts: ['https://c:3'],
    });
    expect(of('orders=http://a:2,users=http://u:1,orders=http://b:2,http://a:2')).toEqual({
      orders: ['http://a:2', 'http://b:2'],
      users: ['http://u:1'],
    });
  });

  it.each(['http://a:2', 'orders', 'orders=ftp://a:2', 'orders=http://', 'orders=http://a:2,b:2'])(
    'cannot be read from %s',
    (text) => {
      expect(() => of(text)).toThrow('SOUK_SUBGRAPH_URLS cannot be read.');
    },
  );
});
