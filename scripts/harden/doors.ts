import {
  type Asking,
  codesOf,
  type Door,
  httpDoor,
  openSocket,
  type Said,
  socketDoor,
  uncleanIn,
} from '../../router/src/doors.testing.ts';

export { type Asking, codesOf, type Door, openSocket, type Said, uncleanIn };

const nothing: Pick<Said, 'closed' | 'errors' | 'data' | 'extensions'> = {
  closed: null,
  errors: [],
  data: null,
  extensions: null,
};

/** An HTTP request as whoever attacks makes it; the answer need not be JSON. */
export async function request(url: string, init: RequestInit = {}): Promise<Said> {
  const response = await fetch(url, { redirect: 'manual', ...init });
  const head = { status: response.status, headers: Object.fromEntries(response.headers) };
  const type = response.headers.get('content-type') ?? '';
  const text = /^(text\/event-stream|multipart\/mixed)/.test(type) ? await firstPart(response) : await response.text();
  return { ...nothing, ...head, ...read(text), text };
}

/** The first answer of a stream; the stream is left then. */
async function firstPart(response: Response): Promise<string> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    text += decoder.decode(value, { stream: true });
    const found = /^data: (\{.*\})$/m.exec(text)?.[1] ?? /^(\{"payload".*\})\r$/m.exec(text)?.[1];
    if (!found && !done) continue;
    await reader.cancel().catch(() => undefined);
    return found ?? text;
  }
}

/** GraphQL's answers, those of streams, and REST's problems, in one form. */
function read(text: string): Partial<Said> {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof answer !== 'object' || answer === null) return {};
  const { payload, code, detail, requestId, ...plain } = answer as Record<string, never>;
  if (code !== undefined) return { errors: [{ message: detail, extensions: { code, requestId } }] as never };
  const { data = null, errors = [], extensions = null } = (payload ?? plain) as Partial<Said>;
  return { data, errors, extensions };
}

const json = { 'content-type': 'application/json' };

export const getUrl = (graph: string, { variables, extensions, query, operationName }: Asking): string => {
  const given = {
    query,
    operationName,
    variables: variables === undefined ? undefined : JSON.stringify(variables),
    extensions: extensions === undefined ? undefined : JSON.stringify(extensions),
  };
  const said = Object.entries(given).filter(([, value]) => value !== undefined) as [string, string][];
  return `${graph}?${new URLSearchParams(said)}`;
};

const getDoor = (graph: string): Door => ({
  name: 'GET',
  ask: (payload, headers = {}) => request(getUrl(graph, payload), { headers }),
});

const postDoor = (graph: string, name: string, accept: string): Door => ({
  name,
  ask: (payload, headers = {}) =>
    request(graph, { method: 'POST', headers: { ...json, accept, ...headers }, body: JSON.stringify(payload) }),
});

/** Every way to the graph; a new one is a line here. */
export const doorsOf = (graph: string): Door[] => [
  { ...httpDoor(() => graph), name: 'POST', ask: postDoor(graph, 'POST', '*/*').ask },
  getDoor(graph),
  socketDoor(() => graph),
  postDoor(graph, 'SSE', 'text/event-stream'),
  postDoor(graph, 'multipart', 'multipart/mixed;subscriptionSpec=1.0'),
];

/** What is wrong with how something was refused: by another code, with a fault of ours, or with words it should not hold. */
export function refusedBy(said: Said, codes: readonly string[], ...secrets: string[]): string[] {
  // Node itself ends a request whose address is longer than any header may be.
  if (said.status === 431) return [];
  const wrongs = uncleanIn(said, ...secrets);
  const found = codesOf(said);
  if (said.closed !== null) {
    if (![4400, 4403, 1009].includes(said.closed)) wrongs.push(`The socket was closed with ${said.closed}.`);
    return wrongs;
  }
  if (said.status !== null && said.status >= 500) wrongs.push(`It was answered ${said.status}.`);
  if (found.length === 0) wrongs.push(`It was not refused: ${said.status} ${said.text.slice(0, 200)}`);
  for (const code of new Set(found)) {
    if (!codes.includes(code as string)) wrongs.push(`It was refused with ${code}, not with ${codes.join(' or ')}.`);
  }
  // A refused field that may be null leaves its null.
  const { data } = said;
  if (data !== null && Object.values(data).some((value) => value !== null)) wrongs.push('It was answered with data.');
  return wrongs;
}

/** What is wrong with an answer that must not be a fault of ours, whatever else it is. */
export function neverAFault(said: Said, ...secrets: string[]): string[] {
  const wrongs = uncleanIn(said, ...secrets);
  if (said.status !== null && said.status >= 500) wrongs.push(`It was answered ${said.status}.`);
  if (codesOf(said).includes('INTERNAL')) wrongs.push('It was answered with INTERNAL.');
  return wrongs;
}
