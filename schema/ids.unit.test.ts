import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeId, encodeId, type IdKind, isUuid, parseId, prefixes } from './ids.ts';

const kinds = Object.keys(prefixes) as IdKind[];
const kind = fc.constantFrom(...kinds);
const uuid = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString('hex'))
  .map((hex) => `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`);

describe('an id on the wire', () => {
  it('leads back to its kind and UUID', () => {
    fc.assert(
      fc.property(kind, uuid, (of, id) => {
        const wire = encodeId(of, id);
        expect(wire).toMatch(/^[a-z]+_[0-9a-hjkmnp-tv-z]{26}$/);
        expect(parseId(wire)).toEqual({ kind: of, uuid: id });
        expect(decodeId(of, wire)).toBe(id);
        expect(isUuid(id)).toBe(true);
      }),
    );
  });
  it('sorts as its UUID does', () => {
    fc.assert(
      fc.property(kind, uuid, uuid, (of, a, b) => {
        expect(encodeId(of, a) < encodeId(of, b)).toBe(a < b);
      }),
    );
  });
  it('names nothing of another kind', () => {
    fc.assert(
      fc.property(kind, kind, uuid, (of, other, id) => {
        fc.pre(of !== other);
        expect(decodeId(other, encodeId(of, id))).toBeNull();
      }),
    );
  });
  it('has one spelling only', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'prod_0123456789abcdefghjkmnpqrstvwxyzILOU-') }), (text) => {
        const parsed = parseId(text);
        if (parsed) expect(encodeId(parsed.kind, parsed.uuid)).toBe(text);
      }),
    );
  });
  const good = encodeId('Product', '01900000-0000-7000-8000-000000000001');
  it('is written like this', () => {
    expect(encodeId('User', '00000000-0000-0000-0000-000000000000')).toBe(`user_${'0'.repeat(26)}`);
    expect(encodeId('User', 'ffffffff-ffff-ffff-ffff-ffffffffffff')).toBe(`user_7${'z'.repeat(25)}`);
  });
  it.each([
    '',
    'prod_',
    good.slice(0, -1),
    `${good}0`,
    ` ${good}`,
    `${good}\n`,
    good.toUpperCase(),
    good.replace('prod', 'shop'),
    good.replace('_', ''),
    good.replace(/.$/, 'l'),
    good.replace(/.$/, 'u'),
    good.replace('prod_0', 'prod_8'),
    '01900000-0000-7000-8000-000000000001',
    '__proto___00000000000000000000000000',
    'constructor_00000000000000000000000000',
  ])('is not %j', (text) => {
    expect(parseId(text)).toBeNull();
  });
});

describe('prefixes', () => {
  it('are lower-case words, each of one kind', () => {
    const words = Object.values(prefixes);
    expect(new Set(words).size).toBe(words.length);
    for (const word of words) expect(word).toMatch(/^[a-z]+$/);
  });
});

describe('a UUID', () => {
  it.each([
    '',
    '01900000000070008000000000000001',
    '01900000-0000-7000-8000-00000000000G',
    '01900000-0000-7000-8000-000000000001 ',
    '01900000-0000-7000-8000-00000000000A',
  ])('is not %j', (text) => expect(isUuid(text)).toBe(false));
});
