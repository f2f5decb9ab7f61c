import {
  type DocumentNode,
  type GraphQLSchema,
  getLocation,
  getNamedType,
  isEnumType,
  isInputObjectType,
  Kind,
  type Location,
  type NamedTypeNode,
  TypeInfo,
  type TypeNode,
  visit,
  visitWithTypeInfo,
} from 'graphql';

export interface Position {
  readonly line: number;
  readonly column: number;
}

const positionOf = (loc: Location | undefined): Position =>
  loc ? getLocation(loc.source, loc.start) : { line: 1, column: 1 };

/**
 * Everything of a schema that an operation touches, each with the first place where it does: `Type`, `Type.field`,
 * `Type.field(arg:)`, `Input.field`, `Enum.VALUE`. What a variable may carry counts as touched where the variable is declared.
 */
export function coordinatesOf(document: DocumentNode, schema: GraphQLSchema): ReadonlyMap<string, Position> {
  const found = new Map<string, Position>();
  const note = (coordinate: string, loc: Location | undefined): void => {
    if (!found.has(coordinate)) found.set(coordinate, positionOf(loc));
  };
  const info = new TypeInfo(schema);

  function noteInput(name: string, loc: Location | undefined): void {
    const type = schema.getType(name);
    if (found.has(name)) return;
    note(name, loc);
    if (isEnumType(type)) for (const value of type.getValues()) note(`${name}.${value.name}`, loc);
    if (!isInputObjectType(type)) return;
    for (const field of Object.values(type.getFields())) {
      note(`${name}.${field.name}`, loc);
      noteInput(getNamedType(field.type).name, loc);
    }
  }

  visit(
    document,
    visitWithTypeInfo(info, {
      Field(node) {
        const parent = info.getParentType();
        if (!parent) return;
        note(parent.name, node.loc);
        note(`${parent.name}.${node.name.value}`, node.loc);
        const type = info.getType();
        if (!type) return;
        const named = getNamedType(type);
        note(named.name, node.loc);
        // Whatever an enum that is read may say, somebody reads.
        if (isEnumType(named)) for (const value of named.getValues()) note(`${named.name}.${value.name}`, node.loc);
      },
      Argument(node) {
        const parent = info.getParentType();
        const field = info.getFieldDef();
        if (parent && field) note(`${parent.name}.${field.name}(${node.name.value}:)`, node.loc);
      },
      ObjectField(node) {
        const type = info.getParentInputType();
        if (type) note(`${getNamedType(type).name}.${node.name.value}`, node.loc);
      },
      EnumValue(node) {
        const type = info.getInputType();
        if (type) note(`${getNamedType(type).name}.${node.value}`, node.loc);
      },
      NamedType(node) {
        note(node.name.value, node.loc);
      },
      VariableDefinition(node) {
        noteInput(namedTypeOf(node.type).name.value, node.loc);
        return undefined;
      },
    }),
  );
  return found;
}

const namedTypeOf = (type: TypeNode): NamedTypeNode => (type.kind === Kind.NAMED_TYPE ? type : namedTypeOf(type.type));
