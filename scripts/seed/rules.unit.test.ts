import { describe, expect, it } from 'vitest';
import { firstMissing } from './large.ts';
import { describeProgress, parallel } from './meter.ts';
import { shippingZones } from './shipping.ts';
import { europeanUnion, taxZones } from './tax.ts';

describe('the taxes of the demo', () => {
  it('name each place once', () => {
    const places = taxZones.flatMap(({ places: all }) => all.map(({ country, state }) => `${country}/${state ?? ''}`));
    expect(new Set(places).size).toBe(places.length);
  });

  it('cover the European Union', () => expect([europeanUnion.length, new Set(europeanUnion).size]).toEqual([27, 27]));

  it.each([
    ['Germany', 1900, 700],
    ['Netherlands', 2100, 900],
    ['France', 2000, 550],
    ['Austria', 2000, 1000],
    ['Belgium', 2100, 600],
    ['Italy', 2200, 1000],
    ['Spain', 2100, 1000],
    ['California, US', 725, 0],
  ])('of %s are %d and %d basis points', (name, standard, reduced) => {
    expect(taxZones.find((zone) => zone.name === name)?.rates).toEqual([
      { taxClass: 'standard', basisPoints: standard },
      { taxClass: 'reduced', basisPoints: reduced },
    ]);
  });
});

describe('the shipping of the demo', () => {
  it('has a price for every parcel up to thirty kilograms in each zone and currency', () => {
    for (const { name, methods } of shippingZones) {
      for (const currency of ['EUR', 'USD']) {
        for (const grams of [1, 1_999, 2_000, 9_999, 10_000, 29_999]) {
          const fitting = methods.flatMap(({ tiers }) =>
            tiers.filter(
              ({ price, weightGramsFrom = 0, weightGramsTo = Number.POSITIVE_INFINITY, subtotalFrom }) =>
                price.currency === currency &&
                subtotalFrom === undefined &&
                weightGramsFrom <= grams &&
                grams < weightGramsTo,
            ),
          );
          expect([name, currency, grams, fitting.length > 0]).toEqual([name, currency, grams, true]);
        }
      }
    }
  });

  it('leaves no country out, and names none twice', () => {
    const countries = shippingZones.flatMap((zone) => zone.countries);
    expect(new Set(countries).size).toBe(countries.length);
    expect(shippingZones.filter(({ everywhereElse }) => everywhereElse).length).toBe(1);
  });
});

describe('long work', () => {
  it('goes on at the first batch that is missing, with those that were under way', async () => {
    const asked: number[] = [];
    const isThere = async (batch: number): Promise<boolean> => {
      asked.push(batch);
      return batch < 317;
    };
    expect(await firstMissing(500, isThere)).toBe(315);
    expect(asked.length).toBe(9);
    expect(await firstMissing(500, async () => false)).toBe(0);
    expect(await firstMissing(500, async () => true)).toBe(498);
    expect(await firstMissing(0, async () => true)).toBe(0);
  });

  it('tells how much is done, how fast, and how long it will take', () => {
    expect(describeProgress('Products', 1_200, 50_000, 0.4)).toBe('Products 1,200 of 50,000, 400/s, 2:02 min left');
    expect(describeProgress('Products', 0, 10, 0)).toBe('Products 0 of 10, 0/s, 0:00 min left');
  });

  it('does everything once, so many at a time, and stops at the first failure', async () => {
    const done: number[] = [];
    let [now, most] = [0, 0];
    await parallel([1, 2, 3, 4, 5], 2, async (item) => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      done.push(item);
      now -= 1;
    });
    expect([done.sort(), most]).toEqual([[1, 2, 3, 4, 5], 2]);
    const tried: number[] = [];
    const failing = parallel([1, 2, 3, 4, 5, 6], 2, async (item) => {
      tried.push(item);
      await Promise.resolve();
      if (item === 2) throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(tried.length).toBeLessThan(6);
  });
});
