import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { orderCodes, ruleCodes } from './rejections.ts';

const folder = new URL('.', import.meta.url);
const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !name.includes('.test.') && !name.includes('.testing.'))
  .map((name) => ({ name, text: readFileSync(new URL(name, folder), 'utf8') }));

describe('every "no" of orders', () => {
  it('is made where its code is checked against the list the graph’s enum is made of', () => {
    const elsewhere = sources.filter(({ name, text }) => name !== 'rejections.ts' && /new Rejections?\(/.test(text));
    expect(elsewhere.map(({ name }) => name)).toEqual([]);
  });
  it('is said somewhere, and the kit’s own are known', () => {
    const said = new Set(
      sources.flatMap(({ text }) => [...text.matchAll(/'([A-Z][A-Z_]+)'/g)].map((match) => match[1]!)),
    );
    const kit = ['NOT_FOUND', 'IDEMPOTENCY_CONFLICT'];
    expect(Object.keys(orderCodes).filter((code) => !said.has(code) && !kit.includes(code))).toEqual([]);
    expect(Object.keys(ruleCodes).filter((code) => !said.has(code) && !kit.includes(code))).toEqual([]);
    expect(Object.keys(orderCodes)).toEqual(expect.arrayContaining(kit));
  });
});
