import {
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import type { Costs, FieldCost, InputCost } from './costs.ts';

type Variables = Readonly<Record<string, unknown>>;

/** What an operation costs, found once for all who ask it. */
export interface OperationCost {
  /** What it is made of, and what variables are unless given: for who explains it. */
  readonly selected: Selected;
  readonly defaults: Variables;
  /** The most it can cost with these variables; Infinity where it cannot be told. */
  requested(variables: Variables): number;
  /** What an answer cost: the same weights on what came. */
  actual(data: unknown, variables: Variables): number;
}

/** Of a list of which neither the SDL nor an argument says how long it is. */
const USUAL_LENGTH = 10;
/** Introspection is answered from memory. */
const INTROSPECTION = 10;
/** More than any operation within the limits unfolds to. */
const MOST_NODES = 10_000;

/** A field as it is met in one place, with what is selected in it. */
export interface Node {
  readonly key: string;
  readonly name: string;
  readonly cost: FieldCost;
  readonly args: readonly ArgumentNode[];
  readonly conditions: readonly DirectiveNode[];
  readonly children: Selected;
}

/** What is selected in an object. */
export interface Selected {
  readonly nodes: Node[];
  /** Of the fields with nothing in them, no list and no condition: they cost the same in each object. */
  flat: number;
}

interface Asked {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
}

/** Pure. Fragments are unfolded where they stand, up to a bound that no operation within the limits reaches. */
export function costOf({ document, operation, schema }: Asked, costs: Costs): OperationCost {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const defaults: Variables = Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );
  let left = MOST_NODES;

  function select(sets: readonly SelectionSetNode[], type: string): Selected {
    const selected: Selected = { nodes: [], flat: 0 };
    const fields = new Map<string, { type: string; same: FieldNode[]; conditions: readonly DirectiveNode[] }>();
    for (const set of sets) gather(set, type, [], fields);
    for (const { type: of, same, conditions } of fields.values()) {
      const [first] = same as [FieldNode];
      const name = first.name.value;
      if (name === '__typename') continue;
      const cost = name.startsWith('__') ? introspected : costs.field(of, name);
      // A field that validation let pass and the supergraph does not know is none of ours to count.
      if (!cost) continue;
      const within = same.flatMap(({ selectionSet }) => selectionSet ?? []);
      const returns = name.startsWith('__') ? null : returnedBy(schema, of, name);
      const children = returns && within.length > 0 ? select(within, returns) : nothing;
      const isFlat = cost.isLeaf && !cost.isList && conditions.length === 0 && cost.args.size === 0;
      if (isFlat) selected.flat += cost.weight;
      else if (!cost.isLeaf || cost.weight > 0 || cost.args.size > 0)
        selected.nodes.push({
          key: first.alias?.value ?? name,
          name,
          cost,
          args: first.arguments ?? [],
          conditions,
          children,
        });
    }
    return selected;
  }

  /** Selections of one field of one type are one field, as the answer has it. */
  function gather(
    set: SelectionSetNode,
    type: string,
    conditions: readonly DirectiveNode[],
    fields: Map<string, { type: string; same: FieldNode[]; conditions: readonly DirectiveNode[] }>,
  ): void {
    for (const node of set.selections) {
      if (left-- <= 0) return;
      const own = [...conditions, ...(node.directives ?? []).filter(isCondition)];
      if (node.kind === Kind.FIELD) {
        const key = `${type} ${node.alias?.value ?? node.name.value}`;
        const known = fields.get(key);
        if (!known) fields.set(key, { type, same: [node], conditions: own });
        else {
          known.same.push(node);
          // Selected twice, it is there if either condition lets it.
          if (own.length < known.conditions.length) known.conditions = own;
        }
      } else if (node.kind === Kind.INLINE_FRAGMENT)
        gather(node.selectionSet, node.typeCondition?.name.value ?? type, own, fields);
      else {
        const fragment = fragments.get(node.name.value);
        if (fragment) gather(fragment.selectionSet, fragment.typeCondition.name.value, own, fields);
      }
    }
  }

  const root = schema.getRootType(operation.operation)?.name ?? '';
  const selected = select([operation.selectionSet], root);
  const countless = left <= 0;
  return {
    selected,
    defaults,
    requested: (given) =>
      countless
        ? Number.POSITIVE_INFINITY
        : Math.min(Number.MAX_SAFE_INTEGER, requestedOf(selected, { ...defaults, ...given }, nobody, costs)),
    actual: (data, given) =>
      countless ? Number.POSITIVE_INFINITY : actualOf(selected, data, { ...defaults, ...given }, costs),
  };
}

const nothing: Selected = { nodes: [], flat: 0 };
const introspected: FieldCost = {
  weight: INTROSPECTION,
  isList: false,
  isLeaf: false,
  size: null,
  args: new Map(),
  lists: [],
};

function returnedBy(schema: GraphQLSchema, type: string, field: string): string | null {
  const parent = schema.getType(type);
  if (!isObjectType(parent) && !isInterfaceType(parent)) return null;
  const found = parent.getFields()[field];
  return found ? getNamedType(found.type).name : null;
}

const isCondition = ({ name }: DirectiveNode): boolean => name.value === 'skip' || name.value === 'include';

export const holds =
  (variables: Variables) =>
  ({ name, arguments: [condition] = [] }: DirectiveNode): boolean =>
    !condition || (valueOf(condition, variables) === true) === (name.value === 'include');

export const valueOf = ({ value }: ArgumentNode, variables: Variables): unknown =>
  value.kind === Kind.VARIABLE ? variables[value.name.value] : valueFromASTUntyped(value, variables as never);

/** Sizes that the field around gives to fields in it. */
export type Sizes = { readonly of: ReadonlySet<string>; readonly length: number } | null;
const nobody: Sizes = null;

function requestedOf({ nodes, flat }: Selected, variables: Variables, sizes: Sizes, costs: Costs): number {
  let sum = flat;
  for (const { name, cost, args, conditions, children } of nodes) {
    if (!conditions.every(holds(variables))) continue;
    const given = args.map((arg) => [arg.name.value, valueOf(arg, variables)] as const);
    const length = lengthOf(cost, given);
    const times = cost.isList ? (sizes?.of.has(name) ? sizes.length : length) : 1;
    const within = cost.isList || !cost.size ? nobody : { of: cost.size.sized, length };
    sum +=
      argumentsCost(given, cost.args, costs) + times * (cost.weight + requestedOf(children, variables, within, costs));
  }
  return sum;
}

export type Given = readonly (readonly [string, unknown])[];

export function lengthOf({ size, lists }: FieldCost, given: Given): number {
  const value = (name: string): unknown => given.find(([one]) => one === name)?.[1];
  const slices = (size?.slicing ?? []).map(value).filter((one) => typeof one === 'number');
  // A length below nothing is a mistake that the house answers.
  if (slices.length > 0) return Math.max(0, ...slices);
  if (size?.assumed != null) return size.assumed;
  const lengths = lists.map(value).flatMap((one) => (Array.isArray(one) ? [one.length] : []));
  return lengths.length > 0 ? Math.max(...lengths) : USUAL_LENGTH;
}

export function argumentsCost(given: Given, known: ReadonlyMap<string, InputCost>, costs: Costs): number {
  let sum = 0;
  for (const [name, value] of given) {
    const input = known.get(name);
    if (input && value !== undefined && value !== null) sum += inputCost(value, input, costs);
  }
  return sum;
}

function inputCost(value: unknown, input: InputCost, costs: Costs): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + inputCost(item, input, costs), 0);
  if (input.isLeaf || value === null || typeof value !== 'object') return input.weight;
  return input.weight + argumentsCost(Object.entries(value), costs.input(input.type) ?? new Map(), costs);
}

function actualOf(selected: Selected, data: unknown, variables: Variables, costs: Costs): number {
  function within({ nodes, flat }: Selected, object: unknown): number {
    if (object === null || typeof object !== 'object') return 0;
    let sum = flat;
    for (const { key, cost, args, children } of nodes) {
      const value = (object as Readonly<Record<string, unknown>>)[key];
      if (value === undefined) continue;
      if (cost.args.size > 0)
        sum += argumentsCost(
          args.map((arg) => [arg.name.value, valueOf(arg, variables)] as const),
          cost.args,
          costs,
        );
      sum += Array.isArray(value) ? listed(value, cost.weight, children) : cost.weight + within(children, value);
    }
    return sum;
  }

  function listed(items: readonly unknown[], weight: number, children: Selected): number {
    // Where all objects cost the same, there is no need to look at them.
    if (children.nodes.length === 0 && !Array.isArray(items[0])) return items.length * (weight + children.flat);
    let sum = 0;
    for (const item of items)
      sum += Array.isArray(item) ? listed(item, weight, children) : weight + within(children, item);
    return sum;
  }
  return within(selected, data);
}
