import { type Tx, violated } from '@souk/kit';
import { Rejection, type SharedOperationId, type Viewer } from '@souk/schema';
import type { PlatformDb } from './channel.tables.ts';
import {
  deleteSharedOperation,
  insertSharedOperationOnce,
  lockSharedOperation,
  updateSharedOperation,
} from './shared-operation.repository.ts';
import {
  change,
  create,
  mayChange,
  type SharedOperation,
  type SharedOperationChange,
  type SharedOperationDraft,
} from './shared-operation.ts';

type PlatformTx = Tx<PlatformDb>;

const nameTaken = (): Rejection =>
  new Rejection('NAME_TAKEN', 'Another shared operation has this name. Choose another one.', ['input', 'name']);

export async function shareOperation(
  tx: PlatformTx,
  { principal: by }: Viewer,
  draft: SharedOperationDraft,
): Promise<SharedOperationId> {
  const operation = create(draft, { id: tx.newId<'SharedOperation'>(), now: tx.now, by });
  if (!(await insertSharedOperationOnce(tx.db, operation))) throw nameTaken();
  return operation.id;
}

/** Saves over what others may have saved meanwhile only where that is the version it was made from. */
export async function changeSharedOperation(
  tx: PlatformTx,
  viewer: Viewer,
  id: SharedOperationId,
  wanted: SharedOperationChange,
  expectedVersion: number | null,
): Promise<SharedOperationId> {
  const before = await lockSharedOperation(tx.db, id);
  if (!before) throw new Rejection('NOT_FOUND', 'There is no such shared operation.', ['id']);
  checkChange(before, viewer, expectedVersion);
  const after = change(before, wanted, { now: tx.now, by: viewer.principal });
  if (after === before) return id;
  try {
    await updateSharedOperation(tx.db, after);
  } catch (error) {
    throw violated(error) === 'shared_operations_name' ? nameTaken() : error;
  }
  return id;
}

/** Safe to repeat: what is gone stays gone. */
export async function unshareOperation(
  tx: PlatformTx,
  viewer: Viewer,
  id: SharedOperationId,
  expectedVersion: number | null,
): Promise<SharedOperationId> {
  const before = await lockSharedOperation(tx.db, id);
  if (!before) return id;
  checkChange(before, viewer, expectedVersion);
  await deleteSharedOperation(tx.db, id);
  return id;
}

function checkChange(before: SharedOperation, viewer: Viewer, expectedVersion: number | null): void {
  if (!mayChange(before, viewer)) {
    throw new Rejection(
      'NOT_YOURS',
      'Only who shared it, or an administrator, changes it. Share a copy under another name.',
      ['id'],
    );
  }
  if (expectedVersion !== null && expectedVersion !== before.version) {
    throw new Rejection('CONFLICT', 'Somebody changed this operation meanwhile. Look at it again.', [
      'input',
      'expectedVersion',
    ]);
  }
}
