import type { ExecutionResult } from 'graphql';
import { changesBetween, redirectIn } from './changes.ts';
import { learn } from './examples.ts';
import { type Session, session } from './session.ts';
import { pageStore } from './store.ts';

// GraphiQL runs one thing at a time: it stops a subscription when another tab is opened, and writes a late answer into
// whichever tab is open by then. Here subscriptions run on beside it, and every answer belongs to the tab that asked.

/** A subscription that runs in a tab. */
export interface Live {
  tab: string;
  name: string;
  state: 'opening' | 'running' | 'ended';
  events: number;
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

/** Runs a subscription in a tab until it ends, is stopped, or the tab closes. */
export async function follow(tab: string, name: string, stream: AsyncIterator<ExecutionResult>): Promise<void> {
  stop(tab);
  streams.set(tab, stream);
  answerIn(tab, '');
  lives.set([...lives.get(), { tab, name, state: 'opening', events: 0, changes: [], redirect: undefined }]);
  const isOurs = () => streams.get(tab) === stream;
  let before: unknown;
  try {
    for (;;) {
      const { value, done } = await stream.next();
      if (!isOurs()) return;
      if (done) break;
      learn(name, value.data);
      answerIn(tab, textOfAnswer(value));
      if (!value.data) {
        change(tab, (live) => ({ ...live, changes: value.errors?.map(({ message }) => message) ?? [] }));
        continue;
      }
      const changes = before === undefined ? [] : changesBetween(before, value.data);
      before = value.data;
      change(tab, (live) => ({
        ...live,
        state: 'running',
        events: live.events + 1,
        changes: changes.length > 0 ? changes : live.changes,
        redirect: redirectIn(value.data),
      }));
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : 'The live connection failed.';
    if (isOurs()) answerIn(tab, textOfAnswer({ errors: [{ message }] }));
  }
  if (!isOurs()) return;
  streams.delete(tab);
  change(tab, (live) => ({ ...live, state: 'ended' }));
}

/** Ends a tab's subscription; what it answered last stays in the tab. */
export function stop(tab: string): void {
  const stream = streams.get(tab);
  streams.delete(tab);
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
