import { isRecord } from './store.ts';

/**
 * What an event changed, for one line on a screen: `status CONFIRMED`, `payment.status CAPTURED`. What an event names and
 * what it is about, its first two levels, go without saying.
 */
export function changesBetween(before: unknown, after: unknown): string[] {
  const known = leavesOf(before);
  return [...leavesOf(after)]
    .filter(([path, value]) => known.get(path) !== value && !NOISE.test(path) && !isAddress(value))
    .map(([path, value]) => `${nameOf(path)} ${value}`);
}

/** These change with every event and say nothing to a person. */
const NOISE = /(?:^|\.)(?:eventId|version|id|at|__typename)$/;

/** The page a payment waits for, where the event names one. */
export function redirectIn(event: unknown): string | undefined {
  return [...leavesOf(event)].find(([path, value]) => path.endsWith('.redirectUrl') && isAddress(value))?.[1];
}

/** The id by which a stream goes on after it, where the event was asked for it. */
export function eventIdIn(event: unknown): string | undefined {
  return [...leavesOf(event)].find(([path]) => path.endsWith('.eventId'))?.[1];
}

const isAddress = (value: string): boolean => /^https?:\/\//.test(value);

const nameOf = (path: string): string =>
  path
    .split('.')
    .filter((step) => !/^\d+$/.test(step))
    .slice(2)
    .slice(-2)
    .join('.');

function leavesOf(value: unknown, path = ''): Map<string, string> {
  if (Array.isArray(value) || isRecord(value)) {
    return new Map(
      Object.entries(value).flatMap(([step, each]) => [...leavesOf(each, path ? `${path}.${step}` : step)]),
    );
  }
  return value === null || value === undefined ? new Map() : new Map([[path, String(value)]]);
}
