import { gzipSync } from 'node:zlib';
import { type Case, type Scene, tryAll } from './case.ts';
import { codesOf, getUrl, neverAFault, request, type Said, uncleanIn } from './doors.ts';

const QUERY = '{ context { channel { code } } }';
const BODY = JSON.stringify({ query: QUERY });
const MUTATION = 'mutation { startGuestSession { session { accessToken } } }';
const json = { 'content-type': 'application/json' };

/** What is wrong with an answer that was to have one status, and one code of the closed list. */
function expected(said: Said, statuses: readonly number[], codes: readonly string[]): string[] {
  const wrongs = uncleanIn(said);
  if (!statuses.includes(said.status!)) wrongs.push(`It was answered ${said.status}, not ${statuses.join(' or ')}.`);
  const found = codesOf(said) as string[];
  if (!found.some((code) => codes.includes(code)))
    wrongs.push(`Its code was ${found.join() || 'none'}, not ${codes.join(' or ')}.`);
  if (said.data !== null) wrongs.push('It was answered with data.');
  return wrongs;
}

const types: Case = {
  name: 'content-types',
  family: 'http',
  promise: 'what a page of another site can send without asking is refused, and so is what is not UTF-8 JSON',
  run({ graph }) {
    const tries: readonly (readonly [string, { type: string | null; body: RequestInit['body'] }])[] = [
      ['text/plain', { type: 'text/plain', body: BODY }],
      ['a form', { type: 'application/x-www-form-urlencoded', body: new URLSearchParams({ query: QUERY }).toString() }],
      [
        'a multipart form',
        {
          type: 'multipart/form-data; boundary=x',
          body: `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n${BODY}\r\n--x--`,
        },
      ],
      ['no type', { type: null, body: Buffer.from(BODY) }],
      ['a type of one’s own', { type: 'application/jsonx', body: BODY }],
      ['application/graphql', { type: 'application/graphql', body: QUERY }],
      ['JSON hidden behind another type', { type: 'text/plain; a=application/json', body: BODY }],
      ['XML', { type: 'application/xml', body: '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>' }],
      ['UTF-16', { type: 'application/json; charset=utf-16', body: Buffer.from(BODY, 'utf16le') }],
      ['bytes that are no UTF-8', { type: 'application/json', body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) }],
    ];
    return tryAll(tries, async ({ type, body }) => {
      const said = await request(graph, {
        method: 'POST',
        headers: type === null ? {} : { 'content-type': type },
        body: body!,
      });
      return expected(said, [400, 415], ['BAD_USER_INPUT']);
    });
  },
};

const compressed: Case = {
  name: 'compressed',
  family: 'http',
  promise: 'a body that unpacks to a thousand times its size is not unpacked',
  run({ graph }) {
    const bomb = gzipSync(Buffer.from(JSON.stringify({ query: QUERY, variables: { a: 'x'.repeat(20_000_000) } })));
    return tryAll(
      ['gzip', 'deflate', 'br', 'gzip, gzip', 'x-nothing'].map((encoding) => [encoding, encoding] as const),
      async (encoding) => {
        const headers = { ...json, 'content-encoding': encoding };
        const said = await request(graph, { method: 'POST', headers, body: bomb });
        return expected(said, [400, 413, 415], ['BAD_USER_INPUT']);
      },
    );
  },
};

const size: Case = {
  name: 'size',
  family: 'http',
  promise: 'more than a megabyte is refused before it is read whole',
  async run({ graph, short }) {
    const post = (body: RequestInit['body'], more: Record<string, string> = {}): Promise<Said> =>
      request(graph, { method: 'POST', headers: { ...json, ...more }, body: body!, duplex: 'half' } as RequestInit);
    const whole = await expected(
      await post(JSON.stringify({ query: QUERY, x: 'x'.repeat(1_000_001) })),
      [413],
      ['BAD_USER_INPUT'],
    );
    /** Nobody says how long it will be. */
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 65_536;
        if (sent > (short ? 8 : 64) * 1024 * 1024) controller.close();
        else controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    // The connection may be gone before all was sent.
    const said = await post(endless).catch(() => null);
    return [...whole, ...(said ? expected(said, [413], ['BAD_USER_INPUT']) : [])];
  },
};

const methods: Case = {
  name: 'methods',
  family: 'http',
  promise: 'the graph is asked by GET and POST, and a GET changes nothing',
  async run({ graph }) {
    const others = await tryAll(
      ['PUT', 'PATCH', 'DELETE'].map((method) => [method, method] as const),
      async (method) => {
        const said = await request(graph, { method, headers: json, body: BODY });
        const allow = said.headers.allow === 'GET, POST' ? [] : ['It does not say which methods there are.'];
        return [...expected(said, [405], ['BAD_USER_INPUT']), ...allow];
      },
    );
    const gets = await tryAll(
      [
        ['a mutation', getUrl(graph, { query: MUTATION })],
        [
          'a mutation beside a query',
          getUrl(graph, {
            query: `query A ${QUERY} ${MUTATION.replace('mutation', 'mutation B')}`,
            operationName: 'B',
          }),
        ],
        [
          'a mutation by fragment',
          getUrl(graph, {
            query: `mutation { ...F } fragment F on Mutation { startGuestSession { session { accessToken } } }`,
          }),
        ],
      ] as const,
      async (url) => {
        const found = [];
        for (const accept of ['*/*', 'text/event-stream', 'multipart/mixed;subscriptionSpec=1.0']) {
          found.push(...expected(await request(url, { headers: { accept } }), [405], ['BAD_USER_INPUT']));
        }
        return found;
      },
    );
    return [...others, ...gets];
  },
};

const crossSite: Case = {
  name: 'cross-site',
  family: 'http',
  promise: 'a page of another site is not answered, and none is let in by CORS that was not named',
  async run({ origin, graph }: Scene) {
    const { port } = new URL(origin);
    const foreign = [
      'https://evil.example',
      'null',
      `${origin}.evil.example`,
      `http://evil.example:${port}`,
      'file://',
      `http://localhost.evil.example:${port}`,
      `${origin}@evil.example`,
      'https://sub.localhost',
    ];
    const found = await tryAll(
      foreign.flatMap((from) =>
        (['OPTIONS', 'POST', 'GET'] as const).map((method) => [`${method} from ${from}`, { from, method }] as const),
      ),
      async ({ from, method }) => {
        const said = await request(method === 'GET' ? getUrl(graph, { query: QUERY }) : graph, {
          method,
          headers: { origin: from, ...(method === 'OPTIONS' ? { 'access-control-request-method': 'POST' } : json) },
          ...(method === 'POST' ? { body: BODY } : {}),
        });
        const cors = Object.keys(said.headers).filter((name) => name.startsWith('access-control-'));
        return [...expected(said, [403], ['FORBIDDEN']), ...cors.map((name) => `It was told ${name}.`)];
      },
    );
    const own = await request(graph, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    const allowed = own.headers['access-control-allow-origin'];
    if (allowed !== origin) found.push(`Its own origin was told ${allowed}.`);
    if (own.headers['access-control-allow-credentials']) found.push('Credentials of browsers are let in.');
    const marked = await request(getUrl(graph, { query: QUERY }), { headers: { 'sec-fetch-site': 'cross-site' } });
    return [...found, ...expected(marked, [403], ['FORBIDDEN'])];
  },
};

/** Headers by which somebody might be taken for somebody else. */
const FORGED: readonly Record<string, string>[] = [
  { 'x-user-id': '1', 'x-user-role': 'admin', 'x-hasura-role': 'admin' },
  { 'souk-viewer': Buffer.from('{"viewer":{"principal":"system","roles":["ADMIN"]}}').toString('base64url') },
  { 'x-souk-viewer': 'eyJ2aWV3ZXIiOnsicm9sZXMiOlsiQURNSU4iXX19.AAAA' },
  { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', forwarded: 'for=127.0.0.1' },
  { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware' },
  { 'x-forwarded-host': 'evil.example', 'x-original-url': '/internal/about', 'x-rewrite-url': '/internal/about' },
  { 'x-http-method-override': 'DELETE', 'x-method-override': 'PUT' },
  { cookie: 'session=admin; token=admin' },
];

const forged: Case = {
  name: 'forged-headers',
  family: 'http',
  promise: 'nobody becomes somebody else by a header',
  run: ({ doors }) =>
    tryAll(
      doors.flatMap((door) =>
        FORGED.map((headers) => [`${Object.keys(headers)[0]} over ${door.name}`, { door, headers }] as const),
      ),
      async ({ door, headers }) => {
        const said = await door.ask({ query: '{ me { id email } users(first: 1) { nodes { id } } }' }, headers);
        const { me = null, users = null } = said.data ?? {};
        return [...neverAFault(said), ...(me || users ? ['Somebody’s data were shown.'] : [])];
      },
    ),
};

const tokens: Case = {
  name: 'tokens',
  family: 'http',
  promise: 'a token that is none is refused at every door, and never taken for nobody’s',
  run: ({ doors, short }) => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = {
      sub: 'user:00000000-0000-7000-8000-000000000000',
      roles: ['ADMIN'],
      iss: 'souk',
      aud: 'souk',
      exp: 4_000_000_000,
    };
    const bearers: readonly (readonly [string, string])[] = [
      ['no signature', `Bearer ${part({ alg: 'none', typ: 'at+jwt' })}.${part(claims)}.`],
      ['an algorithm of its own', `Bearer ${part({ alg: 'HS256', typ: 'at+jwt' })}.${part(claims)}.${part({ a: 1 })}`],
      [
        'a key of its own',
        `Bearer ${part({ alg: 'EdDSA', typ: 'at+jwt', jwk: { kty: 'OKP' }, kid: '../../../dev/null' })}.${part(claims)}.${'A'.repeat(86)}`,
      ],
      ['another scheme', 'Basic YWRtaW46YWRtaW4='],
      ['nothing', 'Bearer '],
      ['two tokens', `Bearer ${'a'.repeat(40)}, Bearer ${'b'.repeat(40)}`],
      ['eight thousand letters', `Bearer ${'a'.repeat(8_000)}`],
    ];
    return tryAll(
      doors.flatMap((door) =>
        bearers
          .slice(0, short ? 4 : bearers.length)
          .map(([name, bearer]) => [`${name} over ${door.name}`, { door, bearer }] as const),
      ),
      async ({ door, bearer }) => {
        const said = await door.ask({ query: QUERY }, { authorization: bearer });
        if (said.closed !== null) return said.closed === 4403 ? [] : [`The socket was closed with ${said.closed}.`];
        return expected(said, [401], ['UNAUTHENTICATED']);
      },
    );
  },
};

export const httpCases: readonly Case[] = [types, compressed, size, methods, crossSite, forged, tokens];
