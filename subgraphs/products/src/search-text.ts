/** Scripts that do not part words by spaces: searched by pairs of letters. */
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]/u;
const TERMS_MAX = 12;
const DESCRIPTION_MAX = 4_000;

export interface SearchPart {
  readonly config: string;
  readonly weight: 'A' | 'B' | 'C' | 'D';
  readonly text: string;
}

/** PostgreSQL's stemmers, by language. */
const STEMMERS: Readonly<Record<string, string>> = {
  ar: 'arabic',
  ca: 'catalan',
  da: 'danish',
  de: 'german',
  el: 'greek',
  en: 'english',
  es: 'spanish',
  fi: 'finnish',
  fr: 'french',
  hu: 'hungarian',
  id: 'indonesian',
  it: 'italian',
  nl: 'dutch',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sv: 'swedish',
  tr: 'turkish',
};

export const stemmerOf = (locale: string): string => STEMMERS[locale.split('-')[0]!.toLowerCase()] ?? 'simple';

const pairs = (run: string): string[] => {
  const letters = [...run];
  return letters.length === 1 ? letters : letters.slice(1).map((letter, i) => letters[i]! + letter);
};

const isCjk = (letter: string): boolean => CJK.test(letter);

/** Text with runs of Han and kana letters spelled out as single letters and overlapping pairs, each a word of its own. */
export function spelledOut(text: string): string {
  return text
    .normalize('NFKC')
    .replace(
      /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+/gu,
      (run) => ` ${[...new Set([...run, ...pairs(run)])].join(' ')} `,
    );
}

/** What a shopper typed, as words to look for; `open` marks the last one, which may still be typed. */
export interface SearchTerm {
  readonly word: string;
  readonly open: boolean;
  /** Whether it may be a typing error of another word. */
  readonly correctable: boolean;
}

export function searchTerms(search: string): SearchTerm[] {
  const words =
    search
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}ー]+/gu) ?? [];
  const runs = words.flatMap(
    (word) =>
      word.match(
        /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+/gu,
      ) ?? [],
  );
  const terms = runs.flatMap((run, index): SearchTerm[] => {
    if (isCjk(run)) return pairs(run).map((word) => ({ word, open: false, correctable: false }));
    return [{ word: run.slice(0, 60), open: index === runs.length - 1, correctable: /^\p{L}{4,}$/u.test(run) }];
  });
  return terms.slice(0, TERMS_MAX);
}

export interface SearchSource {
  readonly name: string;
  readonly codes: readonly string[];
  readonly facets: readonly string[];
  readonly values: readonly string[];
  readonly description: string;
  readonly translations: readonly {
    readonly locale: string;
    readonly name: string | null;
    readonly description: string;
  }[];
}

/** The texts of a product by weight, each in the stemmers its language needs; `simple` keeps whole words for prefixes. */
export function searchParts(source: SearchSource): SearchPart[] {
  const parts: SearchPart[] = [];
  const say = (stemmer: string, weight: SearchPart['weight'], text: string) => {
    if (text.trim() === '') return;
    const spelled = spelledOut(text);
    parts.push({ config: 'simple', weight, text: spelled });
    if (stemmer !== 'simple') parts.push({ config: stemmer, weight, text: spelled });
  };
  say('english', 'A', source.name);
  say('simple', 'A', source.codes.join(' '));
  say('english', 'B', source.facets.join(' '));
  say('english', 'C', source.values.join(' '));
  say('english', 'D', source.description.slice(0, DESCRIPTION_MAX));
  for (const { locale, name, description } of source.translations) {
    say(stemmerOf(locale), 'A', name ?? '');
    say(stemmerOf(locale), 'D', description.slice(0, DESCRIPTION_MAX));
  }
  return parts;
}
