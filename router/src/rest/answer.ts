import { headersOfExtensions } from '../cacheable.ts';
import type { Answer } from '../pipeline.ts';
import { type PayloadMistake, type Problem, problemOf, problemOfError, problemOfMistakes } from './problems.ts';
import type { Route } from './routes.ts';

/** What a route answers. */
export interface RestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

interface Asked {
  readonly requestId: string;
  /** Path and query of the request, for links to its neighbours. */
  readonly url: string;
}

export const BASE = '/api/v1';

const isPage = (thing: Fields): thing is Fields & { nodes: unknown[]; pageInfo: PageInfo; count: unknown } =>
  'nodes' in thing && 'pageInfo' in thing;

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

/** An answer of the graph as the route shows it. Holes in it are named by `souk-degraded`. */
export function answerOf(route: Route, { status, headers, result }: Answer, { requestId, url }: Asked): RestAnswer {
  const root = result.data ? Object.values(result.data)[0] : null;
  if (result.errors && (root === null || root === undefined)) {
    return ofProblem(problemOfError(result.errors[0], requestId, status), headers);
  }
  const own = { ...headers, ...headersOfExtensions(result.extensions), ...degradedOf(result.extensions) };
  if (root === null || root === undefined) {
    return ofProblem(problemOf('NOT_FOUND', { detail: route.missing ?? 'There is nothing here.', requestId }), own);
  }
  const shown = root as Fields;
  if (route.shows === 'page' && isPage(shown)) {
    const { nodes, pageInfo, count } = shown;
    const link = linksOf(url, pageInfo);
    return { status: 200, headers: { ...own, ...(link ? { link } : {}) }, body: { items: nodes, pageInfo, count } };
  }
  if (route.shows === 'page' || route.shows === 'thing') return { status: 200, headers: own, body: shown };
  const mistakes = (shown.errors ?? []) as readonly PayloadMistake[];
  if (mistakes.length > 0) {
    return ofProblem(problemOfMistakes(mistakes, { requestId, pathField: route.id?.into }), own);
  }
  const { errors: _, [route.shows]: thing, ...beside } = shown;
  const body = { ...(thing as Fields | null), ...beside };
  const made: Record<string, string> =
    route.status === 201 ? { location: locationOf(route, thing as Fields | null) } : {};
  return { status: route.status ?? 200, headers: { ...own, ...made }, body };
}

export const ofProblem = (problem: Problem, headers: Readonly<Record<string, string>> = {}): RestAnswer => ({
  status: problem.status,
  headers: {
    ...headers,
    'content-type': 'application/problem+json',
    ...(problem.retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(problem.retryAfterMs / 1000)) }),
  },
  body: problem,
});

const locationOf = ({ shows }: Route, thing: Fields | null): string =>
  shows === 'cart' ? `${BASE}/cart` : `${BASE}/${shows}s/${String(thing?.id)}`;

/** RFC 8288: where the neighbouring pages are. */
function linksOf(url: string, { hasNextPage, hasPreviousPage, startCursor, endCursor }: PageInfo): string | null {
  const to = (rel: string, cursor: string, [name, ...gone]: readonly string[]): string => {
    const there = new URL(url, 'http://shop');
    for (const other of gone) there.searchParams.delete(other);
    there.searchParams.set(name!, cursor);
    return `<${there.pathname}${there.search}>; rel="${rel}"`;
  };
  const links = [
    ...(hasNextPage && endCursor ? [to('next', endCursor, ['after', 'before', 'last'])] : []),
    ...(hasPreviousPage && startCursor ? [backward(url, startCursor, to)] : []),
  ];
  return links.length > 0 ? links.join(', ') : null;
}

/** The page before is asked for from its end, in the size of this one. */
function backward(
  url: string,
  cursor: string,
  to: (rel: string, cursor: string, names: readonly string[]) => string,
): string {
  const { searchParams } = new URL(url, 'http://shop');
  const size = searchParams.get('last') ?? searchParams.get('first') ?? '20';
  return to('prev', cursor, ['before', 'after', 'first', 'last']).replace(/>;/, `&last=${encodeURIComponent(size)}>;`);
}

function degradedOf(extensions: Fields): Record<string, string> {
  const holes = extensions.degraded as readonly { subgraph: unknown }[] | undefined;
  if (!holes) return {};
  return { 'souk-degraded': [...new Set(holes.map(({ subgraph }) => String(subgraph)))].join(', ') };
}
