import type { Viewer } from '@souk/schema';
import { Field, ID, Mutation, ObjectType, Query, Resolver } from 'type-graphql';
import { describe, expect, it } from 'vitest';
import { systemViewer } from './auth.ts';
import { buildHouseSchema } from './graphql.ts';
import { authorize, SignedIn, Staff, Under } from './guards.ts';

@ObjectType({ description: 'A thing.' })
class GuardedThing {
  @Field(() => ID, { description: 'Its id.' })
  id!: string;
  @Staff('SUPPORT', 'FINANCE')
  @Field(() => String, { nullable: true, description: 'For staff.' })
  note!: string | null;
}

@Resolver()
class GuardedResolver {
  @SignedIn()
  @Query(() => GuardedThing, { nullable: true, description: 'Mine.' })
  mine() {
    return null;
  }
  @Under('person')
  @Staff('ADMIN')
  @Mutation(() => GuardedThing, { nullable: true, description: 'Changes it.' })
  change() {
    return null;
  }
}

const { sdl } = buildHouseSchema({ resolvers: [GuardedResolver], entities: {} });
const line = (name: string): string =>
  sdl
    .split('\n')
    .find((one) => one.trim().startsWith(`${name}:`))!
    .trim();

describe('a guard', () => {
  it('stands in the graph as the directive that says the same', () => {
    expect(line('mine')).toBe('mine: GuardedThing @authenticated');
    expect(line('note')).toBe(
      'note: String @tag(name: "admin") @requiresScopes(scopes: [["support:read"], ["finance:read"]])',
    );
    expect(line('change')).toContain('@policy(policies: [["person"]])');
    expect(line('change')).toContain('@requiresScopes(scopes: [["admin:write"]])');
  });

  const anonymous: Viewer = { ...systemViewer, principal: 'anonymous' };
  const code = (viewer: Viewer, roles: Parameters<typeof authorize>[1], type: string): unknown => {
    try {
      return authorize(viewer, roles, type);
    } catch (error) {
      return (error as { extensions: { code: string } }).extensions.code;
    }
  };
  const app = (...scopes: NonNullable<Viewer['scopes']>): Viewer => ({ ...anonymous, principal: 'app:1', scopes });

  it('lets staff change what is their work, and an app what its key says', () => {
    const support: Viewer = { ...anonymous, userId: 'u' as Viewer['userId'], principal: 'user:u', roles: ['SUPPORT'] };
    expect(code(support, ['SUPPORT'], 'Mutation')).toBe(true);
    expect(code(support, ['FINANCE'], 'Query')).toBe('FORBIDDEN');
    expect(code({ ...support, roles: ['ADMIN'] }, ['FINANCE'], 'Mutation')).toBe(true);
    expect(code(app('finance:read'), ['FINANCE'], 'Order')).toBe(true);
    expect(code(app('finance:read'), ['FINANCE'], 'Mutation')).toBe('FORBIDDEN');
    expect(code(app('finance:write'), ['FINANCE'], 'Query')).toBe('FORBIDDEN');
  });
  it('sends whoever has shown nothing to sign in', () => {
    expect(code(anonymous, [], 'Query')).toBe('UNAUTHENTICATED');
    expect(code(anonymous, ['SUPPORT'], 'Query')).toBe('UNAUTHENTICATED');
    expect(code({ ...anonymous, principal: 'guest:g', guestId: 'g' }, [], 'Query')).toBe('UNAUTHENTICATED');
    expect(code(app(), [], 'Query')).toBe('FORBIDDEN');
    expect(code(systemViewer, [], 'Query')).toBe(true);
  });
});
