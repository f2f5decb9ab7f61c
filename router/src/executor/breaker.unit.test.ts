import { describe, expect, it } from 'vitest';
import { admit, type Circuit, closed, settle } from './breaker.ts';

const policy = { failures: 3, openMs: 100 };
const after = (circuit: Circuit, ...outcomes: boolean[]): Circuit =>
  outcomes.reduce((state, answered) => settle(state, answered, 1_000, policy), circuit);
const open: Circuit = { state: 'OPEN', until: 1_100 };
const halfOpen: Circuit = { state: 'HALF_OPEN', until: 1_200 };

describe('a circuit', () => {
  it('opens after failures in a row, and not after others', () => {
    expect(after(closed, false, false)).toEqual({ state: 'CLOSED', failures: 2 });
    expect(after(closed, false, false, true, false, false)).toEqual({ state: 'CLOSED', failures: 2 });
    expect(after(closed, false, false, false)).toEqual(open);
  });

  it('lets nobody through while it is open, and what was under way does not change it', () => {
    expect(admit(open, 1_099, policy)).toEqual({ circuit: open, admitted: false });
    expect(after(open, true, false)).toBe(open);
  });

  it('then lets one through who finds out for all', () => {
    expect(admit(open, 1_100, policy)).toEqual({ circuit: halfOpen, admitted: true });
    expect(admit(halfOpen, 1_150, policy)).toEqual({ circuit: halfOpen, admitted: false });
    expect(after(halfOpen, true)).toEqual(closed);
    expect(settle(halfOpen, false, 1_150, policy)).toEqual({ state: 'OPEN', until: 1_250 });
  });

  it('lets another find out where the first never told', () => {
    expect(admit(halfOpen, 1_200, policy)).toEqual({ circuit: { state: 'HALF_OPEN', until: 1_300 }, admitted: true });
  });

  it('is closed to begin with and lets everybody through', () => {
    expect(admit(closed, 0, policy)).toEqual({ circuit: closed, admitted: true });
  });
});
