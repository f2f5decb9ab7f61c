import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';

type Path = readonly (string | number)[];
type Fields = Readonly<Record<string, unknown>>;

interface Left {
  /** Asks for `__typename` where there are holes. */
  readonly document: DocumentNode;
  readonly holes: ReadonlyMap<FieldNode, { readonly nullable: boolean }>;
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
}

/** Errors that one answer tells of the same refusal; the nulls after that speak for themselves. */
const MOST_ERRORS = 100;
/** No value of a graph. */
const GONE = Symbol();

/**
 * Puts nulls where fields were taken away, each with the refusal at its path; a field that cannot be null takes what holds
 * it away. The answer may be others' too, so it is copied where it changes.
 */
export function restore(result: ExecutionResult, left: Left, refusal: GraphQLError): ExecutionResult {
  const { data, errors = [] } = result;
  if (!data) return result;
  const { holes, schema } = left;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of left.document.definitions)
    if (node.kind === Kind.FRAGMENT_DEFINITION) fragments.set(node.name.value, node);
  const operation = left.document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)!;
  const holed = new Map<SelectionSetNode, boolean>();
  const refused: GraphQLError[] = [];

  function hasHoles(set: SelectionSetNode): boolean {
    const known = holed.get(set);
    if (known !== undefined) return known;
    const found = set.selections.some((node) => {
      if (node.kind === Kind.FIELD) return holes.has(node) || (node.selectionSet && hasHoles(node.selectionSet));
      return hasHoles(
        node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : fragments.get(node.name.value)!.selectionSet,
      );
    });
    holed.set(set, found);
    return found;
  }

  /** Whether a hole's stand-in says that the object is of a type. */
  const isOf = (type: string, typename: unknown): boolean => {
    const condition = schema.getType(type);
    if (isObjectType(condition)) return typename === type;
    return isAbstractType(condition) && schema.getPossibleTypes(condition).some(({ name }) => name === typename);
  };

  function inObject(object: Fields, set: SelectionSetNode, type: string, path: Path): Fields | typeof GONE {
    if (!hasHoles(set)) return object;
    let now: Fields = object;
    for (const node of set.selections) {
      if (node.kind !== Kind.FIELD) {
        const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : fragments.get(node.name.value)!;
        const within = inObject(now, fragment.selectionSet, fragment.typeCondition?.name.value ?? type, path);
        if (within === GONE) return GONE;
        now = within;
        continue;
      }
      const key = node.alias?.value ?? node.name.value;
      if (!Object.hasOwn(now, key)) continue;
      const hole = holes.get(node);
      if (hole) {
        // Selected twice, it is null by now.
        if (now[key] === null || !isOf(type, now[key])) continue;
        if (refused.length < MOST_ERRORS) refused.push(at([...path, key]));
        if (!hole.nullable) return GONE;
        now = { ...now, [key]: null };
        continue;
      }
      const definition = fieldType(type, node.name.value);
      if (!node.selectionSet || !definition || !hasHoles(node.selectionSet)) continue;
      const value = inValue(now[key], node.selectionSet, definition, [...path, key]);
      if (value === GONE) return GONE;
      if (value !== now[key]) now = { ...now, [key]: value };
    }
    return now;
  }

  function inValue(value: unknown, set: SelectionSetNode, type: GraphQLOutputType, path: Path): unknown {
    if (isNonNullType(type)) return inNullable(value, set, type.ofType, path);
    const found = inNullable(value, set, type, path);
    return found === GONE ? null : found;
  }

  function inNullable(value: unknown, set: SelectionSetNode, type: GraphQLOutputType, path: Path): unknown {
    if (value === null || value === undefined) return value;
    if (isListType(type)) {
      const items = value as readonly unknown[];
      const found = items.map((item, index) => inValue(item, set, type.ofType, [...path, index]));
      if (found.includes(GONE)) return GONE;
      return found.some((item, index) => item !== items[index]) ? found : value;
    }
    return inObject(value as Fields, set, getNamedType(type).name, path);
  }

  const fieldType = (type: string, field: string): GraphQLOutputType | undefined => {
    const parent = schema.getType(type);
    return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field]?.type : undefined;
  };

  const at = (path: Path): GraphQLError => new GraphQLError(refusal.message, { path, extensions: refusal.extensions });

  const root = schema.getRootType(left.operation.operation)!;
  const found = inObject(data as Fields, operation.selectionSet, root.name, []);
  return {
    ...result,
    data: found === GONE ? null : (found as Record<string, unknown>),
    ...(errors.length + refused.length > 0 ? { errors: [...errors, ...refused] } : {}),
  };
}
