import { type CurrencyCode, DEFAULT_CHANNEL, fromDecimal, isCurrency, type Rejection, type UserId } from '@souk/schema';
import { checkAddress, email, oneLine, type TypedAddress } from './address.ts';
import { listVariantsBySku } from './copy.repository.ts';
import { insertImportedOrders } from './import.repository.ts';
import type { OrdersTx } from './order.service.ts';
import { MAX_LINES, MAX_QUANTITY, type Order } from './order.ts';
import { taxOf } from './pricing.ts';
import { no } from './rejections.ts';

export interface TypedImport {
  readonly orderNumber: string;
  readonly placedAt: Date;
  readonly cancelled: boolean;
  readonly currency: string;
  readonly email: string;
  readonly customerId: UserId | null;
  readonly lines: readonly {
    readonly sku: string;
    readonly name: string;
    readonly quantity: number;
    readonly unitPrice: string;
    readonly taxRate?: string | null;
  }[];
  readonly shipping?: string | null;
  readonly shippingAddress?: TypedAddress | null;
}

export interface ImportResult {
  readonly orderNumber: string;
  readonly outcome: 'CREATED' | 'UNCHANGED' | 'REFUSED';
  readonly errors: readonly Pick<Rejection, 'code' | 'message' | 'field'>[];
}

export const MAX_IMPORT = 100;

function amountOf(text: string, currency: CurrencyCode, field: readonly string[], found: Rejection[]): number {
  const minor = fromDecimal(text, currency)?.amountMinor ?? -1;
  if (minor < 0) {
    found.push(no('INVALID_AMOUNT', 'An amount is not negative and has no more digits than its currency.', field));
  }
  return Math.max(minor, 0);
}

/** An imported order as it is kept, or its mistakes. Prices from elsewhere hold their tax. */
function readImport(tx: OrdersTx, typed: TypedImport, path: readonly string[]): Order | readonly Rejection[] {
  const found: Rejection[] = [];
  const orderNumber = oneLine(typed.orderNumber, 50);
  if (!orderNumber || /^S-\d+$/i.test(orderNumber)) {
    const message = 'An order number has 1 to 50 characters and is not of the form S-100042, which is ours.';
    found.push(no('INVALID_ORDER_NUMBER', message, [...path, 'orderNumber']));
  }
  if (typed.placedAt > tx.now) {
    found.push(no('INVALID_DATE', 'An imported order was placed in the past.', [...path, 'placedAt']));
  }
  const mail = email(typed.email);
  if (mail === null) {
    found.push(no('INVALID_EMAIL', 'Write an e-mail address such as name@example.com.', [...path, 'email']));
  }
  if (typed.lines.length === 0 || typed.lines.length > MAX_LINES) {
    found.push(no('TOO_MANY_LINES', `An order has 1 to ${MAX_LINES} lines.`, [...path, 'lines']));
  }
  const address = typed.shippingAddress
    ? checkAddress(typed.shippingAddress, [...path, 'shippingAddress'], found)
    : null;
  if (!isCurrency(typed.currency)) {
    found.push(no('INVALID_AMOUNT', 'A currency is an ISO 4217 code, such as EUR.', [...path, 'currency']));
    return found;
  }
  const { currency } = typed;
  const lines = typed.lines.map((line, position) => {
    const field = [...path, 'lines', String(position)];
    const [sku, name] = [oneLine(line.sku, 100), oneLine(line.name, 300)];
    if (!sku) found.push(no('INVALID_TEXT', 'A SKU has 1 to 100 characters.', [...field, 'sku']));
    if (!name) found.push(no('INVALID_TEXT', 'A name has 1 to 300 characters.', [...field, 'name']));
    const { quantity } = line;
    if (quantity < 1 || quantity > MAX_QUANTITY) {
      found.push(no('INVALID_QUANTITY', `A quantity is 1 to ${MAX_QUANTITY}.`, [...field, 'quantity']));
    }
    const rate = Math.round(Number(line.taxRate ?? '0') * 100);
    if (rate < 0 || rate > 10_000) {
      found.push(no('INVALID_AMOUNT', 'A tax rate is 0 to 100 percent.', [...field, 'taxRate']));
    }
    const unitPrice = amountOf(line.unitPrice, currency, [...field, 'unitPrice'], found);
    const totalPrice = unitPrice * quantity;
    return {
      id: tx.newId<'OrderLine'>(),
      position,
      variantId: null,
      name: name ?? '',
      sku: sku ?? '',
      quantity,
      unitPrice,
      totalPrice,
      discount: 0,
      taxRateBp: rate,
      requiresShipping: true,
      ...taxOf(totalPrice, Math.min(Math.max(rate, 0), 10_000), true),
    };
  });
  const shipping = typed.shipping == null ? 0 : amountOf(typed.shipping, currency, [...path, 'shipping'], found);
  const subtotal = lines.reduce((sum, line) => sum + line.totalPrice, 0);
  if (!Number.isSafeInteger(subtotal + shipping)) {
    found.push(no('INVALID_AMOUNT', 'The order’s total is too large.', [...path, 'lines']));
  }
  if (found.length > 0) return found;
  const { placedAt, cancelled, customerId } = typed;
  return {
    id: tx.newId<'Order'>(),
    orderNumber: orderNumber!,
    userId: customerId,
    principal: customerId === null ? 'system' : `user:${customerId}`,
    origin: 'IMPORTED',
    cartId: null,
    cartVersion: null,
    channelId: DEFAULT_CHANNEL.id,
    currency,
    pricesIncludeTax: true,
    locale: DEFAULT_CHANNEL.defaultLocale,
    status: cancelled ? 'CANCELLED' : 'DELIVERED',
    version: 1,
    subtotal,
    discount: 0,
    tax: lines.reduce((sum, line) => sum + line.tax, 0),
    shipping,
    shippingGross: shipping,
    total: subtotal + shipping,
    email: mail!,
    shippingAddress: address,
    billingAddress: address,
    shippingMethodId: null,
    shippingMethodName: null,
    note: null,
    payWithinMs: 0,
    cancelCreditId: tx.newId<'Refund'>(),
    step: cancelled ? 'CANCELLED' : 'DONE',
    deadline: null,
    deadlinesMet: 0,
    attempt: 0,
    paymentMethod: null,
    authorized: false,
    captured: 0,
    credited: 0,
    refunded: 0,
    shippingRefunded: 0,
    cancelReason: cancelled ? 'STAFF' : null,
    missing: null,
    placedAt,
    confirmedAt: cancelled ? null : placedAt,
    createdAt: tx.now,
    updatedAt: tx.now,
    lines,
    credits: [],
  };
}

/**
 * Takes finished orders over, each by itself: one with mistakes does not keep the others out. An order whose number is
 * known stays as it is. They have no payment and no stock, and say no facts.
 */
export async function importOrders(
  tx: OrdersTx,
  typed: readonly TypedImport[],
  dryRun: boolean,
): Promise<readonly ImportResult[]> {
  if (typed.length === 0 || typed.length > MAX_IMPORT) {
    throw no('TOO_MANY_LINES', `Import 1 to ${MAX_IMPORT} orders at once.`, ['input', 'orders']);
  }
  const read = typed.map((one, i) => readImport(tx, one, ['input', 'orders', String(i)]));
  const good = read.filter((one): one is Order => !Array.isArray(one));
  const skus = [...new Set(good.flatMap(({ lines }) => lines.map(({ sku }) => sku)))];
  const variants = await listVariantsBySku(tx.db, skus);
  const linked = good.map((order) => ({
    ...order,
    lines: order.lines.map((line) => ({ ...line, variantId: variants.get(line.sku) ?? null })),
  }));
  const entries = linked.map(({ id }) => ({ id: tx.newId(), orderId: id }));
  const created = await insertImportedOrders(tx.db, linked, entries, tx.now, dryRun);
  return read.map((one, i): ImportResult => {
    const { orderNumber } = typed[i]!;
    if (Array.isArray(one)) {
      // Plain values, for the graph would take an Error within its data for a fault.
      const errors = one.map(({ code, message, field }: Rejection) => ({ code, message, field }));
      return { orderNumber, outcome: 'REFUSED', errors };
    }
    return { orderNumber, outcome: created.has((one as Order).id) ? 'CREATED' : 'UNCHANGED', errors: [] };
  });
}
