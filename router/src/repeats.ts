import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** What a walk over a document found too much of; nothing where it fits. */
export type TooMuch = 'REPEATS' | 'FIELDS' | undefined;

interface Bounds {
  /** Selections of one response name in one place, fragments unfolded. */
  readonly repeats: number;
  /** Selections that are looked at, in all places together. */
  readonly fields: number;
  /** Places below this are another rule's to refuse. */
  readonly depth: number;
}

/**
 * Counts how often one thing is selected in one place. Validation compares each of them with each, so that a text of a few
 * kilobytes could keep it busy for seconds; this looks at each once.
 */
export function repeatsIn({ definitions }: DocumentNode, { repeats, fields, depth }: Bounds): TooMuch {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of definitions) if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  let looked = 0;

  /** The selections below each response name of a place. */
  function gather(
    set: SelectionSetNode,
    found: Map<string, { count: number; below: SelectionSetNode[] }>,
    seen: Set<string>,
  ): TooMuch {
    for (const node of set.selections) {
      if (++looked > fields) return 'FIELDS';
      if (node.kind === Kind.FIELD) {
        const name = node.alias?.value ?? node.name.value;
        const known = found.get(name) ?? { count: 0, below: [] };
        found.set(name, known);
        if (++known.count > repeats) return 'REPEATS';
        if (node.selectionSet) known.below.push(node.selectionSet);
        continue;
      }
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        if (seen.has(node.name.value)) continue;
        seen.add(node.name.value);
      }
      const inner = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value);
      const tooMuch = inner && gather(inner.selectionSet, found, seen);
      if (tooMuch) return tooMuch;
    }
    return undefined;
  }

  function walk(sets: readonly SelectionSetNode[], level: number): TooMuch {
    if (level > depth) return undefined;
    const found = new Map<string, { count: number; below: SelectionSetNode[] }>();
    const seen = new Set<string>();
    for (const set of sets) {
      const tooMuch = gather(set, found, seen);
      if (tooMuch) return tooMuch;
    }
    for (const { below } of found.values()) {
      const tooMuch = below.length > 0 ? walk(below, level + 1) : undefined;
      if (tooMuch) return tooMuch;
    }
    return undefined;
  }

  for (const node of definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION && node.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const tooMuch = walk([node.selectionSet], 0);
    if (tooMuch) return tooMuch;
  }
  return undefined;
}
