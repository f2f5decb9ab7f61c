import { fractionDigits, type Money, toDecimal } from '@souk/schema';
import { type Letter, renderHtml, renderText } from './letter.ts';
import { headerText } from './mailer.ts';
import type { Content, Message } from './message.ts';
import { type Words, wordsFor } from './words.ts';

/** The first tag of these that Intl knows: a locale of a person is text like any other. */
function formatLocale(locale: string, words: Words): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf([locale, words.language])[0] ?? words.language;
  } catch {
    return words.language;
  }
}

/** An amount as its reader writes it, in its own currency. From the decimal text, so that no float comes between. */
function amountFormatter(locale: string): (amount: Money) => string {
  return (amount) => {
    const digits = fractionDigits(amount.currency);
    return new Intl.NumberFormat(locale, {
      style: 'currency',
      currency: amount.currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(toDecimal(amount) as Intl.StringNumericLiteral);
  };
}

/** An address a mail may link to, or null: a carrier's text could be anything. */
function webAddress(text: string | null): string | null {
  const url = text === null ? null : URL.parse(text);
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : null;
}

type Part = Pick<Letter, 'subject' | 'heading' | 'paragraphs' | 'lines' | 'sums' | 'after' | 'links'>;

interface Telling {
  readonly words: Words;
  readonly order: string;
  readonly format: (amount: Money) => string;
  readonly count: (n: number) => string;
}

function partOf(content: Content, { words, order, format, count }: Telling): Part {
  const nothing = { paragraphs: [], lines: [], sums: [], after: [], links: [] };
  switch (content.template) {
    case 'ORDER_CONFIRMED': {
      const { subtotal, shipping, tax, total, lines } = content;
      // Where tax is in the prices, subtotal and shipping make the total; it is then told below it, not added.
      const included = subtotal.amountMinor + shipping.amountMinor + tax.amountMinor !== total.amountMinor;
      const taxRow = { label: included ? words.includedTax : words.tax, amount: format(tax), strong: false };
      return {
        ...nothing,
        subject: words.confirmed.subject(order),
        heading: words.confirmed.heading,
        paragraphs: [words.confirmed.intro(order)],
        lines: lines.map((line) => ({
          name: line.name,
          detail: words.quantity(count(line.quantity)),
          amount: format(line.total),
        })),
        sums: [
          { label: words.subtotal, amount: format(subtotal), strong: false },
          { label: words.shipping, amount: format(shipping), strong: false },
          ...(included || tax.amountMinor === 0 ? [] : [taxRow]),
          { label: words.total, amount: format(total), strong: true },
          ...(included && tax.amountMinor !== 0 ? [taxRow] : []),
        ],
        after: [words.confirmed.next],
      };
    }
    case 'ORDER_CANCELLED':
      return {
        ...nothing,
        subject: words.cancelled.subject(order),
        heading: words.cancelled.heading,
        paragraphs: [
          words.cancelled.intro(order),
          words.cancelled.why[content.reason],
          content.wasConfirmed ? words.cancelled.moneyBack : words.cancelled.nothingTaken,
        ],
      };
    case 'ORDER_SHIPPED': {
      const { tracking, lines } = content;
      const url = webAddress(tracking?.url ?? null);
      return {
        ...nothing,
        subject: words.shipped.subject(order),
        heading: words.shipped.heading,
        paragraphs: [
          words.shipped.intro(order),
          ...(tracking ? [words.shipped.tracking(tracking.carrier, tracking.number)] : []),
          ...(lines.length > 0 ? [words.shipped.contents] : []),
        ],
        lines: lines.map((line) => ({ name: line.name, detail: words.quantity(count(line.quantity)), amount: null })),
        links: url ? [{ label: words.shipped.trackParcel, url }] : [],
      };
    }
    case 'ORDER_REFUNDED': {
      const amount = format(content.amount);
      return {
        ...nothing,
        subject: words.refunded.subject(order, amount),
        heading: words.refunded.heading,
        paragraphs: [words.refunded.intro(order, amount), words.refunded.when],
      };
    }
  }
}

type Told = Pick<Message, 'orderNumber' | 'contact' | 'content'>;

/** Where an order is shown to its shopper. */
const orderPage = (storefrontUrl: string, orderNumber: string): string =>
  `${storefrontUrl.replace(/\/+$/, '')}/orders/${encodeURIComponent(orderNumber)}`;

function letterOf({ orderNumber, contact, content }: Told, storefrontUrl: string | null): Letter {
  const words = wordsFor(contact.locale);
  const locale = formatLocale(contact.locale, words);
  const part = partOf(content, {
    words,
    order: orderNumber,
    format: amountFormatter(locale),
    count: (n) => new Intl.NumberFormat(locale).format(n),
  });
  return {
    ...part,
    language: words.language,
    direction: words.direction,
    greeting: words.greeting(contact.firstName, contact.lastName),
    reference: { label: words.orderNumber, text: orderNumber },
    links: storefrontUrl
      ? [...part.links, { label: words.viewOrder, url: orderPage(storefrontUrl, orderNumber) }]
      : part.links,
    note: storefrontUrl ? null : words.lookUp(orderNumber),
    closing: words.closing,
    reason: words.reason,
  };
}

/** A message's subject line, in its reader's language. */
export const subjectOf = (told: Told): string => headerText(letterOf(told, null).subject);

/**
 * A message as a mail: subject, text and HTML in its reader's language, every value escaped. Without a storefront it says how to
 * look the order up, and links to no page of ours.
 */
export function render(told: Told, storefrontUrl: string | null): { subject: string; text: string; html: string } {
  const letter = letterOf(told, storefrontUrl);
  return { subject: headerText(letter.subject), text: renderText(letter), html: renderHtml(letter) };
}
