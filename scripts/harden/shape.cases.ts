import { type Case, type Scene, tryAll } from './case.ts';
import { type Asking, codesOf, type Door, refusedBy, uncleanIn } from './doors.ts';

const BAD = ['BAD_USER_INPUT'];
const CONTEXT = 'context { channel { code } }';
const times = (count: number, make: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => make(at)).join(' ');

type Try = readonly [name: string, asking: Asking];

/** Each, over each door, and all of them at once: what one costs must not be the other's to wait for. */
async function refuseAll({ doors, short }: Scene, tries: readonly Try[], codes = BAD): Promise<string[]> {
  const copies = short ? 1 : 4;
  const all = doors.flatMap((door) =>
    tries.flatMap(([name, asking]) =>
      Array.from({ length: copies }, () => [`${name} over ${door.name}`, { door, asking }] as const),
    ),
  );
  return tryAll(all, async ({ door, asking }: { door: Door; asking: Asking }) =>
    refusedBy(await door.ask(asking), codes),
  );
}

const table = (name: string, promise: string, tries: readonly Try[]): Case => ({
  name,
  family: 'shape',
  promise,
  run: (scene) => refuseAll(scene, tries),
});

const deep = (depth: number): string =>
  `{ product(id: "x") { category ${'{ parent '.repeat(depth - 3)}{ id }${' }'.repeat(depth - 3)} } }`;
const session = 'startGuestSession { session { accessToken } }';
/** Each level selects the next one twice under one name: those who compare every pair compare for ever. */
const twins = (levels: number): string =>
  levels === 0 ? 'id' : `parent { ${twins(levels - 1)} } parent { ${twins(levels - 1)} }`;

const nesting = table('nesting', 'a query without end is refused before anything of it runs', [
  ['16 levels', { query: deep(16) }],
  ['600 levels', { query: deep(600) }],
  [
    '600 levels of inline fragments',
    { query: `{ ${'... { '.repeat(600)}${deep(16).slice(1, -1)}${' } '.repeat(600)} }` },
  ],
  ['a fragment that spreads itself', { query: '{ ...A } fragment A on Query { context { locale } ...A }' }],
  [
    'a circle of fragments',
    { query: '{ ...A } fragment A on Query { ...B } fragment B on Query { ...C } fragment C on Query { ...A }' },
  ],
  ['a list in lists', { query: `{ nodes(ids: ${'['.repeat(900)}${']'.repeat(900)}) { id } }` }],
  [
    'an object in objects',
    { query: `{ products(filter: ${'{ and: '.repeat(450)}{}${' }'.repeat(450)}) { nodes { id } } }` },
  ],
  ['a type in types', { query: `query ($a: ${'['.repeat(900)}ID${']'.repeat(900)}) { context { locale } }` }],
  ['brackets alone', { query: '{'.repeat(1_999) }],
  ['brackets beyond every limit', { query: '{'.repeat(200_000) }],
]);

const width = table('width', 'more of a thing than an honest query has is refused, whichever thing it is', [
  ['31 aliases', { query: `{ ${times(31, (at) => `a${at}: __typename`)} }` }],
  ['30,000 aliases', { query: `{ ${times(30_000, (at) => `a${at}: __typename`)} }` }],
  [
    'aliases in fragments',
    { query: `{ ${times(8, () => '...A')} } fragment A on Query { ${times(5, (at) => `a${at}: __typename`)} }` },
  ],
  [
    'a bomb of fragments',
    {
      query: `{ ...F0 } ${times(25, (at) => `fragment F${at} on Query { x: __typename ...F${at + 1} ...F${at + 1} }`)} fragment F25 on Query { __typename }`,
    },
  ],
  ['2,001 tokens', { query: `{ ${'... { '.repeat(600)}${'__typename '.repeat(2_001 - 1_802)}${'} '.repeat(600)}}` }],
  ['100,000 fields', { query: `{ ${'__typename '.repeat(100_000)} }` }],
  ['6 mutations', { query: `mutation { ${times(6, (at) => `m${at}: ${session}`)} }` }],
  [
    '6 mutations in fragments',
    {
      query: `mutation { ...A ...B } fragment A on Mutation { ${times(3, (at) => `a${at}: ${session}`)} } fragment B on Mutation { ${times(3, (at) => `b${at}: ${session}`)} }`,
    },
  ],
  ['101 items of a list', { query: `{ nodes(ids: [${times(101, (at) => `"prod_${at}"`)}]) { id } }` }],
  ['101 of a page', { query: '{ products(first: 101) { nodes { id } } }' }],
  ['600 variables nobody uses', { query: `query (${times(600, (at) => `$a${at}: Int`)}) { ${CONTEXT} }` }],
  [
    '400 fragments nobody spreads',
    { query: `{ ${CONTEXT} } ${times(400, (at) => `fragment F${at} on Query { __typename }`)}` },
  ],
  ['a thousand operations', { query: times(1_000, (at) => `query Q${at} { __typename }`) }],
]);

const directives = table('directives', 'a pile of directives is refused, known ones and unknown ones', [
  ['300 @include on a field', { query: `{ context ${'@include(if: true) '.repeat(300)} { locale } }` }],
  ['900 unknown ones', { query: `{ context ${'@a '.repeat(900)} { locale } }` }],
  [
    'unknown ones on fragments and operations',
    { query: `query @a @b { ... @c { ${CONTEXT} } ...F @d } fragment F on Query @e { __typename }` },
  ],
  ['@defer', { query: `{ ... @defer { ${CONTEXT} } }` }],
  ['@stream', { query: '{ products(first: 2) { nodes @stream { id } } }' }],
  ['@skip without a value', { query: '{ context @skip { locale } }' }],
  ['directives of the supergraph', { query: '{ context @join__field(graph: USERS) { locale } }' }],
]);

const words = table('words', 'a text that is no operation of this graph is told so, in its own code', [
  ['nothing', { query: '' }],
  ['spaces', { query: ' \n\t ' }],
  ['half a query', { query: '{' }],
  ['HTML', { query: '<script>alert(1)</script>' }],
  ['SQL', { query: "'; drop table users.users; --" }],
  ['a NUL', { query: '{ context \u0000 { locale } }' }],
  ['a control character', { query: '{ context \u0007 { locale } }' }],
  ['letters of elsewhere', { query: '{ cоntext { locale } }' }],
  ['a lone half of an emoji', { query: '{ product(id: "\\ud83d") { id } }' }],
  ['an open block string', { query: `{ product(id: """${'x'.repeat(10_000)}) { id } }` }],
  ['a field that is not there', { query: '{ contxt { locale } }' }],
  ['a type definition', { query: 'type Query { a: Int }' }],
  ['the houses’ own fields', { query: '{ _service { sdl } _entities(representations: []) { __typename } }' }],
  ['no operation of that name', { query: `query A { ${CONTEXT} }`, operationName: 'B' }],
  ['a name that objects inherit', { query: `query A { ${CONTEXT} }`, operationName: '__proto__' }],
  ['two operations and no name', { query: `query A { ${CONTEXT} } query B { ${CONTEXT} }` }],
  [
    'a subscription to two things',
    { query: 'subscription { cartUpdated { eventId } other: cartUpdated { eventId } }' },
  ],
  [
    'a subscription on a condition',
    { query: 'subscription ($on: Boolean! = true) { cartUpdated @include(if: $on) { eventId } }' },
  ],
  ['a whole number without end', { query: `{ products(first: ${'9'.repeat(5_000)}) { nodes { id } } }` }],
  ['a fraction without end', { query: '{ products(first: 1e400) { nodes { id } } }' }],
]);

/** Costly to compare for naive validators; whether it is refused or answered, it is so at once. */
const twinsCase: Case = {
  name: 'twins',
  family: 'shape',
  promise: 'fields that are selected again and again cost no more than their length',
  run: ({ doors, short }) =>
    tryAll(
      doors.flatMap((door) =>
        (
          [
            ['each level twice', `{ product(id: "x") { category { ${twins(7)} } } }`],
            ['one field 900 times', `{ ${'context { locale } '.repeat(400)} }`],
            ['one fragment 900 times', `{ ${'...F '.repeat(900)} } fragment F on Query { ${CONTEXT} }`],
            [
              'fragments that spread all others',
              `{ ...F0 } ${times(40, (at) => `fragment F${at} on Query { __typename ${times(39 - at, (on) => `...F${at + on + 1}`)} }`)}`,
            ],
          ] as const
        )
          .slice(0, short ? 2 : 4)
          .map(([name, query]) => [`${name} over ${door.name}`, { door, query }] as const),
      ),
      async ({ door, query }: { door: Door; query: string }) => {
        const said = await door.ask({ query });
        const wrong = codesOf(said).filter((code) => !BAD.includes(code as string));
        return [...uncleanIn(said), ...wrong.map((code) => `It was answered with ${code}.`)];
      },
    ),
};

const introspection: Case = {
  name: 'introspection',
  family: 'shape',
  promise: 'in production the schema is shown to nobody, and no mistake says what would have been right',
  async run(scene) {
    const wrongs = await refuseAll(scene, [
      ['__schema', { query: '{ __schema { types { name } } }' }],
      ['__schema by another name', { query: '{ a: __schema { queryType { name } } }' }],
      [
        '__schema in a fragment',
        { query: '{ ...F } fragment F on Query { __schema { types { name fields { name } } } }' },
      ],
      ['__schema of a mutation', { query: 'mutation { __schema { types { name } } }' }],
      ['__type', { query: '{ __type(name: "User") { fields { name } } }' }],
      [
        '__type by a variable',
        { query: 'query ($n: String!) { __type(name: $n) { name } }', variables: { n: 'User' } },
      ],
    ]);
    const near: readonly Try[] = [
      ['a field nearly right', { query: '{ contex { locale } }' }],
      ['an argument nearly right', { query: '{ product(idd: "x") { id } }' }],
      ['a type nearly right', { query: '{ ... on Quer { __typename } }' }],
      ['an enum value nearly right', { query: '{ products(sort: { field: NAM, direction: ASC }) { nodes { id } } }' }],
      [
        'an input field nearly right',
        { query: 'mutation { signIn(input: { emai: "a@b.example" }) { errors { message } } }' },
      ],
    ];
    const told = await tryAll(
      scene.doors.flatMap((door) =>
        near.map(([name, asking]) => [`${name} over ${door.name}`, { door, asking }] as const),
      ),
      async ({ door, asking }: { door: Door; asking: Asking }) => {
        const said = await door.ask(asking);
        return [...refusedBy(said, BAD), ...(/did you mean/i.test(said.text) ? ['It says what would be right.'] : [])];
      },
    );
    return [...wrongs, ...told];
  },
};

export const shapeCases: readonly Case[] = [nesting, width, directives, words, twinsCase, introspection];
