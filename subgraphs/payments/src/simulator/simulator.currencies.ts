import { parameterInvalid } from './simulator.errors.ts';

/** Currencies whose API amount still has two decimals although no fraction of them can be charged. */
const WHOLE_UNITS_ONLY = new Set(['isk', 'ugx']);
/** Currencies with three decimals, of which the last must be 0. */
const THREE_DECIMALS = new Set(['bhd', 'jod', 'kwd', 'omr', 'tnd']);
/** Smallest charge per currency, as Stripe publishes it for settlement in the same currency. */
const MINIMUM: Readonly<Record<string, number>> = {
  usd: 50,
  aed: 200,
  aud: 50,
  brl: 50,
  cad: 50,
  chf: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17500,
  inr: 50,
  jpy: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
};
const KNOWN = new Set(Intl.supportedValuesOf('currency').map((code) => code.toLowerCase()));
const NOT_CHARGED = new Set(['clf', 'iqd', 'lyd', 'uyi', 'uyw']);

/** Throws the answer Stripe gives to a currency it does not charge or an amount that currency cannot have. */
export function checkAmount(amount: number, currency: string, minimum: boolean): void {
  if (!KNOWN.has(currency) || NOT_CHARGED.has(currency)) {
    throw parameterInvalid('currency', `Invalid currency: ${currency}.`);
  }
  if (amount < 1)
    throw parameterInvalid('amount', 'This value must be greater than or equal to 1.', 'parameter_invalid_integer');
  if (amount > 99_999_999) {
    throw parameterInvalid(
      'amount',
      'Amount must be no more than 99,999,999 in the smallest unit.',
      'amount_too_large',
    );
  }
  if (WHOLE_UNITS_ONLY.has(currency) && amount % 100 !== 0) {
    throw parameterInvalid(
      'amount',
      `Invalid amount. Amounts in ${currency.toUpperCase()} must be evenly divisible by 100.`,
      'invalid_charge_amount_no_decimal_compatible',
    );
  }
  if (THREE_DECIMALS.has(currency) && amount % 10 !== 0) {
    throw parameterInvalid(
      'amount',
      `Invalid amount. Amounts in ${currency.toUpperCase()} must be evenly divisible by 10.`,
    );
  }
  if (minimum && amount < (MINIMUM[currency] ?? 1)) {
    throw parameterInvalid(
      'amount',
      `Amount must be at least ${MINIMUM[currency]} in the smallest unit of ${currency.toUpperCase()}.`,
      'amount_too_small',
    );
  }
}
