import { buildSchema, execute, GraphQLError, parse, specifiedRules, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { toClientError, withoutValues } from './errors.ts';

const schema = buildSchema(`
  enum E { A } input I { n: Int! e: E s: String b: Boolean id: ID list: [Int!] deep: I }
  type Query { q(i: I, n: Int, s: String): Int }
`);
const SECRET = 'hunter2-secret';

const coerced = (i: unknown): string =>
  (
    execute({ schema, document: parse('query ($i: I) { q(i: $i) }'), variableValues: { i } }) as {
      errors: GraphQLError[];
    }
  ).errors[0]!.message;
const literal = (argument: string): string[] =>
  validate(schema, parse(`{ q(${argument}) }`), specifiedRules).map((error) => withoutValues(error.message));

describe('an error message', () => {
  it.each([
    [{ n: 1.5 }, 'The value of "$i.n" is not valid. It takes a whole number between -2147483648 and 2147483647.'],
    [{ n: 2 ** 31 }, 'The value of "$i.n" is not valid. It takes a whole number between -2147483648 and 2147483647.'],
    [{ n: SECRET }, 'The value of "$i.n" is not valid. It takes a whole number between -2147483648 and 2147483647.'],
    [{ n: 1, s: { SECRET } }, 'The value of "$i.s" is not valid. It takes text.'],
    [{ n: 1, e: SECRET }, 'The value of "$i.e" is not valid. It takes one of the values of its enum.'],
    [
      { n: 1, list: [1, SECRET] },
      'The value of "$i.list[1]" is not valid. It takes a whole number between -2147483648 and 2147483647.',
    ],
    [{ n: 1, deep: {} }, 'The value of "$i.deep" is not valid. Field "n" of required type "Int!" was not provided.'],
    [{ s: SECRET }, 'The value of "$i" is not valid. Field "n" of required type "Int!" was not provided.'],
    [{ n: 1, [SECRET]: 1 }, 'The value of "$i" is not valid. Look at its type.'],
    [SECRET, 'The value of "$i" is not valid. Look at its type.'],
  ])('tells the place of a wrong variable and never its value: %j', (value, expected) => {
    expect(withoutValues(coerced(value))).toBe(expected);
  });

  it('never repeats a literal', () => {
    for (const argument of [
      `n: "${SECRET}"`,
      `s: ${SECRET.replaceAll('-', '_')}`,
      `i: { n: 1, e: ${SECRET.replaceAll('-', '_')} }`,
      `i: "${SECRET}"`,
    ]) {
      for (const message of literal(argument)) expect(message).not.toMatch(/hunter2/);
      expect(literal(argument)).not.toEqual([]);
    }
  });
});

describe('an error as a client sees it', () => {
  const options = { requestId: 'r1', suggestions: false };
  it('has a code of the closed list', () => {
    const of = (code: string) =>
      toClientError(new GraphQLError('x', { extensions: { code } }), options).extensions?.code;
    expect(of('GRAPHQL_VALIDATION_FAILED')).toBe('BAD_USER_INPUT');
    expect(of('FORBIDDEN')).toBe('FORBIDDEN');
    expect(of('SOMETHING_ELSE')).toBe('INTERNAL');
  });
  it('says nothing of a fault', () => {
    const error = new GraphQLError('relation "secret" does not exist', {
      extensions: { stacktrace: ['at x'], query: SECRET },
    });
    expect(toClientError(error, options)).toEqual({
      message: 'Something went wrong on our side. Please try again.',
      extensions: { code: 'INTERNAL', requestId: 'r1' },
    });
    expect(toClientError(new Error('boom'), options).extensions).toEqual({ code: 'INTERNAL', requestId: 'r1' });
  });
  it('suggests names only to those who may introspect', () => {
    const error = new GraphQLError('Cannot query field "nam" on type "A". Did you mean "name"?', {
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
    expect(toClientError(error, options).message).toBe('Cannot query field "nam" on type "A".');
    expect(toClientError(error, { ...options, suggestions: true }).message).toBe(error.message);
  });
});

it.each(['__proto__', 'constructor', 'toString', 7, null, {}, 'GRAPHQL_NEW'])(
  'a code that nobody knows is INTERNAL: %j',
  (code) => {
    const error = new GraphQLError(SECRET, { extensions: { code } });
    const { message, extensions } = toClientError(error, { requestId: 'r', suggestions: true });
    expect([extensions?.code, message.includes(SECRET)]).toEqual(['INTERNAL', false]);
  },
);
