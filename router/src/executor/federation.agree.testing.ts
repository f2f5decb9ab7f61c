import { systemError } from '@souk/kit';
import { parse } from 'graphql';
import { expect } from 'vitest';
import { makeExecutor } from './executor.ts';
import { type Asked, anybody, federate, type Toy } from './federation.testing.ts';

export type Toys = Readonly<Record<string, Toy>>;

interface Options {
  /** A subgraph that answers nobody. */
  readonly away?: string;
  /** `errs` where Apollo's executor is known to answer otherwise: then its answer must differ, or the word is stale. */
  readonly apollo?: 'agrees' | 'errs';
}

interface Agreed {
  readonly data: unknown;
  readonly errors: readonly { readonly path?: readonly unknown[]; readonly extensions?: unknown }[];
  /** The calls that our executor made. */
  readonly asked: readonly Asked[];
}

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/**
 * What our executor answers over these subgraphs, after Apollo's over others like them answered the same. Toys that keep
 * something are made anew for each.
 */
export async function agree(
  toys: Toys | (() => Toys),
  query: string,
  variables: Record<string, unknown> = {},
  { away, apollo = 'agrees' }: Options = {},
): Promise<Agreed> {
  const fresh = () =>
    federate(typeof toys === 'function' ? toys() : toys, (service, ask) =>
      service === away ? async () => ({ data: null, errors: [systemError('SUBGRAPH_UNAVAILABLE', 'away')] }) : ask,
    );
  const ours = fresh();
  const executor = makeExecutor({ supergraphSdl: ours.supergraphSdl, asks: ours.asks });
  const answered = await executor.execute({ document: parse(query), variables, context: anybody() });
  const { data, errors = [] } = plain(answered);
  const theirs = plain(await fresh().stock(query, variables));
  const seen = { data, paths: errors.map(({ path }) => path ?? null) };
  const stock = { data: theirs.data, paths: (theirs.errors ?? []).map(({ path }) => path ?? null) };
  if (apollo === 'agrees') expect(seen).toEqual(stock);
  else expect(seen).not.toEqual(stock);
  return { data, errors, asked: ours.asked };
}
