import { parameterInvalid, parameterMissing, resourceMissing, unknownUrl } from './simulator.errors.ts';
import type { FaultPlan } from './simulator.faults.ts';
import type { Params } from './simulator.form.ts';
import * as machine from './simulator.intents.ts';
import { intentShape } from './simulator.shapes.ts';
import { type Db, findEvent, readNow } from './simulator.store.ts';
import { post, signatureHeader, type Webhooks } from './simulator.webhooks.ts';
import { change, changeOwner, newId, type Write, worldOf } from './simulator.write.ts';

export interface Controlled {
  readonly db: Db;
  readonly webhooks: Webhooks;
  readonly faults: FaultPlan;
  readonly publicUrl: string;
  /** Runs a change in a transaction of its own and delivers its events. */
  write<T>(work: (write: Write) => Promise<T>): Promise<T>;
}

/** What tests can do to the simulator and nobody can do to Stripe: `POST /_simulator/…`, with the secret key. */
export async function control(on: Controlled, method: string, path: string, params: Params): Promise<object> {
  switch (`${method} ${path}`) {
    case 'GET /_simulator/state':
      return { webhooks: await on.webhooks.status(), faults: on.faults.list() };
    case 'POST /_simulator/webhooks/pause':
      await on.webhooks.pause();
      return on.webhooks.status();
    case 'POST /_simulator/webhooks/resume':
      await on.webhooks.resume();
      return on.webhooks.status();
    case 'POST /_simulator/webhooks/flush':
      return { undelivered: await on.webhooks.flush() };
    case 'POST /_simulator/webhooks/replay':
      return replay(on, params);
    case 'POST /_simulator/complete-3ds':
      return completeAuthentication(on, params);
    case 'POST /_simulator/expire':
      return changed(on, params.requiredText('intent'), (intent, write) => machine.expire(intent, worldOf(write)));
    case 'POST /_simulator/disputes':
      return openDispute(on, params);
    case 'POST /_simulator/disputes/close':
      return closeDispute(on, params);
    case 'POST /_simulator/faults':
      return planFault(on, params);
    case 'POST /_simulator/faults/clear':
      on.faults.clear();
      return { faults: [] };
    default:
      throw unknownUrl(method, path);
  }
}

async function changed(
  on: Controlled,
  intentId: string,
  take: (intent: machine.Intent, write: Write) => machine.Step,
): Promise<object> {
  const { intent } = await on.write((write) => change(write, intentId, (intent) => take(intent, write)));
  return intentShape(intent, on.publicUrl);
}

/** Approves or refuses 3-D Secure without a browser. */
function completeAuthentication(on: Controlled, params: Params): Promise<object> {
  const outcome = params.oneOf('outcome', ['succeeded', 'failed'] as const);
  if (outcome === null) throw parameterMissing('outcome');
  return changed(on, params.requiredText('intent'), (intent, write) =>
    machine.completeAuthentication(intent, outcome, worldOf(write)),
  );
}

function openDispute(on: Controlled, params: Params): Promise<object> {
  const given = { reason: params.text('reason') ?? 'fraudulent', amount: params.integer('amount') };
  return changed(on, params.requiredText('intent'), (intent, write) =>
    machine.openDispute(intent, given, worldOf(write)),
  );
}

async function closeDispute(on: Controlled, params: Params): Promise<object> {
  const outcome = params.oneOf('outcome', ['won', 'lost'] as const);
  if (outcome === null) throw parameterMissing('outcome');
  const id = params.requiredText('dispute');
  const { intent } = await on.write((write) =>
    changeOwner(write, 'dispute', id, (before) => machine.closeDispute(before, id, outcome)),
  );
  return intentShape(intent, on.publicUrl);
}

function planFault(on: Controlled, params: Params): object {
  const kind = params.oneOf('kind', ['error', 'drop', 'lose-answer', 'delay'] as const);
  if (kind === null) throw parameterMissing('kind');
  const status = params.integer('status') ?? 500;
  if (status < 400 || status > 599) throw parameterInvalid('status', 'A fault answers with a status from 400 to 599.');
  on.faults.add({
    kind,
    status,
    times: params.integer('times') ?? 1,
    delayMs: params.integer('delay_ms') ?? 1000,
    path: params.text('path') ?? '',
  });
  return { faults: on.faults.list() };
}

/**
 * Sends a stored event again, now, whether or not webhooks are paused: `times` at once, signed `timestamp_offset`
 * seconds from now, with another `amount`, under a `fresh_id`, or with a `signature=bad`. Answers what the endpoint said.
 */
async function replay(on: Controlled, params: Params): Promise<object> {
  const id = params.requiredText('event');
  const event = await findEvent(on.db, id);
  if (event === undefined) throw resourceMissing('event', id, 'event');
  const endpoint = on.webhooks.endpoint();
  if (endpoint === null) throw parameterInvalid('event', 'The simulator has no webhook endpoint to send events to.');
  const times = params.integer('times') ?? 1;
  if (times < 1 || times > 1000) throw parameterInvalid('times', 'An event is replayed 1 to 1000 times.');
  const at = Math.floor((await readNow(on.db)).getTime() / 1000) + (params.integer('timestamp_offset') ?? 0);
  const body = altered(event.body, params);
  const bad = params.oneOf('signature', ['good', 'bad'] as const) === 'bad';
  const signature = signatureHeader(body, bad ? `${endpoint.secret}-another` : endpoint.secret, at);
  const results = await Promise.all(Array.from({ length: times }, () => post(endpoint.url, body, signature)));
  return { results };
}

const AMOUNTS = ['amount', 'amount_capturable', 'amount_received', 'amount_captured'];

function altered(text: string, params: Params): string {
  const amount = params.integer('amount');
  const fresh = params.boolean('fresh_id') ?? false;
  if (amount === null && !fresh) return text;
  const event = JSON.parse(text) as { id: string; data: { object: Record<string, unknown> } };
  if (fresh) event.id = newId('evt_3');
  const { object } = event.data;
  if (amount !== null)
    for (const key of AMOUNTS) if (typeof object[key] === 'number' && object[key] !== 0) object[key] = amount;
  return JSON.stringify(event, null, 2);
}
