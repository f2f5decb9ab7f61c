/** A tax rate in basis points: 1900 is 19 percent. `from` and `to` are days, in UTC. */
export interface Rate {
  readonly taxClass: 'standard' | 'reduced';
  readonly basisPoints: number;
  readonly from?: string;
  readonly to?: string;
}

export interface TaxZone {
  readonly name: string;
  readonly places: readonly { readonly country: string; readonly state?: string }[];
  /** What the rate is called on a receipt. */
  readonly tax: string;
  readonly rates: readonly Rate[];
}

/**
 * Value-added tax of the European Union: standard rate, and the rate that food and books mostly have, in percent. A demo's
 * simplification: several countries have more than one reduced rate. A shop that sells asks its accountant.
 */
const vat: readonly (readonly [country: string, name: string, standard: number, reduced: number])[] = [
  ['AT', 'Austria', 20, 10],
  ['BE', 'Belgium', 21, 6],
  ['BG', 'Bulgaria', 20, 9],
  ['CY', 'Cyprus', 19, 5],
  ['CZ', 'Czechia', 21, 12],
  ['DE', 'Germany', 19, 7],
  ['DK', 'Denmark', 25, 25],
  ['ES', 'Spain', 21, 10],
  ['FR', 'France', 20, 5.5],
  ['GR', 'Greece', 24, 13],
  ['HR', 'Croatia', 25, 13],
  ['HU', 'Hungary', 27, 5],
  ['IE', 'Ireland', 23, 13.5],
  ['IT', 'Italy', 22, 10],
  ['LT', 'Lithuania', 21, 12],
  ['LU', 'Luxembourg', 17, 3],
  ['LV', 'Latvia', 21, 12],
  ['MT', 'Malta', 18, 5],
  ['NL', 'Netherlands', 21, 9],
  ['PL', 'Poland', 23, 5],
  ['PT', 'Portugal', 23, 6],
  ['RO', 'Romania', 21, 11],
  ['SE', 'Sweden', 25, 12],
  ['SI', 'Slovenia', 22, 9.5],
  ['SK', 'Slovakia', 23, 5],
];

/** Rates that changed while shops were open show that a rate has its time. */
const dated: readonly TaxZone[] = [
  {
    name: 'Estonia',
    places: [{ country: 'EE' }],
    tax: 'VAT',
    rates: [
      { taxClass: 'standard', basisPoints: 2200, from: '2024-01-01', to: '2025-07-01' },
      { taxClass: 'standard', basisPoints: 2400, from: '2025-07-01' },
      { taxClass: 'reduced', basisPoints: 900 },
    ],
  },
  {
    name: 'Finland',
    places: [{ country: 'FI' }],
    tax: 'VAT',
    rates: [
      { taxClass: 'standard', basisPoints: 2550, from: '2024-09-01' },
      { taxClass: 'reduced', basisPoints: 1400, to: '2026-01-01' },
      { taxClass: 'reduced', basisPoints: 1350, from: '2026-01-01' },
    ],
  },
];

/** Sales tax of states, without what counties and cities add to it. Groceries go untaxed in all of these. */
const salesTax: readonly (readonly [state: string, name: string, percent: number])[] = [
  ['CA', 'California', 7.25],
  ['FL', 'Florida', 6],
  ['MA', 'Massachusetts', 6.25],
  ['NY', 'New York', 4],
  ['PA', 'Pennsylvania', 6],
  ['TX', 'Texas', 6.25],
  ['WA', 'Washington', 6.5],
];

const points = (percent: number): number => Math.round(percent * 100);

export const taxZones: readonly TaxZone[] = [
  ...vat.map(([country, name, standard, reduced]) => ({
    name,
    places: [{ country }],
    tax: 'VAT',
    rates: [
      { taxClass: 'standard', basisPoints: points(standard) },
      { taxClass: 'reduced', basisPoints: points(reduced) },
    ] satisfies Rate[],
  })),
  ...dated,
  ...salesTax.map(([state, name, percent]) => ({
    name: `${name}, US`,
    places: [{ country: 'US', state }],
    tax: 'Sales tax',
    rates: [
      { taxClass: 'standard', basisPoints: points(percent) },
      { taxClass: 'reduced', basisPoints: 0 },
    ] satisfies Rate[],
  })),
];

/** ISO 3166-1 codes of the European Union. */
export const europeanUnion: readonly string[] = [...vat.map(([country]) => country), 'EE', 'FI'].sort();
