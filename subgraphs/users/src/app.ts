import { type ApiKeyId, type AppId, isClientName, scopes as known, Rejection, type Scope } from '@souk/schema';
import { line, Mistakes } from './mistakes.ts';

/** A program of somebody else's, let in by API keys. */
export interface App {
  readonly id: AppId;
  readonly name: string;
  /** The client whose registered operations it may run where the shop is that strict; null for those of every client. */
  readonly client: string | null;
  readonly scopes: readonly Scope[];
  /** Null for what the shop gives everybody. */
  readonly requestsPerMinute: number | null;
  readonly costPerMinute: number | null;
  readonly active: boolean;
  readonly version: number;
  /** The principal who let it in. */
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Of the key itself nothing is kept but its hash and its first characters. */
export interface ApiKey {
  readonly id: ApiKeyId;
  readonly appId: AppId;
  readonly prefix: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revokedBy: string | null;
  readonly lastUsedAt: Date | null;
}

/** What the router needs to know of whoever shows a key. */
export interface ApiKeyGrant {
  readonly id: ApiKeyId;
  readonly appId: AppId;
  readonly client: string | null;
  readonly scopes: readonly Scope[];
  readonly requestsPerMinute: number | null;
  readonly costPerMinute: number | null;
  readonly expiresAt: Date | null;
}

export interface AppDraft {
  readonly name: string;
  readonly client?: string | null;
  readonly scopes: readonly string[];
  readonly requestsPerMinute?: number | null;
  readonly costPerMinute?: number | null;
}

export type AppChange = { readonly [K in keyof AppDraft]?: AppDraft[K] | null } & { readonly active?: boolean | null };

/** An app with more live keys than this has forgotten some. */
export const MOST_KEYS = 20;
const isScope = (text: string): text is Scope => known.includes(text as Scope);

/** Every mistake of a draft or a change; `undefined` is what stays. */
function check({ name, client, scopes, requestsPerMinute, costPerMinute }: Partial<AppDraft>): void {
  const mistakes = new Mistakes();
  if (name !== undefined && line(name, 1, 100) === null)
    mistakes.add('INVALID_NAME', 'A name has between 1 and 100 characters on one line.', 'name');
  if (client != null && !isClientName(client))
    mistakes.add(
      'INVALID_CLIENT',
      'A client is named by at most 40 lower-case letters, digits and hyphens, beginning with a letter.',
      'client',
    );
  if (scopes?.some((scope) => !isScope(scope)))
    mistakes.add('INVALID_SCOPE', 'There is no such scope. `apiScopes` names them all.', 'scopes');
  if (requestsPerMinute != null && !(requestsPerMinute >= 1 && requestsPerMinute <= 1_000_000))
    mistakes.add('INVALID_QUOTA', 'Grant between 1 and 1,000,000 requests a minute.', 'requestsPerMinute');
  if (costPerMinute != null && !(costPerMinute >= 1 && costPerMinute <= 1_000_000_000))
    mistakes.add('INVALID_QUOTA', 'Grant a cost between 1 and 1,000,000,000 a minute.', 'costPerMinute');
  mistakes.refuse();
}

const unique = (scopes: readonly string[]): Scope[] => [...new Set(scopes)].filter(isScope).sort();

export function createApp(draft: AppDraft, id: AppId, createdBy: string, now: Date): App {
  check(draft);
  return {
    id,
    name: line(draft.name, 1, 100)!,
    client: draft.client ?? null,
    scopes: unique(draft.scopes),
    requestsPerMinute: draft.requestsPerMinute ?? null,
    costPerMinute: draft.costPerMinute ?? null,
    active: true,
    version: 1,
    createdBy,
    createdAt: now,
    updatedAt: now,
  };
}

/** What is not said stays; null takes a client or a quota away. */
export function changeApp(app: App, wanted: AppChange, now: Date): App {
  const { name, scopes, active, client = app.client } = wanted;
  const { requestsPerMinute = app.requestsPerMinute, costPerMinute = app.costPerMinute } = wanted;
  check({ name: name ?? undefined, scopes: scopes ?? undefined, client, requestsPerMinute, costPerMinute });
  return {
    ...app,
    name: name == null ? app.name : line(name, 1, 100)!,
    scopes: scopes == null ? app.scopes : unique(scopes),
    client,
    requestsPerMinute,
    costPerMinute,
    active: active ?? app.active,
    version: app.version + 1,
    updatedAt: now,
  };
}

export const isLive = ({ revokedAt, expiresAt }: Pick<ApiKey, 'revokedAt' | 'expiresAt'>, now: Date): boolean =>
  revokedAt === null && (expiresAt === null || expiresAt > now);

/** Throws a Rejection on an end that has passed. */
export function checkExpiry(expiresAt: Date | null, now: Date): void {
  if (expiresAt !== null && expiresAt <= now)
    throw new Rejection('INVALID_EXPIRY', 'A key expires at a moment to come.', ['input', 'expiresAt']);
}

const MOST_OVERLAP_MINUTES = 7 * 24 * 60;

/** When a key that is being replaced ends: never later than it would have. */
export function overlapEnd(key: Pick<ApiKey, 'expiresAt'>, overlapMinutes: number, now: Date): Date {
  if (!(overlapMinutes >= 0 && overlapMinutes <= MOST_OVERLAP_MINUTES))
    throw new Rejection('INVALID_EXPIRY', 'Both keys may be good for up to 7 days (10,080 minutes).', [
      'input',
      'overlapMinutes',
    ]);
  const end = new Date(now.getTime() + overlapMinutes * 60_000);
  return key.expiresAt !== null && key.expiresAt < end ? key.expiresAt : end;
}
