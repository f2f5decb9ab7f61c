import { readFile } from 'node:fs/promises';
import { anonymous, customer, guest, staff, startTestHouses, type TestHouses } from '@souk/kit/testing';
import {
  type CurrencyCode,
  encodeId,
  type FactOf,
  type FulfillmentId,
  type Money,
  type OrderId,
  type RefundId,
  type VariantId,
  type Viewer,
  type WarehouseId,
} from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { notifications } from './index.ts';
import { MailRefused } from './mailer.ts';
import type { NotificationsContext } from './message.resolvers.ts';

let count = 0;
const uuid = () => `01900000-0000-7000-8000-${(++count).toString(16).padStart(12, '0')}`;
const eur = (amountMinor: number): Money => ({ amountMinor, currency: 'EUR' as CurrencyCode });
const contact = { email: 'aiko@example.org', firstName: 'Aiko', lastName: 'Sato', locale: 'en' };
const variantId = uuid() as VariantId;
const readable = [{ variantId, name: 'Teapot', sku: 'TEA-1', quantity: 2, total: eur(5_000) }];

const confirmed = (orderId = uuid() as OrderId, email = contact.email): FactOf<'orders.OrderConfirmed'>['data'] => ({
  orderId,
  orderNumber: 'S-1001',
  principal: 'guest:1',
  cartId: null,
  lines: [],
  contact: { ...contact, email },
  readable,
  subtotal: eur(5_000),
  shipping: eur(490),
  tax: eur(876),
  total: eur(5_490),
});
const cancelled = (orderId = uuid() as OrderId): FactOf<'orders.OrderCancelled'>['data'] => ({
  orderId,
  orderNumber: 'S-1002',
  reason: 'OUT_OF_STOCK',
  wasConfirmed: false,
  refundId: uuid() as RefundId,
  contact,
});
const shipped = (orderId = uuid() as OrderId): FactOf<'orders.OrderShipped'>['data'] => ({
  orderId,
  orderNumber: 'S-1003',
  fulfillmentId: uuid() as FulfillmentId,
  warehouseId: uuid() as WarehouseId,
  lines: [{ variantId, quantity: 2 }],
  tracking: { carrier: 'DHL', number: 'JD0001', url: 'https://track.example/JD0001' },
  contact,
  readable,
});
const refunded = (orderId = uuid() as OrderId): FactOf<'orders.OrderRefunded'>['data'] => ({
  orderId,
  orderNumber: 'S-1004',
  refundId: uuid() as RefundId,
  amount: eur(990),
  contact,
});

const support = staff('SUPPORT');
const denied: readonly Viewer[] = [anonymous(), guest(), customer(), staff('FINANCE', 'MERCHANDISER', 'WAREHOUSE')];
const codeFor = (as: Viewer) => (as.userId ? 'FORBIDDEN' : 'UNAUTHENTICATED');

describe('notifications', () => {
  let t: TestHouses;
  beforeAll(async () => {
    t = await startTestHouses([notifications], { publicUrl: 'https://souk.example' });
  });
  afterAll(() => t.stop());

  const mails = (id: string) =>
    t.sql<{ subject: string }>('select subject from notifications.mailbox where id = $1', [id]);
  const messagesOf = async (orderId: string, as = support) => {
    const { data, errors } = await t.ask(
      'notifications',
      as,
      `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Order {
        messages { id template status recipient subject locale attempts failure sentAt order { id } } } } }`,
      { refs: [{ __typename: 'Order', id: encodeId('Order', orderId) }] },
    );
    const { _entities } = data as { _entities: { messages: Record<string, unknown>[] }[] };
    return { messages: _entities[0]!.messages, errors };
  };
  /** Lets the house's mailer do something else until the work is done. */
  async function withMailer<T>(send: (id: string) => Promise<void>, work: () => Promise<T>): Promise<T> {
    const { mailer } = (t.house('notifications').context(anonymous()) as NotificationsContext).ports;
    const original = mailer.send;
    mailer.send = (mail) => send(mail.id);
    try {
      return await work();
    } finally {
      mailer.send = original;
    }
  }
  const tick = async () => {
    await t.house('notifications').runTick('sendMessages');
    await t.quiet();
  };
  const makeDue = (orderId: string) =>
    t.sql(`update notifications.messages set next_attempt_at = now() where order_id = $1`, [orderId]);
  const rowOf = async (orderId: string) =>
    (
      await t.sql<{ id: string; status: string; attempts: number; failure: string | null; wait: number | null }>(
        `select id, status, attempts, failure, round(extract(epoch from next_attempt_at - updated_at))::int as wait
         from notifications.messages where order_id = $1`,
        [orderId],
      )
    )[0]!;

  it.each([
    ['orders.OrderConfirmed', confirmed(), 'ORDER_CONFIRMED', 'Your order S-1001 is confirmed'],
    ['orders.OrderCancelled', cancelled(), 'ORDER_CANCELLED', 'Your order S-1002 has been cancelled'],
    ['orders.OrderShipped', shipped(), 'ORDER_SHIPPED', 'Your order S-1003 is on its way'],
    ['orders.OrderRefunded', refunded(), 'ORDER_REFUNDED', '€9.90 refunded for your order S-1004'],
  ] as const)('sends one mail for %s, however often it is heard', async (type, data, template, subject) => {
    await t.hear('notifications', type, { key: data.orderId, data }, 2);
    await t.hear('notifications', type, { key: data.orderId, data });
    await t.quiet();
    const { messages, errors } = await messagesOf(data.orderId);
    expect(errors).toBeUndefined();
    expect(messages).toEqual([
      {
        id: expect.stringMatching(/^msg_/),
        template,
        status: 'SENT',
        recipient: 'aiko@example.org',
        subject,
        locale: 'en',
        attempts: 1,
        failure: null,
        sentAt: expect.any(String),
        order: { id: encodeId('Order', data.orderId) },
      },
    ]);
    expect(await mails((await rowOf(data.orderId)).id)).toEqual([{ subject }]);
  });

  it.each(['orders.OrderConfirmed', 'orders.OrderCancelled', 'orders.OrderShipped', 'orders.OrderRefunded'])(
    'understands the example of %s',
    async (type) => {
      const url = new URL(`../../../schema/events/examples/${type}.json`, import.meta.url);
      const fact: FactOf<'orders.OrderRefunded'> = JSON.parse(await readFile(url, 'utf8'));
      for (let times = 0; times < 2; times++) await t.house('notifications').ear.deliver([fact]);
      await t.quiet();
      const { orderId, contact } = fact.data;
      const rows = await t.sql(
        'select status, email from notifications.messages where order_id = $1 and template = $2',
        [
          orderId,
          type.replace(/^orders\.(Order)(\w+)$/, (_, order: string, what: string) => `${order}_${what}`.toUpperCase()),
        ],
      );
      expect(rows).toEqual([{ status: 'SENT', email: contact.email }]);
    },
  );

  it('tells of each parcel and each refund of an order by itself', async () => {
    const orderId = uuid() as OrderId;
    for (const data of [shipped(orderId), shipped(orderId)])
      await t.hear('notifications', 'orders.OrderShipped', { key: orderId, data });
    for (const data of [refunded(orderId), refunded(orderId)])
      await t.hear('notifications', 'orders.OrderRefunded', { key: orderId, data });
    await t.quiet();
    expect((await messagesOf(orderId)).messages.map((one) => [one.template, one.status])).toEqual([
      ['ORDER_SHIPPED', 'SENT'],
      ['ORDER_SHIPPED', 'SENT'],
      ['ORDER_REFUNDED', 'SENT'],
      ['ORDER_REFUNDED', 'SENT'],
    ]);
  });

  it('tries again later, longer each time, and says so when the last try failed', async () => {
    const data = confirmed();
    const waits: (number | null)[] = [];
    await withMailer(
      async () => Promise.reject(new MailRefused('SMTP_451', false)),
      async () => {
        await t.hear('notifications', 'orders.OrderConfirmed', { key: data.orderId, data });
        await t.quiet();
        for (let tries = 1; tries <= 6; tries++) {
          const row = await rowOf(data.orderId);
          expect(row).toMatchObject({ attempts: tries, failure: 'SMTP_451', status: tries < 6 ? 'PENDING' : 'FAILED' });
          waits.push(row.wait);
          await tick();
          expect((await rowOf(data.orderId)).attempts).toBe(tries);
          if (tries < 6) await makeDue(data.orderId);
          await tick();
        }
      },
    );
    expect(waits).toEqual([60, 300, 1_800, 7_200, 21_600, null]);
    const { id } = await rowOf(data.orderId);
    const said = (await t.said('notifications', 'notifications.NotificationFailed')).filter((fact) => fact.key === id);
    expect(said.map((fact) => fact.data)).toEqual([
      { messageId: id, template: 'ORDER_CONFIRMED', orderId: data.orderId },
    ]);
    expect(await mails(id)).toEqual([]);
    const text = await readFile(
      new URL('../../../schema/events/examples/notifications.NotificationFailed.json', import.meta.url),
      'utf8',
    );
    const example = JSON.parse(text);
    expect(Object.keys(example).sort()).toEqual(Object.keys(said[0]!).sort());
    expect(Object.keys(example.data).sort()).toEqual(Object.keys(said[0]!.data).sort());
  });

  it('gives up at once on an address no mail can reach', async () => {
    const data = confirmed(undefined, 'aiko@example.org\r\nbcc: x@y.zz');
    await t.hear('notifications', 'orders.OrderConfirmed', { key: data.orderId, data });
    await t.quiet();
    expect(await rowOf(data.orderId)).toMatchObject({ status: 'FAILED', attempts: 1, failure: 'ADDRESS_INVALID' });
  });

  it('sends a message again that a crash left under way, once its lease has ended', async () => {
    const data = confirmed();
    let crashed!: () => void;
    const hung = new Promise<void>((resolve) => {
      crashed = resolve;
    });
    await withMailer(
      () => hung,
      async () => {
        await t.hear('notifications', 'orders.OrderConfirmed', { key: data.orderId, data });
        while ((await rowOf(data.orderId)).attempts === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      },
    );
    expect((await rowOf(data.orderId)).wait).toBe(180);
    const { id } = await rowOf(data.orderId);
    // Another process takes it over: the late answer of the first must not count.
    await t.sql(`update notifications.messages set version = version + 1, attempts = 2 where id = $1`, [id]);
    crashed();
    await t.quiet();
    expect(await rowOf(data.orderId)).toMatchObject({ status: 'PENDING', attempts: 2 });
    await makeDue(data.orderId);
    await tick();
    expect(await rowOf(data.orderId)).toMatchObject({ status: 'SENT', attempts: 3 });
    expect(await mails(id)).toHaveLength(1);
  });

  it('stops after the last try also where every one ended in a crash', async () => {
    const data = confirmed();
    await withMailer(
      async () => Promise.reject(new Error('boom with aiko@example.org')),
      async () => {
        await t.hear('notifications', 'orders.OrderConfirmed', { key: data.orderId, data });
        await t.quiet();
      },
    );
    expect(await rowOf(data.orderId)).toMatchObject({ status: 'PENDING', failure: 'INTERNAL' });
    await t.sql(`update notifications.messages set attempts = 6, next_attempt_at = now() where order_id = $1`, [
      data.orderId,
    ]);
    await tick();
    expect(await rowOf(data.orderId)).toMatchObject({ status: 'FAILED', failure: 'GAVE_UP' });
  });

  it('empties a queue longer than a batch, each message once, from two ticks at a time', async () => {
    const all = [...Array(20).keys()].map(() => confirmed());
    await t.sql(
      `insert into notifications.messages (id, order_id, order_number, template, reference_id, email, first_name, last_name, locale, content, status, attempts, next_attempt_at, version, created_at, updated_at)
       select gen_random_uuid(), o::uuid, 'S-1', 'ORDER_REFUNDED', o::uuid, 'a@b.de', 'A', 'B', 'de',
         '{"template": "ORDER_REFUNDED", "amount": {"amountMinor": 1, "currency": "EUR"}}', 'PENDING', 0, now(), 1, now(), now()
       from unnest($1::text[]) o`,
      [all.map((one) => one.orderId)],
    );
    await tick();
    const rows = await t.sql('select status, attempts from notifications.messages where order_id = any($1)', [
      all.map((one) => one.orderId),
    ]);
    expect(rows).toEqual(all.map(() => ({ status: 'SENT', attempts: 1 })));
  });

  describe('for support', () => {
    const list = `query ($status: MessageStatus, $template: MessageTemplate, $first: Int) {
      messages(status: $status, template: $template, first: $first) { nodes { id status } count { value precision } } }`;
    const resendDoc =
      'mutation ($id: ID!) { resendMessage(input: { id: $id }) { message { status attempts } errors { code field } } }';
    const newFailed = async () => {
      const data = confirmed(undefined, 'nobody');
      await t.hear('notifications', 'orders.OrderConfirmed', { key: data.orderId, data });
      await t.quiet();
      return { ...(await rowOf(data.orderId)), orderId: data.orderId };
    };

    it('messages are listed by status and template, newest first', async () => {
      const failed = await newFailed();
      const { messages } = await t.run('notifications', support, list, {
        status: 'FAILED',
        template: 'ORDER_CONFIRMED',
        first: 1,
      });
      expect(messages.nodes).toEqual([{ id: encodeId('Message', failed.id), status: 'FAILED' }]);
      expect(messages.count.precision).toBe('EXACT');
      for (const first of [0, -1, 101]) {
        expect((await t.ask('notifications', support, list, { first })).errors?.[0]?.extensions.code).toBe(
          'BAD_USER_INPUT',
        );
      }
    });

    it('a failed message is sent again, one that was sent is not', async () => {
      const failed = await newFailed();
      await t.sql(`update notifications.messages set email = 'aiko@example.org' where id = $1`, [failed.id]);
      const id = encodeId('Message', failed.id);
      const { resendMessage } = await t.run('notifications', support, resendDoc, { id });
      expect(resendMessage.errors).toEqual([]);
      await t.quiet();
      expect(await rowOf(failed.orderId)).toMatchObject({ status: 'SENT', attempts: 1, failure: null });
      expect((await t.run('notifications', support, resendDoc, { id })).resendMessage).toEqual({
        message: null,
        errors: [{ code: 'NOT_FAILED', field: ['input', 'id'] }],
      });
      for (const unknown of [encodeId('Message', uuid()), encodeId('Order', uuid()), '', 'msg_']) {
        expect((await t.run('notifications', support, resendDoc, { id: unknown })).resendMessage.errors).toEqual([
          { code: 'NOT_FOUND', field: ['input', 'id'] },
        ]);
      }
    });

    it('and for nobody else: nothing is seen, changed or said', async () => {
      const failed = await newFailed();
      const id = encodeId('Message', failed.id);
      const before = await t.said('notifications');
      for (const as of denied) {
        expect((await t.ask('notifications', as, list)).errors?.[0]?.extensions.code).toBe(codeFor(as));
        expect((await t.ask('notifications', as, resendDoc, { id })).errors?.[0]?.extensions.code).toBe(codeFor(as));
        expect(await t.platform.peers.see(as, [id])).toEqual([null]);
        const { messages, errors } = await messagesOf(failed.orderId, as);
        expect(messages).toBeNull();
        expect(errors?.[0]?.extensions.code).toBe(codeFor(as));
      }
      expect(await t.platform.peers.see(support, [id])).toEqual(['Message']);
      expect((await rowOf(failed.orderId)).status).toBe('FAILED');
      expect(await t.said('notifications')).toEqual(before);
    });
  });

  describe('the mailbox page', () => {
    const get = async (
      path: string,
      request: { params?: Record<string, string>; query?: Record<string, string> } = {},
      houses = t,
    ) => {
      const route = houses.house('notifications').routes.find((one) => one.path === path)!;
      return route.handle({
        params: {},
        query: {},
        headers: {},
        body: Buffer.alloc(0),
        viewer: anonymous(),
        ...request,
      });
    };
    it('shows the mails that were sent, and the one that is chosen', async () => {
      const data = shipped();
      await t.hear('notifications', 'orders.OrderShipped', { key: data.orderId, data });
      await t.quiet();
      const { id } = await rowOf(data.orderId);
      const page = await get('/mailbox', { query: { id, view: 'text' } });
      expect(page.status).toBe(200);
      expect(page.headers?.['content-security-policy']).toContain("default-src 'none'");
      expect(page.body).toContain('Your order S-1003 is on its way');
      expect(page.body).toContain('Tracking number: JD0001');
      expect(page.body).toContain('You can look up your order at any time with the number S-1003');
      expect(page.body).not.toContain('View your order');
      expect((await get('/mailbox', { query: { id: "' or 1=1" } })).body).toContain('This message is no longer here.');
      expect((await get('/mailbox')).body).toContain('Choose a message to read it.');
      expect((await get('/mailbox/:id', { params: { id } })).headers?.location).toBe(`/mailbox?id=${id}`);
    });
    it('links to the order’s page where a storefront is named', async () => {
      const shop = await startTestHouses([notifications], { env: { SOUK_STOREFRONT_URL: 'https://shop.example/eu/' } });
      const data = confirmed();
      await shop.hear('notifications', 'orders.OrderConfirmed', { key: data.orderId, data });
      await shop.quiet();
      const [row] = await shop.sql<{ id: string }>('select id from notifications.messages');
      const page = await get('/mailbox', { query: { id: row!.id, view: 'text' } }, shop);
      expect(page.body).toContain('href="https://shop.example/eu/orders/S-1001"');
      expect(page.body).not.toContain('You can look up your order');
      await shop.stop();
    });
    it('keeps the newest 500', async () => {
      await t.sql(
        `insert into notifications.mailbox (id, recipient, subject, body_text, body_html, template, at)
         select gen_random_uuid(), 'a@b.de', 'Mail ' || n, '', '', 'X', now() from generate_series(1, 505) n`,
      );
      await t.house('notifications').runTick('sweepMailbox');
      const rows = await t.sql<{ subject: string }>('select subject from notifications.mailbox order by seq');
      expect([rows.length, rows[0]!.subject, rows.at(-1)!.subject]).toEqual([500, 'Mail 6', 'Mail 505']);
    });
    it('is not there where mail really goes out', async () => {
      const real = await startTestHouses([notifications], { env: { SMTP_URL: 'smtp://127.0.0.1:9' } });
      expect((await get('/mailbox', {}, real)).status).toBe(404);
      expect((await get('/mailbox/:id', { params: { id: uuid() } }, real)).status).toBe(404);
      await real.stop();
    });
  });
});
