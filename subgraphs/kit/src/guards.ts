import { type Access, isSignedIn, type Role, scopesFor, scopesOf, type Viewer } from '@souk/schema';
import {
  type ConstDirectiveNode,
  type GraphQLError,
  type GraphQLField,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import { Authorized, Directive, Extensions, UseMiddleware } from 'type-graphql';
import { forbidden, unauthenticated } from './errors.ts';
import type { HouseContext } from './house.ts';
import { directive, withDirectives } from './sdl.ts';

type Guard = PropertyDecorator & MethodDecorator;

/** One guard, twice: where the resolver runs, and for the directive that tells the router of it. */
const guarded =
  (roles: readonly Role[]): Guard =>
  (target: object, key: string | symbol, descriptor?: PropertyDescriptor) => {
    Authorized<Role>([...roles])(target, key, descriptor as never);
    Extensions({ guard: roles })(target, key, descriptor as never);
  };

/**
 * For a root field or a field that staff alone may see: role guard, @requiresScopes and the tag of the admin schema. ADMIN
 * always may; an app may whose key has the scope.
 */
export function Staff(...roles: [Role, ...Role[]]): Guard {
  return (target: object, key: string | symbol, descriptor?: PropertyDescriptor) => {
    guarded(roles)(target, key, descriptor as never);
    Directive('@tag(name: "admin")')(target, key, descriptor as never);
  };
}

/** For a root field that needs a signed-in user of any role: @authenticated. */
export const SignedIn = (): Guard => guarded([]);

/** What can be asked of a viewer beside roles, by the name that @policy has for it. */
export const policies = {
  /** Never an app, whatever its key may do: such as handing out rights. */
  person: isSignedIn,
} satisfies Record<string, (viewer: Viewer) => boolean>;

export type Policy = keyof typeof policies;

/** For a root field that asks more than a role: @policy. */
export function Under(policy: Policy): Guard {
  return (target: object, key: string | symbol, descriptor?: PropertyDescriptor) => {
    UseMiddleware(({ context }, next) => {
      const { viewer } = context as HouseContext;
      if (!policies[policy](viewer)) throw refusalOf(viewer);
      return next();
    })(target, key, descriptor as never);
    Directive(`@policy(policies: [["${policy}"]])`)(target, key, descriptor as never);
  };
}

/** Whoever has shown nothing may still sign in; everybody else is told no. */
export const refusalOf = (viewer: Viewer): GraphQLError =>
  isSignedIn(viewer) || viewer.scopes ? forbidden() : unauthenticated();

const accessOf = (type: string): Access => (type === 'Mutation' ? 'write' : 'read');

/** The guard as a resolver runs it: without roles, whoever is signed in. Throws UNAUTHENTICATED or FORBIDDEN. */
export function authorize(viewer: Viewer, roles: readonly Role[], type: string): boolean {
  if (viewer.principal === 'system' && roles.length === 0) return true;
  const mine = scopesOf(viewer);
  const may =
    roles.length === 0 ? isSignedIn(viewer) : scopesFor(roles, accessOf(type)).some((scope) => mine.has(scope));
  if (!may) throw refusalOf(viewer);
  return true;
}

/** Writes each guard of a schema into it as the directive that says the same. */
export function declareGuards(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const node = directiveOf(field, type.name);
      if (node) withDirectives(field, node);
    }
  }
}

function directiveOf(field: GraphQLField<unknown, unknown>, type: string): ConstDirectiveNode | null {
  const roles = field.extensions.guard as readonly Role[] | undefined;
  if (!roles) return null;
  if (roles.length === 0) return directive('authenticated');
  return directive('requiresScopes', { scopes: scopesFor(roles, accessOf(type)).map((scope) => [scope]) });
}
