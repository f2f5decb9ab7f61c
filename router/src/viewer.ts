import type { KeyObject } from 'node:crypto';
import { randomUUID } from 'node:crypto';
import { childOf, type SystemCode, systemError } from '@souk/kit';
import { DEFAULT_CHANNEL, type Viewer } from '@souk/schema';
import { revocableId, verifyAccessToken } from '@souk/users';
import type { ApiKeys, App } from './api-keys.ts';
import type { Channels } from './channels.ts';
import { Recent } from './executor/recent.ts';
import type { Revocations } from './revocations.ts';

/** What a transport knows of whoever asks: HTTP headers, or a WebSocket's connectionParams under the same names. */
export interface Credentials {
  readonly authorization?: string;
  readonly apiKey?: string;
  /** The client it says it is; nobody proves that. */
  readonly client?: string;
  readonly channel?: string;
  readonly currency?: string;
  readonly locale?: string;
  readonly trace?: string;
  /** The peer's address, for limiters. */
  readonly clientAddress: string | null;
}

export interface Identified {
  readonly viewer: Viewer;
  /** The app whose key came with the request. */
  readonly app: App | null;
  /** Unix seconds at which the token or the key ends by itself, or null where neither does. */
  readonly expiresAt: number | null;
}

export type Identify = (credentials: Credentials) => Promise<Identified>;

interface Options {
  readonly channels: Channels;
  readonly revocations: Revocations;
  readonly apiKeys: Pick<ApiKeys, 'find'>;
  readonly publicKey: KeyObject;
}

/**
 * Makes the viewer of a request: a token and an API key are verified or refused, never ignored. An app alone is a viewer of its own;
 * with a token it acts for that user or guest as a shopper, whatever roles they have.
 */
export function identifier({ channels, revocations, apiKeys, publicKey }: Options): Identify {
  return async ({ authorization, apiKey, channel: code, currency, locale, trace, clientAddress }) => {
    const requestId = randomUUID();
    const no = (status: number, reason: SystemCode, message: string) =>
      systemError(reason, message, { requestId, http: { status } });
    const channel = channels.find(code || DEFAULT_CHANNEL.code);
    if (!channel) {
      throw no(400, 'BAD_USER_INPUT', 'There is no active channel of this code. Ask for `channels` to see them.');
    }
    if (currency && currency !== channel.currency) {
      throw no(
        400,
        'BAD_USER_INPUT',
        'This channel sells in another currency. Choose the channel of the currency you want.',
      );
    }
    const base: Viewer = {
      principal: 'anonymous',
      userId: null,
      guestId: null,
      sessionId: null,
      roles: [],
      channel,
      locale: chooseLocale(locale, channel.defaultLocale),
      requestId,
      trace: childOf(trace),
      clientAddress,
    };
    const app = apiKey ? await apiKeys.find(apiKey) : null;
    if (apiKey && !app) throw no(401, 'UNAUTHENTICATED', 'This API key is not good, or no longer.');
    if (!authorization) {
      const viewer = app ? { ...base, principal: `app:${app.appId}`, appId: app.appId, scopes: app.scopes } : base;
      return { viewer, app, expiresAt: app?.expiresAt ?? null };
    }
    const token = /^Bearer ([\w.-]{20,2000})$/.exec(authorization)?.[1];
    const claims = token ? await verifyAccessToken(token, publicKey) : null;
    const revocable = claims && revocableId(claims);
    if (!claims || !revocable || (await revocations.isEnded(revocable))) {
      throw no(401, 'UNAUTHENTICATED', 'Your session has ended. Sign in again.');
    }
    const { principal, userId, guestId, sessionId, roles, expiresAt } = claims;
    const who = { ...base, principal, userId, guestId, sessionId };
    const ends = Math.floor(expiresAt.getTime() / 1000);
    if (!app) return { viewer: { ...who, roles }, app, expiresAt: ends };
    return {
      viewer: { ...who, roles: roles.filter((role) => role === 'CUSTOMER'), appId: app.appId },
      app,
      expiresAt: Math.min(ends, app.expiresAt ?? ends),
    };
  };
}

/** The first language tag of an Accept-Language style text that is one; else the channel's. */
function chooseLocale(wanted: string | undefined, fallback: string): string {
  const tag = wanted?.split(',')[0]?.split(';')[0]?.trim();
  if (!tag || tag.length > 35) return fallback;
  const known = canonical.get(tag) ?? canonicalOf(tag);
  canonical.set(tag, known);
  return known || fallback;
}

/** Browsers send a handful of tags, with every request. */
const canonical = new Recent<string>(1_000);

/** Empty where the tag is none. */
function canonicalOf(tag: string): string {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? '';
  } catch {
    return '';
  }
}
