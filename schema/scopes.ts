import type { Role } from './events/users.ts';
import type { Viewer } from './viewer.ts';

/** Whether it is looked at or changed. */
export type Access = 'read' | 'write';

type StaffRole = Exclude<Role, 'CUSTOMER'>;

/**
 * What somebody may look at (`read`) or change (`write`), named by whose work it is: `merchandiser:write` is what a
 * MERCHANDISER may change. In the graph as @requiresScopes; an API key has some of them.
 */
export type Scope = `${Lowercase<StaffRole>}:${Access}`;

const staff: readonly StaffRole[] = ['SUPPORT', 'MERCHANDISER', 'WAREHOUSE', 'FINANCE', 'ADMIN'];

const scopeOf = (role: StaffRole, access: Access): Scope => `${role.toLowerCase() as Lowercase<StaffRole>}:${access}`;

const own = (role: StaffRole): readonly Scope[] => [scopeOf(role, 'read'), scopeOf(role, 'write')];

/** Every scope there is. */
export const scopes: readonly Scope[] = staff.flatMap(own);

/** What each role may do: staff what its work is, ADMIN everything. What a customer may do is no scope but theirs. */
export const scopesOfRole: Readonly<Record<Role, readonly Scope[]>> = {
  CUSTOMER: [],
  SUPPORT: own('SUPPORT'),
  MERCHANDISER: own('MERCHANDISER'),
  WAREHOUSE: own('WAREHOUSE'),
  FINANCE: own('FINANCE'),
  ADMIN: scopes,
};

/** The scopes of which whoever may do it needs one, where a guard names these roles. */
export const scopesFor = (roles: readonly Role[], access: Access): readonly Scope[] =>
  roles.flatMap((role) => (role === 'CUSTOMER' ? [] : [scopeOf(role, access)]));

const none: ReadonlySet<Scope> = new Set();
const known = new Map<string, ReadonlySet<Scope>>();

/** What the viewer may do: as staff by roles, as an app by the scopes of its key. */
export function scopesOf({ roles, scopes: given = [] }: Pick<Viewer, 'roles' | 'scopes'>): ReadonlySet<Scope> {
  if (roles.length === 0 && given.length === 0) return none;
  const key = [...roles, ...given].sort().join();
  let found = known.get(key);
  if (!found) {
    found = new Set([...roles.flatMap((role) => scopesOfRole[role]), ...given]);
    // As many as there are ways to give roles and scopes; a shop uses a handful.
    if (known.size > 1_000) known.clear();
    known.set(key, found);
  }
  return found;
}

/** Whether the viewer is signed in: a person with an account, not a guest and not an app. */
export const isSignedIn = ({ userId, principal }: Pick<Viewer, 'userId' | 'principal'>): boolean =>
  userId !== null || principal === 'system';
