import { describe, expect, it } from 'vitest';
import { connect, type Options } from './index.ts';
import { framesOf } from './live.ts';

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: { documentId: string; variables: { input?: { idempotencyKey?: string } } } | null;
}

const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
const away = (retryAfterMs?: number) =>
  json(
    { errors: [{ message: 'Away.', extensions: { code: 'SUBGRAPH_UNAVAILABLE', requestId: 'r1', retryAfterMs } }] },
    503,
  );

/** A shop that answers these, one after the other; what it was sent, and how long was waited between. */
function shopOf(...answers: (Response | Error)[]) {
  const sent: Sent[] = [];
  const waited: number[] = [];
  const options: Options = {
    url: 'https://shop.example/',
    fetch: async (url, { method = 'GET', headers, body } = {}) => {
      sent.push({
        url: String(url),
        method,
        headers: headers as Record<string, string>,
        body: body ? JSON.parse(String(body)) : null,
      });
      const answer = answers.shift();
      if (!answer) throw new Error('nothing more was expected');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    wait: async (ms) => void waited.push(ms),
  };
  return { options, sent, waited };
}
const cart = { data: { cart: null } };
const pay = { input: { orderId: 'order_1', paymentMethod: 'pm_1' } };

describe('the client of a shop', () => {
  it('asks for operations by their ids, public ones so that a cache can answer', async () => {
    const { options, sent } = shopOf(json(cart), json({ data: { products: {} } }));
    const partner = connect({ ...options, apiKey: 'k', token: 't', channel: 'us', locale: 'de' });
    expect(await partner.cart()).toEqual({ ok: true, data: cart.data, degraded: [] });
    await partner.products({ first: 2 });
    expect(sent[0]).toMatchObject({
      url: 'https://shop.example/graphql',
      method: 'POST',
      headers: { 'souk-api-key': 'k', authorization: 'Bearer t', 'souk-channel': 'us', 'souk-locale': 'de' },
      body: { documentId: expect.stringMatching(/^[0-9a-f]{64}$/), variables: {} },
    });
    expect(sent[1]).toMatchObject({ method: 'GET', body: null });
    expect(sent[1]!.url).toMatch(/^https:\/\/shop\.example\/graphql\/[0-9a-f]{64}\?variables=%7B%22first%22%3A2%7D$/);
  });

  it('tries again what is safe, after the time the shop asks for', async () => {
    const { options, sent, waited } = shopOf(
      away(1_500),
      json({ errors: [] }, 429, { 'retry-after': '2' }),
      json(cart),
    );
    const limited = json({ errors: [{ message: 'Slow down.', extensions: { code: 'RATE_LIMITED' } }] }, 429, {
      'retry-after': '2',
    });
    const second = shopOf(away(1_500), limited, json(cart));
    expect((await connect(second.options).cart()).ok).toBe(true);
    expect(second.waited).toEqual([1_500, 2_000]);
    expect(second.sent).toHaveLength(3);
    // An error without a code is no reason to try again.
    expect((await connect(options).cart()).ok).toBe(false);
    expect([sent.length, waited]).toEqual([2, [1_500]]);
  });

  it('gives up after so many tries and says why', async () => {
    const { options, sent } = shopOf(new TypeError('no route'), new TypeError('no route'));
    expect(await connect({ ...options, tries: 2 }).cart()).toEqual({
      ok: false,
      failure: { kind: 'unreachable', message: 'The shop cannot be reached: no route' },
    });
    expect(sent).toHaveLength(2);
  });

  it('sends a mutation again only with the key of its first try', async () => {
    const paid = json({ data: { payOrder: { order: null, errors: [] } } });
    const { options, sent } = shopOf(new TypeError('lost'), paid);
    expect((await connect(options).payOrder(pay)).ok).toBe(true);
    const [first, second] = sent.map(({ body }) => body!.variables.input!.idempotencyKey);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).toBe(first);

    const once = shopOf(new TypeError('lost'));
    expect((await connect(once.options).addToCart({ input: { variantId: 'var_1' } })).ok).toBe(false);
    expect(once.sent).toHaveLength(1);

    const own = shopOf(json({ data: { payOrder: { order: null, errors: [] } } }));
    await connect(own.options).payOrder({ input: { ...pay.input, idempotencyKey: 'my-own-key' } });
    expect(own.sent[0]!.body!.variables.input!.idempotencyKey).toBe('my-own-key');
  });

  it('tells what the shop rejects with its code, and what is degraded', async () => {
    const mistake = { code: 'NOT_PAYABLE', message: 'It is paid.', field: ['input', 'orderId'], retryable: false };
    const { options } = shopOf(
      json({ data: { payOrder: { order: null, errors: [mistake] } } }),
      json({
        data: { variant: { id: 'v', stock: null } },
        errors: [{ message: 'x' }],
        extensions: { degraded: [{ subgraph: 'inventory' }] },
      }),
      new Response('<html>', { status: 502 }),
    );
    const partner = connect({ ...options, tries: 1 });
    expect(await partner.payOrder(pay)).toEqual({
      ok: false,
      failure: { kind: 'rejected', message: 'It is paid.', errors: [mistake] },
    });
    expect(await partner.variantStock({ id: 'v' })).toMatchObject({ ok: true, degraded: ['inventory'] });
    expect(await partner.cart()).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
  });

  it('stops when its caller does', async () => {
    const { options, sent } = shopOf(new TypeError('lost'));
    const result = await connect(options).cart({}, { signal: AbortSignal.abort() });
    expect(result).toEqual({ ok: false, failure: { kind: 'unreachable', message: 'The call was given up.' } });
    expect(sent).toHaveLength(1);
  });
});

describe('a stream of events', () => {
  const stream = (...chunks: string[]) =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
          controller.close();
        },
      }),
      { headers: { 'content-type': 'text/event-stream; charset=utf-8' } },
    );
  const next = (eventId: string) =>
    `event: next\ndata: ${JSON.stringify({ data: { orderUpdated: { eventId, order: null } } })}\n\n`;

  it('is read in frames, however the bytes are cut', async () => {
    const frames = [];
    for await (const frame of framesOf(
      stream(': hi\n\nevent: ne', 'xt\r\nid: 7\r\ndata: {"a":\r\ndata: 1}\r\n\r\nevent: complete\ndata:\n\n').body!,
    ))
      frames.push(frame);
    expect(frames).toEqual([
      { event: 'next', id: '7', data: '{"a":\n1}' },
      { event: 'complete', id: null, data: '' },
    ]);
  });

  it('goes on after the last event that came, and ends where the shop ends it', async () => {
    const { options, sent } = shopOf(
      stream(next('1-a'), next('2-a')),
      new TypeError('lost'),
      stream(next('3-a'), 'event: complete\ndata:\n\n'),
    );
    const seen: unknown[] = [];
    for await (const event of connect(options).orderUpdated({ id: 'order_1' }))
      seen.push(event.ok && event.data.orderUpdated.eventId);
    expect(seen).toEqual(['1-a', '2-a', '3-a']);
    expect(sent.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '2-a', '2-a']);
  });

  it('ends with the reason where the shop refuses it', async () => {
    const { options } = shopOf(json({ errors: [{ message: 'No.', extensions: { code: 'FORBIDDEN' } }] }, 403));
    const results = [];
    for await (const event of connect(options).orderUpdated({ id: 'order_1' })) results.push(event);
    expect(results).toMatchObject([{ ok: false, failure: { kind: 'refused', code: 'FORBIDDEN' } }]);
  });
});
