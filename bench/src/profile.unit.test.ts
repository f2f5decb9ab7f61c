import { describe, expect, it } from 'vitest';
import { findHotSpots, packageOf } from './profile.ts';

const here = new URL('../../subgraphs/carts/src/cart.ts', import.meta.url).href;

describe('a CPU profile', () => {
  it('knows whose code a source is', () => {
    expect(packageOf('file:///a/node_modules/.pnpm/pg@8/node_modules/pg/lib/client.js', 'x')).toBe('pg');
    expect(packageOf('file:///a/node_modules/@apollo/server/dist/index.js', 'x')).toBe('@apollo/server');
    expect(packageOf('node:net', 'x')).toBe('node');
    expect(packageOf(here, 'x')).toBe('subgraphs/carts');
    expect(packageOf('', '(garbage collector)')).toBe('garbage collector');
    expect(packageOf('', 'writev')).toBe('engine');
  });

  it('is summed by the time functions spend in themselves, idleness left out', () => {
    const frame = (functionName: string, url: string) => ({ functionName, url, lineNumber: 9 });
    const spots = findHotSpots(
      {
        nodes: [
          { id: 1, callFrame: frame('(idle)', '') },
          { id: 2, callFrame: frame('price', here) },
          { id: 3, callFrame: frame('', 'node:net') },
        ],
        samples: [1, 2, 3, 2],
        timeDeltas: [900, 50, 25, 25],
      },
      1,
    );
    expect(spots).toEqual({
      packages: [{ name: 'subgraphs/carts', share: 0.75 }],
      functions: [{ name: 'price (subgraphs/carts src/cart.ts:10)', share: 0.75 }],
    });
  });
});
