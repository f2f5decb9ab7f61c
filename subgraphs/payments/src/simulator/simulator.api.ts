import { type CardBehaviour, cardByInput, cardByToken } from './simulator.cards.ts';
import { checkAmount } from './simulator.currencies.ts';
import { parameterInvalid, parameterMissing, resourceMissing } from './simulator.errors.ts';
import type { Params } from './simulator.form.ts';
import * as machine from './simulator.intents.ts';
import {
  chargeShape,
  disputeShape,
  intentShape,
  objectShape,
  paymentMethodShape,
  refundShape,
} from './simulator.shapes.ts';
import {
  type Db,
  findEvent,
  findIntent,
  findIntentIdOf,
  findPaymentMethod,
  insertPaymentMethod,
  listEvents,
  listIntents,
  listObjects,
  type Page,
  type Paged,
} from './simulator.store.ts';
import type { ObjectKind } from './simulator.tables.ts';
import { type Answer, answerOf, type Call, change, keep, newId, type Write, worldOf } from './simulator.write.ts';

export interface Reading {
  readonly db: Db;
  readonly params: Params;
  readonly id: string;
  readonly publicUrl: string;
}

export type Route =
  | { readonly method: 'GET'; readonly path: RegExp; readonly read: (reading: Reading) => Promise<object> }
  | { readonly method: 'POST'; readonly path: RegExp; readonly write: (call: Call) => Promise<Answer> };

const ID = '([A-Za-z0-9_]+)';
const get = (path: string, read: (reading: Reading) => Promise<object>): Route => ({
  method: 'GET',
  path: new RegExp(`^/v1/${path.replace(':id', ID)}$`),
  read,
});
const post = (path: string, write: (call: Call) => Promise<Answer>): Route => ({
  method: 'POST',
  path: new RegExp(`^/v1/${path.replace(':id', ID)}$`),
  write,
});

export const routes: readonly Route[] = [
  post('payment_methods', createPaymentMethod),
  get('payment_methods/:id', readPaymentMethod),
  post('payment_intents', createIntent),
  get('payment_intents', readIntents),
  get('payment_intents/:id', readObject('payment_intent')),
  post('payment_intents/:id/confirm', confirmIntent),
  post('payment_intents/:id/capture', captureIntent),
  post('payment_intents/:id/cancel', cancelIntent),
  get('charges', readObjects('charge')),
  get('charges/:id', readObject('charge')),
  post('refunds', createRefund),
  get('refunds', readObjects('refund')),
  get('refunds/:id', readObject('refund')),
  get('disputes', readObjects('dispute')),
  get('disputes/:id', readObject('dispute')),
  get('events', readEvents),
  get('events/:id', readEvent),
];

async function createPaymentMethod({ tx, now, params }: Call): Promise<Answer> {
  const type = params.requiredText('type');
  if (type !== 'card') throw parameterInvalid('type', `The simulator knows payment methods of type card, not ${type}.`);
  const given = params.nested('card');
  if (given === null) throw parameterMissing('card');
  const token = given.text('token');
  const billing = params.nested('billing_details');
  const shown = {
    name: billing?.text('name') ?? null,
    email: billing?.text('email') ?? null,
    phone: billing?.text('phone') ?? null,
  };
  const metadata = params.metadata();
  const input =
    token === null
      ? {
          number: given.requiredText('number'),
          expMonth: given.requiredInteger('exp_month'),
          expYear: given.requiredInteger('exp_year'),
          cvc: given.text('cvc'),
        }
      : null;
  given.done();
  params.done();
  const card = input === null ? cardByToken(token!) : cardByInput(input, now.getUTCFullYear(), now.getUTCMonth() + 1);
  if (card === null) throw resourceMissing('token', token!, 'card[token]');
  const method = { ...methodOf(card, now), billing: shown, metadata };
  const made = input === null ? method : { ...method, expMonth: input.expMonth, expYear: input.expYear };
  await insertPaymentMethod(tx, made);
  return { status: 200, body: paymentMethodShape(made) };
}

function methodOf(card: CardBehaviour, now: Date): machine.PaymentMethod {
  return {
    id: newId('pm_1'),
    created: Math.floor(now.getTime() / 1000),
    card: card.name,
    expMonth: 12,
    expYear: now.getUTCFullYear() + 1,
    billing: { name: null, email: null, phone: null },
    metadata: {},
  };
}

async function readPaymentMethod({ db, id, params }: Reading): Promise<object> {
  params.done();
  const method = await findPaymentMethod(db, id);
  if (method === undefined) throw resourceMissing('PaymentMethod', id, 'payment_method');
  return paymentMethodShape(method);
}

/** `pm_card_…` stands for a new payment method each time it is used; anything else must exist. */
async function resolveMethod({ tx, now }: Write, id: string | null): Promise<machine.PaymentMethod | null> {
  if (id === null) return null;
  const card = id.startsWith('pm_card_') ? cardByToken(id) : null;
  if (card !== null) {
    const method = methodOf(card, now);
    await insertPaymentMethod(tx, method);
    return method;
  }
  const found = await findPaymentMethod(tx, id);
  if (found === undefined) throw resourceMissing('PaymentMethod', id, 'payment_method');
  return found;
}

function returnUrlOf(params: Params): string | null {
  const text = params.text('return_url');
  if (text === null) return null;
  const protocol = URL.canParse(text) ? new URL(text).protocol : '';
  if (!/^(?:https?|[a-z][a-z0-9+.-]*):$/.test(protocol) || /^(?:javascript|data|vbscript|file):$/.test(protocol)) {
    throw parameterInvalid('return_url', 'Not a valid URL', 'url_invalid');
  }
  return text;
}

async function createIntent(call: Call): Promise<Answer> {
  const { params } = call;
  const amount = params.requiredInteger('amount');
  const currency = params.requiredText('currency').toLowerCase();
  checkAmount(amount, currency, true);
  const types = params.list('allowed_payment_method_types');
  const automatic = params.nested('automatic_payment_methods');
  automatic?.boolean('enabled');
  automatic?.oneOf('allow_redirects', ['always', 'never']);
  automatic?.done();
  if (types.some((type) => type !== 'card')) {
    throw parameterInvalid('allowed_payment_method_types', 'The simulator knows the payment method type card only.');
  }
  const given = {
    amount,
    currency,
    captureMethod: params.oneOf('capture_method', ['automatic', 'manual'] as const) ?? ('automatic' as const),
    description: params.text('description'),
    receiptEmail: params.text('receipt_email'),
    metadata: params.metadata(),
    allowedMethodTypes: types.length === 0 ? null : types,
  };
  const method = params.text('payment_method');
  const confirm = params.boolean('confirm') ?? false;
  const returnUrl = returnUrlOf(params);
  params.oneOf('confirmation_method', ['automatic']);
  params.done();
  if (returnUrl !== null && !confirm) {
    throw parameterInvalid('return_url', 'You may only specify `return_url` on creation when `confirm` is true.');
  }
  const step = machine.create({ ...given, paymentMethod: await resolveMethod(call, method) }, worldOf(call));
  const intent = await keep(call, null, step);
  if (!confirm) return answerOf(step, call.publicUrl);
  const confirmed = machine.confirm(intent, { paymentMethod: null, returnUrl }, worldOf(call));
  await keep(call, intent, confirmed);
  return answerOf(confirmed, call.publicUrl);
}

async function confirmIntent(call: Call): Promise<Answer> {
  const method = call.params.text('payment_method');
  const returnUrl = returnUrlOf(call.params);
  call.params.done();
  const paymentMethod = await resolveMethod(call, method);
  return change(call, call.id, (intent) => machine.confirm(intent, { paymentMethod, returnUrl }, worldOf(call)));
}

async function captureIntent(call: Call): Promise<Answer> {
  const amount = call.params.integer('amount_to_capture');
  call.params.done();
  return change(call, call.id, (intent) => {
    if (amount !== null) checkAmount(amount, intent.currency, false);
    return machine.capture(intent, amount, worldOf(call));
  });
}

const CANCELLATIONS = ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'] as const;

async function cancelIntent(call: Call): Promise<Answer> {
  const reason = call.params.oneOf('cancellation_reason', CANCELLATIONS);
  call.params.done();
  return change(call, call.id, (intent) => machine.cancel(intent, reason, worldOf(call)));
}

async function createRefund(call: Call): Promise<Answer> {
  const { params } = call;
  const intentId = params.text('payment_intent');
  const chargeId = params.text('charge');
  const amount = params.integer('amount');
  const reason = params.oneOf('reason', ['duplicate', 'fraudulent', 'requested_by_customer'] as const);
  const metadata = params.metadata();
  params.done();
  if (intentId === null && chargeId === null) throw parameterMissing('payment_intent');
  const owner = intentId ?? (await findIntentIdOf(call.tx, chargeId!));
  if (owner === undefined) throw resourceMissing('charge', chargeId!, 'charge');
  const { intent } = await change(call, owner, (before) => {
    if (amount !== null) checkAmount(amount, before.currency, false);
    return machine.refund(before, { amount, reason, metadata }, worldOf(call));
  });
  const charge = machine.paidCharge(intent)!;
  return { status: 200, body: refundShape(intent, charge, charge.refunds.at(-1)!), intent };
}

function readObject(kind: 'payment_intent' | ObjectKind) {
  return async ({ db, id, params, publicUrl }: Reading): Promise<object> => {
    params.done();
    const intentId = kind === 'payment_intent' ? id : await findIntentIdOf(db, id);
    const intent = intentId === undefined ? undefined : await findIntent(db, intentId);
    const shape = intent === undefined ? null : objectShape(intent, id, publicUrl);
    if (shape === null || !('object' in shape) || shape.object !== kind)
      throw resourceMissing(kind, id, kind === 'payment_intent' ? 'intent' : kind);
    return shape;
  };
}

function pageOf(params: Params): Page {
  const limit = params.integer('limit') ?? 10;
  if (limit < 1 || limit > 100) throw parameterInvalid('limit', 'Limit must be between 1 and 100.');
  return { limit, startingAfter: params.text('starting_after'), endingBefore: params.text('ending_before') };
}

const list = <T>(url: string, { data, hasMore }: Paged<T>, shape: (item: T) => object): object => ({
  object: 'list',
  data: data.map(shape),
  has_more: hasMore,
  url,
});

async function readIntents({ db, params, publicUrl }: Reading): Promise<object> {
  const page = pageOf(params);
  params.done();
  return list('/v1/payment_intents', await listIntents(db, page), (intent) => intentShape(intent, publicUrl));
}

function readObjects(kind: ObjectKind) {
  return async ({ db, params }: Reading): Promise<object> => {
    const page = pageOf(params);
    const chargeId = kind === 'charge' ? null : params.text('charge');
    const ofCharge = chargeId === null ? null : ((await findIntentIdOf(db, chargeId)) ?? '');
    const intentId = params.text('payment_intent') ?? ofCharge;
    params.done();
    return list(`/v1/${kind}s`, await listObjects(db, kind, intentId, page), ({ id, intent }) =>
      shapeOf(kind, id, intent),
    );
  };
}

function shapeOf(kind: ObjectKind, id: string, intent: machine.Intent): object {
  for (const charge of intent.charges) {
    if (kind === 'charge' && charge.id === id) return chargeShape(intent, charge);
    if (kind === 'dispute' && charge.dispute?.id === id) return disputeShape(intent, charge, charge.dispute);
    const refund = kind === 'refund' ? charge.refunds.find((r) => r.id === id) : undefined;
    if (refund !== undefined) return refundShape(intent, charge, refund);
  }
  throw new Error(`${kind} ${id} is indexed but not in ${intent.id}`);
}

async function readEvents({ db, params }: Reading): Promise<object> {
  const page = pageOf(params);
  const type = params.text('type');
  const types = params.list('types');
  params.done();
  const found = await listEvents(db, type === null ? types : [type], page);
  return list('/v1/events', found, ({ body }): object => JSON.parse(body) as object);
}

async function readEvent({ db, id, params }: Reading): Promise<object> {
  params.done();
  const event = await findEvent(db, id);
  if (event === undefined) throw resourceMissing('event', id);
  return JSON.parse(event.body) as object;
}
