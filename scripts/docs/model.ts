import { ADMIN_TAG, appliedTo } from '@souk/router';
import {
  buildSchema,
  type ConstDirectiveNode,
  type DocumentNode,
  type EnumValueDefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  parse,
  print,
  type TypeDefinitionNode,
  type TypeNode,
} from 'graphql';

/** What a page tells of a schema. */
export interface Reference {
  readonly types: ReadonlyMap<string, TypeDoc>;
  /** Names of the subgraphs, in the order of supergraph.yaml. */
  readonly houses: readonly string[];
}

export type TypeKind = 'object' | 'interface' | 'union' | 'enum' | 'input' | 'scalar';

export interface TypeDoc {
  readonly name: string;
  readonly kind: TypeKind;
  readonly description: string;
  /** The house that keeps it; null where several share it. */
  readonly owner: string | null;
  readonly houses: readonly string[];
  readonly isPublic: boolean;
  readonly members: readonly MemberDoc[];
  readonly implements: readonly string[];
  /** What an interface or a union may be. */
  readonly possible: readonly string[];
  /** Coordinates that name it. */
  readonly usedBy: readonly string[];
}

export interface MemberDoc {
  readonly name: string;
  readonly description: string;
  /** As in SDL; empty for the value of an enum. */
  readonly type: string;
  /** The type without lists and marks. */
  readonly named: string;
  readonly args: readonly ArgDoc[];
  readonly houses: readonly string[];
  readonly isPublic: boolean;
  readonly guard: Guard;
  readonly deprecated: string | null;
  readonly defaultValue: string | null;
}

export type ArgDoc = Pick<MemberDoc, 'name' | 'description' | 'type' | 'named' | 'defaultValue' | 'deprecated'>;

/** Who may ask for something. */
export interface Guard {
  readonly signedIn: boolean;
  /** One of these lists is needed, of it all. */
  readonly scopes: readonly (readonly string[])[];
  readonly policies: readonly (readonly string[])[];
}

const kinds: Readonly<Partial<Record<Kind, TypeKind>>> = {
  [Kind.OBJECT_TYPE_DEFINITION]: 'object',
  [Kind.INTERFACE_TYPE_DEFINITION]: 'interface',
  [Kind.UNION_TYPE_DEFINITION]: 'union',
  [Kind.ENUM_TYPE_DEFINITION]: 'enum',
  [Kind.INPUT_OBJECT_TYPE_DEFINITION]: 'input',
  [Kind.SCALAR_TYPE_DEFINITION]: 'scalar',
};

/** Reads a supergraph and the schema that the public is shown. */
export function readReference(supergraphSdl: string, publicSdl: string): Reference {
  const document = parse(supergraphSdl, { noLocation: true });
  const open = buildSchema(publicSdl, { assumeValidSDL: true });
  const houses = housesOf(document);
  const nodes = document.definitions.filter(isTypeDefinitionNode).filter(({ name }) => !name.value.includes('__'));
  const types = nodes.map((node) => describeType(node, houses, open));
  const usedBy = usesOf(types);
  const possible = possibleOf(nodes);
  return {
    houses: [...houses.values()],
    types: new Map(
      types.map((type) => [
        type.name,
        { ...type, usedBy: usedBy.get(type.name) ?? [], possible: possible.get(type.name) ?? [] },
      ]),
    ),
  };
}

/** `ORDERS` → `orders`. */
function housesOf(document: DocumentNode): ReadonlyMap<string, string> {
  const graphs = document.definitions.find(
    (node) => node.kind === Kind.ENUM_TYPE_DEFINITION && node.name.value === 'join__Graph',
  );
  const values = graphs?.kind === Kind.ENUM_TYPE_DEFINITION ? (graphs.values ?? []) : [];
  return new Map(values.map((value) => [value.name.value, String(appliedTo(value, 'join__graph')[0]?.name)]));
}

type Houses = ReadonlyMap<string, string>;

function describeType(node: TypeDefinitionNode, names: Houses, open: GraphQLSchema): TypeDoc {
  const name = node.name.value;
  const houses = [...new Set(appliedTo(node, 'join__type').map(({ graph }) => names.get(String(graph))!))];
  const shown = open.getType(name);
  const publicMembers = new Set(
    shown && 'getFields' in shown
      ? Object.keys(shown.getFields())
      : shown && 'getValues' in shown
        ? shown.getValues().map((value) => value.name)
        : [],
  );
  const members = membersOf(node).map((member) => describeMember(member, houses, names, publicMembers));
  return {
    name,
    kind: kinds[node.kind]!,
    description: node.description?.value ?? '',
    owner: ownerOf(name, houses, members),
    houses,
    isPublic: Boolean(shown),
    members,
    implements: 'interfaces' in node ? (node.interfaces ?? []).map((one) => one.name.value) : [],
    possible: [],
    usedBy: [],
  };
}

const membersOf = (node: TypeDefinitionNode) =>
  node.kind === Kind.ENUM_TYPE_DEFINITION ? (node.values ?? []) : 'fields' in node ? (node.fields ?? []) : [];

/** The house with most fields of its own; the roots and what all share are nobody's. */
function ownerOf(type: string, houses: readonly string[], members: readonly MemberDoc[]): string | null {
  if (['Query', 'Mutation', 'Subscription'].includes(type)) return null;
  if (houses.length === 1) return houses[0]!;
  const counts = houses.map((house) => ({
    house,
    count: members.filter(({ houses: of }) => of.length === 1 && of[0] === house).length,
  }));
  const [first, second] = counts.sort((a, b) => b.count - a.count);
  return first && second && first.count > second.count ? first.house : null;
}

function describeMember(
  node: FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode,
  ofType: readonly string[],
  names: Houses,
  publicMembers: ReadonlySet<string>,
): MemberDoc {
  const joined = [...appliedTo(node, 'join__field'), ...appliedTo(node, 'join__enumValue')].filter(
    ({ graph, external, usedOverridden }) => graph && external !== true && usedOverridden !== true,
  );
  const houses = joined.length > 0 ? joined.map(({ graph }) => names.get(String(graph))!) : ofType;
  return {
    ...describeValue(node),
    args: node.kind === Kind.FIELD_DEFINITION ? (node.arguments ?? []).map(describeValue) : [],
    houses: [...new Set(houses)],
    isPublic: publicMembers.has(node.name.value) && !isTagged(node),
    guard: guardOf(node),
  };
}

const isTagged = (node: { readonly directives?: readonly ConstDirectiveNode[] | undefined }): boolean =>
  appliedTo(node, 'tag').some(({ name }) => name === ADMIN_TAG);

function describeValue(node: FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode): ArgDoc {
  const type = node.kind === Kind.ENUM_VALUE_DEFINITION ? null : node.type;
  const deprecated = appliedTo(node, 'deprecated')[0];
  return {
    name: node.name.value,
    description: node.description?.value ?? '',
    type: type ? print(type) : '',
    named: type ? nameOf(type) : '',
    defaultValue: 'defaultValue' in node && node.defaultValue ? print(node.defaultValue) : null,
    deprecated: deprecated ? String(deprecated.reason ?? 'No longer supported.') : null,
  };
}

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));

const guardOf = (node: { readonly directives?: readonly ConstDirectiveNode[] | undefined }): Guard => ({
  signedIn: appliedTo(node, 'authenticated').length > 0,
  scopes: appliedTo(node, 'requiresScopes').flatMap(({ scopes }) => scopes as string[][]),
  policies: appliedTo(node, 'policy').flatMap(({ policies }) => policies as string[][]),
});

/** The roles of which one is needed: a scope `warehouse:read` is what the role WAREHOUSE may look at. */
export const rolesOf = ({ scopes }: Guard): readonly string[] =>
  scopes.length === 0
    ? []
    : [...new Set([...scopes.flat().map((scope) => scope.split(':')[0]!.toUpperCase()), 'ADMIN'])];

function usesOf(types: readonly TypeDoc[]): ReadonlyMap<string, string[]> {
  const uses = new Map<string, string[]>();
  const note = (type: string, by: string): void => void uses.set(type, [...(uses.get(type) ?? []), by]);
  for (const { name, members } of types) {
    for (const member of members) {
      const coordinate = `${name}.${member.name}`;
      for (const named of new Set([member.named, ...member.args.map((arg) => arg.named)])) {
        if (named) note(named, coordinate);
      }
    }
  }
  return uses;
}

function possibleOf(nodes: readonly TypeDefinitionNode[]): ReadonlyMap<string, string[]> {
  const possible = new Map<string, string[]>();
  const note = (type: string, one: string): void => void possible.set(type, [...(possible.get(type) ?? []), one]);
  for (const node of nodes) {
    if (node.kind === Kind.UNION_TYPE_DEFINITION)
      for (const one of node.types ?? []) note(node.name.value, one.name.value);
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const one of node.interfaces ?? []) note(one.name.value, node.name.value);
  }
  return possible;
}
