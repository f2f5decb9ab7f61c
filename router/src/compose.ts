import { composeServices } from '@apollo/composition';
import { type AnySubgraph, buildHouseSchema } from '@souk/kit';
import { parse } from 'graphql';

export interface Composed {
  /** Name → SDL as emitted by the house's classes. */
  readonly subgraphs: ReadonlyMap<string, string>;
  readonly supergraph: string;
  readonly hints: readonly string[];
}

/** Composition that failed: every reason at once, in the composer's own words. */
export class CompositionError extends Error {
  override readonly name = 'CompositionError';
  constructor(readonly reasons: readonly string[]) {
    super(`The subgraphs do not compose:\n  ${reasons.join('\n  ')}`);
  }
}

/** Houses → subgraph SDLs and the supergraph. Pure: the same classes give the same text. */
export function compose(houses: readonly AnySubgraph[], urls: ReadonlyMap<string, string>): Composed {
  const subgraphs = new Map(houses.map((house) => [house.name, `${buildHouseSchema(house).sdl.trim()}\n`]));
  const services = [...subgraphs].map(([name, sdl]) => ({ name, typeDefs: parse(sdl), url: urls.get(name) ?? '' }));
  const { supergraphSdl, errors, hints } = composeServices(services);
  if (errors || !supergraphSdl) throw new CompositionError((errors ?? []).map((error) => error.message));
  return { subgraphs, supergraph: `${supergraphSdl.trim()}\n`, hints: (hints ?? []).map((hint) => hint.message) };
}
