import {
  allocate,
  type Channel,
  type ChannelId,
  type CurrencyCode,
  type Id,
  money,
  roundHalfUp,
  type VariantId,
} from '@souk/schema';

export const STANDARD_TAX = 'standard';
/** Pays nothing unless a rate says otherwise, where other classes without a rate pay the standard one. */
export const ZERO_TAX = 'zero';

export type ShippingMethodId = Id<'ShippingMethod'>;

/** A price row as products said it. `validTo` is exclusive; null is open. */
export interface PriceCopy {
  readonly amount: number;
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
}

/** What orders knows of a variant, with the price rows of one channel and currency. */
export interface VariantCopy {
  readonly variantId: VariantId;
  readonly published: boolean;
  readonly name: string;
  readonly sku: string;
  readonly weightGrams: number;
  readonly requiresShipping: boolean;
  readonly taxClass: string;
  readonly maxPerOrder: number | null;
  readonly prices: readonly PriceCopy[];
}

export interface ShippingTier {
  readonly price: number;
  readonly weightFrom: number;
  /** Exclusive; null is open. */
  readonly weightTo: number | null;
  readonly subtotalFrom: number;
  /** Exclusive; null is open. */
  readonly subtotalTo: number | null;
}

export interface ShippingRule {
  readonly id: ShippingMethodId;
  readonly name: string;
  readonly description: string | null;
  readonly taxClass: string;
  readonly minDays: number | null;
  readonly maxDays: number | null;
  /** In the currency of the quote. */
  readonly tiers: readonly ShippingTier[];
}

/** The rules of one destination at one moment. */
export interface Rules {
  /** Basis points by tax class. No tax where no zone matches. */
  readonly rates: Readonly<Record<string, number>>;
  readonly methods: readonly ShippingRule[];
}

export interface Wanted {
  readonly variantId: VariantId;
  readonly quantity: number;
}

/** An amount taken off, spread over the named lines (all, if null) by their price. */
export interface Discount {
  readonly amount: number;
  readonly variantIds: readonly VariantId[] | null;
}

export interface Taxed {
  readonly net: number;
  readonly tax: number;
  readonly gross: number;
}

export interface QuotedLine extends Taxed {
  readonly variantId: VariantId;
  readonly name: string;
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: number;
  /** Unit price times quantity, before discounts, as prices are shown. */
  readonly amount: number;
  readonly discount: number;
  readonly taxRateBp: number;
  readonly requiresShipping: boolean;
}

export interface ShippingOption {
  readonly id: ShippingMethodId;
  readonly name: string;
  readonly description: string | null;
  readonly price: number;
  readonly taxClass: string;
  readonly minDays: number | null;
  readonly maxDays: number | null;
}

export const quoteGaps = {
  EMPTY: 'There are no lines.',
  UNAVAILABLE: 'A variant is unknown or not for sale; it is left out.',
  PRICE_UNKNOWN: 'A price is not known here yet; the line is left out.',
  QUANTITY_LIMIT: 'More units than one order may hold of a variant.',
  NO_ADDRESS: 'Without a destination neither shipping nor tax is known.',
  NOT_SHIPPABLE: 'No shipping method serves this destination and these goods.',
  SHIPPING_METHOD_UNAVAILABLE:
    'The chosen method does not serve this destination and these goods; the cheapest is shown.',
} as const satisfies Record<string, string>;
export type QuoteGap = keyof typeof quoteGaps;

/** Amounts in minor units. `subtotal`, `discount` and `shipping` are as prices are shown: with tax where the channel says so. */
export interface Quote {
  readonly channelId: ChannelId;
  readonly currency: CurrencyCode;
  readonly pricesIncludeTax: boolean;
  readonly lines: readonly QuotedLine[];
  readonly subtotal: number;
  readonly discount: number;
  readonly shipping: number;
  readonly shippingGross: number;
  readonly tax: number;
  readonly total: number;
  readonly options: readonly ShippingOption[];
  readonly method: ShippingOption | null;
  readonly needsShipping: boolean;
  /** Why this is an estimate and no order; empty when it can be ordered. */
  readonly gaps: readonly { readonly gap: QuoteGap; readonly variantId: VariantId | null; readonly limit?: number }[];
}

export interface Quoting {
  readonly wanted: readonly Wanted[];
  readonly copies: readonly VariantCopy[];
  readonly rules: Rules;
  readonly channel: Channel;
  readonly hasDestination: boolean;
  readonly methodId: ShippingMethodId | null;
  readonly now: Date;
  readonly discounts?: readonly Discount[];
}

/** The row that holds at a moment; of several the one that began last, for a sale begins within an open price. */
export function priceAt(prices: readonly PriceCopy[], now: Date): number | null {
  const begun = (price: PriceCopy) => price.validFrom?.getTime() ?? Number.NEGATIVE_INFINITY;
  const holding = prices.filter((price) => begun(price) <= now.getTime() && (!price.validTo || price.validTo > now));
  return holding.sort((a, b) => begun(b) - begun(a) || a.amount - b.amount)[0]?.amount ?? null;
}

/** Splits an amount into net and tax, rounded half up once. `included` says whether the amount holds the tax already. */
export function taxOf(amount: number, basisPoints: number, included: boolean): Taxed {
  const denominator = 10_000n + (included ? BigInt(basisPoints) : 0n);
  const tax = roundHalfUp(BigInt(amount) * BigInt(basisPoints), denominator);
  return included ? { net: amount - tax, tax, gross: amount } : { net: amount, tax, gross: amount + tax };
}

/**
 * The price of `count` units of a line of `quantity` units after `before` of them: shares of one line always sum to the
 * whole, however they are taken.
 */
export function shareOf(amount: number, quantity: number, before: number, count: number): number {
  const floor = Math.floor(amount / quantity);
  const extra = amount - floor * quantity;
  const upTo = (n: number) => n * floor + Math.min(n, extra);
  return upTo(before + count) - upTo(before);
}

const rateOf = ({ rates }: Rules, taxClass: string): number =>
  rates[taxClass] ?? (taxClass === ZERO_TAX ? 0 : (rates[STANDARD_TAX] ?? 0));

function spread(
  lines: readonly { variantId: VariantId; amount: number }[],
  discounts: readonly Discount[],
  currency: CurrencyCode,
): number[] {
  const off = lines.map(() => 0);
  for (const { amount, variantIds } of discounts) {
    const left = lines.map((line, i) =>
      variantIds === null || variantIds.includes(line.variantId) ? line.amount - off[i]! : 0,
    );
    const most = left.reduce((sum, n) => sum + n, 0);
    if (most === 0) continue;
    // Weights are what is left of each line, so no line goes below zero.
    const parts = allocate(money(Math.min(Math.max(amount, 0), most), currency), left);
    for (const [i, part] of parts.entries()) off[i]! += part.amountMinor;
  }
  return off;
}

function cheapestTier(tiers: readonly ShippingTier[], weight: number, subtotal: number): number | null {
  const fits = tiers.filter(
    (tier) =>
      weight >= tier.weightFrom &&
      (tier.weightTo === null || weight < tier.weightTo) &&
      subtotal >= tier.subtotalFrom &&
      (tier.subtotalTo === null || subtotal < tier.subtotalTo),
  );
  return fits.length === 0 ? null : Math.min(...fits.map((tier) => tier.price));
}

/** The one place where a total is computed, for the cart's quote and for the order alike. Pure. */
export function quote({
  wanted,
  copies,
  rules,
  channel,
  hasDestination,
  methodId,
  now,
  discounts = [],
}: Quoting): Quote {
  const included = channel.pricesIncludeTax;
  const byId = new Map(copies.map((copy) => [copy.variantId, copy]));
  const gaps: { gap: QuoteGap; variantId: VariantId | null; limit?: number }[] = [];
  const sold: { copy: VariantCopy; quantity: number; unitPrice: number; amount: number; variantId: VariantId }[] = [];
  if (wanted.length === 0) gaps.push({ gap: 'EMPTY', variantId: null });
  for (const { variantId, quantity } of wanted) {
    const copy = byId.get(variantId);
    if (!copy?.published) {
      gaps.push({ gap: 'UNAVAILABLE', variantId });
      continue;
    }
    if (copy.maxPerOrder !== null && quantity > copy.maxPerOrder) {
      gaps.push({ gap: 'QUANTITY_LIMIT', variantId, limit: copy.maxPerOrder });
    }
    const unitPrice = priceAt(copy.prices, now);
    if (unitPrice === null) gaps.push({ gap: 'PRICE_UNKNOWN', variantId });
    else sold.push({ copy, variantId, quantity, unitPrice, amount: unitPrice * quantity });
  }
  const off = spread(sold, discounts, channel.currency);
  const lines = sold.map(({ copy, variantId, quantity, unitPrice, amount }, i): QuotedLine => {
    const taxRateBp = rateOf(rules, copy.taxClass);
    return {
      variantId,
      name: copy.name,
      sku: copy.sku,
      quantity,
      unitPrice,
      amount,
      discount: off[i]!,
      taxRateBp,
      requiresShipping: copy.requiresShipping,
      ...taxOf(amount - off[i]!, taxRateBp, included),
    };
  });
  const total = (of: (line: QuotedLine) => number) => lines.reduce((sum, line) => sum + of(line), 0);
  const subtotal = total((line) => line.amount);
  const discount = total((line) => line.discount);
  const weight = sold.reduce(
    (sum, { copy, quantity }) => sum + (copy.requiresShipping ? copy.weightGrams * quantity : 0),
    0,
  );

  const needsShipping = lines.some((line) => line.requiresShipping);
  const options = (needsShipping && hasDestination ? rules.methods : [])
    .flatMap(({ tiers, ...method }): ShippingOption[] => {
      const price = cheapestTier(tiers, weight, subtotal - discount);
      return price === null ? [] : [{ ...method, price }];
    })
    .sort((a, b) => a.price - b.price || (a.maxDays ?? 999) - (b.maxDays ?? 999) || (a.id < b.id ? -1 : 1));
  const method = options.find((option) => option.id === methodId) ?? options[0] ?? null;
  if (needsShipping && !hasDestination) gaps.push({ gap: 'NO_ADDRESS', variantId: null });
  else if (needsShipping && !method) gaps.push({ gap: 'NOT_SHIPPABLE', variantId: null });
  else if (needsShipping && methodId !== null && method?.id !== methodId) {
    gaps.push({ gap: 'SHIPPING_METHOD_UNAVAILABLE', variantId: null });
  }
  const shipped = taxOf(method?.price ?? 0, method ? rateOf(rules, method.taxClass) : 0, included);
  const shipping = method?.price ?? 0;
  return {
    channelId: channel.id,
    currency: channel.currency,
    pricesIncludeTax: included,
    lines,
    subtotal,
    discount,
    shipping,
    shippingGross: shipped.gross,
    tax: total((line) => line.tax) + shipped.tax,
    total: total((line) => line.gross) + shipped.gross,
    options,
    method,
    needsShipping,
    gaps,
  };
}
