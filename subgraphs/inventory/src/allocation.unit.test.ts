import type { VariantId, WarehouseId } from '@souk/schema';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocate, type Shelf } from './allocation.ts';

const variants = ['a', 'b', 'c'] as VariantId[];
const warehouses = ['w1', 'w2', 'w3'] as WarehouseId[];
const quantity = fc.integer({ min: 1, max: 9 });
const wanted = fc.array(fc.record({ variantId: fc.constantFrom(...variants), quantity }), {
  minLength: 1,
  maxLength: 5,
});
const shelves = fc.uniqueArray(
  fc.record({
    variantId: fc.constantFrom(...variants),
    warehouseId: fc.constantFrom(...warehouses),
    available: fc.integer({ min: 0, max: 12 }),
  }),
  { selector: ({ variantId, warehouseId }) => `${variantId}${warehouseId}` },
);
const priorities = fc.record({ w1: fc.nat(2), w2: fc.nat(2), w3: fc.nat(2) });
const situation = fc.record({ wanted, shelves, priorities }).map(({ wanted, shelves, priorities }) => ({
  wanted,
  shelves: shelves.map((shelf): Shelf => ({ ...shelf, priority: priorities[shelf.warehouseId as unknown as 'w1'] })),
}));
const sum = (rows: readonly { variantId: VariantId; quantity: number }[], variantId: VariantId) =>
  rows.filter((row) => row.variantId === variantId).reduce((total, row) => total + row.quantity, 0);
const free = (rows: readonly Shelf[], variantId: VariantId) =>
  rows.filter((row) => row.variantId === variantId).reduce((total, row) => total + row.available, 0);

describe('allocate', () => {
  it('gives exactly what is wanted, from what is there, or tells exactly what is missing', () => {
    fc.assert(
      fc.property(situation, ({ wanted, shelves }) => {
        const { parts, missing } = allocate(wanted, shelves);
        const asked = [...new Set(wanted.map((line) => line.variantId))].sort();
        const short = asked.filter((variantId) => free(shelves, variantId) < sum(wanted, variantId));
        if (missing) {
          expect(missing).toEqual(
            short.map((variantId) => ({
              variantId,
              requested: sum(wanted, variantId),
              available: free(shelves, variantId),
            })),
          );
          return;
        }
        expect(short).toEqual([]);
        for (const variantId of variants) expect(sum(parts, variantId)).toBe(sum(wanted, variantId));
        for (const part of parts) {
          const shelf = shelves.find((one) => one.variantId === part.variantId && one.warehouseId === part.warehouseId);
          expect(part.quantity).toBeGreaterThan(0);
          expect(part.quantity).toBeLessThanOrEqual(shelf!.available);
        }
        expect(new Set(parts.map((part) => `${part.variantId}${part.warehouseId}`)).size).toBe(parts.length);
      }),
    );
  });
  it('does not depend on the order of lines or warehouses', () => {
    const mixed = situation.chain(({ wanted, shelves }) =>
      fc.record({
        wanted: fc.constant(wanted),
        shelves: fc.constant(shelves),
        otherWanted: fc.shuffledSubarray(wanted, { minLength: wanted.length }),
        otherShelves: fc.shuffledSubarray(shelves, { minLength: shelves.length }),
      }),
    );
    fc.assert(
      fc.property(mixed, ({ wanted, shelves, otherWanted, otherShelves }) => {
        expect(allocate(otherWanted, otherShelves)).toEqual(allocate(wanted, shelves));
      }),
    );
  });
  it('uses one warehouse wherever one has it all, and the first of those by priority', () => {
    fc.assert(
      fc.property(situation, ({ wanted, shelves }) => {
        const { parts } = allocate(wanted, shelves);
        const asked = [...new Set(wanted.map((line) => line.variantId))];
        const whole = warehouses.filter((warehouseId) =>
          asked.every((variantId) =>
            shelves.some(
              (shelf) =>
                shelf.warehouseId === warehouseId &&
                shelf.variantId === variantId &&
                shelf.available >= sum(wanted, variantId),
            ),
          ),
        );
        if (whole.length === 0) return;
        const priorityOf = (warehouseId: WarehouseId) =>
          shelves.find((shelf) => shelf.warehouseId === warehouseId)!.priority;
        const [best] = whole.sort((a, b) => priorityOf(a) - priorityOf(b) || (a < b ? -1 : 1));
        expect(new Set(parts!.map((part) => part.warehouseId))).toEqual(new Set([best]));
      }),
    );
  });
  it('splits by priority where no warehouse has it all', () => {
    const shelf = (warehouseId: string, priority: number, available: number): Shelf => ({
      variantId: 'a' as VariantId,
      warehouseId: warehouseId as WarehouseId,
      priority,
      available,
    });
    expect(
      allocate(
        [{ variantId: 'a' as VariantId, quantity: 9 }],
        [shelf('w3', 1, 2), shelf('w1', 2, 5), shelf('w2', 1, 4)],
      ),
    ).toEqual({
      parts: [
        { variantId: 'a', warehouseId: 'w2', quantity: 4 },
        { variantId: 'a', warehouseId: 'w3', quantity: 2 },
        { variantId: 'a', warehouseId: 'w1', quantity: 3 },
      ],
      missing: null,
    });
  });
  it.each([0, -1, 1.5, Number.NaN, 2 ** 53])('takes no line of %s', (quantity) => {
    expect(() => allocate([{ variantId: 'a' as VariantId, quantity }], [])).toThrow(RangeError);
  });
});
