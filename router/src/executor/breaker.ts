/** Whether a subgraph is asked. Times are milliseconds of a clock that only goes forward. */
export type Circuit =
  | { readonly state: 'CLOSED'; readonly failures: number }
  | { readonly state: 'OPEN'; readonly until: number }
  /** One call finds out for all; another may where it has not told by `until`. */
  | { readonly state: 'HALF_OPEN'; readonly until: number };

export interface BreakerPolicy {
  /** Failures in a row that open the circuit. */
  readonly failures: number;
  /** How long nobody is let through then, ms. */
  readonly openMs: number;
}

export const defaultBreaker: BreakerPolicy = { failures: 5, openMs: 1_000 };

export const closed: Circuit = { state: 'CLOSED', failures: 0 };

/** The circuit after somebody wanted to call, and whether they may. */
export function admit(
  circuit: Circuit,
  now: number,
  { openMs }: BreakerPolicy,
): { circuit: Circuit; admitted: boolean } {
  if (circuit.state === 'CLOSED') return { circuit, admitted: true };
  if (now < circuit.until) return { circuit, admitted: false };
  return { circuit: { state: 'HALF_OPEN', until: now + openMs }, admitted: true };
}

/** The circuit after a call that was let through has ended. An answer that holds errors is an answer. */
export function settle(circuit: Circuit, answered: boolean, now: number, policy: BreakerPolicy): Circuit {
  if (circuit.state === 'OPEN') return circuit;
  if (answered) return closed;
  const failures = circuit.state === 'CLOSED' ? circuit.failures + 1 : policy.failures;
  return failures < policy.failures ? { state: 'CLOSED', failures } : { state: 'OPEN', until: now + policy.openMs };
}
