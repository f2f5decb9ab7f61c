import { europeanUnion } from './tax.ts';

export interface Tier {
  readonly price: { readonly amount: string; readonly currency: 'EUR' | 'USD' };
  readonly weightGramsFrom?: number;
  readonly weightGramsTo?: number;
  readonly subtotalFrom?: string;
}

export interface Method {
  readonly name: string;
  readonly description: string;
  readonly minDays: number;
  readonly maxDays: number;
  readonly tiers: readonly Tier[];
}

export interface ShippingZone {
  readonly name: string;
  readonly countries: readonly string[];
  readonly everywhereElse: boolean;
  readonly methods: readonly Method[];
}

interface Prices {
  /** Up to so many grams; the last one may be null: any weight. */
  readonly steps: readonly (readonly [upToGrams: number | null, eur: string, usd: string])[];
  /** From this subtotal on parcels below ten kilograms go for nothing. */
  readonly freeFrom?: readonly [eur: string, usd: string];
}

/** Ranges do not overlap, but that one goes for nothing: of the prices that fit the lowest is taken. */
function tiersOf({ steps, freeFrom }: Prices): Tier[] {
  return (['EUR', 'USD'] as const).flatMap((currency, at) => {
    const byWeight = steps.map((step, index): Tier => {
      const from = steps[index - 1]?.[0] ?? 0;
      const amount = step[at === 0 ? 1 : 2];
      return {
        price: { amount, currency },
        ...(from > 0 ? { weightGramsFrom: from } : {}),
        ...(step[0] === null ? {} : { weightGramsTo: step[0] }),
      };
    });
    if (!freeFrom) return byWeight;
    const free = { price: { amount: '0.00', currency }, weightGramsTo: 10_000, subtotalFrom: freeFrom[at]! };
    return [...byWeight, free];
  });
}

export const shippingZones: readonly ShippingZone[] = [
  {
    name: 'European Union',
    countries: europeanUnion,
    everywhereElse: false,
    methods: [
      {
        name: 'Standard',
        description: 'Free from €60, up to 10 kg.',
        minDays: 3,
        maxDays: 5,
        tiers: tiersOf({
          steps: [
            [2_000, '4.90', '5.90'],
            [10_000, '8.90', '9.90'],
            [null, '19.90', '22.90'],
          ],
          freeFrom: ['60.00', '65.00'],
        }),
      },
      {
        name: 'Express',
        description: 'By courier, up to 30 kg.',
        minDays: 1,
        maxDays: 2,
        tiers: tiersOf({
          steps: [
            [5_000, '14.90', '16.90'],
            [30_000, '29.90', '32.90'],
          ],
        }),
      },
    ],
  },
  {
    name: 'United States',
    countries: ['US'],
    everywhereElse: false,
    methods: [
      {
        name: 'Ground',
        description: 'Free from $75, up to 10 kg.',
        minDays: 4,
        maxDays: 7,
        tiers: tiersOf({
          steps: [
            [2_000, '6.50', '6.90'],
            [10_000, '11.90', '12.90'],
            [null, '27.90', '29.90'],
          ],
          freeFrom: ['70.00', '75.00'],
        }),
      },
      {
        name: 'Two-day',
        description: 'By air, up to 20 kg.',
        minDays: 2,
        maxDays: 2,
        tiers: tiersOf({
          steps: [
            [5_000, '22.90', '24.90'],
            [20_000, '46.90', '49.90'],
          ],
        }),
      },
    ],
  },
  {
    name: 'Rest of the world',
    countries: [],
    everywhereElse: true,
    methods: [
      {
        name: 'International',
        description: 'Up to 30 kg. Duties and import taxes are the recipient’s.',
        minDays: 7,
        maxDays: 21,
        tiers: tiersOf({
          steps: [
            [2_000, '19.90', '21.90'],
            [10_000, '39.90', '43.90'],
            [30_000, '89.00', '97.00'],
          ],
        }),
      },
    ],
  },
];
