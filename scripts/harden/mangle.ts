import type { ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';

/** Sends something else than the answer that would be right. */
type Mangle = (response: ServerResponse, real: () => Promise<ExecutionResult>) => Promise<void> | void;

const JSON_TYPE = { 'content-type': 'application/json' };
/** Words of a house that must never come out of the router. */
export const SECRET = 'inventory.levels at /srv/souk/inventory.js:10';

const say =
  (body: string, status = 200, headers: Record<string, string> = JSON_TYPE): Mangle =>
  (response) =>
    void response.writeHead(status, headers).end(body);

/** Rewrites the real answer. */
const change =
  (work: (answer: ExecutionResult) => unknown): Mangle =>
  async (response, real) =>
    void response.writeHead(200, JSON_TYPE).end(JSON.stringify(work(JSON.parse(JSON.stringify(await real())))));

const entitiesOf = ({ data }: ExecutionResult): unknown[] =>
  Object.values(data ?? {}).find((value): value is unknown[] => Array.isArray(value)) ?? [];

const changeEntities = (work: (entities: unknown[]) => void): Mangle =>
  change((answer) => {
    work(entitiesOf(answer));
    return answer;
  });

/** The same tree with every leaf and every inner thing made anew. */
function everywhere(value: unknown, leaf: (value: unknown, key: string) => unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => everywhere(item, leaf, key));
  if (typeof value !== 'object' || value === null) return leaf(value, key);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, everywhere(item, leaf, name)]));
}

const mapData =
  (leaf: (value: unknown, key: string) => unknown) =>
  ({ data, ...rest }: ExecutionResult): unknown => ({ ...rest, data: everywhere(data, leaf) });

const wrongType = (value: unknown): unknown => {
  if (typeof value === 'string') return { text: SECRET };
  if (typeof value === 'number') return SECRET;
  return typeof value === 'boolean' ? [SECRET] : 7;
};

const drip = (response: ServerResponse, bytes: string, everyMs: number): void => {
  response.writeHead(200, JSON_TYPE);
  const timer = setInterval(() => response.write(bytes), everyMs);
  response.on('close', () => clearInterval(timer));
};

function flood(response: ServerResponse): void {
  const part = Buffer.alloc(256 * 1024, ' ');
  response.writeHead(200, JSON_TYPE);
  const write = (): void => {
    while (!response.destroyed && response.write(part));
  };
  response.on('drain', write);
  write();
}

const odd = (path: unknown, code: unknown) => ({
  message: `select * from ${SECRET}`,
  path,
  extensions: { code, stacktrace: [SECRET] },
});

/** What a broken, hostile or overtaken subgraph answers, by name. */
export const manglings: Readonly<Record<string, Mangle>> = {
  html: say(`<html>502 Bad Gateway: ${SECRET}</html>`, 502, { 'content-type': 'text/html' }),
  'half of a JSON': say(`{"data": {"_entities": [{"stock": "${SECRET}`),
  nothing: say(''),
  'null as an answer': say('null'),
  'a list as an answer': say('[{"data": {}}]'),
  'a text as data': say(JSON.stringify({ data: SECRET })),
  'a status of its own': say(
    JSON.stringify({ errors: [{ message: SECRET, extensions: { stacktrace: [SECRET] } }] }),
    500,
  ),
  'a redirect': say('', 302, { location: 'http://127.0.0.1:1/latest/meta-data' }),
  'compressed bytes': say('\u001f\u008b\u0008garbage', 200, { ...JSON_TYPE, 'content-encoding': 'gzip' }),
  'endless headers': (response) =>
    void response
      .writeHead(200, Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`x-${at}`, 'y'.repeat(1_000)])))
      .end('{}'),
  'an answer without end': flood,
  'a drop at a time': (response) => drip(response, ' ', 50),
  silence: () => undefined,
  'a reset': (response) => void response.socket?.resetAndDestroy(),
  'a half answer': (response) => {
    response.writeHead(200, { ...JSON_TYPE, 'content-length': '1000' });
    response.write('{"data":');
    setImmediate(() => response.destroy());
  },
  'values of other types': change(mapData((value, key) => (key === '__typename' ? value : wrongType(value)))),
  'nulls everywhere': change(mapData((value, key) => (key === '__typename' ? value : null))),
  'names that objects inherit': change((answer) => {
    for (const entity of entitiesOf(answer))
      Object.assign(entity as object, { constructor: { prototype: { polluted: SECRET } } });
    return { ...answer, hasOwnProperty: SECRET, extensions: { toString: SECRET } };
  }),
  'another type': change(mapData((value, key) => (key === '__typename' ? 'User' : value))),
  'fewer entities': changeEntities((entities) => void entities.pop()),
  'more entities': changeEntities((entities) => void entities.push({ __typename: 'User' }, null, 7)),
  'entities that are no objects': changeEntities((entities) => void entities.fill(SECRET)),
  'errors at odd places': change((answer) => ({
    ...answer,
    data: null,
    errors: [
      odd(['_entities', 99, 'stock'], 'INTERNAL'),
      odd(['_entities', -1], 'SOMETHING'),
      odd(['__proto__', 'constructor'], '__proto__'),
      odd('stock', 7),
      odd([{}, null], null),
      null,
      SECRET,
    ],
  })),
  'ten thousand errors': change((answer) => ({
    ...answer,
    data: null,
    errors: Array.from({ length: 10_000 }, () => odd(['_entities', 0, 'stock'], 'INTERNAL')),
  })),
};
