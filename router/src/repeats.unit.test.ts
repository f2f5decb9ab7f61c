import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { repeatsIn } from './repeats.ts';

const bounds = { repeats: 4, fields: 60, depth: 6 };
const look = (query: string) => repeatsIn(parse(query), bounds);
const twins = (levels: number): string =>
  levels === 0 ? 'id' : `a { ${twins(levels - 1)} } a { ${twins(levels - 1)} }`;

describe('one thing that is selected again and again', () => {
  it('fits as often as an honest query says it', () => {
    expect(look('{ a a a a b { a a a a } c: a }')).toBeUndefined();
    expect(look('{ ...F ...F ...F ...F ...F a } fragment F on Query { a b { c } }')).toBeUndefined();
    expect(look(`{ ${twins(2)} }`)).toBeUndefined();
  });

  it.each([
    ['side by side', '{ a a a a a }'],
    ['under one alias', '{ x: a x: b x: c x: d x: e }'],
    ['below fields that become one', '{ a { b b } a { b b } a { b } }'],
    ['on levels that double', `{ ${twins(3)} }`],
    ['in inline fragments', '{ a ... { a a ... on Query { a a } } }'],
    ['in fragments', '{ ...F ...G a } fragment F on Query { a a } fragment G on Query { ...F a a }'],
    ['in a fragment that nobody spreads', '{ b } fragment F on Query { a a a a a }'],
  ])('does not %s', (_, query) => {
    expect(look(query)).toBe('REPEATS');
  });

  it('is looked for as long as a document may be, however its fragments unfold', () => {
    const bomb = Array.from(
      { length: 20 },
      (_, at) => `fragment F${at} on Q { a { ...F${at + 1} } b { ...F${at + 1} } }`,
    );
    expect(repeatsIn(parse(`{ ...F0 } ${bomb.join(' ')}`), { ...bounds, depth: 30 })).toBe('FIELDS');
  });

  it('is not looked for where another rule refuses the document: circles, depth, unknown fragments', () => {
    expect(look('{ ...A } fragment A on Q { a { ...B } } fragment B on Q { a { ...A } }')).toBeUndefined();
    expect(look('{ ...Nowhere }')).toBeUndefined();
    expect(look('{ a { a { a { a { a { a { a { b b b b b } } } } } } } }')).toBeUndefined();
  });
});
