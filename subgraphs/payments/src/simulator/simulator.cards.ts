import { cardRefused } from './simulator.errors.ts';

/** What a test card does when it is charged; Stripe publishes these cards for every integration's tests. */
export interface CardBehaviour {
  readonly name: string;
  readonly brand: string;
  readonly last4: string;
  readonly funding: 'credit' | 'debit';
  readonly decline: Decline | null;
  readonly authentication: 'required' | 'optional' | 'unsupported';
  readonly dispute: 'fraudulent' | 'product_not_received' | null;
  readonly refund: 'succeeds' | 'pends' | 'fails';
}

export interface Decline {
  readonly code: string;
  readonly declineCode: string;
  readonly message: string;
}

const declined = (declineCode: string, message = 'Your card was declined.', code = 'card_declined'): Decline => ({
  code,
  declineCode,
  message,
});

const GENERIC = declined('generic_decline');
const NO_FUNDS = declined('insufficient_funds', 'Your card has insufficient funds.');

const plain = {
  brand: 'visa',
  funding: 'credit',
  decline: null,
  authentication: 'unsupported',
  dispute: null,
  refund: 'succeeds',
} as const;

type Row = [number: string, aliases: readonly string[], differs?: Partial<CardBehaviour>];

/** Published test numbers with the `pm_card_…` and `tok_…` endings that stand for them. They open no account anywhere. */
const ROWS: readonly Row[] = [
  ['4242424242424242', ['visa'], { authentication: 'optional' }],
  ['4000056655665556', ['visa_debit'], { funding: 'debit' }],
  ['5555555555554444', ['mastercard'], { brand: 'mastercard' }],
  ['5200828282828210', ['mastercard_debit'], { brand: 'mastercard', funding: 'debit' }],
  ['378282246310005', ['amex'], { brand: 'amex' }],
  ['6011111111111117', ['discover'], { brand: 'discover' }],
  ['3056930009020004', ['diners'], { brand: 'diners' }],
  ['3566002020360505', ['jcb'], { brand: 'jcb' }],
  ['6200000000000005', ['unionpay'], { brand: 'unionpay' }],
  ['4000000000000002', ['chargeDeclined', 'visa_chargeDeclined'], { decline: GENERIC }],
  [
    '4000000000009995',
    ['chargeDeclinedInsufficientFunds', 'visa_chargeDeclinedInsufficientFunds'],
    { decline: NO_FUNDS },
  ],
  ['4000000000009987', ['visa_chargeDeclinedLostCard'], { decline: declined('lost_card') }],
  ['4000000000009979', ['visa_chargeDeclinedStolenCard'], { decline: declined('stolen_card') }],
  ['4100000000000019', ['chargeDeclinedFraudulent', 'radarBlock'], { decline: declined('fraudulent') }],
  [
    '4000000000000069',
    ['chargeDeclinedExpiredCard'],
    { decline: declined('expired_card', 'Your card has expired.', 'expired_card') },
  ],
  [
    '4000000000000127',
    ['chargeDeclinedIncorrectCvc'],
    { decline: declined('incorrect_cvc', "Your card's security code is incorrect.", 'incorrect_cvc') },
  ],
  [
    '4000000000000119',
    ['chargeDeclinedProcessingError'],
    {
      decline: declined(
        'processing_error',
        'An error occurred while processing your card. Try again in a little bit.',
        'processing_error',
      ),
    },
  ],
  ['4000000000003220', ['threeDSecure2Required'], { authentication: 'required' }],
  ['4000000000003063', ['threeDSecureRequired'], { authentication: 'required' }],
  ['4000002760003184', ['authenticationRequired'], { authentication: 'required' }],
  ['4000002500003155', ['authenticationRequiredOnSetup'], { authentication: 'required' }],
  ['4000000000003055', ['threeDSecureOptional'], { authentication: 'optional' }],
  ['4000008400001629', ['threeDSecureRequiredChargeDeclined'], { authentication: 'required', decline: GENERIC }],
  [
    '4000008260003178',
    ['authenticationRequiredChargeDeclinedInsufficientFunds'],
    { authentication: 'required', decline: NO_FUNDS },
  ],
  ['4000000000000259', ['createDispute'], { dispute: 'fraudulent' }],
  ['4000000000002685', ['createDisputeProductNotReceived'], { dispute: 'product_not_received' }],
  ['4000000000007726', ['pendingRefund'], { refund: 'pends' }],
  ['4000000000005126', ['refundFail'], { refund: 'fails' }],
];

const byNumber = new Map<string, CardBehaviour>();
const byAlias = new Map<string, CardBehaviour>();
for (const [number, aliases, differs] of ROWS) {
  const card: CardBehaviour = { ...plain, name: aliases[0]!, last4: number.slice(-4), ...differs };
  byNumber.set(number, card);
  for (const alias of aliases) byAlias.set(alias, card);
}

/** `pm_card_visa` or `tok_visa` → the card, or null where Stripe publishes no such test card. */
export function cardByToken(token: string): CardBehaviour | null {
  const alias = /^(?:pm_card_|tok_)(.+)$/.exec(token)?.[1];
  return alias === undefined ? null : (byAlias.get(alias) ?? null);
}

/** The card a stored payment method was made from, by its behaviour's name: its number was never kept. */
export function cardByName(name: string): CardBehaviour {
  const card = byAlias.get(name);
  if (card === undefined) throw new Error(`the simulator knows no test card '${name}'`);
  return card;
}

export interface CardInput {
  readonly number: string;
  readonly expMonth: number;
  readonly expYear: number;
  readonly cvc: string | null;
}

/** Only published test numbers are accepted: a real card typed here is refused, never stored and never echoed. */
export function cardByInput(input: CardInput, thisYear: number, thisMonth: number): CardBehaviour {
  const number = input.number.replace(/[\s-]/g, '');
  if (!/^\d{12,19}$/.test(number) || !luhn(number)) {
    throw cardRefused('incorrect_number', 'Your card number is incorrect.', 'number');
  }
  if (input.expMonth < 1 || input.expMonth > 12) {
    throw cardRefused('invalid_expiry_month', "Your card's expiration month is invalid.", 'exp_month');
  }
  if (
    input.expYear < thisYear ||
    input.expYear > thisYear + 50 ||
    (input.expYear === thisYear && input.expMonth < thisMonth)
  ) {
    throw cardRefused('invalid_expiry_year', "Your card's expiration year is invalid.", 'exp_year');
  }
  if (input.cvc !== null && !/^\d{3,4}$/.test(input.cvc)) {
    throw cardRefused('invalid_cvc', "Your card's security code is invalid.", 'cvc');
  }
  const card = byNumber.get(number);
  if (card === undefined) {
    throw cardRefused(
      'card_declined',
      'Your card was declined. Your request was in test mode, but used a non test card.',
      'number',
    );
  }
  return card;
}

function luhn(digits: string): boolean {
  let sum = 0;
  [...digits].reverse().forEach((digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  });
  return sum % 10 === 0;
}
