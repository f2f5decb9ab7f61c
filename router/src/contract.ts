import {
  buildASTSchema,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  isInterfaceType,
  isObjectType,
  isTypeDefinitionNode,
  Kind,
  parse,
  printSchema,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';
import { appliedTo } from './directives.ts';

/** What staff alone may ask for carries this tag. */
export const ADMIN_TAG = 'admin';

/** The graph without a tag does not hold together; every reason, in whole sentences. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
  constructor(readonly reasons: readonly string[]) {
    super(`The public schema does not hold together:\n  ${reasons.join('\n  ')}`);
  }
}

type Fields = readonly (FieldDefinitionNode | InputValueDefinitionNode)[];

/**
 * The schema that clients see, less what carries the tag in the supergraph, and less what only that led to. A type that a public
 * interface could lead to goes too if whatever names it is gone: `node(id:)` alone shows nobody a warehouse. Throws a
 * ContractError.
 */
export function withoutTag(supergraph: DocumentNode, schema: GraphQLSchema, tag: string = ADMIN_TAG): GraphQLSchema {
  const tagged = taggedIn(supergraph, tag);
  const whole = parse(printSchema(schema), { noLocation: true });
  const kept = whole.definitions.flatMap((node) => (isTypeDefinitionNode(node) ? (without(node, tagged) ?? []) : node));
  const mistakes = [...demandedIn(whole.definitions, tagged), ...danglingIn(kept, tagged)];
  if (mistakes.length > 0) throw new ContractError(mistakes);
  const reachable = reachableIn(kept, namedIn(whole.definitions), schema);
  const definitions = kept.flatMap((node): DefinitionNode[] => {
    if (!isTypeDefinitionNode(node)) return [node];
    if (!reachable.has(node.name.value)) return [];
    return node.kind === Kind.UNION_TYPE_DEFINITION
      ? [{ ...node, types: node.types?.filter(({ name }) => reachable.has(name.value)) }]
      : [node];
  });
  return buildASTSchema({ kind: Kind.DOCUMENT, definitions }, { assumeValidSDL: true });
}

/** Schema coordinates that carry a tag: `Type`, `Type.field`, `Type.field(arg:)`, `Enum.VALUE`. */
export function taggedIn(supergraph: DocumentNode, tag: string): ReadonlySet<string> {
  const coordinates = new Set<string>();
  const note = (coordinate: string, node: Parameters<typeof appliedTo>[0]): void => {
    if (appliedTo(node, 'tag').some(({ name }) => name === tag)) coordinates.add(coordinate);
  };
  for (const node of supergraph.definitions) {
    if (!isTypeDefinitionNode(node)) continue;
    note(node.name.value, node);
    for (const member of membersOf(node)) {
      const coordinate = `${node.name.value}.${member.name.value}`;
      note(coordinate, member);
      if (member.kind !== Kind.FIELD_DEFINITION) continue;
      for (const arg of member.arguments ?? []) note(`${coordinate}(${arg.name.value}:)`, arg);
    }
  }
  return coordinates;
}

const membersOf = (node: TypeDefinitionNode) =>
  node.kind === Kind.ENUM_TYPE_DEFINITION ? (node.values ?? []) : fieldsOf(node);

const fieldsOf = (node: TypeDefinitionNode): Fields => ('fields' in node ? (node.fields ?? []) : []);

/** A type less what is tagged in it; null where nothing is left of it. */
function without(node: TypeDefinitionNode, tagged: ReadonlySet<string>): TypeDefinitionNode | null {
  const { value: name } = node.name;
  if (tagged.has(name)) return null;
  switch (node.kind) {
    case Kind.ENUM_TYPE_DEFINITION: {
      const values = node.values?.filter((value) => !tagged.has(`${name}.${value.name.value}`));
      return values?.length ? { ...node, values } : null;
    }
    case Kind.OBJECT_TYPE_DEFINITION:
    case Kind.INTERFACE_TYPE_DEFINITION: {
      const fields = node.fields?.flatMap((field) => {
        const coordinate = `${name}.${field.name.value}`;
        if (tagged.has(coordinate)) return [];
        const given = field.arguments?.filter((arg) => !tagged.has(`${coordinate}(${arg.name.value}:)`));
        return [{ ...field, arguments: given }];
      });
      const interfaces = node.interfaces?.filter((one) => !tagged.has(one.name.value));
      return fields?.length ? { ...node, fields, interfaces } : null;
    }
    case Kind.INPUT_OBJECT_TYPE_DEFINITION: {
      const fields = node.fields?.filter((field) => !tagged.has(`${name}.${field.name.value}`));
      return fields?.length ? { ...node, fields } : null;
    }
    case Kind.UNION_TYPE_DEFINITION:
      return { ...node, types: node.types?.filter((type) => !tagged.has(type.name.value)) };
    default:
      return node;
  }
}

/** What nobody could leave out and the public cannot know of. */
function demandedIn(definitions: readonly DefinitionNode[], tagged: ReadonlySet<string>): string[] {
  const mistakes: string[] = [];
  const demand = ({ type, defaultValue }: InputValueDefinitionNode, owner: string, coordinate: string): void => {
    if (type.kind !== Kind.NON_NULL_TYPE || defaultValue || !tagged.has(coordinate) || tagged.has(owner)) return;
    mistakes.push(`${coordinate} is tagged and required, so that nobody else could use ${owner}: make it optional.`);
  };
  for (const node of definitions) {
    if (!isTypeDefinitionNode(node) || tagged.has(node.name.value)) continue;
    for (const field of fieldsOf(node)) {
      const coordinate = `${node.name.value}.${field.name.value}`;
      if (field.kind === Kind.INPUT_VALUE_DEFINITION) demand(field, node.name.value, coordinate);
      else for (const arg of field.arguments ?? []) demand(arg, coordinate, `${coordinate}(${arg.name.value}:)`);
    }
  }
  return mistakes;
}

/** What is public and cannot be without something that is not. */
function danglingIn(definitions: readonly DefinitionNode[], tagged: ReadonlySet<string>): string[] {
  const types = new Map(definitions.filter(isTypeDefinitionNode).map((node) => [node.name.value, node]));
  const builtIn = new Set(['String', 'Int', 'Float', 'Boolean', 'ID']);
  const mistakes: string[] = [];
  for (const node of types.values()) {
    const { value: type } = node.name;
    for (const field of fieldsOf(node)) {
      const coordinate = `${type}.${field.name.value}`;
      const named = nameOf(field.type);
      if (!types.has(named) && !builtIn.has(named)) {
        mistakes.push(
          `${coordinate} is public, and of the type ${named}, of which nothing is: tag the field, or take the tag from ${named}.`,
        );
      }
      if (field.kind === Kind.INPUT_VALUE_DEFINITION) continue;
      for (const arg of field.arguments ?? []) {
        if (types.has(nameOf(arg.type)) || builtIn.has(nameOf(arg.type))) continue;
        mistakes.push(
          `The argument ${arg.name.value} of ${coordinate} is public, and of the type ${nameOf(arg.type)}, of which nothing is: tag the argument, or take the tag from the type.`,
        );
      }
    }
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    for (const { name } of node.interfaces ?? []) {
      const promised = types.get(name.value);
      for (const field of promised ? fieldsOf(promised) : []) {
        if (!tagged.has(`${type}.${field.name.value}`)) continue;
        mistakes.push(
          `${type}.${field.name.value} is tagged, and the interface ${name.value} promises it to everybody: tag it there too.`,
        );
      }
    }
  }
  return mistakes;
}

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));

/** The types that fields, arguments and unions name. */
function namedIn(definitions: readonly DefinitionNode[]): ReadonlySet<string> {
  return new Set(definitions.filter(isTypeDefinitionNode).flatMap(namedBy));
}

function namedBy(node: TypeDefinitionNode): string[] {
  if (node.kind === Kind.UNION_TYPE_DEFINITION) return (node.types ?? []).map(({ name }) => name.value);
  return fieldsOf(node).flatMap((field) => [
    nameOf(field.type),
    ...(field.kind === Kind.FIELD_DEFINITION ? (field.arguments ?? []).map((arg) => nameOf(arg.type)) : []),
  ]);
}

function reachableIn(
  definitions: readonly DefinitionNode[],
  named: ReadonlySet<string>,
  schema: GraphQLSchema,
): ReadonlySet<string> {
  const types = new Map(definitions.filter(isTypeDefinitionNode).map((node) => [node.name.value, node]));
  const reached = new Set<string>();
  const visit = (name: string): void => {
    const node = types.get(name);
    if (!node || reached.has(name)) return;
    reached.add(name);
    for (const next of namedBy(node)) visit(next);
    if ('interfaces' in node) for (const one of node.interfaces ?? []) visit(one.name.value);
    const type = schema.getType(name);
    if (!isInterfaceType(type)) return;
    const { objects, interfaces } = schema.getImplementations(type);
    for (const one of [...objects, ...interfaces]) if (!isObjectType(one) || !named.has(one.name)) visit(one.name);
  };
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    if (root) visit(root.name);
  }
  return reached;
}
