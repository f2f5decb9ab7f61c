import { Rejection, Rejections } from '@souk/schema';

/** Gathers every mistake of one input, each at its own path, so that a form or a file is corrected in one go. */
export class Problems {
  constructor(
    private readonly path: readonly string[] = ['input'],
    private readonly found: Rejection[] = [],
  ) {}

  /** The same list, seen from deeper in the input. */
  at(...more: (string | number)[]): Problems {
    return new Problems([...this.path, ...more.map(String)], this.found);
  }

  no(code: string, message: string): void {
    this.found.push(new Rejection(code, message, this.path));
  }

  get all(): readonly Rejection[] {
    return this.found;
  }

  /** Throws all of them at once, if there are any. */
  refuse(): void {
    if (this.found.length > 0) throw new Rejections(this.found);
  }
}

interface TextRule {
  readonly what: string;
  readonly max: number;
}

/** Required text: trimmed, 1 to `max` characters. Empty text where it is refused, so that checking can go on. */
export function requiredText(problems: Problems, value: string | null | undefined, { what, max }: TextRule): string {
  const text = (value ?? '').normalize('NFC').trim();
  if (text === '' || text.length > max || hasControl(text)) {
    problems.no('INVALID', `${what} has between 1 and ${max} characters, without control characters.`);
    return '';
  }
  return text;
}

/** Optional text: undefined leaves what is known, null or blank clears it. */
export function optionalText(
  problems: Problems,
  value: string | null | undefined,
  known: string | null,
  rule: TextRule,
): string | null {
  if (value === undefined) return known;
  if (value === null || value.trim() === '') return null;
  return requiredText(problems, value, rule);
}

/** A whole number in a range; `fallback` where it is unsaid or refused. */
export function wholeNumber(
  problems: Problems,
  value: number | null | undefined,
  fallback: number,
  { what, min, max }: { what: string; min: number; max: number },
): number {
  if (value == null) return fallback;
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  problems.no('INVALID', `${what} is a whole number between ${min} and ${max}.`);
  return fallback;
}

/** Line breaks and tabs may stand in text; other control characters cannot be stored or shown. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const hasControl = (text: string): boolean => /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text);
