import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
  visit,
} from 'graphql';
import { refusal } from '../limits.ts';

/** One operation of a document and the fragments beside it. */
export interface Chosen {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** Throws BAD_USER_INPUT where the name does not choose exactly one operation. */
export function chooseOperation(document: DocumentNode, operationName: string | null | undefined): Chosen {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
    if (node.kind === Kind.OPERATION_DEFINITION) operations.push(node);
  }
  const named = operationName ? operations.filter(({ name }) => name?.value === operationName) : operations;
  if (named.length !== 1) throw unnamed();
  return { operation: named[0]!, fragments };
}

const unnamed = (): GraphQLError => refusal('Name the one operation to run.');

const CONDITIONS = new Set(['skip', 'include']);

/** Variables that decide by @skip and @include what the operation selects, in a fixed order. */
export function conditionVariables({ operation, fragments }: Chosen): readonly string[] {
  const names = new Set<string>();
  const reader = {
    Directive({ name, arguments: [condition] = [] }: DirectiveNode) {
      if (CONDITIONS.has(name.value) && condition?.value.kind === Kind.VARIABLE) names.add(condition.value.name.value);
    },
  };
  visit(operation.selectionSet, reader);
  for (const fragment of fragments.values()) visit(fragment.selectionSet, reader);
  return [...names].sort();
}

/** Stands where conditions took every field of a selection: a query may not be empty, an answer may. */
export const PLACEHOLDER: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** The operation as these values of its condition variables leave it; no @skip and no @include remains. */
export function applyConditions({ operation, fragments }: Chosen, values: ReadonlyMap<string, boolean>): Chosen {
  const holds = ({ name, arguments: [condition] = [] }: DirectiveNode): boolean => {
    const { value } = condition!;
    const given = value.kind === Kind.VARIABLE ? values.get(value.name.value) : (value as { value?: boolean }).value;
    return (given === true) === (name.value === 'include');
  };
  const isCondition = ({ name }: DirectiveNode): boolean => CONDITIONS.has(name.value);

  function prune(set: SelectionSetNode): SelectionSetNode {
    const selections: SelectionNode[] = [];
    for (const node of set.selections) {
      const { directives = [] } = node;
      if (!directives.filter(isCondition).every(holds)) continue;
      const kept = directives.some(isCondition)
        ? { ...node, directives: directives.filter((directive) => !isCondition(directive)) }
        : node;
      selections.push('selectionSet' in kept && kept.selectionSet ? within(kept, prune(kept.selectionSet)) : kept);
    }
    return { ...set, selections: selections.length > 0 ? selections : [PLACEHOLDER] };
  }

  return {
    operation: within(operation, prune(operation.selectionSet)),
    fragments: new Map([...fragments].map(([name, node]) => [name, within(node, prune(node.selectionSet))])),
  };
}

const within = <Node extends { readonly selectionSet?: SelectionSetNode | undefined }>(
  node: Node,
  selectionSet: SelectionSetNode,
): Node => ({ ...node, selectionSet });

/** An operation as the planner sees it, and how what is fetched for it is found again. */
export interface Private {
  /** One anonymous operation and its fragments. */
  readonly document: DocumentNode;
  /** Key of each of the client's fields in fetched data. */
  readonly keys: ReadonlyMap<FieldNode, string>;
  /** Private response name → the client's. */
  readonly clientNames: ReadonlyMap<string, string>;
  /** Private name of a variable → the client's, where they differ. */
  readonly variables: ReadonlyMap<string, string>;
}

interface Naming {
  /** What a private name begins with: no field of the supergraph does. */
  readonly prefix: string;
  /** Fields that take arguments on some type. */
  readonly withArguments: ReadonlySet<string>;
}

/** Names of variables in the texts that are sent to subgraphs. */
const OURS = /^(representations|_r\d+)$/;

export const isIntrospection = (field: FieldNode): boolean =>
  field.name.value === '__schema' || field.name.value === '__type';

/**
 * Gives each field with an alias, with arguments or with a name that every object of JavaScript has a response name of its
 * own. The planner adds fields for `@key` and `@requires` under their plain names, and would take a client's field of that
 * response name for its own. Introspection stays here.
 */
export function makePrivate({ operation, fragments }: Chosen, { prefix, withArguments }: Naming): Private {
  const keys = new Map<FieldNode, string>();
  const names = new Map<string, string>();
  const clientNames = new Map<string, string>();
  const variables = new Map<string, string>();

  function keyOf(field: FieldNode): string {
    const name = field.name.value;
    // Which type it is has one answer, whatever the client calls the question.
    if (name === '__typename') return name;
    const response = field.alias?.value ?? name;
    if (response === name && !withArguments.has(name) && !(name in Object.prototype)) return name;
    const both = `${response}:${name}`;
    let key = names.get(both);
    if (key === undefined) {
      key = `${prefix}${names.size}`;
      names.set(both, key);
      clientNames.set(key, response);
    }
    return key;
  }

  function rename(set: SelectionSetNode): SelectionSetNode {
    const selections: SelectionNode[] = [];
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) {
        const key = keyOf(node);
        keys.set(node, key);
        if (isIntrospection(node)) continue;
        const { alias: _, ...field } = node;
        selections.push({
          ...field,
          ...(key === field.name.value ? {} : { alias: { kind: Kind.NAME, value: key } }),
          ...(field.selectionSet ? { selectionSet: rename(field.selectionSet) } : {}),
        });
      } else if (node.kind === Kind.INLINE_FRAGMENT) selections.push(within(node, rename(node.selectionSet)));
      else selections.push(node);
    }
    return { ...set, selections: selections.length > 0 ? selections : [PLACEHOLDER] };
  }

  const { name: _, ...anonymous } = operation;
  const document: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [
      within(anonymous as OperationDefinitionNode, rename(operation.selectionSet)),
      ...[...fragments.values()].map((node) => within(node, rename(node.selectionSet))),
    ],
  };
  return {
    document: renameVariables(document, operation.variableDefinitions ?? [], variables),
    keys,
    clientNames,
    variables,
  };
}

function renameVariables(
  document: DocumentNode,
  definitions: readonly VariableDefinitionNode[],
  renamed: Map<string, string>,
): DocumentNode {
  const taken = new Set(definitions.map(({ variable }) => variable.name.value));
  const ours = new Map<string, string>();
  for (const name of taken) {
    if (!OURS.test(name)) continue;
    let free = `v_${name}`;
    while (taken.has(free) || renamed.has(free)) free = `v_${free}`;
    ours.set(name, free);
    renamed.set(free, name);
  }
  if (ours.size === 0) return document;
  return visit(document, {
    Variable: (node) => {
      const name = ours.get(node.name.value);
      return name ? { ...node, name: { ...node.name, value: name } } : undefined;
    },
  });
}
