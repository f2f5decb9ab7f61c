import type { Viewer } from '@souk/schema';
import {
  type DocumentNode,
  executeSync,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { Fetched } from './data.ts';
import { type Chosen, isIntrospection } from './document.ts';

/** Answers what an operation asks of the schema itself, by the client's names, as far as this viewer is shown it. */
export type Introspect = (variables: Fetched, viewer: Viewer) => Fetched | null;

/** The schema as somebody is shown it. */
export type ShownTo = (viewer: Viewer) => GraphQLSchema;

/** Compiles `__schema` and `__type` of an operation; null where it asks for neither. */
export function compileIntrospection(shownTo: ShownTo, { operation, fragments }: Chosen): Introspect | null {
  const seen = new Set<FragmentDefinitionNode>();
  const selections: SelectionNode[] = [];

  function gather(set: SelectionSetNode): void {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        if (isIntrospection(node)) selections.push(node);
        continue;
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)!;
      if (fragment.kind === Kind.FRAGMENT_DEFINITION) {
        if (seen.has(fragment)) continue;
        seen.add(fragment);
      }
      gather(fragment.selectionSet);
    }
  }
  gather(operation.selectionSet);
  if (selections.length === 0) return null;

  const used = new Set<string>();
  const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections };
  for (const part of [selectionSet, ...fragments.values()]) {
    visit(part, { Variable: ({ name }) => void used.add(name.value) });
  }
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      {
        ...operation,
        selectionSet,
        variableDefinitions: operation.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value)),
      },
      ...fragments.values(),
    ],
  };
  return (variables, viewer) =>
    (executeSync({ schema: shownTo(viewer), document, rootValue: {}, variableValues: variables }).data ??
      null) as Fetched | null;
}
