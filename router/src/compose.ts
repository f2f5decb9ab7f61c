import { composeServices } from '@apollo/composition';
import { type AnySubgraph, buildHouseSchema } from '@souk/kit';
import { parse } from 'graphql';
import { explain, type Mistake } from './compose.explain.ts';

export interface Composed {
  /** Name → SDL as emitted by the house's classes. */
  readonly subgraphs: ReadonlyMap<string, string>;
  readonly supergraph: string;
  readonly hints: readonly string[];
}

/** Composition that failed: every reason at once. */
export class CompositionError extends Error {
  override readonly name = 'CompositionError';
  constructor(
    readonly mistakes: readonly Mistake[],
    /** Name → SDL of those that do not compose. */
    readonly subgraphs: ReadonlyMap<string, string>,
  ) {
    super(`The subgraphs do not compose:\n  ${mistakes.map(({ message }) => message).join('\n  ')}`);
  }
}

/** Houses → subgraph SDLs and the supergraph. Pure: the same classes give the same text. */
export function compose(houses: readonly AnySubgraph[], urls: ReadonlyMap<string, string>): Composed {
  const subgraphs = new Map(houses.map((house) => [house.name, `${buildHouseSchema(house).sdl.trim()}\n`]));
  const services = [...subgraphs].map(([name, sdl]) => ({ name, typeDefs: parse(sdl), url: urls.get(name) ?? '' }));
  const { supergraphSdl, errors, hints } = composeServices(services);
  if (errors || !supergraphSdl) {
    const documents = new Map(services.map(({ name, typeDefs }) => [name, typeDefs]));
    throw new CompositionError(explain(errors ?? [], documents), subgraphs);
  }
  return { subgraphs, supergraph: `${supergraphSdl.trim()}\n`, hints: (hints ?? []).map((hint) => hint.message) };
}
