import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationTypeNode,
} from 'graphql';

/** Values for arguments by `Type.field.argument`, or by `argument` for any field; each a GraphQL literal. */
export type Pool = Readonly<Record<string, readonly string[]>>;

interface Options {
  readonly schema: GraphQLSchema;
  readonly pool: Pool;
  /** Fields that answer differently each time, or that may not be asked so often. */
  readonly without: ReadonlySet<string>;
  /** Root fields behind which there is much to see: asked for more often. */
  readonly roots: ReadonlySet<string>;
  /** Of mutations and subscriptions only `roots` are asked for, of a subscription one. */
  readonly kind?: 'query' | 'mutation' | 'subscription';
}

const DEEPEST = 6;
const MOST_FIELDS = 70;

/**
 * A valid query made of choices: each number decides one, and where they end the simplest is taken, so that a list of
 * numbers that shrinks gives a query that does.
 */
export function queryOf(choices: readonly number[], { schema, pool, without, roots, kind = 'query' }: Options): string {
  let next = 0;
  let fields = 0;
  let aliases = 0;
  const fragments: string[] = [];
  const choose = (among: number): number => (next < choices.length ? choices[next++]! % among : 0);

  function literal(parent: GraphQLNamedType, field: GraphQLField<unknown, unknown>, arg: GraphQLArgument) {
    const known = pool[`${parent.name}.${field.name}.${arg.name}`] ?? pool[arg.name] ?? enumValues(arg.type);
    return known && known.length > 0 ? known[choose(known.length)]! : undefined;
  }

  function argumentsOf(parent: GraphQLNamedType, field: GraphQLField<unknown, unknown>): string | null {
    const given: string[] = [];
    for (const arg of field.args) {
      const required = isNonNullType(arg.type) && arg.defaultValue === undefined;
      if (!required && choose(4) !== 1) continue;
      const value = literal(parent, field, arg);
      if (value !== undefined) given.push(`${arg.name}: ${value}`);
      else if (required) return null;
    }
    // A page has one direction.
    const both = given.some((one) => one.startsWith('last:'))
      ? given.filter((one) => !one.startsWith('first:'))
      : given;
    return both.length > 0 ? `(${both.join(', ')})` : '';
  }

  function fieldOf(parent: GraphQLNamedType, field: GraphQLField<unknown, unknown>, depth: number): string | null {
    const given = argumentsOf(parent, field);
    if (given === null) return null;
    const named = getNamedType(field.type);
    // Whatever takes arguments has a name of its own, so that nothing is selected twice with others.
    const alias = given !== '' || choose(6) === 1 ? `a${aliases++}: ` : '';
    const conditions = ['', ' @include(if: $yes)', ' @skip(if: $yes)', ' @include(if: $no)'];
    const condition = (isOneEvent(depth) ? '' : conditions[choose(24)]) ?? '';
    fields += 1;
    if (!isCompositeType(named)) return `${alias}${field.name}${given}${condition}`;
    return `${alias}${field.name}${given}${condition} { ${selectionOf(named, depth + 1)} }`;
  }

  /** The root of a subscription is one field, whatever comes. */
  const isOneEvent = (depth: number): boolean => kind === 'subscription' && depth === 0;

  function selectionOf(type: GraphQLNamedType, depth: number): string {
    const parts: string[] = [];
    const own = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
    const usable = own.filter(
      ({ name, type: of }) =>
        !without.has(`${type.name}.${name}`) && (depth < DEEPEST || !isCompositeType(getNamedType(of))),
    );
    const rich = depth === 0 ? usable.filter(({ name }) => roots.has(name)) : usable;
    const wanted = isOneEvent(depth) ? 1 : depth === 0 ? 1 + choose(3) : 1 + choose(8);
    for (let one = 0; one < wanted && fields < MOST_FIELDS && usable.length > 0; one++) {
      const among = choose(6) === 1 && !(kind !== 'query' && depth === 0) ? usable : rich;
      if (among.length === 0) break;
      // Each once, and those that lead on twice as likely: that is where houses meet.
      const at = choose(among.length);
      const onward = among.findIndex(({ type: of }, index) => index >= at && isCompositeType(getNamedType(of)));
      const [field] = among.splice(onward > 0 && choose(2) === 1 ? onward : at, 1) as [(typeof among)[number]];
      const text = fieldOf(type, field, depth);
      if (text) parts.push(isOneEvent(depth) ? text : wrapped(type, text));
    }
    if (isAbstractType(type)) {
      for (const possible of schema.getPossibleTypes(type)) {
        if (choose(2) === 1 && fields < MOST_FIELDS)
          parts.push(`... on ${possible.name} { ${selectionOf(possible, depth + 1)} }`);
      }
    }
    // Apollo's executor answers null for an object of which conditions leave nothing.
    const always = parts.some((part) => !part.includes('@') && !part.startsWith('...'));
    if (!isOneEvent(depth) && (!always || choose(8) === 1))
      parts.push(choose(3) === 1 ? `kind${depth}: __typename` : '__typename');
    return parts.join(' ');
  }

  function wrapped(type: GraphQLNamedType, text: string): string {
    const way = choose(16);
    if (way === 1) return `... on ${type.name} { ${text} }`;
    if (way === 2) return `... @include(if: $yes) { ${text} }`;
    if (way !== 3) return text;
    fragments.push(`fragment F${fragments.length} on ${type.name} { ${text} }`);
    return `...F${fragments.length - 1}`;
  }

  const text = [`{ ${selectionOf(schema.getRootType(kind as OperationTypeNode)!, 0)} }`, ...fragments].join(' ');
  const variables = ['$yes: Boolean! = true', '$no: Boolean! = false'].filter((one) => text.includes(one.slice(0, 3)));
  return `${kind} ${variables.length > 0 ? `(${variables.join(', ')}) ` : ''}${text}`;
}

function enumValues(type: GraphQLInputType): readonly string[] | undefined {
  if (isNonNullType(type)) return enumValues(type.ofType);
  if (isListType(type)) return undefined;
  return isEnumType(type) ? type.getValues().map(({ name }) => name) : undefined;
}
