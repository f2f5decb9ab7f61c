import { buildSchema, parse, specifiedRules, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { checkSubscriptionRoots, checkVariables, defaultLimits, rules } from './limits.ts';

const schema = buildSchema(`
  type Query { a: A list(ids: [ID!]): Int filter(by: By): Int }
  input By { and: [By!] not: By ids: [ID] }
  type A { a: A n: Int }
  type Mutation { m: Int }
  type Subscription { s: Int }
`);
const messages = (text: string, introspection = true): string[] =>
  validate(schema, parse(text), [...specifiedRules, ...rules(defaultLimits, introspection)]).map(
    (error) => error.message,
  );

const inner = (levels: number): string => `{ ${'a { '.repeat(levels - 1)}n${' }'.repeat(levels)}`;

describe('the limits of a document', () => {
  it('take 15 levels and refuse the 16th', () => {
    expect(messages(inner(15))).toEqual([]);
    expect(messages(inner(16))).toEqual(['The query is nested deeper than 15 levels.']);
  });
  it('count depth through fragments, on and on', () => {
    const fragments = Array.from(
      { length: 20 },
      (_, i) => `fragment F${i} on A { a { ${i === 19 ? 'n' : `...F${i + 1}`} } }`,
    );
    expect(messages(`{ a { ...F0 } } ${fragments.join(' ')}`)).toEqual(['The query is nested deeper than 15 levels.']);
  });
  it('refuse a cycle of fragments once, without following it', () => {
    expect(messages('{ a { ...F } } fragment F on A { a { ...F } }')).toContain(
      'Cannot spread fragment "F" within itself.',
    );
  });
  it('refuse a fragment bomb at the cost of its text', () => {
    const bomb = Array.from(
      { length: 30 },
      (_, i) => `fragment F${i} on A { ${i === 29 ? 'n' : `...F${i + 1} ...F${i + 1}`} }`,
    );
    expect(messages(`{ a { ...F0 } } ${bomb.join(' ')}`)).toContain('The query selects more than 10000 fields.');
  });
  it('refuse a field that is selected again and again before anything compares them', () => {
    const again = (times: number): string => `{ ${'a { n } '.repeat(times)} }`;
    expect(messages(again(200))).toEqual([]);
    expect(() => messages(again(201))).toThrow('The query selects one field more than 200 times in one place.');
  });
  it('refuse values that are nested deeper than 32 levels', () => {
    const nested = (depth: number): string[] => messages(`{ list(ids: ${'['.repeat(depth)}${']'.repeat(depth)}) }`);
    const refused = 'A value in the query is nested deeper than 32 levels.';
    expect(nested(32)).not.toContain(refused);
    expect(nested(33)).toContain(refused);
    expect(messages(`{ list(ids: ${'{ a: '.repeat(33)}1${' }'.repeat(33)}) }`)).toContain(refused);
  });
  it('refuse more than 8 lists within each other, as those of variables are not planned with', () => {
    const refused = 'A value in the query has more than 8 lists within each other. Send it in variables.';
    const written = (depth: number, [open, close]: [string, string]): string[] =>
      messages(`{ filter(by: ${open.repeat(depth)}{ ids: [] }${close.repeat(depth)}) }`);
    const lists: [string, string] = ['{ and: [', '] }'];
    expect(written(7, lists)).toEqual([]);
    expect(written(8, lists)).toEqual([refused]);
    expect(written(12, lists)).toEqual([refused]);
    // A single value stands for a list where one is meant, and for itself elsewhere.
    expect(written(7, ['{ and: ', ' }'])).toEqual([]);
    expect(written(8, ['{ and: ', ' }'])).toEqual([refused]);
    expect(written(12, ['{ not: ', ' }'])).toEqual([]);
    const side = `{ and: [${`${'{ and: ['.repeat(6)}{}${'] }'.repeat(6)} `.repeat(3)}] }`;
    expect(messages(`{ filter(by: ${side}) }`)).toEqual([]);
  });
  it('refuse the one letter that no table holds, written or in variables', () => {
    const refused = 'A text may not hold the character U+0000.';
    expect(messages('{ list(ids: ["a\\u0000b"]) }')).toEqual([refused]);
    for (const variables of [{ a: 'x\0' }, { a: [{ b: '\0' }] }, { a: { 'k\0': 1 } }]) {
      expect(() => checkVariables(variables, defaultLimits)).toThrow(refused);
    }
    expect(() => checkVariables({ a: 'x\u0001', b: '0' }, defaultLimits)).not.toThrow();
  });
  it('count mutations through fragments', () => {
    const six = Array.from({ length: 6 }, (_, i) => `m${i}: m`).join(' ');
    const refused = ['One request may hold 5 mutations at most.'];
    expect(messages(`mutation { ${six} }`)).toEqual(refused);
    expect(messages(`mutation { ...F } fragment F on Mutation { ${six} }`)).toEqual(refused);
    expect(messages(`mutation { ... { ${six} } }`)).toEqual(refused);
    expect(messages(`mutation { ...F ...F } fragment F on Mutation { m n: m o: m }`)).toEqual(refused);
    expect(messages(`mutation { ...F ...F } fragment F on Mutation { m n: m }`)).toEqual([]);
  });
  it('take 30 aliases and refuse 31', () => {
    const aliases = (n: number) => `{ ${Array.from({ length: n }, (_, i) => `x${i}: a { n }`).join(' ')} }`;
    expect(messages(aliases(30))).toEqual([]);
    expect(messages(aliases(31))).toEqual(['The query has more than 30 aliases.']);
  });
  it('take 5 root mutations and refuse 6', () => {
    const mutations = (n: number) => `mutation { ${Array.from({ length: n }, (_, i) => `x${i}: m`).join(' ')} }`;
    expect(messages(mutations(5))).toEqual([]);
    expect(messages(mutations(6))).toEqual(['One request may hold 5 mutations at most.']);
  });
  it('count lists in the document', () => {
    const list = (n: number) => `{ list(ids: [${Array(n).fill('"x"').join(',')}]) }`;
    expect(messages(list(100))).toEqual([]);
    expect(messages(list(101))).toEqual(['A list in the input may hold 100 items at most.']);
  });
  it('take no condition on the root field of a subscription', () => {
    expect(() => checkSubscriptionRoots(parse('subscription { s }'))).not.toThrow();
    expect(() => checkSubscriptionRoots(parse('subscription ($x: Boolean!) { s @include(if: $x) }'))).toThrow(
      'The root field of a subscription takes no @skip and no @include.',
    );
  });
  it('close introspection where it is off', () => {
    expect(messages('{ __schema { types { name } } }')).toEqual([]);
    expect(messages('{ __schema { types { name } } }', false)).toHaveLength(2);
  });
  it('stop the parser at 2000 tokens', () => {
    expect(() => parse(`{ ${'n '.repeat(2_001)} }`, { maxTokens: defaultLimits.tokens })).toThrow(
      'Document contains more that 2000 tokens',
    );
  });
});

describe('the limits of variables', () => {
  it('count lists at any depth', () => {
    expect(() => checkVariables({ input: { ids: Array(100).fill(1) } }, defaultLimits)).not.toThrow();
    expect(() => checkVariables({ input: { ids: [{ more: Array(101).fill(1) }] } }, defaultLimits)).toThrow(
      'A list in the input may hold 100 items at most.',
    );
  });
});
