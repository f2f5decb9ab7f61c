import manifest from './examples/manifest.json';
import { collect, type Example, type Fresh, fillVariables, holesOf, type Remembered, type Story } from './fill.ts';
import { type Session, session } from './session.ts';
import { isRecord, sessionStore } from './store.ts';

const files = import.meta.glob<string>('./examples/*.graphql', { query: '?raw', import: 'default', eager: true });

export const stories: Story[] = manifest.stories as Story[];
const all = stories.flatMap((story) => story.examples);
const byOperation = new Map(all.map((example) => [operationName(textOf(example)), example]));

export const remembered = sessionStore<Remembered>('souk.console.remembered', {}, isRecord);

export function textOf(example: Example): string {
  return files[`./examples/${example.file}.graphql`] ?? '';
}

function operationName(text: string): string {
  return /^(?:query|mutation|subscription)\s+(\w+)/m.exec(text)?.[1] ?? '';
}

/** The title of the example whose answer gives a remembered value. */
const sourceOf = (name: string): string =>
  all.find((example) => example.remembers && Object.hasOwn(example.remembers, name))?.title ?? name;

/** The titles of examples to run before this one has all its values. */
export function missingFor(example: Example, known: Remembered): string[] {
  const missing = holesOf(example.variables ?? {}).filter((name) => !Object.hasOwn(known, name));
  return [...new Set(missing.map(sourceOf))];
}

const fresh: Fresh = {
  newKey: () => crypto.randomUUID(),
  newEmail: () => `ada-${crypto.randomUUID().slice(0, 8)}@example.com`,
};

/** The variables as text for the editor, filled with what earlier answers gave. */
export function variablesOf(example: Example): string {
  if (!example.variables) return '';
  const filled = fillVariables(example.variables, remembered.get(), fresh, sourceOf);
  return JSON.stringify(filled, null, 2);
}

/** Keeps the ids and totals of an answer, so that the next example starts with them. */
export function learn(operation: string | null | undefined, data: unknown): void {
  const example = operation ? byOperation.get(operation) : undefined;
  if (!example?.remembers || !data) return;
  const found = collect(example.remembers, data);
  if (Object.keys(found).length > 0) remembered.set({ ...remembered.get(), ...found });
}

const whoIs = (current: Session): string =>
  current.kind === 'guest' ? current.guestId : current.kind === 'user' ? current.email : '';

let owner = session.get();
// A cart and an order are one person's: kept for the next one, they would fill in ids that are refused. What a guest has
// moves into the account they sign in to.
session.subscribe(() => {
  const before = owner;
  owner = session.get();
  if (whoIs(before) === whoIs(owner) || !whoIs(before) || (before.kind === 'guest' && owner.kind === 'user')) return;
  const theirs = new Set(all.filter((each) => each.as).flatMap((each) => Object.keys(each.remembers ?? {})));
  remembered.set(Object.fromEntries(Object.entries(remembered.get()).filter(([name]) => !theirs.has(name))));
});
