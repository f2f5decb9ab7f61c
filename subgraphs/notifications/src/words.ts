import type { CancelReason } from '@souk/schema';
import { arabic } from './words-ar.ts';
import { german } from './words-de.ts';
import { english } from './words-en.ts';
import { japanese } from './words-ja.ts';

/** Everything a mail says in one language. `order` is the order's number, `amount` a formatted amount. */
export interface Words {
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly greeting: (firstName: string, lastName: string) => string;
  readonly closing: string;
  /** Why this mail was sent: below everything. */
  readonly reason: string;
  readonly viewOrder: string;
  /** How to see the order where there is no page to link to. */
  readonly lookUp: (order: string) => string;
  readonly orderNumber: string;
  readonly quantity: (count: string) => string;
  readonly subtotal: string;
  readonly shipping: string;
  readonly tax: string;
  readonly includedTax: string;
  readonly total: string;
  readonly confirmed: Occasion & { readonly next: string };
  readonly cancelled: Occasion & {
    readonly why: { readonly [R in CancelReason]: string };
    readonly moneyBack: string;
    readonly nothingTaken: string;
  };
  readonly shipped: Occasion & {
    readonly tracking: (carrier: string, number: string) => string;
    readonly trackParcel: string;
    readonly contents: string;
  };
  readonly refunded: { readonly subject: (order: string, amount: string) => string; readonly heading: string } & {
    readonly intro: (order: string, amount: string) => string;
    readonly when: string;
  };
}

interface Occasion {
  readonly subject: (order: string) => string;
  readonly heading: string;
  readonly intro: (order: string) => string;
}

const languages: Readonly<Record<string, Words>> = { en: english, de: german, ja: japanese, ar: arabic };

/** The words for a language tag: `de-AT` reads German, what we do not speak reads English. */
export const wordsFor = (locale: string): Words => languages[locale.split(/[-_]/)[0]!.toLowerCase()] ?? english;
