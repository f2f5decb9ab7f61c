/** The body of Stripe's error envelope, `{ "error": … }`. */
export interface StripeErrorBody {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string;
  decline_code?: string;
  param?: string;
  charge?: string;
  doc_url?: string;
  payment_intent?: object;
  payment_method?: object;
}

/**
 * An answer other than 200. `executed` says that the request had begun its work: such an answer is kept under the
 * idempotency key and replayed, while a request that failed its checks may be corrected and sent again.
 */
export class StripeFault extends Error {
  override readonly name = 'StripeFault';
  constructor(
    readonly status: number,
    readonly error: StripeErrorBody,
    readonly executed = false,
  ) {
    super(error.message);
  }
}

const docUrl = (code: string): string => `https://docs.stripe.com/error-codes#${code.replaceAll('_', '-')}`;

function invalid(status: number, message: string, code?: string, param?: string): StripeFault {
  return new StripeFault(status, {
    type: 'invalid_request_error',
    message,
    ...(code === undefined ? {} : { code, doc_url: docUrl(code) }),
    ...(param === undefined || param === '' ? {} : { param }),
  });
}

export const parameterMissing = (param: string): StripeFault =>
  invalid(400, `Missing required param: ${param}.`, 'parameter_missing', param);

export const parameterUnknown = (param: string): StripeFault =>
  invalid(400, `Received unknown parameter: ${param}`, 'parameter_unknown', param);

export const parameterInvalid = (param: string, message: string, code?: string): StripeFault =>
  invalid(400, message, code, param);

export const resourceMissing = (kind: string, id: string, param = 'id'): StripeFault =>
  invalid(404, `No such ${kind}: '${id}'`, 'resource_missing', param);

export const unknownUrl = (method: string, path: string): StripeFault =>
  invalid(404, `Unrecognized request URL (${method}: ${path}).`);

export const badKey = (message: string): StripeFault => invalid(401, message);

export const keyInUse = (key: string): StripeFault =>
  new StripeFault(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: `Another request with the idempotency key '${key}' is still in progress. Please try again later.`,
    doc_url: docUrl('idempotency_key_in_use'),
  });

export const keyReused = (key: string, difference: 'endpoint' | 'parameters'): StripeFault =>
  new StripeFault(400, {
    type: 'idempotency_error',
    message: `The idempotency key '${key}' was first used with other ${difference === 'endpoint' ? 'endpoint' : 'parameters'}. Use another key to execute a different request.`,
  });

/** A request the state of an object does not allow; kept under the idempotency key like every executed answer. */
export function refused(code: string | null, message: string, extra: Partial<StripeErrorBody> = {}): StripeFault {
  return new StripeFault(
    400,
    { type: 'invalid_request_error', message, ...(code === null ? {} : { code, doc_url: docUrl(code) }), ...extra },
    true,
  );
}

/** 402: the card itself cannot be used, told before any charge exists. */
export const cardRefused = (code: string, message: string, param?: string): StripeFault =>
  new StripeFault(402, { type: 'card_error', code, message, doc_url: docUrl(code), ...(param ? { param } : {}) });

export const internalError = (): StripeFault =>
  new StripeFault(500, {
    type: 'api_error',
    message: 'The simulator failed while serving this request; its log says why.',
  });
