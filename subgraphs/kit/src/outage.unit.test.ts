import { GraphQLError } from 'graphql';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createLog } from './log.ts';
import { maskError } from './mask.ts';
import { isOutage } from './outage.ts';
import { anonymous } from './testing.ts';

const withCode = (code: string, message = 'said by the server'): Error => Object.assign(new Error(message), { code });
const fromServer = (code: string): Error =>
  Object.assign(new pg.DatabaseError('could not extend file "base/5/1": No space left on device', 1, 'error'), {
    code,
  });

describe('an outage', () => {
  it.each(['53100', '53200', '53300', '57P01', '57P02', '57P03', '58030', '25006', '08006'])(
    'is what PostgreSQL calls %s',
    (code) => expect(isOutage(fromServer(code))).toBe(true),
  );

  it.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE'])('is a connection that ends with %s', (code) =>
    expect(isOutage(withCode(code))).toBe(true),
  );

  it.each(['ENOENT', 'EAGAIN'])('is a socket that refuses with %s, and no file that is missing', (code) => {
    expect(isOutage(Object.assign(withCode(code), { syscall: 'connect' }))).toBe(true);
    expect(isOutage(Object.assign(withCode(code), { syscall: 'open' }))).toBe(false);
  });

  it.each(['Connection terminated unexpectedly', 'timeout exceeded when trying to connect'])(
    'is what pg says without a code: %s',
    (message) => expect(isOutage(new Error(message))).toBe(true),
  );

  it.each(['23505', '23514', '40001', '42P01', '57014', '22P02'])('is not what PostgreSQL calls %s', (code) =>
    expect(isOutage(fromServer(code))).toBe(false),
  );

  it('is seen under an error that names it as its cause, and in nothing that is no error', () => {
    expect(isOutage(new Error('could not save', { cause: fromServer('53100') }))).toBe(true);
    expect(isOutage({ code: '53100' })).toBe(false);
    expect(isOutage(undefined)).toBe(false);
  });
});

describe('the client of a house whose disk is full', () => {
  it('is told when to come again, and nothing of what the server said', () => {
    const error = new GraphQLError('leak', { path: ['createOrder'], originalError: fromServer('53100') });
    expect(maskError(error, anonymous(), createLog('silent')).toJSON()).toEqual({
      message: 'This part of the shop cannot answer right now. Please try again in a moment.',
      path: ['createOrder'],
      extensions: { code: 'SUBGRAPH_UNAVAILABLE', retryAfterMs: 2000, requestId: 'test' },
    });
  });
});
