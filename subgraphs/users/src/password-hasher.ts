/** Turns passwords into what may be kept of them. */
export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Does the work of a comparison also where there is no hash, so that the time tells nobody whether an account exists. */
  verify(hash: string | null, password: string): Promise<boolean>;
}
