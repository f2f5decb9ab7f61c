import type { DeadLettersQuery } from '@souk/admin';

export type DeadLetter = DeadLettersQuery['deadLetters']['nodes'][number];

/** Dead letters of one key at one ear: they are heard in their order, so they go together. */
export interface Parked {
  readonly id: string;
  readonly house: string;
  readonly key: string;
  /** Oldest first: the first holds up the others. */
  readonly letters: readonly DeadLetter[];
}

/** Pure. Oldest first, as they come. */
export function parkedBy(letters: readonly DeadLetter[]): Parked[] {
  const found = new Map<string, DeadLetter[]>();
  for (const letter of letters) {
    const id = `${letter.house} ${letter.key}`;
    const group = found.get(id) ?? [];
    group.push(letter);
    found.set(id, group);
  }
  return [...found].map(([id, group]) => ({ id, house: group[0]!.house, key: group[0]!.key, letters: group }));
}
