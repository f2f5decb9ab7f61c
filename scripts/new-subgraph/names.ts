import { StartupError } from '@souk/kit/startup-error';
import { globals, graphqlWords, javascriptWords, kitWords, postgresWords, takenRooms } from './reserved.ts';

/** Every form of the two words a house is made of, so that no template invents one. */
export interface Names {
  /** `giftcards`: folder, package, export, Postgres schema and the first word of its facts. */
  readonly house: string;
  /** `Giftcards` */
  readonly House: string;
  /** `giftCard` */
  readonly thing: string;
  /** `GiftCard` */
  readonly Thing: string;
  /** `giftCards` */
  readonly things: string;
  /** `GiftCards` */
  readonly Things: string;
  /** `gift-card`: the first word of file names. */
  readonly file: string;
  /** `gift_cards` */
  readonly table: string;
  /** `gift card` */
  readonly word: string;
  /** `gift cards` */
  readonly words: string;
  /** `a gift card` */
  readonly one: string;
  /** `giftcard`: the prefix of its ids on the wire. */
  readonly prefix: string;
}

const USAGE = 'npm run new:subgraph -- NAME [--aggregate Thing]';
const example = `For example: npm run new:subgraph -- reviews, or: ${USAGE.replace('NAME', 'loyalty').replace('[--aggregate Thing]', '--aggregate LoyaltyAccount')}.`;

export const usage = (message: string): StartupError => new StartupError(message, `Use ${USAGE}. ${example}`);

/** `gift card` → `gift cards`, `category` → `categories`; an identifier keeps its case. */
export function pluralOf(word: string): string {
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  if (/sis$/.test(word)) return `${word.slice(0, -2)}es`;
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}

/** `reviews` → `review`; a word that is no plural stays as it is. */
export function singularOf(word: string): string {
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(ss|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return /[^siu]s$/.test(word) && !/ics$/.test(word) ? word.slice(0, -1) : word;
}

const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);
const wordsOf = (Thing: string): string[] => Thing.split(/(?=[A-Z])/).map((word) => word.toLowerCase());

/** The names of a house, or a sentence that says what is wrong with them. `prefixes` are those that ids have already. */
export function namesOf(house: string, aggregate: string | undefined, prefixes: ReadonlySet<string>): Names {
  if (!/^[a-z][a-z0-9]{1,29}$/.test(house)) {
    throw usage(
      `"${house}" is no name for a house: a name has 2 to 30 lower-case letters and digits and starts with a letter.`,
    );
  }
  if (javascriptWords.has(house) || globals.has(capital(house))) {
    throw usage(
      `"${house}" is a reserved word of TypeScript and cannot name a house, which exports a constant of its name.`,
    );
  }
  if (postgresWords.has(house) || house.startsWith('pg')) {
    throw usage(`"${house}" is a reserved word of PostgreSQL and cannot name a house, which has a schema of its name.`);
  }
  if (takenRooms.has(house)) {
    throw usage(`"${house}" has a meaning of its own in this project and cannot name a house.`);
  }
  const Thing = aggregate ?? capital(singularOf(house));
  if (!/^([A-Z][a-z]+)+$/.test(Thing) || Thing.length < 3 || Thing.length > 40) {
    throw usage(
      `"${Thing}" is no name for an aggregate: it is one thing in PascalCase, 3 to 40 letters, such as GiftCard.${aggregate ? '' : ' Name it with --aggregate.'}`,
    );
  }
  if (
    globals.has(Thing) ||
    graphqlWords.has(Thing) ||
    kitWords.has(Thing) ||
    javascriptWords.has(Thing.toLowerCase())
  ) {
    throw usage(`"${Thing}" is a word of the language or of the kit and cannot name an aggregate.`);
  }
  const parts = wordsOf(Thing);
  const many = [...parts.slice(0, -1), pluralOf(parts.at(-1)!)];
  const table = many.join('_');
  if (postgresWords.has(table) || takenTables.has(table)) {
    throw usage(`The table of "${Thing}" would be called ${table}, which is taken. Choose another aggregate.`);
  }
  const word = parts.join(' ');
  return {
    house,
    House: capital(house),
    thing: Thing[0]!.toLowerCase() + Thing.slice(1),
    Thing,
    things: many.map((part, index) => (index === 0 ? part : capital(part))).join(''),
    Things: many.map(capital).join(''),
    file: parts.join('-'),
    table,
    word,
    words: many.join(' '),
    one: `${/^[aeio]/.test(word) ? 'an' : 'a'} ${word}`,
    prefix: prefixOf(parts, prefixes),
  };
}

/** Tables of the kit and of the house's copy of the channels. */
const takenTables = new Set([
  'outboxes',
  'inboxes',
  'outbox',
  'inbox',
  'dead_letters',
  'idempotency',
  'known_channels',
]);

/** The whole word where it is short, else as many letters as make it unlike every other prefix. */
function prefixOf(parts: readonly string[], taken: ReadonlySet<string>): string {
  const whole = parts.join('');
  if (whole.length <= 6 && !taken.has(whole)) return whole;
  for (let length = 4; length <= whole.length; length++) {
    const prefix = whole.slice(0, length);
    if (!taken.has(prefix)) return prefix;
  }
  throw usage(
    `Every prefix that ids of "${parts.map(capital).join('')}" could have is taken. Choose another aggregate.`,
  );
}
