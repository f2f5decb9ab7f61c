import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BATCH_BYTES, BATCH_ITEMS, Batch, bytesOf, slices } from './batches.ts';

function batched<T>(items: readonly T[], bytes: (item: T) => number): T[][] {
  const batch = new Batch<T>();
  const all = items.flatMap((item) => {
    const full = batch.add(item, bytes(item));
    return full ? [full] : [];
  });
  return [...all, batch.take()];
}

describe('a batch', () => {
  it('is full at a hundred items', () => {
    const lengths = batched(Array.from({ length: 250 }), () => 10).map((one) => one.length);
    expect(lengths).toEqual([100, 100, 50]);
  });

  it('is full where the next item would make the request too large', () => {
    expect(batched([400_000, 400_000, 200_000, 899_000, 1, 1], (bytes) => bytes)).toEqual([
      [400_000, 400_000],
      [200_000],
      [899_000, 1, 1],
    ]);
  });

  it('keeps the order, loses nothing and exceeds neither limit', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: BATCH_BYTES }), { maxLength: 400 }), (sizes) => {
        const made = batched(sizes, (size) => size);
        expect(made.flat()).toEqual(sizes);
        for (const one of made) {
          expect(one.length).toBeLessThanOrEqual(BATCH_ITEMS);
          if (one.length > 1)
            expect(one.reduce((sum, size) => sum + size + 1, -1)).toBeLessThanOrEqual(BATCH_BYTES + one.length);
        }
      }),
    );
  });

  it('counts bytes, not characters', () => expect(bytesOf({ name: '日本' })).toBe(17));

  it('slices a list', () => expect(slices([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]));
});
