import type { Tx } from '@souk/kit';
import { OPERATIONS_TOPIC, type RegisteredOperationId, Rejection, type Viewer } from '@souk/schema';
import type { PlatformDb } from './channel.tables.ts';
import {
  addOperationUses,
  listOperationsOf,
  lockOperation,
  lockOperationsVersion,
  type OperationUse,
  saveOperations,
  updateOperationsVersion,
} from './operation.repository.ts';
import {
  checkClient,
  checkOwner,
  type ManifestOperation,
  type RegisteredOperation,
  readOperations,
} from './operation.ts';

type PlatformTx = Tx<PlatformDb>;

export interface Manifest {
  readonly client: string;
  readonly owner: string;
  /** The text of the manifest's file. */
  readonly manifest: string;
}

/** How many of a manifest's operations were new, changed or taken back into service, and how many were there already. */
export interface Registered {
  readonly registered: number;
  readonly unchanged: number;
}

/**
 * Registers a manifest's operations for a client; those it does not name stay. `revive` takes back what was retired: a person
 * means it, a router that starts with the manifests it came with does not. The text behind an id never changes.
 */
export async function registerManifest(
  tx: PlatformTx,
  viewer: Viewer,
  { client: name, owner: who, manifest }: Manifest,
  { revive }: { revive: boolean },
): Promise<Registered> {
  const client = checkClient(name);
  const owner = checkOwner(who);
  const wanted = readOperations(manifest);
  let version = await lockOperationsVersion(tx.db);
  const known = await listOperationsOf(
    tx.db,
    client,
    wanted.map(({ documentId }) => documentId),
  );
  const byId = new Map(known.map((one) => [one.documentId, one]));
  const changed: RegisteredOperation[] = [];
  for (const [index, operation] of wanted.entries()) {
    const before = byId.get(operation.documentId);
    if (before && before.body !== operation.body) {
      const message = `Operation ${index + 1} has another text than the one that was registered under its id. Give it a new id.`;
      throw new Rejection('ID_TAKEN', message, ['input', 'manifest']);
    }
    if (before && isSame(before, operation, owner, revive)) continue;
    changed.push(register(before, operation));
  }
  if (changed.length > 0) {
    await saveOperations(tx.db, changed);
    await updateOperationsVersion(tx.db, version);
    tx.touch(OPERATIONS_TOPIC, client, version);
  }
  return { registered: changed.length, unchanged: wanted.length - changed.length };

  function register(before: RegisteredOperation | undefined, operation: ManifestOperation): RegisteredOperation {
    const nobody = { retiredAt: null, retiredBy: null };
    return {
      id: tx.newId<'RegisteredOperation'>(),
      scopes: null,
      cost: null,
      uses: 0,
      lastUsedAt: null,
      ...(before ?? nobody),
      ...operation,
      ...(revive ? nobody : {}),
      client,
      owner,
      version: ++version,
      registeredAt: tx.now,
      registeredBy: viewer.principal,
    };
  }
}

const isSame = (before: RegisteredOperation, operation: ManifestOperation, owner: string, revive: boolean): boolean =>
  before.owner === owner && before.maxAge === operation.maxAge && (before.retiredAt === null || !revive);

/** Nobody may ask for it by its id from now on. Safe to repeat: who retired it first, and when, stays. */
export async function retireOperation(
  tx: PlatformTx,
  viewer: Viewer,
  id: RegisteredOperationId,
): Promise<RegisteredOperationId> {
  const last = await lockOperationsVersion(tx.db);
  const operation = await lockOperation(tx.db, id);
  if (!operation) throw new Rejection('NOT_FOUND', 'There is no such operation.', ['input', 'id']);
  if (operation.retiredAt !== null) return id;
  const version = last + 1;
  await saveOperations(tx.db, [{ ...operation, version, retiredAt: tx.now, retiredBy: viewer.principal }]);
  await updateOperationsVersion(tx.db, version);
  tx.touch(OPERATIONS_TOPIC, operation.client, version);
  return id;
}

export const noteOperationUses = (tx: PlatformTx, uses: readonly OperationUse[]): Promise<void> =>
  addOperationUses(tx.db, uses, tx.now);
