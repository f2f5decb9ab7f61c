import {
  type ASTVisitor,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLInputType,
  getNullableType,
  isListType,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { repeatsIn } from './repeats.ts';

/** What one operation may ask for, on every transport. */
export interface Limits {
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly rootMutations: number;
  /** Items of one list in the input. */
  readonly listItems: number;
  /** Bytes of a request body or WebSocket frame. */
  readonly bodyBytes: number;
}

export const defaultLimits: Limits = {
  tokens: 2_000,
  depth: 15,
  aliases: 30,
  rootMutations: 5,
  listItems: 100,
  bodyBytes: 1_000_000,
};

const refuse = (context: ValidationContext, message: string): void =>
  context.reportError(new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } }));

interface Shape {
  readonly depth: number;
  readonly aliases: number;
  readonly fields: number;
  /** Fields on its first level. */
  readonly roots: number;
}

const nothing: Shape = { depth: 0, aliases: 0, fields: 0, roots: 0 };

const MOST_FIELDS = 10_000;

/**
 * Depth, aliases and fields of a selection with its fragments unfolded. A fragment is measured once, so a bomb of
 * fragments costs its own length; a cycle counts as endless.
 */
function measurer(document: DocumentNode): (set: SelectionSetNode) => Shape {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const known = new Map<string, Shape>();
  const open = new Set<string>();

  function fragment(name: string): Shape {
    const shape = known.get(name);
    if (shape) return shape;
    const node = fragments.get(name);
    if (!node) return nothing;
    if (open.has(name)) return { ...nothing, depth: Number.POSITIVE_INFINITY };
    open.add(name);
    const measured = measure(node.selectionSet);
    open.delete(name);
    known.set(name, measured);
    return measured;
  }

  function field(node: FieldNode): Shape {
    const inner = node.selectionSet ? measure(node.selectionSet) : nothing;
    return {
      depth: inner.depth + 1,
      aliases: inner.aliases + (node.alias ? 1 : 0),
      fields: inner.fields + 1,
      roots: 1,
    };
  }

  function measure(set: SelectionSetNode): Shape {
    let [depth, aliases, fields, roots] = [0, 0, 0, 0];
    for (const selection of set.selections) {
      const inner =
        selection.kind === Kind.FIELD
          ? field(selection)
          : selection.kind === Kind.INLINE_FRAGMENT
            ? measure(selection.selectionSet)
            : fragment(selection.name.value);
      depth = Math.max(depth, inner.depth);
      aliases += inner.aliases;
      fields += inner.fields;
      roots += inner.roots;
    }
    return { depth, aliases, fields, roots };
  }
  return measure;
}

const isIntrospection = (operation: OperationDefinitionNode): boolean =>
  operation.selectionSet.selections.every((node) => node.kind === Kind.FIELD && node.name.value.startsWith('__'));

/** Depth, aliases and root mutations. GraphiQL's introspection nests deeper than any honest query and is exempt where it is on. */
const shapeRule =
  (limits: Limits): ValidationRule =>
  (context) => {
    const measure = measurer(context.getDocument());
    return {
      OperationDefinition(operation) {
        const { depth, aliases, fields, roots } = measure(operation.selectionSet);
        if (depth > limits.depth && !isIntrospection(operation)) {
          refuse(context, `The query is nested deeper than ${limits.depth} levels.`);
        }
        if (aliases > limits.aliases) refuse(context, `The query has more than ${limits.aliases} aliases.`);
        if (fields > MOST_FIELDS) refuse(context, `The query selects more than ${MOST_FIELDS} fields.`);
        if (operation.operation === 'mutation' && roots > limits.rootMutations) {
          refuse(context, `One request may hold ${limits.rootMutations} mutations at most.`);
        }
      },
    } satisfies ASTVisitor;
  };

const MOST_REPEATS = 200;

/** Throws before the first node is visited: the specification's own rules would compare for long. */
const repeatRule =
  (limits: Limits): ValidationRule =>
  (context) => {
    const bounds = { repeats: MOST_REPEATS, fields: 2 * MOST_FIELDS, depth: 2 * limits.depth };
    const tooMuch = repeatsIn(context.getDocument(), bounds);
    if (tooMuch === 'REPEATS')
      throw refusal(`The query selects one field more than ${MOST_REPEATS} times in one place.`);
    if (tooMuch === 'FIELDS') throw refusal(`The query selects more than ${MOST_FIELDS} fields.`);
    return {};
  };

/**
 * Apollo's planner goes through each list of a literal twice, and so through one within eight others 256 times. What stands in
 * variables it never sees.
 */
const DEEPEST_LISTS = 8;

const inputRule =
  (limits: Limits): ValidationRule =>
  (context) => {
    let depth = 0;
    const lists: number[] = [0];

    function enter(more: number): void {
      const within = lists.at(-1)! + more;
      lists.push(within);
      depth += 1;
      if (depth === DEEPEST_VALUE + 1) refuse(context, deepMessage('A value in the query is'));
      if (within > DEEPEST_LISTS && within - more <= DEEPEST_LISTS) {
        refuse(
          context,
          `A value in the query has more than ${DEEPEST_LISTS} lists within each other. Send it in variables.`,
        );
      }
    }
    function leave(): void {
      depth -= 1;
      lists.pop();
    }

    return {
      ListValue: {
        enter(node) {
          if (node.values.length > limits.listItems) refuse(context, listMessage(limits));
          enter(1);
        },
        leave,
      },
      StringValue(node) {
        if (hasNul(node.value)) refuse(context, NUL);
      },
      ObjectValue: {
        // One where a list is meant stands for a list.
        enter: () => enter(listsOf(context.getInputType())),
        leave,
      },
    };
  };

function listsOf(type: GraphQLInputType | null | undefined): number {
  const nullable = type ? getNullableType(type) : null;
  return isListType(nullable) ? 1 + listsOf(nullable.ofType) : 0;
}

const listMessage = (limits: Limits): string => `A list in the input may hold ${limits.listItems} items at most.`;

/**
 * Refuses what would make validation itself throw: a condition on the root field of a subscription. Runs before
 * `validate`. Throws BAD_USER_INPUT.
 */
export function checkSubscriptionRoots(document: DocumentNode): void {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION || definition.operation !== 'subscription') continue;
    const conditional = definition.selectionSet.selections.some((selection) =>
      selection.directives?.some((directive) => ['skip', 'include'].includes(directive.name.value)),
    );
    if (conditional) throw refusal('The root field of a subscription takes no @skip and no @include.');
  }
}

/** The validation rules of every transport, beside the specification's own. */
export const rules = (limits: Limits, introspection: boolean): ValidationRule[] => [
  repeatRule(limits),
  shapeRule(limits),
  inputRule(limits),
  ...(introspection ? [] : [NoSchemaIntrospectionCustomRule]),
];

/** No input type of ours nests half as deep; without a bound, walking a value could exhaust the stack. */
const DEEPEST_VALUE = 32;
const deepMessage = (what: string): string => `${what} nested deeper than ${DEEPEST_VALUE} levels.`;

/** A NUL is a letter to JSON and none to PostgreSQL, whose refusal would be a fault of ours. */
const hasNul = (text: string): boolean => text.includes('\0');
const NUL = 'A text may not hold the character U+0000.';

/** Variables are no part of the document, so their lists are counted by themselves. Throws BAD_USER_INPUT. */
export function checkVariables(variables: unknown, limits: Limits, depth = 0): void {
  if (typeof variables === 'string' && hasNul(variables)) throw refusal(NUL);
  if (variables === null || typeof variables !== 'object') return;
  if (depth > DEEPEST_VALUE) throw refusal(deepMessage('The variables are'));
  if (Array.isArray(variables) && variables.length > limits.listItems) throw refusal(listMessage(limits));
  for (const [key, item] of Object.entries(variables)) {
    if (hasNul(key)) throw refusal(NUL);
    checkVariables(item, limits, depth + 1);
  }
}

/** A mistake of the request as a whole. */
export const refusal = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', http: { status: 400 } } });
