import { parseId } from '@souk/schema';
import type { ExecutionResult } from 'graphql';

/** Asks the owner of `type` which of its things are there; undefined where nobody owns it. */
type Look = (
  type: string,
  query: string,
  variables: { refs: { __typename: string; id: string }[] },
) => Promise<ExecutionResult | undefined>;

/** For each id the name of its type, or null where its owner shows nothing: one question per type. */
export async function see(wireIds: readonly string[], look: Look): Promise<(string | null)[]> {
  const seen = new Map<string, string>();
  for (const [type, ids] of Map.groupBy(wireIds, (id) => parseId(id)?.kind ?? '')) {
    const query = `query See($refs: [_Any!]!) { _entities(representations: $refs) { ... on ${type} { id } } }`;
    const result = await look(type, query, { refs: ids.map((id) => ({ __typename: type, id })) });
    const entities = (result?.data?._entities ?? []) as ({ id: string } | null)[];
    for (const [index, entity] of entities.entries()) if (entity) seen.set(ids[index]!, type);
  }
  return wireIds.map((id) => seen.get(id) ?? null);
}
