import { RefreshSessionDocument, SignInDocument, SignOutDocument, StartGuestSessionDocument } from '@souk/admin';
import { isRecord, sessionStore } from './store.ts';
import { type GraphAnswer, type GraphRequest, type Headers, isUnauthenticated, post } from './wire.ts';

export type Session =
  | { kind: 'anonymous' }
  | { kind: 'guest'; accessToken: string; expiresAt: string; guestId: string }
  | { kind: 'user'; accessToken: string; refreshToken: string; expiresAt: string; email: string; roles: string[] };

type UserSession = Extract<Session, { kind: 'user' }>;

const ANONYMOUS: Session = { kind: 'anonymous' };
/** Tokens are renewed this long before they run out, in milliseconds. */
const MARGIN = 60_000;
/** setTimeout keeps its delay in 31 bits. */
const LONGEST_TIMER = 2_147_483_647;

function isSession(value: unknown): value is Session {
  if (!isRecord(value)) return false;
  if (value.kind === 'anonymous') return true;
  if (typeof value.accessToken !== 'string' || typeof value.expiresAt !== 'string') return false;
  return (
    (value.kind === 'guest' && typeof value.guestId === 'string') ||
    (value.kind === 'user' && typeof value.refreshToken === 'string' && Array.isArray(value.roles))
  );
}

export const session = sessionStore<Session>('souk.console.session', ANONYMOUS, isSession);
/** The last thing the person should know about their session, or an empty text. */
export const notice = sessionStore<string>('souk.console.notice', '', (value) => typeof value === 'string');

/** Whether somebody is signed in who works for the shop. */
export const isStaff = (current: Session): boolean =>
  current.kind === 'user' && current.roles.some((role) => role !== 'CUSTOMER');

export const isAdmin = (current: Session): boolean => current.kind === 'user' && current.roles.includes('ADMIN');

/** `MERCHANDISER` → `Merchandiser`. */
export const roleName = (role: string): string => role.charAt(0) + role.slice(1).toLowerCase().replaceAll('_', ' ');

export const bearer = (current: Session): Headers =>
  current.kind === 'anonymous' ? {} : { authorization: `Bearer ${current.accessToken}` };

const remaining = (current: Session): number =>
  current.kind === 'anonymous' ? Number.POSITIVE_INFINITY : Date.parse(current.expiresAt) - Date.now();

class NotAccepted extends Error {}

/** Runs one of the console's own mutations and gives its payload, or throws the sentence to show. */
async function run(request: GraphRequest, field: string, headers: Headers): Promise<Record<string, unknown>> {
  const answer = await post(request, headers);
  const payload = answer.data?.[field];
  if (!isRecord(payload) && isUnauthenticated(answer)) throw new NotAccepted('Your session is no longer accepted.');
  if (!isRecord(payload)) throw new Error(answer.errors?.[0]?.message ?? 'The graph gave no answer to that.');
  const [refusal] = Array.isArray(payload.errors) ? payload.errors : [];
  if (isRecord(refusal)) throw new Error(String(refusal.message));
  return payload;
}

function userSession(payload: Record<string, unknown>): UserSession {
  const { session: given } = payload;
  if (!isRecord(given) || !isRecord(given.user)) throw new Error('The graph gave no session.');
  return {
    kind: 'user',
    accessToken: String(given.accessToken),
    refreshToken: String(given.refreshToken),
    expiresAt: String(given.expiresAt),
    email: String(given.user.email),
    roles: Array.isArray(given.user.roles) ? given.user.roles.map(String) : [],
  };
}

function guestSession(payload: Record<string, unknown>): Session {
  const { session: given } = payload;
  if (!isRecord(given)) throw new Error('The graph gave no guest session.');
  return {
    kind: 'guest',
    accessToken: String(given.accessToken),
    expiresAt: String(given.expiresAt),
    guestId: String(given.guestId),
  };
}

/** Signs in. A running guest session is sent along, so that its cart moves into the account. */
export async function signIn(email: string, password: string, context: Headers): Promise<void> {
  const before = session.get();
  const guest = before.kind === 'guest' && remaining(before) > 0 ? bearer(before) : {};
  const request = { query: String(SignInDocument).trim(), variables: { input: { email, password } } };
  const asked = (as: Headers) => run(request, 'signIn', { ...context, ...as });
  // A guest session of a shop that was started over is no longer known; it must not stand in the way.
  const payload = await asked(guest).catch((error: unknown) => {
    if (error instanceof NotAccepted && guest.authorization) return asked({});
    throw error;
  });
  adopt(userSession(payload));
}

/** Starts a guest session: a cart and orders of one's own, without an account. */
export async function becomeGuest(context: Headers): Promise<void> {
  adopt(guestSession(await run({ query: String(StartGuestSessionDocument).trim() }, 'startGuestSession', context)));
}

/** Takes up a session that was started in the editor rather than in the header. */
export function adoptFrom(data: GraphAnswer['data']): void {
  const started = data?.startGuestSession;
  if (isRecord(started) && isRecord(started.session) && isSession({ ...started.session, kind: 'guest' })) {
    adopt(guestSession(started));
  }
  const entered = data?.register ?? data?.signIn;
  if (isRecord(entered) && isRecord(entered.session) && isRecord(entered.session.user)) {
    const user = { ...entered.session, ...entered.session.user, kind: 'user' };
    // A selection without tokens was asked for by somebody who wants to see, not to be signed in here.
    if (isSession(user)) adopt(userSession(entered));
  }
}

/** Signs out here at once, and tells the graph; a graph that cannot be told lets the session run out by itself. */
export async function signOut(): Promise<void> {
  const before = session.get();
  adopt(ANONYMOUS);
  if (before.kind !== 'user') return;
  const request = {
    query: String(SignOutDocument).trim(),
    variables: { input: { refreshToken: before.refreshToken } },
  };
  await run(request, 'signOut', bearer(before)).catch(() => undefined);
}

// A duplicated browser tab starts with a copy of the same refresh token, and using one twice ends the whole family of
// sessions. So tabs take turns, and each asks the others first whether its token was renewed already: a lock may be
// granted before the news of what its last holder did.
const others = new BroadcastChannel('souk.console.session');
const renewedHere = new Set<string>();
/** How long the other tabs have to answer, in milliseconds. */
const ANSWER_WITHIN = 150;

others.onmessage = ({ data }: MessageEvent<unknown>) => {
  const current = session.get();
  if (!isRecord(data) || current.kind !== 'user') return;
  if (typeof data.asks === 'string' && renewedHere.has(data.asks)) {
    others.postMessage({ replaces: data.asks, session: current });
  } else if (data.replaces === current.refreshToken && isSession(data.session)) {
    adopt(data.session);
  }
};

async function askOthers(refreshToken: string): Promise<void> {
  others.postMessage({ asks: refreshToken });
  await new Promise((resolve) => setTimeout(resolve, ANSWER_WITHIN));
}

async function inTurn(work: () => Promise<void>): Promise<void> {
  await (navigator.locks ? navigator.locks.request('souk.console.refresh', work) : work());
}

let renewing: Promise<void> | undefined;

/** Renews the tokens once, however many callers ask. Never throws: what went wrong becomes a notice. */
function renew(): Promise<void> {
  const asked = session.get();
  renewing ??= inTurn(() => renewInTurn(asked)).finally(() => {
    renewing = undefined;
  });
  return renewing;
}

async function renewInTurn(before: Session): Promise<void> {
  if (before.kind !== 'user' || session.get() !== before) return;
  await askOthers(before.refreshToken);
  if (session.get() !== before) return;
  const request = {
    query: String(RefreshSessionDocument).trim(),
    variables: { input: { refreshToken: before.refreshToken } },
  };
  const answer = await post(request, {}).catch(() => undefined);
  if (session.get() !== before) return; // Signed out meanwhile.
  const payload = answer?.data?.refreshSession;
  if (isRecord(payload) && isRecord(payload.session)) {
    const renewed = userSession(payload);
    renewedHere.add(before.refreshToken);
    others.postMessage({ replaces: before.refreshToken, session: renewed });
    adopt(renewed);
    if (renewed.roles.join() !== before.roles.join()) {
      notice.set(`Your roles have changed. You are now: ${renewed.roles.map(roleName).join(', ')}.`);
    }
  } else if (isRecord(payload) || (answer && isUnauthenticated(answer))) {
    adopt(ANONYMOUS);
    notice.set('Your session has ended. Please sign in again.');
  } else {
    retrySoon(); // Unreachable or busy is not refused: the session is kept.
  }
}

let timer: ReturnType<typeof setTimeout> | undefined;

const retrySoon = () => schedule(10_000);

function schedule(delay: number) {
  clearTimeout(timer);
  timer = setTimeout(() => void tend(), Math.min(Math.max(delay, 0), LONGEST_TIMER));
}

/** Makes a session the present one. A reason why one ended is told after this. */
function adopt(next: Session) {
  session.set(next);
  notice.set('');
  clearTimeout(timer);
  if (next.kind === 'user') schedule(Math.max(remaining(next) - MARGIN, remaining(next) / 2));
  if (next.kind === 'guest') schedule(remaining(next));
}

/** Renews what is about to run out and drops what has. */
async function tend(): Promise<void> {
  const current = session.get();
  if (current.kind === 'guest' && remaining(current) <= 0) {
    adopt(ANONYMOUS);
    notice.set('Your guest session has ended. Start a new one to go on shopping.');
  } else if (current.kind === 'user' && remaining(current) <= MARGIN) {
    await renew();
  } else {
    adopt(current);
  }
}

/** The headers of the present session, renewed first where they would not outlive the call. Timers sleep with a laptop. */
export async function freshBearer(): Promise<Headers> {
  if (remaining(session.get()) < 10_000) await tend();
  return bearer(session.get());
}

/**
 * Calls the graph as the present session. Where the token itself is no longer accepted (the shop was started over, say)
 * the session is renewed or dropped, and the call is made once more.
 */
export async function postAsSession(request: GraphRequest, headers: Headers): Promise<GraphAnswer> {
  const sent = await freshBearer();
  const answer = await post(request, { ...sent, ...headers });
  if (!sent.authorization || headers.authorization || !isUnauthenticated(answer)) return answer;
  const probe = await post({ query: '{ __typename }' }, sent);
  if (!isUnauthenticated(probe)) return answer;
  if (session.get().kind === 'user') await renew();
  else {
    adopt(ANONYMOUS);
    notice.set('Your guest session is no longer known to the shop. Start a new one to go on shopping.');
  }
  return post(request, { ...bearer(session.get()), ...headers });
}

void tend();
