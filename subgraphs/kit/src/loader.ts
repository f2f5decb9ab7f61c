import DataLoader from 'dataloader';

/** A loader over `list…ByIds`: one statement for all ids asked for in a tick; null where there is no row. */
export const batchById = <K extends string, V extends { id: string }>(
  list: (ids: readonly K[]) => Promise<readonly V[]>,
): DataLoader<K, V | null> => batchBy(list, (row) => row.id as K);

/** A loader of one row per key, where the key is not called `id`. */
export const batchBy = <K extends string, V>(
  list: (keys: readonly K[]) => Promise<readonly V[]>,
  keyOf: (row: V) => K,
): DataLoader<K, V | null> =>
  new DataLoader(async (keys) => {
    const rows = new Map((await list(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => rows.get(key) ?? null);
  });

/** A loader of the rows that belong to each key, in the order the list gave them. */
export const batchManyBy = <K extends string, V>(
  list: (keys: readonly K[]) => Promise<readonly V[]>,
  keyOf: (row: V) => K,
): DataLoader<K, V[]> =>
  new DataLoader(async (keys) => {
    const groups = new Map<K, V[]>(keys.map((key) => [key, []]));
    for (const row of await list(keys)) groups.get(keyOf(row))?.push(row);
    return keys.map((key) => groups.get(key)!);
  });
