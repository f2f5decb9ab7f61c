import { Rejection, Rejections } from '@souk/schema';

/** Gathers every mistake of one input, so that a form is corrected in one go. */
export class Mistakes {
  private readonly found: Rejection[] = [];

  add(code: string, message: string, ...field: string[]): void {
    this.found.push(new Rejection(code, message, ['input', ...field]));
  }

  /** Throws them all; does nothing where there are none. */
  refuse(): void {
    if (this.found.length > 0) throw new Rejections(this.found);
  }
}

// Line breaks and control characters never belong into a name or a line of an address, and would break a mail's header.
const CONTROL = /\p{Cc}|\p{Zl}|\p{Zp}/u;

/** The text without spaces around it, or null where it is shorter or longer than wanted or holds control characters. */
export function line(text: string, min: number, max: number): string | null {
  const trimmed = text.normalize('NFC').trim();
  const length = [...trimmed].length;
  return length < min || length > max || CONTROL.test(trimmed) ? null : trimmed;
}

const PHONE = /^\+?\d[\d ()./-]{3,30}$/;

export function phoneNumber(text: string): string | null {
  const trimmed = text.trim();
  return PHONE.test(trimmed) ? trimmed : null;
}
