// What is kept on this device, shared with colleagues or put into a link is read by others: nobody's password goes there.

const NAMES =
  'passwords?|passphrase|newpassword|currentpassword|secrets?|clientsecret|(?:access|refresh|id|csrf|reset|verification|mfa|setup)?token|authorization|apikey|credential|recoverycodes?|otp|totp|cvc|cvv|cardnumber';

/** A name as GraphQL, JSON and HTTP write it, then a text in quotes. */
const NAMED = new RegExp(
  `(["']?\\b(?:${NAMES})\\b["']?\\s*:\\s*)(?:"""[\\s\\S]*?"""|"(?:[^"\\\\\\n]|\\\\.)*"|"[^"\\n]*$)`,
  'gim',
);

/** The same text with every secret that is named as one taken out: an operation, variables or headers. */
export const withoutSecrets = (text: string): string => text.replace(NAMED, '$1""');

/** Whether something would be taken out. */
export const holdsSecrets = (text: string): boolean => withoutSecrets(text) !== text;
