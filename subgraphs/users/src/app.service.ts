import { createHash, randomBytes } from 'node:crypto';
import type { Tx } from '@souk/kit';
import { API_KEYS_TOPIC, type ApiKeyId, type AppId, Rejection, type Viewer } from '@souk/schema';
import {
  countLiveApiKeys,
  insertApiKey,
  insertApp,
  lockApiKey,
  lockApp,
  touchApiKeys,
  updateApiKeyEnd,
  updateApp,
} from './app.repository.ts';
import {
  type ApiKey,
  type AppChange,
  type AppDraft,
  changeApp,
  checkExpiry,
  createApp,
  isLive,
  MOST_KEYS,
  overlapEnd,
} from './app.ts';
import type { UsersDb } from './user.tables.ts';

type UsersTx = Tx<UsersDb>;

const SHOWN = 13;

/** A key as its owner gets it, once. */
export interface IssuedKey {
  readonly id: ApiKeyId;
  readonly secret: string;
}

export const hashOfKey = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** What a touch tells is that something changed: whoever hears it asks. */
const tell = (tx: UsersTx, id: string): void => tx.touch(API_KEYS_TOPIC, id, tx.now.getTime());

export async function letAppIn(tx: UsersTx, viewer: Viewer, draft: AppDraft): Promise<AppId> {
  const app = createApp(draft, tx.newId<'App'>(), viewer.principal, tx.now);
  await insertApp(tx.db, app);
  return app.id;
}

export async function editApp(
  tx: UsersTx,
  id: AppId,
  wanted: AppChange,
  expectedVersion: number | null,
): Promise<AppId> {
  const app = await lockApp(tx.db, id);
  if (!app) throw new Rejection('NOT_FOUND', 'There is no such app.', ['id']);
  if (expectedVersion !== null && expectedVersion !== app.version) {
    throw new Rejection('CONFLICT', 'Somebody changed this app meanwhile. Look at it again.', [
      'input',
      'expectedVersion',
    ]);
  }
  await updateApp(tx.db, changeApp(app, wanted, tx.now));
  tell(tx, id);
  return id;
}

async function issue(tx: UsersTx, viewer: Viewer, appId: AppId, expiresAt: Date | null): Promise<IssuedKey> {
  checkExpiry(expiresAt, tx.now);
  if ((await countLiveApiKeys(tx.db, appId, tx.now)) >= MOST_KEYS) {
    throw new Rejection('LIMIT', `An app has at most ${MOST_KEYS} keys. Revoke one that is not used.`, ['input']);
  }
  const secret = `souk_${randomBytes(32).toString('base64url')}`;
  const key: ApiKey = {
    id: tx.newId<'ApiKey'>(),
    appId,
    prefix: secret.slice(0, SHOWN),
    createdBy: viewer.principal,
    createdAt: tx.now,
    expiresAt,
    revokedAt: null,
    revokedBy: null,
    lastUsedAt: null,
  };
  await insertApiKey(tx.db, key, hashOfKey(secret));
  return { id: key.id, secret };
}

export async function issueApiKey(
  tx: UsersTx,
  viewer: Viewer,
  appId: AppId,
  expiresAt: Date | null,
): Promise<IssuedKey> {
  if (!(await lockApp(tx.db, appId))) throw new Rejection('NOT_FOUND', 'There is no such app.', ['input', 'appId']);
  const issued = await issue(tx, viewer, appId, expiresAt);
  // A router may have been asked about it before it was there.
  tell(tx, appId);
  return issued;
}

async function lockedKey(tx: UsersTx, id: ApiKeyId): Promise<ApiKey> {
  const key = await lockApiKey(tx.db, id);
  if (!key) throw new Rejection('NOT_FOUND', 'There is no such API key.', ['input', 'id']);
  return key;
}

/** A new key for the same app; the old one is good for a while yet, so that nothing stops. */
export async function rotateApiKey(
  tx: UsersTx,
  viewer: Viewer,
  id: ApiKeyId,
  { overlapMinutes, expiresAt }: { overlapMinutes: number; expiresAt: Date | null },
): Promise<IssuedKey> {
  const key = await lockedKey(tx, id);
  if (!isLive(key, tx.now)) {
    throw new Rejection('ENDED', 'This key has ended. Issue a new one.', ['input', 'id']);
  }
  const end = overlapEnd(key, overlapMinutes, tx.now);
  const issued = await issue(tx, viewer, key.appId, expiresAt);
  await updateApiKeyEnd(tx.db, id, { expires_at: end });
  tell(tx, key.appId);
  return issued;
}

/** Safe to repeat: who revoked it first, and when, stays. */
export async function revokeApiKey(tx: UsersTx, viewer: Viewer, id: ApiKeyId): Promise<ApiKeyId> {
  const key = await lockedKey(tx, id);
  if (key.revokedAt === null) {
    await updateApiKeyEnd(tx.db, id, { revoked_at: tx.now, revoked_by: viewer.principal });
  }
  // Also where it was revoked before: a repeat mends a lost touch.
  tell(tx, key.appId);
  return id;
}

export const noteApiKeyUse = (tx: UsersTx, ids: readonly ApiKeyId[]): Promise<void> => touchApiKeys(tx.db, ids, tx.now);
