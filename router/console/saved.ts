import {
  DeleteSharedOperationDocument,
  SharedOperationsDocument,
  type SharedOperationsQuery,
  ShareOperationDocument,
  UpdateSharedOperationDocument,
} from '@souk/admin';
import { ask, refuseErrors } from './ask.ts';
import { type Handed, isHanded } from './links.ts';
import { withoutSecrets } from './secrets.ts';
import { isRecord, localStore } from './store.ts';

/** An operation kept in this browser. */
export interface SavedOperation extends Handed {
  readonly id: string;
  readonly savedAt: number;
}

const MOST_SAVED = 200;

const isSaved = (value: unknown): value is SavedOperation =>
  isRecord(value) && isHanded(value) && typeof value.id === 'string' && typeof value.savedAt === 'number';

/** By name. */
export const saved = localStore<readonly SavedOperation[]>(
  'souk.console.saved',
  [],
  (value): value is readonly SavedOperation[] => Array.isArray(value) && value.every(isSaved),
);

const byName = (a: Handed, b: Handed): number => a.name.localeCompare(b.name, 'en', { sensitivity: 'base' });

/** Keeps an operation under a name, over what had that name. Throws the sentence to show. */
export function saveHere({ name, query, variables }: Handed): void {
  const named = name.trim().slice(0, 100);
  if (!named) throw new Error('Give it a name first.');
  const others = saved.get().filter((one) => one.name.toLowerCase() !== named.toLowerCase());
  if (others.length >= MOST_SAVED) throw new Error(`This browser keeps ${MOST_SAVED} operations. Delete some first.`);
  const kept = { name: named, query: withoutSecrets(query), variables: withoutSecrets(variables) };
  saved.set([...others, { ...kept, id: crypto.randomUUID(), savedAt: Date.now() }].sort(byName));
}

export function forget(id: string): void {
  saved.set(saved.get().filter((one) => one.id !== id));
}

export type SharedOperation = SharedOperationsQuery['sharedOperations']['nodes'][number];

/** Everything that colleagues share, by name. */
export async function listShared(): Promise<readonly SharedOperation[]> {
  const all: SharedOperation[] = [];
  for (let after: string | null = null; ; ) {
    const { sharedOperations }: SharedOperationsQuery = await ask(SharedOperationsDocument, { after });
    all.push(...sharedOperations.nodes);
    after = sharedOperations.pageInfo.endCursor ?? null;
    if (!sharedOperations.pageInfo.hasNextPage || after === null) return all;
  }
}

/** `key` makes a repeat of the same wish share it once. */
export async function share({ name, query, variables }: Handed, description: string, key: string): Promise<void> {
  const input = {
    name,
    description,
    body: withoutSecrets(query),
    variables: withoutSecrets(variables).trim() || null,
    idempotencyKey: key,
  };
  const { shareOperation } = await ask(ShareOperationDocument, { input });
  refuseErrors(shareOperation.errors);
}

/** Saves the text over a shared one, unless somebody changed that one meanwhile. */
export async function replaceShared(
  { id, version }: SharedOperation,
  { query, variables }: Pick<Handed, 'query' | 'variables'>,
): Promise<void> {
  const input = {
    body: withoutSecrets(query),
    variables: withoutSecrets(variables).trim() || null,
    expectedVersion: version,
  };
  const { updateSharedOperation } = await ask(UpdateSharedOperationDocument, { id, input });
  refuseErrors(updateSharedOperation.errors);
}

export async function unshare({ id, version }: SharedOperation): Promise<void> {
  const { deleteSharedOperation } = await ask(DeleteSharedOperationDocument, {
    input: { id, expectedVersion: version },
  });
  refuseErrors(deleteSharedOperation.errors);
}
