/** A mail ready to go. `id` is ours: a mail sent twice carries it twice, so that mail programs can tell. */
export interface Mail {
  readonly id: string;
  readonly to: string;
  readonly toName: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly at: Date;
  /** What it is about, for the mailbox page. */
  readonly template: string;
}

/** Takes mails to where people read them. */
export interface Mailer {
  /** Resolves once the next hop has taken the mail. Throws `MailRefused` where it did not. Sending one mail twice is allowed. */
  send(mail: Mail): Promise<void>;
  close(): Promise<void>;
}

/** Why a mail was not taken. `permanent`: no later try can succeed. `code` never holds an address. */
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
  constructor(
    readonly code: string,
    readonly permanent: boolean,
    options: ErrorOptions = {},
  ) {
    super(`the mail was refused: ${code}`, options);
  }
}

const PLAIN_ADDRESS = /^[^\s\p{Cc}@<>()[\]\\,;:"]+@[^\s\p{Cc}@<>()[\]\\,;:"]+$/u;
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/** A header's value on one line: nothing in it can begin another header. */
export const headerText = (text: string): string => text.replace(BREAKS, ' ').trim();

/** The mail with one-line headers; refused for good where the address is not one plain address. Every adapter sends only such. */
export function sound(mail: Mail): Mail {
  if (mail.to.length > 254 || !PLAIN_ADDRESS.test(mail.to)) throw new MailRefused('ADDRESS_INVALID', true);
  return { ...mail, toName: headerText(mail.toName).slice(0, 200), subject: headerText(mail.subject).slice(0, 300) };
}

/** Where the local mailer puts its mails. */
export interface MailStore {
  /** Keeps a mail; the same one again changes nothing. */
  insertOnce(mail: Mail): Promise<void>;
}
