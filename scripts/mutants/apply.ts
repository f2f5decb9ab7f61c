import type { Fault } from './list.ts';

/** How often the text occurs. */
export const occurrences = (text: string, part: string): number => text.split(part).length - 1;

/** The file's text with the fault in it. Throws where the fault no longer fits the text: it must be written anew. */
export function mutate(text: string, { name, file, find, replace }: Fault): string {
  const times = occurrences(text, find);
  if (times !== 1) {
    throw new Error(`"${name}" does not apply: what it replaces occurs ${times} times in ${file}, not once.`);
  }
  return text.replace(find, () => replace);
}
