import { DEFAULT_CHANNEL, type Rejection, type Role, type SharedOperationId, type Viewer } from '@souk/schema';
import { describe, expect, it } from 'vitest';
import { change, create, mayChange, type SharedOperationDraft } from './shared-operation.ts';

const id = '01900000-0000-7000-8000-000000000001' as SharedOperationId;
const now = new Date('2026-01-01T00:00:00Z');
const later = new Date('2026-01-02T00:00:00Z');
const draft = { name: 'Today’s orders', body: 'query Orders { orders { nodes { id } } }' };
const made = { id, now, by: 'user:1' };
const shared = create(draft, made);

const refusal = (work: () => unknown): readonly [string, string | undefined] => {
  try {
    work();
  } catch (error) {
    const { code, field } = error as Rejection;
    return [code, field?.at(-1)];
  }
  throw new Error('nothing was refused');
};

describe('sharing an operation', () => {
  it('keeps what was given, trimmed, as its first version', () => {
    expect(create({ ...draft, name: '  Stock ', description: ' What is left. ', variables: ' ' }, made)).toEqual({
      id,
      name: 'Stock',
      description: 'What is left.',
      body: draft.body,
      variables: null,
      version: 1,
      createdAt: now,
      createdBy: 'user:1',
      updatedAt: now,
      updatedBy: 'user:1',
    });
  });

  it.each<[string, Partial<SharedOperationDraft>, string, string]>([
    ['without a name', { name: ' ' }, 'INVALID_NAME', 'name'],
    ['with a name of 101 characters', { name: 'x'.repeat(101) }, 'INVALID_NAME', 'name'],
    ['with a name of two lines', { name: 'one\ntwo' }, 'INVALID_NAME', 'name'],
    ['with a description of 501 characters', { description: 'x'.repeat(501) }, 'INVALID_DESCRIPTION', 'description'],
    ['that is no GraphQL', { body: 'orders {' }, 'INVALID_BODY', 'body'],
    ['with fragments alone', { body: 'fragment F on Order { id }' }, 'INVALID_BODY', 'body'],
    ['of more than 2,000 tokens', { body: `{ ${'a '.repeat(2_000)} }` }, 'INVALID_BODY', 'body'],
    ['of 20,001 bytes', { body: `{ a } #${'ü'.repeat(9_997)}` }, 'INVALID_BODY', 'body'],
    ['with variables that are a list', { variables: '[1]' }, 'INVALID_VARIABLES', 'variables'],
    ['with variables that are no JSON', { variables: '{ first: 1 }' }, 'INVALID_VARIABLES', 'variables'],
    [
      'with variables of 20,001 bytes',
      { variables: `{"a":"${'x'.repeat(19_993)}"}` },
      'INVALID_VARIABLES',
      'variables',
    ],
  ])('is refused %s', (_what, wrong, code, field) => {
    expect(refusal(() => create({ ...draft, ...wrong }, made))).toEqual([code, field]);
  });

  it('takes texts of exactly the longest length', () => {
    const body = `{ a } #${'x'.repeat(19_993)}`;
    const variables = `{"a":"${'x'.repeat(19_992)}"}`;
    expect(create({ name: 'x'.repeat(100), description: 'x'.repeat(500), body, variables }, made)).toMatchObject({
      body,
      variables,
    });
  });
});

describe('changing a shared operation', () => {
  it('says who did and when, and raises the version; what is left out stays', () => {
    expect(change(shared, { description: 'All of them.' }, { now: later, by: 'user:2' })).toEqual({
      ...shared,
      description: 'All of them.',
      version: 2,
      updatedAt: later,
      updatedBy: 'user:2',
    });
  });

  it('to what it is already changes nothing', () => {
    expect(change(shared, { name: shared.name, variables: null }, { now: later, by: 'user:2' })).toBe(shared);
  });

  it('is refused as sharing is', () => {
    expect(refusal(() => change(shared, { body: '' }, { now: later, by: 'user:1' }))).toEqual(['INVALID_BODY', 'body']);
  });

  it.each<[string, string, readonly Role[], boolean]>([
    ['who shared it', 'user:1', ['SUPPORT'], true],
    ['an administrator', 'user:2', ['ADMIN'], true],
    ['a colleague', 'user:2', ['SUPPORT', 'FINANCE'], false],
  ])('is for %s, or not', (_who, principal, roles, may) => {
    const viewer: Viewer = {
      principal,
      userId: null,
      guestId: null,
      sessionId: null,
      roles,
      channel: DEFAULT_CHANNEL,
      locale: 'en',
      requestId: 'r',
      clientAddress: null,
      trace: null,
    };
    expect(mayChange(shared, viewer)).toBe(may);
  });
});
