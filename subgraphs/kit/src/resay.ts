import type { Saying } from '@souk/schema';
import type { Kysely } from 'kysely';
import type { AnySubgraph } from './house.ts';
import { mouthOf } from './messages.ts';
import type { KitTables } from './tables.ts';
import { type Committed, transact } from './tx.ts';

/** Facts said in one transaction: many enough to be quick, few enough to be heard between others. */
const AT_ONCE = 500;

interface Resaying {
  readonly definition: Pick<AnySubgraph, 'name' | 'snapshot'>;
  // biome-ignore lint/suspicious/noExplicitAny: each house knows its own tables
  readonly db: Kysely<any>;
  readonly committed?: (done: Committed<unknown>) => void;
  /** Facts said so far. */
  readonly onProgress?: (facts: number) => void;
}

/** Says a house's present state again, for a new house or an emptied broker; returns how many facts. May be repeated. */
export async function resaySnapshot({ definition, db, committed, onProgress }: Resaying): Promise<number> {
  let said = 0;
  let chunk: Saying[] = [];
  const flush = async (): Promise<void> => {
    const saying = chunk;
    chunk = [];
    if (saying.length === 0) return;
    const done = await transact(db, { house: definition.name }, async (tx) => {
      for (const one of saying) tx.emit(one);
    });
    committed?.(done!);
    said += saying.length;
    onProgress?.(said);
  };
  for await (const saying of definition.snapshot?.(db as never) ?? []) {
    chunk.push(saying);
    if (chunk.length === AT_ONCE) await flush();
  }
  await flush();
  return said;
}

/** Has the facts that a house said since a time carried again; null for all that are kept. Returns how many. */
export const resayFacts = (house: string, db: Kysely<KitTables>, since: Date | null): Promise<number> =>
  mouthOf(house, db).unmark(since);
