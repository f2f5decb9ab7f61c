import { errorCode } from '@apollo/federation-internals';
import type { DocumentNode, GraphQLError } from 'graphql';

/** A reason why subgraphs do not compose, for the person who has to change one of them. */
export interface Mistake {
  /** Apollo's, to look it up. */
  readonly code: string;
  /** What is wrong, in the composer's words. */
  readonly message: string;
  readonly subgraphs: readonly string[];
  /** `subgraph:line` in its SDL. */
  readonly places: readonly string[];
  /** What to do. */
  readonly advice: string;
}

const fieldSet = (directive: string): string =>
  `Look at the fields that @${directive} names: each must be a field of that type in the same subgraph, spelled the same way.`;

/** What mends a mistake, by its code or by how its code begins. */
const advice: readonly [RegExp, string][] = [
  [
    /^SATISFIABILITY_ERROR$/,
    'One subgraph promises an object whose other fields cannot be reached from there: give the type the same @key in both subgraphs, or answer the field where the object comes from.',
  ],
  [
    /^INVALID_FIELD_SHARING$/,
    'Let one house own the field and take it from the others; or, if each of them answers exactly the same, mark it @shareable in all. A root field belongs to one house: give it a name of its own.',
  ],
  [
    /^(FIELD|EXTERNAL)_(ARGUMENT_)?TYPE_MISMATCH$/,
    'Give the field the same type, list and null marks included, in every subgraph that has it.',
  ],
  [/DEFAULT_MISMATCH$/, 'Give the argument or input field the same default in every subgraph that has it, or none.'],
  [
    /^TYPE_KIND_MISMATCH$/,
    'Two subgraphs use one name for different things: rename one of them. Names are global to the graph; begin them with what they are.',
  ],
  [
    /^EXTENSION_WITH_NO_BASE$|^EXTERNAL_MISSING_ON_BASE$/,
    'No subgraph owns this: declare it in the house that keeps the row, or take @external and extend from it.',
  ],
  [/^EXTERNAL_UNUSED$/, 'Take the @external field away, or name it in a @key, @requires or @provides.'],
  [
    /^EXTERNAL_ARGUMENT_MISSING$/,
    'Repeat the arguments of the field, as its owner declares them, where it is @external.',
  ],
  [
    /^EXTERNAL_|^MERGED_DIRECTIVE/,
    'A field is either @external or this subgraph’s own: take one of the two marks away.',
  ],
  [
    /^KEY_FIELDS_SELECT_INVALID_TYPE$/,
    'A key is made of scalars and objects: choose fields that are no lists or unions.',
  ],
  [/^KEY_/, fieldSet('key')],
  [/^REQUIRES_/, fieldSet('requires')],
  [/^PROVIDES_/, fieldSet('provides')],
  [
    /^REQUIRED_(ARGUMENT|INPUT_FIELD)_MISSING/,
    'Something required in one subgraph is unknown to another: add it there, or let it be optional.',
  ],
  [
    /^EMPTY_MERGED|^ENUM_VALUE_MISMATCH$/,
    'Subgraphs that share an input or an enum share only what all of them have: declare the same members in each, or give each house a type of its own.',
  ],
  [/INACCESSIBLE/, 'What clients see hangs on something that is @inaccessible: hide both, or neither.'],
  [
    /^INTERFACE_(OBJECT|KEY)/,
    'An interface with a @key needs that key on every type that implements it, in the subgraph that declares the interface; @interfaceObject stands in the other subgraphs.',
  ],
  [
    /^INTERFACE_FIELD_NO_IMPLEM$/,
    'Some subgraph gave the interface a field that a type of another one lacks: add it there, or take it from the interface.',
  ],
  [/^OVERRIDE_/, 'Let @override name the other subgraph, once, on a plain field of an object type.'],
  [/^SHAREABLE_|^INVALID_SHAREABLE/, 'Make the field answer the same types in each subgraph, or let one house own it.'],
  [
    /LINK|^DIRECTIVE_|^UNSUPPORTED/,
    'All houses get their directives from the kit: import the same ones of the same version in each subgraph.',
  ],
  [
    /^(COST|LIST_SIZE)_/,
    'Look at the arguments of @cost or @listSize: they name list fields and whole-number arguments of that very field.',
  ],
  [
    /AUTH_REQUIREMENTS/,
    'Guard the field at least as well as what it is computed from; guards stand on fields of object types.',
  ],
  [/^CONTEXT|^NO_CONTEXT/, 'The router does not run @context and @fromContext: hand the value over by @requires.'],
  [/^NO_QUERIES$/, 'Give at least one subgraph a query.'],
  [/^INVALID_SUBGRAPH_NAME$/, 'Choose another name for the subgraph in supergraph.yaml.'],
  [
    /^INVALID_GRAPHQL$|^TYPE_DEFINITION_INVALID$/,
    'Correct the SDL at the place named: it breaks a rule of GraphQL itself.',
  ],
];

const otherwise = 'Look at the places named, and at what the message says of them.';

/** Every reason with its places and what to do. */
export function explain(
  errors: readonly GraphQLError[],
  documents: ReadonlyMap<string, DocumentNode> = new Map(),
): Mistake[] {
  return errors.map((error) => {
    const code = errorCode(error) ?? 'INTERNAL';
    const nodes = (error.nodes ?? []) as readonly { subgraph?: string; loc?: { startToken: { line: number } } }[];
    const marked = nodes.flatMap(({ subgraph, loc }) => (subgraph && loc ? `${subgraph}:${loc.startToken.line}` : []));
    const subgraphs = [
      ...new Set([...nodes.flatMap(({ subgraph }) => subgraph ?? []), ...namedIn(error.message)]),
    ].sort();
    return {
      code,
      message: error.message.trim(),
      subgraphs,
      places: [...new Set(marked.length > 0 ? marked : placesIn(error.message, subgraphs, documents))],
      advice: advice.find(([pattern]) => pattern.test(code))?.[1] ?? otherwise,
    };
  });
}

/** Where the first type or field that a message quotes stands in each of the subgraphs. */
function placesIn(
  message: string,
  subgraphs: readonly string[],
  documents: ReadonlyMap<string, DocumentNode>,
): string[] {
  const [, type, field] = /"(\w+)(?:\.(\w+))?(?:\([^"]*)?"/.exec(message) ?? [];
  return subgraphs.flatMap((subgraph) =>
    (documents.get(subgraph)?.definitions ?? []).flatMap((node) => {
      if (!('name' in node) || node.name?.value !== type) return [];
      const named = 'fields' in node ? node.fields?.find(({ name }) => name.value === field) : undefined;
      if (field && !named) return [];
      const line = (named ?? node).name?.loc?.startToken.line;
      return line ? [`${subgraph}:${line}`] : [];
    }),
  );
}

/** Subgraphs that the composer names in words, or as `[name]` before the message. */
const namedIn = (message: string): string[] =>
  [...message.matchAll(/^\[([\w-]+)\]|\bsubgraphs? ((?:"[\w-]+"(?:,? and |, )?)+)/gm)].flatMap(([, alone, listed]) =>
    alone ? [alone] : [...listed!.matchAll(/"([\w-]+)"/g)].map(([, name]) => name!),
  );

/** One mistake as a few lines; `fileOf` tells where a subgraph's SDL lies. */
export function describeMistake(
  { code, message, subgraphs, places, advice: todo }: Mistake,
  fileOf: (subgraph: string) => string,
): string {
  const at = places.map((place) => {
    const [subgraph, line] = place.split(':') as [string, string];
    return `${fileOf(subgraph)}:${line}`;
  });
  return [
    `✗ ${code}${subgraphs.length > 0 ? ` between ${subgraphs.join(', ')}`.replace(/^ between (\S+)$/, ' in $1') : ''}`,
    ...message.split('\n'),
    ...(at.length > 0 ? [`at ${at.join(', ')}`] : []),
    `→ ${todo}`,
  ].join('\n  ');
}
