/** What people try that others could try in their name. */
export type Attempt = 'SIGN_IN' | 'REGISTER' | 'PASSWORD';

/** Counts tries before they are made; every alias of one request counts. */
export interface AttemptLimiter {
  /**
   * Counts one try against the account and against the address it comes from (null: none is known). Throws RATE_LIMITED
   * beyond a limit, and OVERLOADED where counting is impossible: it never fails open.
   */
  count(attempt: Attempt, account: string, clientAddress: string | null): Promise<void>;
  /** Forgets the tries against an account after one that was right. The address's stay. */
  forgive(attempt: Attempt, account: string): Promise<void>;
}
