import { parameterInvalid } from './simulator.errors.ts';
import type { Intent } from './simulator.intents.ts';
import { objectShape, paymentMethodShape } from './simulator.shapes.ts';
import { type Db, findIntent, findIntentIdOf, findPaymentMethod } from './simulator.store.ts';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What `expand[]` may name here, without the leading `data.` of lists. */
const EXPANDABLE =
  /^(?:latest_charge|payment_intent|payment_method|charge)(?:\.(?:latest_charge|payment_intent|payment_method|charge)){0,3}$/;

/** Replaces ids by the objects they stand for, in place; what hangs on the `known` intent is not looked up. */
export async function expand(
  db: Db,
  body: object,
  paths: readonly string[],
  publicUrl: string,
  known?: Intent,
): Promise<void> {
  for (const path of paths) {
    if (!EXPANDABLE.test(path.replace(/^data\./, ''))) {
      throw parameterInvalid('expand', `This property cannot be expanded (${path}).`);
    }
    await expandPath((id) => load(db, id, publicUrl, known), body as Json, path.split('.'));
  }
}

async function expandPath(find: (id: string) => Promise<unknown>, node: Json, path: readonly string[]): Promise<void> {
  const [step, ...rest] = path;
  if (step === undefined) return;
  const value = node[step];
  if (Array.isArray(value)) {
    for (const item of value) if (isObject(item)) await expandPath(find, item, rest);
    return;
  }
  const reached = typeof value === 'string' ? await find(value) : value;
  if (!isObject(reached)) return;
  node[step] = reached;
  await expandPath(find, reached, rest);
}

async function load(db: Db, id: string, publicUrl: string, known: Intent | undefined): Promise<unknown> {
  const at = known === undefined ? null : objectShape(known, id, publicUrl);
  if (at !== null) return at;
  if (id.startsWith('pm_')) {
    const method = await findPaymentMethod(db, id);
    return method === undefined ? id : paymentMethodShape(method);
  }
  const intentId = id.startsWith('pi_') ? id : await findIntentIdOf(db, id);
  const intent = intentId === undefined ? undefined : await findIntent(db, intentId);
  return intent === undefined ? id : (objectShape(intent, id, publicUrl) ?? id);
}
