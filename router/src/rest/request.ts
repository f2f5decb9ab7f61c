import { encodeId, type IdKind, isUuid } from '@souk/schema';
import { refusal } from '../limits.ts';
import type { QueryParam, Route } from './routes.ts';

/** A request as HTTP brings it, its body parsed. */
export interface Given {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly idempotencyKey: string | undefined;
}

type Variables = Record<string, unknown>;

/** Ids in bodies, by the name of their field: bare UUIDs are taken for them too. */
const kinds: Readonly<Record<string, IdKind>> = {
  productId: 'Product',
  variantId: 'ProductVariant',
  categoryId: 'Category',
  collectionIds: 'Collection',
  cartId: 'Cart',
  orderId: 'Order',
  warehouseId: 'Warehouse',
  fulfillmentId: 'Fulfillment',
  orderLineId: 'OrderLine',
  shippingMethodId: 'ShippingMethod',
  mediaId: 'Media',
};

const wireId = (kind: IdKind, text: string): string =>
  isUuid(text.toLowerCase()) ? encodeId(kind, text.toLowerCase()) : text;

/** The variables of the operation. Throws BAD_USER_INPUT on what the route does not take; the graph checks the rest. */
export function variablesOf(route: Route, { params, query, body, idempotencyKey }: Given): Variables {
  const variables: Variables = {};
  if (route.body) variables.input = inputOf(route, body);
  for (const [name, value] of Object.entries(query)) {
    const param = Object.hasOwn(route.query ?? {}, name) ? route.query![name]! : null;
    if (!param) throw refusal(takes(route));
    place(variables, param.into, valueOf(name, param, value));
  }
  if (route.id) place(variables, route.id.into, wireId(route.id.kind, params.id!));
  if (route.idempotent) place(variables, 'input.idempotencyKey', keyOf(idempotencyKey));
  return variables;
}

/** Which operation runs: by the body's choice where it has one. */
export function operationOf(route: Route, body: unknown): string {
  if (!route.operations) return route.operation;
  const { field } = route.body!.choice!;
  const wanted = isRecord(body) ? body[field] : undefined;
  if (typeof wanted === 'string' && Object.hasOwn(route.operations, wanted)) return route.operations[wanted]!;
  throw refusal(`\`${field}\` is one of ${Object.keys(route.operations).join(', ')}.`);
}

const takes = ({ query }: Route): string =>
  query
    ? `There is a parameter here that this route does not take. It takes ${Object.keys(query).join(', ')}.`
    : 'This route takes no parameters.';

function keyOf(key: string | undefined): string {
  if (key !== undefined && key.length >= 8 && key.length <= 200) return key;
  throw refusal(
    'Send an Idempotency-Key header of 8 to 200 characters, fresh for every wish and the same for every try of it.',
  );
}

function inputOf(route: Route, body: unknown): Variables {
  if (body === undefined || body === null) return {};
  if (!isRecord(body)) throw refusal('The body is a JSON object.');
  const { without, choice } = route.body!;
  const foreign = without.find((name) => Object.hasOwn(body, name));
  if (foreign) throw refusal(`\`${foreign}\` does not belong into this body: it comes from elsewhere in the request.`);
  const input = withWireIds(body) as Variables;
  if (choice) delete input[choice.field];
  return input;
}

const DEEPEST = 32;

function withWireIds(value: unknown, kind?: IdKind, depth = 0): unknown {
  if (typeof value === 'string') return kind ? wireId(kind, value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) throw refusal(`The body is nested deeper than ${DEEPEST} levels.`);
  if (Array.isArray(value)) return value.map((item) => withWireIds(item, kind, depth + 1));
  const copy: Variables = Object.create(null);
  for (const [name, inner] of Object.entries(value)) {
    copy[name] = withWireIds(inner, Object.hasOwn(kinds, name) ? kinds[name] : undefined, depth + 1);
  }
  return copy;
}

const INTEGER = /^-?\d{1,9}$/;
const DECIMAL = /^\d{1,13}(\.\d{1,6})?$/;

function valueOf(name: string, { type, id, values }: QueryParam, given: unknown): unknown {
  const texts = Array.isArray(given) ? given : [given];
  if (type !== 'texts' && texts.length > 1) throw refusal(`\`${name}\` is said once.`);
  const read = texts.map((one) => {
    if (typeof one !== 'string') throw refusal(`\`${name}\` is a text.`);
    const bare = type === 'sort' ? one.replace(/^-/, '') : one;
    if (values && !values.includes(bare)) throw refusal(`\`${name}\` is one of ${values.join(', ')}.`);
    return id ? wireId(id, one) : one;
  });
  const text = read[0]!;
  switch (type) {
    case 'texts':
      return read;
    case 'text':
      return text;
    case 'decimal':
      if (!DECIMAL.test(text)) throw refusal(`\`${name}\` is a decimal number, such as 12.50.`);
      return text;
    case 'integer':
      if (!INTEGER.test(text)) throw refusal(`\`${name}\` is a whole number.`);
      return Number(text);
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw refusal(`\`${name}\` is true or false.`);
      return text === 'true';
    case 'sort':
      return { field: text.replace(/^-/, '').toUpperCase(), direction: text.startsWith('-') ? 'DESC' : 'ASC' };
  }
}

/** Puts a value at a path of names of ours. */
function place(variables: Variables, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop()!;
  let at = variables;
  for (const name of names) {
    at[name] ??= {};
    at = at[name] as Variables;
  }
  at[last] = value;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
