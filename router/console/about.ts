import type { About } from '../src/explain.ts';
import { contextHeaders } from './context.ts';
import { freshBearer, session } from './session.ts';
import { isRecord, pageStore } from './store.ts';

/** What the router tells of itself to whoever is signed in; null until it has. */
export const about = pageStore<About | null>(null);

const isAbout = (value: unknown): value is About =>
  isRecord(value) && isRecord(value.costs) && Array.isArray(value.roots);

let turn = 0;

/** Asks again; a router that is away leaves what was known. */
export async function askAbout(): Promise<void> {
  const mine = ++turn;
  const told: unknown = await sendConsole('about').catch(() => null);
  if (mine === turn && isAbout(told)) about.set(told);
}

/** One of the console's own calls beside the graph, as the present session. Throws the sentence to show. */
export async function sendConsole(path: string, body?: object, signal?: AbortSignal): Promise<unknown> {
  const headers = { ...contextHeaders(), ...(await freshBearer()) };
  let response: Response;
  try {
    response = await fetch(`./${path}`, {
      credentials: 'omit',
      signal: signal ?? null,
      ...(body
        ? { method: 'POST', body: JSON.stringify(body), headers: { ...headers, 'content-type': 'application/json' } }
        : { headers }),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Error('The router cannot be reached. Is Souk still running?');
  }
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  const [first] = isRecord(answer) && Array.isArray(answer.errors) ? answer.errors : [];
  throw new Error(
    isRecord(first) ? String(first.message) : `The router answered with HTTP ${response.status} and no reason.`,
  );
}

const rolesNow = (): string => {
  const current = session.get();
  return current.kind === 'user' ? `${current.email} ${current.roles.join()}` : current.kind;
};

let seen = rolesNow();
session.subscribe(() => {
  const now = rolesNow();
  if (now === seen) return;
  seen = now;
  void askAbout();
});
