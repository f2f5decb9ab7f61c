import { DEFAULT_CHANNEL, type Role, type UserId, type Viewer } from '@souk/schema';
import { type DocumentNode, parse } from 'graphql';
import { claimsOf, type HouseName, type Houses } from './houses.ts';
import { tasks } from './lives.ts';

/** What a client reads of an answer; each reads what its own document asked for. */
// biome-ignore lint/suspicious/noExplicitAny: a client reads the answer of a document it wrote itself
export type Answer = any;

const viewer = (more: Partial<Viewer>): Viewer => ({
  principal: 'anonymous',
  userId: null,
  guestId: null,
  sessionId: null,
  roles: [],
  channel: DEFAULT_CHANNEL,
  locale: 'en',
  requestId: 'simulation',
  clientAddress: null,
  trace: null,
  ...more,
});

const idOf = (n: number): string => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
export const guest = (n: number): Viewer => viewer({ principal: `guest:${idOf(n)}`, guestId: idOf(n) });
/** The bearer of an access token. */
export function bearer(token: string): Viewer {
  const { principal, userId, guestId, sessionId, roles } = claimsOf(token);
  return viewer({ principal, userId, guestId, sessionId, roles });
}
export const staff = (n: number, ...roles: Role[]): Viewer =>
  viewer({ principal: `user:${idOf(n)}`, userId: idOf(n) as UserId, roles });

const parsed = new Map<string, DocumentNode>();
function documentOf(text: string): DocumentNode {
  const known = parsed.get(text) ?? parse(text);
  parsed.set(text, known);
  return known;
}

/** A fault of a living house: nothing a client sends may lead to one. */
export class Fault extends Error {
  override readonly name = 'Fault';
}

/** Asks a house; undefined where it is down, went down before it answered, or lost its database. Throws a Fault for any other error. */
export async function ask(
  houses: Houses,
  house: HouseName,
  as: Viewer,
  text: string,
  variables: Record<string, unknown> = {},
): Promise<Answer | undefined> {
  const running = houses.find(house);
  const life = houses.lifeOf(house);
  if (!running || !life) return undefined;
  const label = tasks.getStore()?.label ?? house;
  const { data, errors } = await tasks.run({ label, life }, () =>
    running.execute({ document: documentOf(text), variables, context: running.context(as) }),
  );
  if (life.over || errors?.some(({ extensions }) => extensions.code === 'SUBGRAPH_UNAVAILABLE')) return undefined;
  if (errors) throw new Fault(`${house} answered ${errors.map(({ message }) => message).join(' ')} to ${text}`);
  return data;
}
