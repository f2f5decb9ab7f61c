import type { Mistakes } from './mistakes.ts';

export const MIN_LENGTH = 10;
/** Far beyond what people type; it bounds the work of a hash. */
export const MAX_LENGTH = 200;

/** Long enough for the length rule and among the first that anyone would try, without case, spaces and punctuation. */
const COMMON = new Set(
  `0987654321 0123456789 1234567890 12345678901 123456789012 1234567891 1111111111 1029384756 1123581321 1212121212
  1qaz2wsx3edc 1q2w3e4r5t 1q2w3e4r5t6y a123456789 a1234567890 abc1234567 abcd123456 abcd1234567 abcdefghij abcdefghijkl
  administrator adminadmin admin12345 admin123456 asdfghjkl1 asdfghjkl123 asdfasdfasdf baseball123 basketball changeme123
  changemenow dragon12345 football123 football1234 helloworld helloworld1 iloveyou12 iloveyou123 iloveyou1234 internet123
  letmein123 letmein1234 letmeinnow liverpool1 liverpool123 manchester manchesterunited michael123 monkey1234 motdepasse
  motdepasse1 mypassword mypassword1 mypassword123 newpassword newpassword1 password00 password01 password10 password11
  password12 password123 password1234 password12345 password123456 password2024 password2025 password2026 passwordpassword
  passw0rd12 passw0rd123 passwort123 passwort1234 princess123 q1w2e3r4t5 q1w2e3r4t5y6 qazwsxedcrfv qwerty1234 qwerty12345
  qwerty123456 qwertyqwerty qwertyuiop qwertyuiop1 qwertyuiop12 qwertyuiop123 qwertzuiop qwertzuiop1 secret1234 secretpassword
  starwars123 sunshine12 sunshine123 superman123 superman1234 test123456 test1234567 testtesttest trustno1trustno1
  unbelievable welcome123 welcome1234 welcome2024 welcome2025 welcome2026 whatever123 zaq12wsxcde3 zxcvbnm123 zxcvbnm1234
  zxcvbnmasdf`.split(/\s+/),
);

const plain = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

function isGuessable(password: string, email: string): boolean {
  const bare = plain(password);
  if (new Set(password.toLowerCase()).size < 4 || COMMON.has(bare)) return true;
  const own = [plain(email), plain(email.split('@')[0] ?? '')];
  return bare !== '' && own.includes(bare);
}

/** What a new password must be. No message repeats it. */
export function checkPassword(password: string, email: string, mistakes: Mistakes, field: string): void {
  const length = [...password].length;
  if (length < MIN_LENGTH) {
    mistakes.add('PASSWORD_TOO_SHORT', `Choose a password of at least ${MIN_LENGTH} characters.`, field);
  } else if (length > MAX_LENGTH) {
    mistakes.add('PASSWORD_TOO_LONG', `Choose a password of at most ${MAX_LENGTH} characters.`, field);
  } else if (isGuessable(password, email)) {
    mistakes.add('PASSWORD_TOO_COMMON', 'This password is easy to guess. Choose one that few others would.', field);
  }
}
