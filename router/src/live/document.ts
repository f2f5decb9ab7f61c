import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  type ValueNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** A subscription whose upstream can serve all who ask for the same, whatever each has seen. */
export interface LiveDocument {
  /** Takes no `after`, and always asks for the event id. */
  readonly document: DocumentNode;
  /** What the client gave as `after`; undefined where it is no text, which the graph then refuses. */
  after(variables: Readonly<Record<string, unknown>>): string | null | undefined;
  /** Variables that decide what comes. */
  readonly variables: readonly string[];
  /** Takes the event id out of an answer. */
  takeEventId(data: Record<string, unknown>): string | null;
}

const EVENT_ID = 'souk_shared_eventId';
const AFTER = 'after';

/** Null for a subscription that has no event ids, or says of a request what is not true of the next. */
export function liveDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): LiveDocument | null {
  const root = schema.getSubscriptionType();
  const roots: FieldNode[] = [];
  const names = new Set<string>();
  const ours = new WeakSet<FieldNode>();
  let shareable = true;
  const types = new TypeInfo(schema);
  const made = visit(
    document,
    visitWithTypeInfo(types, {
      Field(field) {
        names.add(field.name.value);
        if (field.alias?.value === EVENT_ID && !ours.has(field)) shareable = false;
        if (types.getParentType() !== root) return undefined;
        roots.push(field);
        const payload = getNamedType(types.getType());
        const takesAfter = types.getFieldDef()?.args.some(({ name }) => name === AFTER);
        if (!takesAfter || !isObjectType(payload) || !payload.getFields().eventId) shareable = false;
        return shareable ? withEventId(field, ours) : undefined;
      },
    }),
  );
  const [field] = roots;
  if (!field || !shareable || names.has('requestId')) return null;
  const key = field.alias?.value ?? field.name.value;
  const { loc: _, ...unlocated } = made;
  const used = variablesOf(made);
  const argument = field.arguments?.find(({ name }) => name.value === AFTER)?.value;
  return {
    document: unlocated,
    after: (variables) => valueOf(argument, operation, variables),
    variables: (operation.variableDefinitions ?? [])
      .map(({ variable }) => variable.name.value)
      .filter((name) => used.has(name)),
    takeEventId(data) {
      const payload = data[key] as Record<string, unknown> | null | undefined;
      if (!payload) return null;
      const eventId = payload[EVENT_ID];
      delete payload[EVENT_ID];
      return typeof eventId === 'string' ? eventId : null;
    },
  };
}

const name = (value: string) => ({ kind: Kind.NAME, value }) as const;

function withEventId(field: FieldNode, ours: WeakSet<FieldNode>): FieldNode {
  const eventId: FieldNode = { kind: Kind.FIELD, name: name('eventId'), alias: name(EVENT_ID) };
  ours.add(eventId);
  return {
    ...field,
    arguments: (field.arguments ?? []).filter((argument) => argument.name.value !== AFTER),
    selectionSet: { kind: Kind.SELECTION_SET, selections: [...(field.selectionSet?.selections ?? []), eventId] },
  };
}

/** Names of variables that are used, not only declared. */
function variablesOf(document: DocumentNode): ReadonlySet<string> {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable(node) {
      used.add(node.name.value);
    },
  });
  return used;
}

function valueOf(
  node: ValueNode | undefined,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): string | null | undefined {
  if (!node || node.kind === Kind.NULL) return null;
  if (node.kind === Kind.STRING) return node.value;
  if (node.kind !== Kind.VARIABLE) return undefined;
  const given = variables[node.name.value];
  if (given === undefined) {
    const declared = variableDefinitions.find(({ variable }) => variable.name.value === node.name.value);
    if (declared?.type.kind === Kind.NON_NULL_TYPE && !declared.defaultValue) return undefined;
    return valueOf(declared?.defaultValue, { variableDefinitions: [] } as never, {});
  }
  return given === null || typeof given === 'string' ? given : undefined;
}
