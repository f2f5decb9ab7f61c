import { monotonicMs } from '@souk/kit';
import type { EntityCall, EntityFetch } from './entities.ts';
import type { Run } from './run.ts';

/** Entity fetches to one subgraph that no step of the plan puts one after the other: they may go as one call. */
export interface Group {
  readonly members: EntityFetch[];
  call: EntityCall;
}

/** Those of a group that are ready, waiting for the others. */
export interface Meeting {
  ready: EntityFetch[];
  missing: number;
  patience: NodeJS.Timeout | undefined;
  go: () => void;
  gone: Promise<void>;
}

const LEAST_PATIENCE_MS = 2;

/**
 * Waits until all members of the group are ready and sends them as one call, but no longer than it took to become ready:
 * a branch of the plan that is stuck makes the others one part slower, never as slow as itself.
 */
export function meet(run: Run, group: Group, fetch: EntityFetch): Promise<void> {
  const { members, call } = group;
  if (members.length === 1) return call(run, members);
  let meeting = run.meetings.get(group);
  if (!meeting) {
    meeting = gather(run, group, members.length);
    run.meetings.set(group, meeting);
  }
  meeting.ready.push(fetch);
  const { gone } = meeting;
  if (--meeting.missing === 0) meeting.go();
  else meeting.patience ??= setTimeout(meeting.go, Math.max(LEAST_PATIENCE_MS, monotonicMs() - run.startedAt));
  return gone;
}

function gather(run: Run, group: Group, missing: number): Meeting {
  const { promise, resolve } = Promise.withResolvers<void>();
  const meeting: Meeting = { ready: [], missing, patience: undefined, gone: promise, go };
  function go(): void {
    clearTimeout(meeting.patience);
    // Whoever comes later meets anew with who is still missing.
    run.meetings.set(group, gather(run, group, meeting.missing));
    resolve(group.call(run, meeting.ready));
  }
  return meeting;
}
