import type { CancelReason, CurrencyCode, Money, OrderContact, VariantId } from '@souk/schema';
import { describe, expect, it } from 'vitest';
import { headerText, MailRefused, sound } from './mailer.ts';
import { type Content, MAX_ATTEMPTS, nextAttempt } from './message.ts';
import { render, subjectOf } from './template.ts';
import { wordsFor } from './words.ts';

const money = (amountMinor: number, currency = 'EUR'): Money => ({ amountMinor, currency: currency as CurrencyCode });
const contact = (more: Partial<OrderContact> = {}): OrderContact => ({
  email: 'aiko@example.org',
  firstName: 'Aiko',
  lastName: 'Sato',
  locale: 'en',
  ...more,
});
const variantId = '01900000-0000-7000-8000-000000000001' as VariantId;
const lines = [{ variantId, name: 'Teapot', sku: 'TEA-1', quantity: 2, total: money(123_456) }];
const confirmed: Content = {
  template: 'ORDER_CONFIRMED',
  lines,
  subtotal: money(123_456),
  shipping: money(490),
  tax: money(19_789),
  total: money(123_946),
};
const contents: readonly Content[] = [
  confirmed,
  { template: 'ORDER_CANCELLED', reason: 'OUT_OF_STOCK', wasConfirmed: false },
  {
    template: 'ORDER_SHIPPED',
    lines,
    tracking: { carrier: 'DHL', number: 'JD0', url: 'https://track.example/JD0?a=1&b=2' },
  },
  { template: 'ORDER_REFUNDED', amount: money(990) },
];
const mail = (
  content: Content,
  who: Partial<OrderContact> = {},
  orderNumber = 'S-1001',
  storefront: string | null = 'https://souk.example/',
) => render({ orderNumber, contact: contact(who), content }, storefront);
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

describe('a mail', () => {
  it('reads in English, as text', () => {
    const { subject, text } = mail(confirmed);
    expect(subject).toBe('Your order S-1001 is confirmed');
    expect(text).toBe(`Hello Aiko,

We have received your order S-1001 and your payment. Here is what you ordered:

- Teapot
  Quantity: 2 · €1,234.56

Subtotal: €1,234.56
Shipping: €4.90
Total: €1,239.46
Tax included: €197.89

We will write to you again as soon as your parcel is on its way.

View your order:
https://souk.example/orders/S-1001

Your Souk team

--
You are receiving this e-mail because an order was placed with this address.
`);
  });

  it.each([
    ['en-US', 'en', 'ltr', 'Your order S-1001 is confirmed', '€1,234.56'],
    ['de-AT', 'de', 'ltr', 'Ihre Bestellung S-1001 ist bestätigt', '€ 1.234,56'],
    ['de', 'de', 'ltr', 'Ihre Bestellung S-1001 ist bestätigt', '1.234,56 €'],
    ['ja', 'ja', 'ltr', 'ご注文 S-1001 を承りました', '€1,234.56'],
    ['fr', 'en', 'ltr', 'Your order S-1001 is confirmed', '1 234,56 €'],
    ['no such thing', 'en', 'ltr', 'Your order S-1001 is confirmed', '€1,234.56'],
    ['', 'en', 'ltr', 'Your order S-1001 is confirmed', '€1,234.56'],
  ])('for a reader of %j is in %s', (locale, language, direction, subject, amount) => {
    const told = mail(confirmed, { locale });
    expect(told.subject).toBe(subject);
    expect(told.html).toContain(`<html lang="${language}" dir="${direction}">`);
    expect(plain(told.text)).toContain(`: ${amount}`);
  });

  it('runs from right to left in Arabic', () => {
    const { subject, html, text } = mail(confirmed, { locale: 'ar' });
    expect(subject).toBe('تم تأكيد طلبك S-1001');
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html).toContain('text-align:right');
    expect(html).not.toContain('text-align:left');
    expect(text).toContain('مرحبًا Aiko،');
  });

  it('writes amounts in the order’s currency with its own digits', () => {
    const refunded = (amount: Money) =>
      subjectOf({ orderNumber: 'S', contact: contact(), content: { template: 'ORDER_REFUNDED', amount } });
    expect(refunded(money(1500, 'JPY'))).toBe('¥1,500 refunded for your order S');
    expect(plain(refunded(money(1500, 'KWD')))).toBe('KWD 1.500 refunded for your order S');
    expect(refunded(money(9_007_199_254_740_991))).toBe('€90,071,992,547,409.91 refunded for your order S');
  });

  it('adds tax where it is not in the prices, and says nothing of none', () => {
    const sums = (tax: number, total: number) =>
      mail({ ...confirmed, tax: money(tax), total: money(total) })
        .text.split('\n')
        .filter((line) => /tax|total/i.test(line));
    expect(sums(100, 124_046)).toEqual(['Subtotal: €1,234.56', 'Tax: €1.00', 'Total: €1,240.46']);
    expect(sums(0, 123_946)).toEqual(['Subtotal: €1,234.56', 'Total: €1,239.46']);
  });

  it.each(['en', 'de', 'ja', 'ar'])('has words for every template and reason in %s', (locale) => {
    const reasons: CancelReason[] = ['CUSTOMER', 'STAFF', 'OUT_OF_STOCK', 'EXPIRED', 'PAYMENT_FAILED'];
    const cancelled = reasons.flatMap((reason) =>
      [true, false].map((wasConfirmed): Content => ({ template: 'ORDER_CANCELLED', reason, wasConfirmed })),
    );
    const told = [...contents, ...cancelled].map((content) => mail(content, { locale }));
    expect(new Set(told.map(({ text }) => text)).size).toBe(told.length - 1);
    for (const { subject, text, html } of told) {
      expect(subject).toContain('S-1001');
      expect(text).toContain('https://souk.example/orders/S-1001');
      expect(html).toContain('href="https://souk.example/orders/S-1001"');
      expect(`${subject}${text}${html}`).not.toMatch(/undefined|\[object|null|NaN/);
      expect(html).toContain('@media (prefers-color-scheme:dark)');
      expect(html).not.toMatch(/<script|<link|<img|@import|url\(/);
    }
    expect(wordsFor(locale).language).toBe(locale);
  });

  it.each([
    ['en', 'You can look up your order at any time with the number S-1001 and this e-mail address.'],
    ['de', 'Sie können Ihre Bestellung jederzeit mit der Bestellnummer S-1001 und dieser E-Mail-Adresse abrufen.'],
    ['ja', 'ご注文の状況は、ご注文番号 S-1001 と本メールアドレスでいつでもご確認いただけます。'],
    ['ar', 'يمكنك الاطلاع على طلبك في أي وقت باستخدام رقم الطلب S-1001 وعنوان بريدك الإلكتروني هذا.'],
  ])('says in %s how to look an order up where no storefront is there to link to', (locale, words) => {
    for (const content of contents) {
      const { text, html } = mail(content, { locale }, 'S-1001', null);
      expect(text).toContain(words);
      expect(text).not.toContain(wordsFor(locale).viewOrder);
      expect(html.match(/href="[^"]*"/g) ?? []).toEqual(
        content.template === 'ORDER_SHIPPED' ? ['href="https://track.example/JD0?a=1&amp;b=2"'] : [],
      );
      expect(mail(content, { locale }).text).not.toContain(words);
    }
  });

  it('shows the order’s number in one piece, in its own direction', () => {
    const { html } = mail({ template: 'ORDER_REFUNDED', amount: money(990) }, { locale: 'ar' });
    const shown = html.slice(html.indexOf('<h1'));
    expect(shown.match(/S-1001/g)!.length).toBe(3);
    expect(shown.match(/<bdi style="white-space:nowrap">S-1001<\/bdi>|\/orders\/S-1001"/g)).toHaveLength(3);
  });

  it('promises the money back only where some was taken', () => {
    const cancelled = (wasConfirmed: boolean) =>
      mail({ template: 'ORDER_CANCELLED', reason: 'STAFF', wasConfirmed }).text;
    expect(cancelled(true)).toContain('We will refund what you paid');
    expect(cancelled(false)).toContain('You have not been charged');
  });

  it('escapes every value in HTML', () => {
    const evil = '"><script>alert(1)</script><a href=\'x';
    const told: Content[] = [
      { ...confirmed, lines: [{ ...lines[0]!, name: evil }] },
      { template: 'ORDER_SHIPPED', lines: [], tracking: { carrier: evil, number: evil, url: null } },
    ];
    for (const content of told) {
      const { html } = mail(content, { firstName: evil, lastName: evil, locale: 'de' }, evil);
      expect(html).not.toContain('<script');
      expect(html).not.toContain("<a href='x");
      expect(html).toContain('&lt;script&gt;');
    }
  });

  it('links to web addresses alone', () => {
    const link = (url: string | null) =>
      mail({ template: 'ORDER_SHIPPED', lines: [], tracking: { carrier: 'X', number: '1', url } });
    expect(link('https://track.example/?a=1&b="x"').html).toContain('href="https://track.example/?a=1&amp;b=%22x%22"');
    for (const url of ['javascript:alert(1)', 'data:text/html,x', 'track.example', '', null]) {
      expect(link(url).text).not.toContain('Track your parcel');
    }
    expect(mail(confirmed, {}, 'a/../b?c').html).toContain('https://souk.example/orders/a%2F..%2Fb%3Fc');
  });
});

describe('a mail’s headers', () => {
  const whole = {
    id: 'x',
    to: 'aiko@example.org',
    toName: 'Aiko',
    subject: 'Hi',
    text: '',
    html: '',
    at: new Date(0),
    template: 'X',
  };
  it('stay on one line each', () => {
    const evil = 'Hi\r\nBcc: everyone@example.org\u2028X: y\u0000';
    expect(sound({ ...whole, subject: evil, toName: evil })).toMatchObject({
      subject: 'Hi Bcc: everyone@example.org X: y',
      toName: 'Hi Bcc: everyone@example.org X: y',
    });
    expect(headerText('\n')).toBe('');
    expect(subjectOf({ orderNumber: 'S\r\nBcc: x', contact: contact(), content: confirmed })).toBe(
      'Your order S Bcc: x is confirmed',
    );
  });
  it.each([
    '',
    'aiko',
    'a@b, c@d',
    'a@b\r\nRCPT TO:<c@d>',
    '<a@b>',
    'a b@c',
    '"a"@b',
    'a@b@c',
    `${'a'.repeat(255)}@b.de`,
  ])('never address %j', (to) => {
    expect(() => sound({ ...whole, to })).toThrow(new MailRefused('ADDRESS_INVALID', true));
  });
});

describe('the tries of a message', () => {
  it('wait longer each time and end after six', () => {
    const now = new Date('2026-01-01T00:00:00Z');
    const waits = [1, 2, 3, 4, 5, 6].map((attempts) => {
      const next = nextAttempt(attempts, false, now);
      return next && (next.getTime() - now.getTime()) / 60_000;
    });
    expect(waits).toEqual([1, 5, 30, 120, 360, null]);
    expect(MAX_ATTEMPTS).toBe(6);
    expect(nextAttempt(1, true, now)).toBeNull();
  });
});
