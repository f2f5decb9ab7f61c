import manifest from './examples/manifest.json';
import { collect, type Example, fillVariables, holesOf, type Remembered, type Story } from './fill.ts';
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

/** The variables as text for the editor, filled with what earlier answers gave. */
export function variablesOf(example: Example): string {
  if (!example.variables) return '';
  const filled = fillVariables(example.variables, remembered.get(), () => crypto.randomUUID(), sourceOf);
  return JSON.stringify(filled, null, 2);
}

/** Keeps the ids and totals of an answer, so that the next example starts with them. */
export function learn(operation: string | null | undefined, data: unknown): void {
  const example = operation ? byOperation.get(operation) : undefined;
  if (!example?.remembers || !data) return;
  const found = collect(example.remembers, data);
  if (Object.keys(found).length > 0) remembered.set({ ...remembered.get(), ...found });
}
