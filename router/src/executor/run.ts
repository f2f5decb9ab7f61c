import { notesOf, systemError } from '@souk/kit';
import type { Viewer } from '@souk/schema';
import { GraphQLError } from 'graphql';
import type { Ask } from '../sources.ts';
import type { RouterContext } from '../upstream.ts';
import type { Fetched } from './data.ts';
import type { Caching } from './keeping.ts';
import type { Meeting } from './meeting.ts';
import type { Share } from './sharing.ts';

/** One execution of a compiled operation. */
export interface Run {
  /** What was fetched so far, under private names. */
  readonly data: Fetched;
  readonly errors: GraphQLError[];
  /** As the client sent them. */
  readonly variables: Fetched;
  readonly context: RouterContext;
  readonly ask: (service: string) => Ask | undefined;
  /** Absent where nothing may be shared: in a mutation. */
  readonly share: Share | undefined;
  /** Absent where nothing that was kept may be used. */
  readonly caching: Caching | undefined;
  /** Forgets what a commit changed, before anybody is answered. */
  readonly evict: (tags: readonly string[]) => Promise<void>;
  /** Whose answers are alike. */
  readonly identity: string;
  readonly startedAt: number;
  /** Entity fetches of this run that go together. */
  readonly meetings: Map<object, Meeting>;
}

/** A part of a plan at work. It never throws: what fails is an error of the run. */
export type Step = (run: Run) => Promise<void>;

interface Call {
  readonly service: string;
  readonly query: string;
  readonly variables: Fetched;
  /** True if what comes will be written into. */
  readonly writes: boolean;
  /** True unless the answer tells one request from another of the same identity. */
  readonly shareable: boolean;
}

/** The one thing that answers tell of a request and that is no part of its identity. */
export const isShareable = (query: string): boolean => !/\brequestId\b/.test(query);

export interface Called {
  readonly data: Fetched | null;
  readonly errors: readonly GraphQLError[];
  /** How long the answer holds, where its house says so. */
  readonly holdsMs?: number | undefined;
}

/** Asks a subgraph, or shares what another run asks. Never throws. */
export async function call(
  { ask, share, identity, context, evict }: Run,
  { service, query, variables, writes, shareable }: Call,
): Promise<Called> {
  const to = ask(service);
  if (!to) return { data: null, errors: [missing] };
  const send = () => to({ query, variables }, context);
  try {
    const result = await (share && shareable ? share({ service, query, variables, identity }, writes, send) : send());
    const { evicted, holdsMs } = notesOf(result);
    if (evicted) await evict(evicted);
    return { data: (result.data ?? null) as Fetched | null, errors: result.errors ?? [], holdsMs };
  } catch (error) {
    return {
      data: null,
      errors: [new GraphQLError('', { originalError: error as Error, extensions: { code: 'INTERNAL' } })],
    };
  }
}

const missing = systemError('SUBGRAPH_UNAVAILABLE', 'This part of the shop is not available right now.');

/** An error of a subgraph at its place in the client's answer; null where it is about no one place. */
export function subgraphError(error: GraphQLError, service: string, path: (string | number)[] | null): GraphQLError {
  const { code = 'DOWNSTREAM_SERVICE_ERROR' } = error.extensions;
  return new GraphQLError(error.message || `The subgraph ${service} answered with an error.`, {
    path,
    extensions: { ...error.extensions, code, serviceName: service },
  });
}

/** What decides which answer somebody gets: all of the viewer but what tells one request from the next. */
export function identityOf({ requestId: _, trace: _trace, clientAddress: _address, ...identity }: Viewer): string {
  return JSON.stringify(identity);
}
