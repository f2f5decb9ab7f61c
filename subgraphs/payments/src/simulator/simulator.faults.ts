/**
 * A planned trouble of the next calls: `error` answers without doing anything, `drop` closes the connection before
 * the work, `lose-answer` does and commits the work and then closes the connection, `delay` only makes it slow.
 */
export interface PlannedFault {
  readonly kind: 'error' | 'drop' | 'lose-answer' | 'delay';
  readonly times: number;
  readonly status: number;
  readonly delayMs: number;
  /** Only calls whose path contains this text; every call where it is empty. */
  readonly path: string;
}

export interface FaultPlan {
  add(fault: PlannedFault): void;
  clear(): void;
  take(path: string): PlannedFault | null;
  list(): readonly PlannedFault[];
}

/** Kept in memory: a planned fault is a test's tool, not a thing Stripe would remember. */
export function newFaultPlan(): FaultPlan {
  let planned: PlannedFault[] = [];
  return {
    add: (fault) => {
      planned.push(fault);
    },
    clear: () => {
      planned = [];
    },
    take: (path) => {
      const found = planned.find((fault) => path.includes(fault.path));
      if (found === undefined) return null;
      planned = planned.flatMap((fault) =>
        fault !== found ? [fault] : fault.times > 1 ? [{ ...fault, times: fault.times - 1 }] : [],
      );
      return found;
    },
    list: () => planned,
  };
}
