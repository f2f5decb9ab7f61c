import type { CartId, CartLineId, VariantId } from '@souk/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addresses, email, note } from './address.ts';
import { add, type Cart, type Goods, itemCount, merge, problemsOf, setQuantity, takeOut } from './cart.ts';

const v = (name: string) => name as VariantId;
let ids = 0;
const newId = () => `l${++ids}` as CartLineId;
const empty: Cart = {
  id: 'c' as CartId,
  principal: 'guest:1',
  version: 1,
  lines: [],
  codes: [],
  note: null,
  email: null,
  shippingAddress: null,
  billingAddress: null,
  shippingMethodId: null,
  notices: [],
  mergedIds: [],
  mergedPrincipals: [],
};
const goods = (more: Partial<Goods> = {}): Goods => ({
  variantId: v('a'),
  published: true,
  maxPerOrder: null,
  available: 10,
  ...more,
});
const holding = (lines: Record<string, number>, more: Partial<Cart> = {}): Cart => ({
  ...empty,
  lines: Object.entries(lines).map(([name, quantity]) => ({ id: newId(), variantId: v(name), quantity })),
  ...more,
});
const contents = (cart: Cart) => Object.fromEntries(cart.lines.map((line) => [line.variantId, line.quantity]));
const refusal = (work: () => unknown): unknown => {
  try {
    work();
    return 'none';
  } catch (error) {
    const { code, field, data } = error as { code: string; field: string[]; data: object };
    return [code, field[1], data];
  }
};

describe('adding to a cart', () => {
  it.each([
    ['nothing yet', {}, 3, 3, null],
    ['some of it', { a: 2 }, 3, 5, null],
    ['all but one that is there', { a: 2 }, 9, 10, 10],
  ])('holding %s', (_what, before, quantity, after, adjusted) => {
    const cart = add(holding(before), goods(), quantity, newId);
    expect(contents(cart)).toEqual({ a: after });
    expect(cart.notices.map((notice) => notice.quantity)).toEqual(adjusted === null ? [] : [adjusted]);
  });
  it.each<[string, Record<string, number>, Goods | undefined, number, unknown]>([
    ['0', {}, goods(), 0, ['INVALID_QUANTITY', 'quantity', {}]],
    ['−1', {}, goods(), -1, ['INVALID_QUANTITY', 'quantity', {}]],
    ['1.5', {}, goods(), 1.5, ['INVALID_QUANTITY', 'quantity', {}]],
    ['what nobody sells', {}, undefined, 1, ['NOT_FOUND', 'variantId', {}]],
    ['what is no longer sold', {}, goods({ published: false }), 1, ['UNAVAILABLE', 'variantId', {}]],
    ['a thousand', {}, goods({ available: 5000 }), 1000, ['QUANTITY_LIMIT', 'quantity', { maxQuantity: 999 }]],
    [
      'more than one order takes',
      { a: 3 },
      goods({ maxPerOrder: 4 }),
      2,
      ['QUANTITY_LIMIT', 'quantity', { maxQuantity: 4 }],
    ],
    [
      'what is out of stock',
      {},
      goods({ available: 0 }),
      1,
      ['INSUFFICIENT_STOCK', 'quantity', { availableQuantity: 0 }],
    ],
    [
      'more when it has all there is',
      { a: 10 },
      goods(),
      1,
      ['INSUFFICIENT_STOCK', 'quantity', { availableQuantity: 10 }],
    ],
  ])('refuses %s', (_what, before, known, quantity, expected) => {
    expect(refusal(() => add(holding(before), known, quantity, newId))).toEqual(expected);
  });
  it('takes a hundred articles and no more', () => {
    const full = holding(Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`v${n}`, 1])));
    expect(refusal(() => add(full, goods(), 1, newId))).toEqual(['LINE_LIMIT', 'variantId', {}]);
    expect(add(full, goods({ variantId: v('v7') }), 1, newId).lines.length).toBe(100);
  });
});

describe('setting a quantity', () => {
  const cart = holding({ a: 5 });
  const line = cart.lines[0]!.id;
  const set = (quantity: number, known: Goods | undefined) => setQuantity(cart, line, () => known, quantity);
  it('takes the line out at 0, even of what is no longer sold', () => {
    expect(contents(set(0, undefined))).toEqual({});
  });
  it('leaves the cart untouched where nothing changes', () => {
    expect(set(5, goods({ available: 0 }))).toBe(cart);
  });
  it('lowers to what there is, and says so', () => {
    const lowered = set(4, goods({ available: 2 }));
    expect(contents(lowered)).toEqual({ a: 2 });
    expect(lowered.notices).toEqual([{ code: 'ADJUSTED', variantId: 'a', quantity: 2 }]);
  });
  it('refuses a line of another cart', () => {
    expect(refusal(() => setQuantity(cart, 'x' as CartLineId, () => goods(), 1))).toEqual(['NOT_FOUND', 'lineId', {}]);
  });
});

describe('merging carts', () => {
  const names = fc.constantFrom('a', 'b', 'c', 'd');
  const lines = fc.dictionary(names, fc.integer({ min: 1, max: 999 }), { maxKeys: 4 });
  const known = fc.dictionary(
    names,
    fc.record({
      published: fc.boolean(),
      maxPerOrder: fc.option(fc.integer({ min: 1, max: 999 }), { nil: null }),
      available: fc.integer({ min: 0, max: 2000 }),
    }),
  );
  it('never loses a line, never takes from either side, never gives more than both', () => {
    fc.assert(
      fc.property(lines, lines, known, (own, guest, stock) => {
        const goodsOf = (variantId: VariantId) => (stock[variantId] ? { variantId, ...stock[variantId] } : undefined);
        const merged = merge(holding(own), holding(guest), goodsOf, newId);
        const sums = contents(merged);
        expect(Object.keys(sums).sort()).toEqual([...new Set([...Object.keys(own), ...Object.keys(guest)])].sort());
        for (const [name, sum] of Object.entries(sums)) {
          const [mine, theirs] = [own[name] ?? 0, guest[name] ?? 0];
          expect(sum).toBeGreaterThanOrEqual(Math.max(mine, theirs));
          expect(sum).toBeLessThanOrEqual(Math.min(999, mine + theirs));
          const told = merged.notices.some((notice) => notice.variantId === name);
          expect(told).toBe(sum < mine + theirs);
        }
      }),
    );
  });
  it('tells that it merged only where both held something', () => {
    const codes = (own: Record<string, number>, guest: Record<string, number>) =>
      merge(holding(own), holding(guest), (variantId) => goods({ variantId }), newId).notices.map(
        (notice) => notice.code,
      );
    expect(codes({ a: 1 }, { b: 1 })).toEqual(['MERGED']);
    expect(codes({}, { b: 1 })).toEqual([]);
    expect(codes({ a: 1 }, {})).toEqual([]);
  });
  it('prefers what the person typed last, as a guest', () => {
    const merged = merge(
      { ...empty, email: 'old@example.com', note: 'old' },
      { ...empty, email: 'new@example.com' },
      () => undefined,
      newId,
    );
    expect([merged.email, merged.note]).toEqual(['new@example.com', 'old']);
  });
});

describe('an order', () => {
  it('takes out what was ordered and leaves what was added since', () => {
    const cart = holding({ a: 5, b: 2 }, { note: 'ring twice' });
    const left = takeOut(cart, [
      { variantId: v('a'), quantity: 2 },
      { variantId: v('b'), quantity: 2 },
      { variantId: v('z'), quantity: 9 },
    ]);
    expect(contents(left)).toEqual({ a: 3 });
    expect(left.note).toBe('ring twice');
  });
  it('leaves an emptied cart without its note and method, with its address', () => {
    const cart = holding({ a: 1 }, { note: 'ring twice', email: 'a@example.com' });
    const left = takeOut(cart, [{ variantId: v('a'), quantity: 1 }]);
    expect([left.lines, left.note, left.email]).toEqual([[], null, 'a@example.com']);
  });
  it('changes nothing where none of it is there', () => {
    const cart = holding({ a: 1 });
    expect(takeOut(cart, [{ variantId: v('b'), quantity: 1 }])).toBe(cart);
    expect(itemCount(cart)).toBe(1);
  });
});

describe('problems', () => {
  it.each<[string, Goods | undefined, (string | number | null)[][]]>([
    ['all is well', goods(), []],
    ['nobody sells it', undefined, [['UNAVAILABLE', null, null]]],
    ['it is no longer sold', goods({ published: false }), [['UNAVAILABLE', null, null]]],
    ['too few are there', goods({ available: 2 }), [['INSUFFICIENT_STOCK', 2, null]]],
    ['none is there', goods({ available: 0 }), [['INSUFFICIENT_STOCK', 0, null]]],
    ['the limit fell', goods({ maxPerOrder: 4 }), [['QUANTITY_LIMIT', null, 4]]],
  ])('tell where %s', (_what, known, expected) => {
    const found = problemsOf(holding({ a: 5 }), () => known);
    expect(found.map((one) => [one.code, one.availableQuantity, one.maxQuantity])).toEqual(expected);
  });
});

describe('what a shopper types', () => {
  it('is tidied', () => {
    expect(email(' ada@example.com ')).toBe('ada@example.com');
    expect(email('  ')).toBeNull();
    expect(note(' ring\r\ntwice ')).toBe('ring\ntwice');
  });
  it.each([
    'ada',
    'ada@',
    '@example.com',
    'a b@example.com',
    'ada@example',
    `${'a'.repeat(250)}@example.com`,
    'a@b.com\nBcc: c@d.com',
  ])('is no e-mail address: %j', (typed) =>
    expect(refusal(() => email(typed))).toEqual(['INVALID_EMAIL', 'email', {}]),
  );
  it('is no note of 1001 characters, nor one with control characters', () => {
    expect(note('x'.repeat(1000))).toBe('x'.repeat(1000));
    for (const typed of ['x'.repeat(1001), 'a\u0007b']) {
      expect(refusal(() => note(typed))).toEqual(['INVALID_NOTE', 'note', {}]);
    }
  });
  it('tells every mistake of both addresses at once', () => {
    const good = { firstName: 'Ada', lastName: 'L', addressLine1: 'Street 1', city: 'Berlin', country: 'de' };
    expect(addresses({ shipping: good }).shipping).toMatchObject({ country: 'DE', company: null, phone: null });
    try {
      addresses({
        shipping: { ...good, firstName: '', country: 'ZZ' },
        billing: { ...good, city: 'x'.repeat(101), addressLine1: 'a\nb' },
      });
      throw new Error('not refused');
    } catch (error) {
      const { all } = error as { all: { code: string; field: string[] }[] };
      expect(all.map((one) => `${one.code} ${one.field.join('.')}`)).toEqual([
        'INVALID_ADDRESS input.shipping.firstName',
        'INVALID_ADDRESS input.shipping.country',
        'INVALID_ADDRESS input.billing.addressLine1',
        'INVALID_ADDRESS input.billing.city',
      ]);
    }
  });
});
