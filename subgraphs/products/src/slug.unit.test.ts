import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freeSlug, isSlug, slugOf, sortNameOf } from './slug.ts';

describe('a slug', () => {
  it.each([
    ['Crème brûlée, 2 pcs', 'creme-brulee-2-pcs'],
    ['  Straße & Smørrebrød ', 'strasse-smorrebrod'],
    ["Men's T-Shirt", 'mens-t-shirt'],
    ['İstanbul ılık', 'istanbul-ilik'],
    ['---', ''],
    ['日本', ''],
    ['50% off!!', '50-off'],
  ])('of %j is %j', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });
  it('is a slug or empty, whatever the name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (name) => {
        const slug = slugOf(name);
        expect(slug === '' || isSlug(slug)).toBe(true);
      }),
    );
  });
  it('takes the next free number', () => {
    const taken = new Set(['mug', 'mug-2']);
    expect(freeSlug('mug', (slug) => taken.has(slug))).toBe('mug-3');
    expect(freeSlug('jug', (slug) => taken.has(slug))).toBe('jug');
    expect(freeSlug('a'.repeat(300), () => false, 200)).toHaveLength(200);
  });
  it.each(['Mug', 'a--b', '-a', 'a-', 'a b', 'ü', '', '../a'])('is not %j', (text) => {
    expect(isSlug(text)).toBe(false);
  });
});

it('names are sorted without case and marks, and Japanese keeps its own', () => {
  expect(['Zebra', 'Éclair', 'apple', 'ガラス'].sort((a, b) => (sortNameOf(a) < sortNameOf(b) ? -1 : 1))).toEqual([
    'apple',
    'Éclair',
    'Zebra',
    'ガラス',
  ]);
  expect(sortNameOf('ガ')).not.toBe(sortNameOf('カ'));
});
