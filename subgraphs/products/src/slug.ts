export const SLUG_MAX = 200;
const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Letters that do not come apart into a base letter and a mark. */
const SPECIAL: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  å: 'a',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

export const isSlug = (text: string, max = SLUG_MAX): boolean => text.length <= max && SLUG.test(text);

/** A name as part of a web address: `Crème brûlée, 2 pcs` → `creme-brulee-2-pcs`. Empty where no Latin letter or digit is in it. */
export function slugOf(name: string, max = SLUG_MAX): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[ßæœøåłđðþı]/g, (letter) => SPECIAL[letter]!)
    .replace(/[\p{M}'’]/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, max)
    .replace(/-+$/, '');
}

/** The first of `base`, `base-2`, `base-3` … that is free, within `max` characters. */
export function freeSlug(base: string, isTaken: (slug: string) => boolean, max = SLUG_MAX): string {
  for (let n = 1; ; n++) {
    const tail = n === 1 ? '' : `-${n}`;
    const slug = `${base.slice(0, max - tail.length).replace(/-+$/, '')}${tail}`;
    if (!isTaken(slug)) return slug;
  }
}

/** What names are sorted by: without case and marks, in Unicode's order. */
export const sortNameOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}+/gu, '$1')
    .normalize('NFC')
    .toLowerCase()
    .slice(0, 200);
