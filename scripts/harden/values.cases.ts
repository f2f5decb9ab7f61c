import { type Case, tryAll } from './case.ts';
import { type Asking, type Door, neverAFault, refusedBy, request } from './doors.ts';

/** A number may be too much before it is found to be none. */
const BAD = ['BAD_USER_INPUT', 'COST_EXCEEDED'];
const IDS = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';
const PAGE = 'query ($first: Int, $search: String) { products(first: $first, search: $search) { nodes { id } } }';
const SIGN_IN = 'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } errors { code } } }';
const SECRET = 'hunter2-4f1c9d';

type Try = readonly [name: string, asking: Asking];

const types: readonly Try[] = [
  ['a text for a number', { query: PAGE, variables: { first: SECRET } }],
  ['a number for a text', { query: PAGE, variables: { search: 7 } }],
  ['a fraction for a whole number', { query: PAGE, variables: { first: 1.5 } }],
  ['more than 32 bits', { query: PAGE, variables: { first: 2 ** 40 } }],
  ['less than nothing', { query: PAGE, variables: { first: -1 } }],
  ['a list for a text', { query: PAGE, variables: { search: [SECRET] } }],
  ['an object for a list', { query: IDS, variables: { ids: { password: SECRET } } }],
  ['null where none may be', { query: IDS, variables: { ids: null } }],
  ['nulls in a list', { query: IDS, variables: { ids: [null] } }],
  ['nothing at all', { query: IDS }],
  ['101 items', { query: IDS, variables: { ids: Array.from({ length: 101 }, (_, at) => `prod_${at}`) } }],
  [
    'fields that are not there',
    { query: SIGN_IN, variables: { input: { email: 'a@b.example', password: 'x', admin: SECRET } } },
  ],
  [
    'an object for a password',
    { query: SIGN_IN, variables: { input: { email: 'a@b.example', password: { $ne: SECRET } } } },
  ],
  ['33 levels', { query: PAGE, variables: { search: nested(40) } }],
];

function nested(depth: number): unknown {
  let value: unknown = SECRET;
  for (let level = 0; level < depth; level++) value = { a: value };
  return value;
}

const variables: Case = {
  name: 'variables',
  family: 'values',
  promise: 'a value of the wrong type, size or depth is refused, and is not said again',
  run: ({ doors }) =>
    tryAll(
      doors.flatMap((door) =>
        types
          // A mutation by GET is refused for that.
          .filter(([, { query }]) => door.name !== 'GET' || !String(query).startsWith('mutation'))
          .map(([name, asking]) => [`${name} over ${door.name}`, { door, asking }] as const),
      ),
      async ({ door, asking }: { door: Door; asking: Asking }) => refusedBy(await door.ask(asking), BAD, SECRET),
    ),
};

/** Fit their type, and are still more than a database can hold or a program expects. */
const texts: readonly (readonly [string, string])[] = [
  ['a NUL', 'a\u0000b'],
  ['a lone half of an emoji', '\ud83d'],
  ['every control character', Array.from({ length: 32 }, (_, at) => String.fromCharCode(at)).join('')],
  ['right to left marks', '\u202e\u2066abc'],
  ['a hundred thousand letters', 'x'.repeat(100_000)],
  ['a hundred thousand marks on a letter', `a${'\u0301'.repeat(50_000)}`],
  ['SQL', `'; drop table users.users; --${SECRET}`],
  ['patterns', '%_\\%(((((((([[[[*+?'],
  ['a template', `\${7*7}{{7*7}}<%= 7*7 %>`],
  ['a path', '../../../../etc/passwd'],
  ['__proto__', '__proto__'],
  ['a line break and a header', 'a\r\nset-cookie: x=1'],
];
const fields: readonly (readonly [string, (text: string) => Asking])[] = [
  ['a search', (text) => ({ query: PAGE, variables: { search: text } })],
  ['an id', (text) => ({ query: IDS, variables: { ids: [text] } })],
  ['a slug', (text) => ({ query: 'query ($s: String!) { productBySlug(slug: $s) { id } }', variables: { s: text } })],
  [
    'a cursor',
    (text) => ({ query: 'query ($a: String) { products(after: $a) { nodes { id } } }', variables: { a: text } }),
  ],
  ['a text in the query', (text) => ({ query: `{ productBySlug(slug: ${JSON.stringify(text)}) { id } }` })],
  ['an e-mail address', (text) => ({ query: SIGN_IN, variables: { input: { email: text, password: text } } })],
];

const strings: Case = {
  name: 'strings',
  family: 'values',
  promise: 'no text is a fault of ours, whatever letters it is made of',
  run: ({ doors, short }) =>
    tryAll(
      doors.flatMap((door, which) =>
        fields.flatMap(([field, asking], at) =>
          texts
            .filter((_, text) => !short || (which + at + text) % 5 === 0 || text < 2)
            .map(([name, text]) => [`${name} as ${field} over ${door.name}`, { door, asking: asking(text) }] as const),
        ),
      ),
      async ({ door, asking }: { door: Door; asking: Asking }) => {
        if (door.name === 'GET' && String(asking.query).startsWith('mutation')) return [];
        return neverAFault(await door.ask(asking), SECRET);
      },
    ),
};

const json = { 'content-type': 'application/json' };
const CONTEXT = '{ context { channel { code } } }';

/** Bodies as texts, since no JSON.stringify would make them. `[status, codes]`; null says that it is to be answered. */
const bodies: readonly (readonly [name: string, body: string, refused: boolean])[] = [
  ['JSON that breaks off', '{"query": "{', true],
  ['nothing', '', true],
  ['a number', '7', true],
  ['null', 'null', true],
  ['a list of operations', JSON.stringify([{ query: CONTEXT }, { query: CONTEXT }]), true],
  ['a list of a thousand operations', JSON.stringify(Array.from({ length: 1_000 }, () => ({ query: CONTEXT }))), true],
  ['comments', `{"query": "${CONTEXT}" /* hidden */}`, true],
  ['single quotes', `{'query': '${CONTEXT}'}`, true],
  ['a number that is none', '{"query": "{ a }", "variables": {"a": NaN}}', true],
  ['a trailing comma', `{"query": "${CONTEXT}",}`, true],
  ['two hundred thousand brackets', '['.repeat(200_000), true],
  [
    'variables nested without end',
    `{"query": "${PAGE}", "variables": {"search": ${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
    true,
  ],
  ['a query that is a number', '{"query": 7}', true],
  ['a query that is a list', `{"query": ["${CONTEXT}"]}`, true],
  ['variables that are a text', `{"query": "${CONTEXT}", "variables": "{}"}`, true],
  ['variables that are a list', `{"query": "${CONTEXT}", "variables": []}`, true],
  ['extensions that are a number', `{"query": "${CONTEXT}", "extensions": 7}`, true],
  ['an operation name that is an object', `{"query": "${CONTEXT}", "operationName": {}}`, true],
  [
    'more than 1e308',
    '{"query": "query ($first: Int) { products(first: $first) { nodes { id } } }", "variables": {"first": 1e999}}',
    true,
  ],
  ['__proto__ beside it', `{"query": "${CONTEXT}", "__proto__": {"query": "{ __schema }"}}`, true],
  ['a constructor beside it', `{"query": "${CONTEXT}", "constructor": {"prototype": {"x": 1}}}`, true],
  ['__proto__ among variables', `{"query": "${CONTEXT}", "variables": {"__proto__": {"polluted": 1}}}`, true],
  ['the same key twice', `{"query": "{", "query": "${CONTEXT}"}`, false],
  ['fields nobody knows', `{"query": "${CONTEXT}", "toString": 1, "id": "x"}`, false],
];

const json_: Case = {
  name: 'json',
  family: 'values',
  promise: 'a body that is no request is refused, and none changes what objects inherit',
  async run({ graph, origin, rest }) {
    const wrongs = await tryAll(
      bodies.map(([name, body, refused]) => [name, { body, refused }] as const),
      async ({ body, refused }) => {
        const said = await request(graph, { method: 'POST', headers: json, body });
        if (!refused || said.data !== null) return neverAFault(said);
        return refusedBy(said, BAD);
      },
    );
    const after = await request(graph, { method: 'POST', headers: json, body: JSON.stringify({ query: CONTEXT }) });
    if (/polluted/.test(after.text)) wrongs.push('What objects inherit was changed.');
    if (!rest) return wrongs;
    const routes = ['cart/items', 'orders', 'products', 'cart/checkout'];
    const onRoutes = await tryAll(
      routes.flatMap((route) =>
        bodies
          .filter(([, , refused]) => refused)
          .map(([name, body]) => [`${name} at ${route}`, { url: `${origin}/api/v1/${route}`, body }] as const),
      ),
      async ({ url, body }) => {
        const said = await request(url, { method: 'POST', headers: json, body });
        return said.status === 401 ? neverAFault(said) : refusedBy(said, ['INVALID', 'FORBIDDEN', ...BAD]);
      },
    );
    return [...wrongs, ...onRoutes];
  },
};

const routes: Case = {
  name: 'routes',
  family: 'values',
  promise: 'a path or a query of the REST routes that makes no sense is refused, and is no fault of ours',
  async run({ origin, rest }) {
    if (!rest) return [];
    const odd = [
      ...texts.map(([name, text]) => [name, encodeURIComponent(text.toWellFormed()).slice(0, 8_000)] as const),
    ];
    const paths = odd.flatMap(([name, text]) => [
      [`${name} as a product`, `products/${text}`] as const,
      [`${name} as an order`, `orders/${text}`] as const,
      [`${name} as a search`, `products?search=${text}`] as const,
      [`${name} as a size`, `products?first=${text}`] as const,
      [`${name} as a parameter`, `products?${text}=1&first=1&first=2`] as const,
    ]);
    const sizes = ['-1', '0', '101', '1e9', '99999999999999999999', 'NaN', '', ' '].map(
      (size) => [`${JSON.stringify(size)} as a size`, `products?first=${size}`] as const,
    );
    return tryAll([...paths, ...sizes], async (path) => neverAFault(await request(`${origin}/api/v1/${path}`), SECRET));
  },
};

export const valueCases: readonly Case[] = [variables, strings, json_, routes];
