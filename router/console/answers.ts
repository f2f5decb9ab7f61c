import type { ExecutionResult } from 'graphql';
import { changesBetween, eventIdIn, redirectIn } from './changes.ts';
import { learn } from './examples.ts';
import { type Session, session } from './session.ts';
import { pageStore } from './store.ts';

// GraphiQL runs one thing at a time: it stops a subscription when another tab is opened, and writes a late answer into
// whichever tab is open by then. Here subscriptions run on beside it, and every answer belongs to the tab that asked.

export interface LoggedEvent {
  /** Of all since the stream was opened. */
  number: number;
  at: number;
  eventId: string | undefined;
  changes: readonly string[];
}

const MOST_LOGGED = 50;

/** A subscription that runs in a tab. */
export interface Live {
  tab: string;
  name: string;
  state: 'opening' | 'running' | 'reconnecting' | 'ended';
  /** Since it was opened or cleared. */
  events: number;
  /** How many of them are not shown, for it is paused; null where it is not. */
  held: number | null;
  /** Of the last event. */
  eventId: string | undefined;
  /** The last events, newest first. */
  log: readonly LoggedEvent[];
  /** Why it ended, where that is not its end. */
  failure: string | undefined;
  /** What the last event changed. */
  changes: readonly string[];
  /** Where the payment waits for the shopper. */
  redirect: string | undefined;
}

export const lives = pageStore<readonly Live[]>([]);
/** Answers by tab that the editor itself does not know of. */
export const answers = pageStore<ReadonlyMap<string, string>>(new Map());

/** The tab that is open; the editor's runs are this tab's. */
export const openTab = { id: '' };

const streams = new Map<string, AsyncIterator<ExecutionResult>>();

export const textOfAnswer = (answer: unknown): string => JSON.stringify(answer, null, 2);

export function answerIn(tab: string, text: string): void {
  answers.set(new Map(answers.get()).set(tab, text));
}

/** From here on the editor's own answer counts again. */
export function forgetAnswer(tab: string): void {
  const left = new Map(answers.get());
  if (left.delete(tab)) answers.set(left);
}

const change = (tab: string, to: (live: Live) => Live) =>
  lives.set(lives.get().map((live) => (live.tab === tab ? to(live) : live)));

/** What a stream tells of its connection. */
export interface Connection {
  lost(): void;
  back(): void;
}

/** Answers of paused subscriptions that wait to be shown. */
const heldAnswers = new Map<string, string>();

/** Runs a subscription in a tab until it ends, is stopped, or the tab closes. */
export async function follow(
  tab: string,
  name: string,
  open: (connection: Connection) => AsyncIterator<ExecutionResult>,
): Promise<void> {
  stop(tab);
  const isOurs = () => streams.get(tab) === stream;
  const be = (state: Live['state']) => isOurs() && change(tab, (live) => ({ ...live, state }));
  const stream = open({ lost: () => be('reconnecting'), back: () => be('running') });
  streams.set(tab, stream);
  answerIn(tab, '');
  const begun = { events: 0, held: null, eventId: undefined, log: [], changes: [], redirect: undefined };
  lives.set([...lives.get(), { tab, name, state: 'opening', failure: undefined, ...begun }]);
  let before: unknown;
  let number = 0;
  let failure: string | undefined;
  try {
    for (;;) {
      const { value, done } = await stream.next();
      if (!isOurs()) return;
      if (done) break;
      learn(name, value.data);
      show(tab, textOfAnswer(value));
      number += 1;
      const eventId = eventIdIn(value.data);
      const changes = value.data
        ? before === undefined
          ? []
          : changesBetween(before, value.data)
        : (value.errors?.map(({ message }) => message) ?? []);
      if (value.data) before = value.data;
      const logged: LoggedEvent = { number, at: Date.now(), eventId, changes };
      change(tab, (live) => ({
        ...live,
        state: value.data ? 'running' : live.state,
        events: live.events + 1,
        held: live.held === null ? null : live.held + 1,
        eventId: eventId ?? live.eventId,
        log: [logged, ...live.log].slice(0, MOST_LOGGED),
        changes: changes.length > 0 ? changes : live.changes,
        redirect: value.data ? redirectIn(value.data) : live.redirect,
      }));
    }
  } catch (error) {
    failure = error instanceof Error ? error.message : 'The live connection failed.';
    if (isOurs()) show(tab, textOfAnswer({ errors: [{ message: failure }] }));
  }
  if (!isOurs()) return;
  streams.delete(tab);
  change(tab, (live) => ({ ...live, state: 'ended', failure }));
}

const liveIn = (tab: string): Live | undefined => lives.get().find((live) => live.tab === tab);

function show(tab: string, text: string): void {
  if (liveIn(tab)?.held == null) answerIn(tab, text);
  else heldAnswers.set(tab, text);
}

/** What comes from here on is counted and logged, but the answer that is shown stays. */
export function pause(tab: string): void {
  change(tab, (live) => ({ ...live, held: live.held ?? 0 }));
}

/** Shows the newest answer again. */
export function resume(tab: string): void {
  change(tab, (live) => ({ ...live, held: null }));
  const newest = heldAnswers.get(tab);
  heldAnswers.delete(tab);
  if (newest !== undefined) answerIn(tab, newest);
}

/** Forgets what came; what comes is counted from one. */
export function clear(tab: string): void {
  change(tab, (live) => ({ ...live, events: 0, held: live.held === null ? null : 0, log: [], changes: [] }));
  heldAnswers.delete(tab);
  answerIn(tab, '');
}

/** Ends a tab's subscription; what it answered last stays in the tab. */
export function stop(tab: string): void {
  const stream = streams.get(tab);
  streams.delete(tab);
  heldAnswers.delete(tab);
  lives.set(lives.get().filter((live) => live.tab !== tab));
  void stream?.return?.();
}

/** Ends what belongs to tabs that are no more. */
export function keepOnly(tabs: readonly string[]): void {
  for (const { tab } of lives.get()) if (!tabs.includes(tab)) stop(tab);
  for (const tab of answers.get().keys()) if (!tabs.includes(tab)) forgetAnswer(tab);
}

const whoIs = (current: Session): string =>
  current.kind === 'guest' ? current.guestId : current.kind === 'user' ? current.email : '';

// A stream goes on as the person it was opened for, and must not show their orders to the next one.
let viewer = whoIs(session.get());
session.subscribe(() => {
  const now = whoIs(session.get());
  if (now === viewer) return;
  if (viewer) for (const { tab } of lives.get()) stop(tab);
  viewer = now;
});
