import { StartupError } from '@souk/kit/startup-error';
import { describe, expect, it } from 'vitest';
import { namesOf, pluralOf, singularOf } from './names.ts';

const prefixes = new Set(['user', 'order', 'coup']);
const refusal = (house: string, aggregate?: string): string => {
  try {
    namesOf(house, aggregate, prefixes);
  } catch (error) {
    if (error instanceof StartupError) return error.message;
    throw error;
  }
  return 'none';
};

describe('the names of a house', () => {
  it('follow from two words', () => {
    expect(namesOf('giftcards', 'GiftCard', prefixes)).toEqual({
      house: 'giftcards',
      House: 'Giftcards',
      thing: 'giftCard',
      Thing: 'GiftCard',
      things: 'giftCards',
      Things: 'GiftCards',
      file: 'gift-card',
      table: 'gift_cards',
      word: 'gift card',
      words: 'gift cards',
      one: 'a gift card',
      prefix: 'gift',
    });
  });

  it('take the aggregate from the house where none is named', () => {
    expect(
      ['reviews', 'wishlists', 'categories', 'addresses', 'boxes', 'loyalty', 'analytics', 'status'].map(singularOf),
    ).toEqual(['review', 'wishlist', 'category', 'address', 'box', 'loyalty', 'analytics', 'status']);
    expect(namesOf('reviews', undefined, prefixes).Thing).toBe('Review');
  });

  it('form plurals', () => {
    expect(['review', 'category', 'key', 'box', 'match', 'address', 'analysis'].map(pluralOf)).toEqual([
      'reviews',
      'categories',
      'keys',
      'boxes',
      'matches',
      'addresses',
      'analyses',
    ]);
  });

  it('never share a prefix', () => {
    expect(namesOf('reviews', 'Review', prefixes).prefix).toBe('review');
    expect(namesOf('coupons', 'Coupon', new Set(['coupon'])).prefix).toBe('coup');
    expect(namesOf('coupons', 'Coupon', new Set(['coupon', 'coup'])).prefix).toBe('coupo');
    expect(() => namesOf('coupons', 'Coupon', new Set(['coupon', 'coup', 'coupo']))).toThrow(
      'Every prefix that ids of "Coupon" could have is taken. Choose another aggregate.',
    );
  });

  it.each(['', 'R', 'Reviews', 'my-reviews', 'my_reviews', '1reviews', 'rèviews', '../kit', 'x'.repeat(31)])(
    'are refused for "%s", which is no name',
    (house) => {
      expect(refusal(house)).toBe(
        `"${house}" is no name for a house: a name has 2 to 30 lower-case letters and digits and starts with a letter.`,
      );
    },
  );

  it.each(['class', 'await', 'delete', 'promise'])('are refused for %s, a word of TypeScript', (house) => {
    expect(refusal(house)).toBe(
      `"${house}" is a reserved word of TypeScript and cannot name a house, which exports a constant of its name.`,
    );
  });

  it.each(['select', 'table', 'grant', 'pgstats'])('are refused for %s, a word of PostgreSQL', (house) => {
    expect(refusal(house)).toBe(
      `"${house}" is a reserved word of PostgreSQL and cannot name a house, which has a schema of its name.`,
    );
  });

  it.each(['kit', 'router', 'ext', 'utils', 'console'])('are refused for %s, which is something else here', (house) => {
    expect(refusal(house)).toBe(`"${house}" has a meaning of its own in this project and cannot name a house.`);
  });

  it.each(['giftCard', 'Gift_Card', 'GiftCard2', 'GIFT', 'It'])('are refused for the aggregate %s', (aggregate) => {
    expect(refusal('giftcards', aggregate)).toBe(
      `"${aggregate}" is no name for an aggregate: it is one thing in PascalCase, 3 to 40 letters, such as GiftCard.`,
    );
  });

  it.each(['Map', 'Query', 'Node', 'Fact', 'Promise'])(
    'are refused for the aggregate %s, a word of the language',
    (aggregate) => {
      expect(refusal('things', aggregate)).toBe(
        `"${aggregate}" is a word of the language or of the kit and cannot name an aggregate.`,
      );
    },
  );

  it('are refused where the table would be one of the kit’s', () => {
    expect(refusal('things', 'KnownChannel')).toBe(
      'The table of "KnownChannel" would be called known_channels, which is taken. Choose another aggregate.',
    );
  });
});
