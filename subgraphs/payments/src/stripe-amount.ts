import { currency, fractionDigits, isCurrency, type Money, money } from '@souk/schema';
import { GatewayFault } from './payment-gateway.ts';

/** Stripe's currencies without decimals (docs.stripe.com/currencies). */
const NO_DECIMALS = new Set([
  'BIF',
  'CLP',
  'DJF',
  'GNF',
  'JPY',
  'KMF',
  'KRW',
  'MGA',
  'PYG',
  'RWF',
  'VND',
  'VUV',
  'XAF',
  'XOF',
  'XPF',
]);
/** They have no fractions, yet Stripe's amounts keep two decimals, which must be 00. */
const WHOLE_WITH_TWO_DECIMALS = new Set(['ISK', 'UGX']);
/** Three decimals, of which the last must be 0. */
const THREE_DECIMALS = new Set(['BHD', 'JOD', 'KWD', 'OMR', 'TND']);

/** Decimals of Stripe's amounts and the step they move in; null for a currency Stripe does not charge. */
function stripeUnit(code: Money['currency']): { digits: number; step: number } | null {
  if (NO_DECIMALS.has(code)) return { digits: 0, step: 1 };
  if (WHOLE_WITH_TWO_DECIMALS.has(code)) return { digits: 2, step: 100 };
  if (THREE_DECIMALS.has(code)) return { digits: 3, step: 10 };
  return fractionDigits(code) === 2 ? { digits: 2, step: 1 } : null;
}

/** Our minor units (ISO 4217) in Stripe's, which differ for some currencies. Never rounds: throws INVALID_CALL instead. */
export function toStripeAmount(amount: Money): number {
  const unit = stripeUnit(amount.currency);
  if (unit === null) throw new GatewayFault('INVALID_CALL', `The payment provider cannot charge ${amount.currency}.`);
  const shift = unit.digits - fractionDigits(amount.currency);
  const value = shift >= 0 ? amount.amountMinor * 10 ** shift : amount.amountMinor / 10 ** -shift;
  if (!Number.isSafeInteger(value) || value % unit.step !== 0 || value <= 0) {
    throw new GatewayFault(
      'INVALID_CALL',
      `The payment provider cannot charge exactly ${amount.amountMinor} minor units of ${amount.currency}.`,
    );
  }
  return value;
}

/** The reverse of `toStripeAmount`; also zero. */
export function fromStripeAmount(amount: number, code: string): Money {
  const upper = code.toUpperCase();
  const unit = isCurrency(upper) ? stripeUnit(upper) : null;
  if (unit === null)
    throw new GatewayFault('PROVIDER', `The payment provider speaks of a currency we do not know: ${upper}.`);
  const known = currency(upper);
  const shift = fractionDigits(known) - unit.digits;
  return money(shift >= 0 ? amount * 10 ** shift : amount / 10 ** -shift, known);
}
