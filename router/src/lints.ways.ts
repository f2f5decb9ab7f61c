import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** An operation that asks for a field of a type. */
export interface Way {
  readonly text: string;
  /** Coordinate of the field that led to the type. */
  readonly from: string;
}

interface Step {
  readonly parent: GraphQLNamedType;
  readonly field: GraphQLField<unknown, unknown>;
}

/** For each field of the graph that leads to a type, the shortest query that asks for `wanted` behind it. */
export function waysTo(schema: GraphQLSchema, type: string, wanted: string): Way[] {
  const query = schema.getQueryType();
  const target = schema.getType(type);
  if (!query || !isCompositeType(target)) return [];
  const paths = new Map<string, readonly Step[]>([[query.name, []]]);
  const queue: GraphQLNamedType[] = [query];
  const ways: Way[] = [];
  for (let parent = queue.shift(); parent; parent = queue.shift()) {
    if (!isObjectType(parent) && !isInterfaceType(parent)) continue;
    for (const field of Object.values(parent.getFields())) {
      const named = getNamedType(field.type);
      if (!isCompositeType(named)) continue;
      const path = [...paths.get(parent.name)!, { parent, field }];
      if (leadsTo(schema, named, target)) ways.push(wayOf(path, named, target, wanted));
      for (const next of [named, ...(isAbstractType(named) ? schema.getPossibleTypes(named) : [])]) {
        if (paths.has(next.name)) continue;
        paths.set(next.name, path);
        queue.push(next);
      }
    }
  }
  return ways;
}

/** Whether an object of one type may be one of the other. */
function leadsTo(schema: GraphQLSchema, named: GraphQLNamedType, target: GraphQLNamedType): boolean {
  const possible = (type: GraphQLNamedType): readonly GraphQLNamedType[] =>
    isAbstractType(type) ? [type, ...schema.getPossibleTypes(type)] : [type];
  return possible(named).some((one) => possible(target).includes(one));
}

function wayOf(path: readonly Step[], last: GraphQLNamedType, target: GraphQLNamedType, wanted: string): Way {
  const variables: string[] = [];
  const calls = path.map(({ field }, depth) => {
    const given = field.args.filter(isRequiredArgument).map((arg) => {
      const name = `${arg.name}${depth}`;
      variables.push(`$${name}: ${arg.type}`);
      return `${arg.name}: $${name}`;
    });
    return `${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''}`;
  });
  const asked = isInterfaceType(target) || isObjectType(target) ? target.getFields()[wanted] : undefined;
  const needed = (asked?.args ?? []).filter(isRequiredArgument).map((arg) => {
    variables.push(`$${arg.name}: ${arg.type}`);
    return `${arg.name}: $${arg.name}`;
  });
  const selection = `${wanted}${needed.length > 0 ? `(${needed.join(', ')})` : ''}${
    asked && isCompositeType(getNamedType(asked.type)) ? ' { __typename }' : ''
  }`;
  let text = last === target ? `{ ${selection} }` : `{ ... on ${target.name} { ${selection} } }`;
  for (let depth = path.length - 1; depth >= 0; depth -= 1) {
    // A step from an interface to one of its types asks for that type.
    const before = path[depth - 1];
    const parent = path[depth]!.parent;
    const call = `${calls[depth]} ${text}`;
    const narrowed = before && getNamedType(before.field.type) !== parent;
    text = narrowed ? `{ ... on ${parent.name} { ${call} } }` : `{ ${call} }`;
  }
  const { parent, field } = path.at(-1)!;
  return {
    text: `query ${variables.length > 0 ? `(${variables.join(', ')})` : ''} ${text}`,
    from: `${parent.name}.${field.name}`,
  };
}
