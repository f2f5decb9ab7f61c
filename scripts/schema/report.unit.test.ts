import { buildSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { changesBetween } from './changes.ts';
import { coordinatesOf } from './coordinates.ts';
import type { Persisted } from './operations.ts';
import { compareSchemas, describeReport, type Report } from './report.ts';

const base = `
  type Query { product(id: ID!, locale: String = "en"): Product find(filter: Filter): [Product!]! node(id: ID!): Node }
  type Mutation { rename(input: RenameInput!): Product }
  interface Node { id: ID! }
  type Product implements Node {
    id: ID!
    name: String!
    old: String @deprecated(reason: "Use name. Removal after 2026-06-30")
    vague: String @deprecated(reason: "It is old.")
    status: Status
    price(currency: String): Int
  }
  enum Status { OPEN SHUT GONE @deprecated(reason: "Use SHUT. Removal after 2027-01-01") }
  input Filter { status: Status text: String = "" }
  input RenameInput { id: ID! name: String! }
`;
const TODAY = '2026-11-23';

const operation = (body: string, name = 'Shown'): Persisted => ({ client: 'web', id: 'abcdef0123456789', name, body });

function report(change: (sdl: string) => string, operations: readonly Persisted[] = []): Report {
  const [before, after] = [buildSchema(base), buildSchema(change(base))];
  return compareSchemas({ public: before, admin: before }, { public: after, admin: after }, operations, TODAY);
}

const swap = (from: string, to: string) => (sdl: string) => {
  expect(sdl).toContain(from);
  return sdl.replace(from, to);
};

/** Of what is wrong with the base itself: a deprecation without a form. */
const told = ({ changes }: Report): string[] =>
  changes
    .filter(({ coordinate }) => coordinate !== 'Product.vague')
    .map(({ severity, coordinate }) => `${severity} ${coordinate}`);

describe('a change of the schema', () => {
  it.each([
    ['a field goes', swap('name: String!\n', ''), ['breaking Product.name']],
    [
      'a field goes whose time has come',
      swap('old: String @deprecated(reason: "Use name. Removal after 2026-06-30")', ''),
      ['dangerous Product.old'],
    ],
    [
      'a value goes before its time',
      swap('GONE @deprecated(reason: "Use SHUT. Removal after 2027-01-01")', ''),
      ['breaking Status.GONE'],
    ],
    ['a field may be null', swap('name: String!\n', 'name: String\n'), ['breaking Product.name']],
    [
      'an argument is demanded',
      swap('price(currency: String)', 'price(currency: String!)'),
      ['breaking Product.price(currency:)'],
    ],
    [
      'a new argument is demanded',
      swap('price(currency: String)', 'price(currency: String, day: Int!)'),
      ['breaking Product.price', 'safe Product.price(day:)'],
    ],
    ['an argument goes', swap('price(currency: String)', 'price'), ['breaking Product.price(currency:)']],
    [
      'an input field is demanded',
      swap('{ id: ID! name: String! }', '{ id: ID! name: String! why: String! }'),
      ['breaking RenameInput', 'safe RenameInput.why'],
    ],
    [
      'an input field goes',
      swap('{ status: Status text: String = "" }', '{ status: Status }'),
      ['breaking Filter.text'],
    ],
    ['an interface goes', swap('Product implements Node', 'Product'), ['breaking Product']],
    ['a value comes', swap('OPEN SHUT', 'OPEN SHUT AJAR'), ['dangerous Status.AJAR']],
    ['a default of an argument changes', swap('"en"', '"de"'), ['dangerous Query.product(locale:)']],
    ['a default of an input field changes', swap('text: String = ""', 'text: String = "*"'), ['dangerous Filter.text']],
    [
      'an optional input field comes',
      swap('{ status: Status text', '{ status: Status tag: String text'),
      ['dangerous Filter.tag'],
    ],
    ['a field comes', swap('name: String!\n', 'name: String! slug: String\n'), ['safe Product.slug']],
    ['a type comes', (sdl: string) => `${sdl} type Extra { a: Int b: Int }`, ['safe Extra']],
    [
      'a field is deprecated',
      swap('status: Status\n', 'status: Status @deprecated(reason: "Use state. Removal after 2027-05-01")\n'),
      ['safe Product.status'],
    ],
    [
      'a field is no longer deprecated',
      swap(' @deprecated(reason: "Use name. Removal after 2026-06-30")', ''),
      ['safe Product.old'],
    ],
  ])('%s', (_, change, expected) => {
    expect(told(report(change))).toEqual(expected);
  });

  it('takes a type that only what expired led to', () => {
    const before = buildSchema(
      'type Query { a: Int b: Old @deprecated(reason: "Use a. Removal after 2026-01-01") } type Old { c: Older } type Older { d: Int }',
    );
    const after = buildSchema('type Query { a: Int }');
    expect(changesBetween(before, after, TODAY).map(({ severity, coordinate }) => `${severity} ${coordinate}`)).toEqual(
      ['dangerous Old', 'dangerous Older', 'dangerous Query.b'],
    );
    expect(changesBetween(before, after, '2025-12-31').map(({ severity }) => severity)).toContain('breaking');
  });

  it('is told why it breaks', () => {
    const messages = (change: (sdl: string) => string) => report(change).changes.map(({ message }) => message);
    expect(messages(swap('name: String!\n', ''))).toContain(
      'Product.name was removed. Nothing goes before it was deprecated: "Use X. Removal after YYYY-MM-DD".',
    );
    expect(messages(swap('vague: String @deprecated(reason: "It is old.")', ''))).toContain(
      'Product.vague was removed. Its deprecation named no date: "Use X. Removal after YYYY-MM-DD".',
    );
    expect(messages(swap('GONE @deprecated(reason: "Use SHUT. Removal after 2027-01-01")', ''))).toContain(
      'GONE was removed from enum type Status. It was promised until 2027-01-01.',
    );
  });

  it('fails over a deprecation that names no date', () => {
    const same = report((sdl) => sdl);
    expect(same.passes).toBe(false);
    expect(same.changes).toEqual([
      {
        severity: 'breaking',
        coordinate: 'Product.vague',
        message:
          'Product.vague is deprecated without saying what to use and until when: give the reason "Use X. Removal after YYYY-MM-DD".',
      },
    ]);
  });

  it('breaks the public alone where it leaves the public schema', () => {
    const all = buildSchema('type Query { a: Int b: Int }');
    const some = buildSchema('type Query { a: Int }');
    const { changes, passes } = compareSchemas({ public: all, admin: all }, { public: some, admin: all }, [], TODAY);
    expect(passes).toBe(false);
    expect(changes).toEqual([
      {
        severity: 'breaking',
        coordinate: 'Query.b',
        message:
          'For all but staff: Query.b was removed. Nothing goes before it was deprecated: "Use X. Removal after YYYY-MM-DD".',
      },
    ]);
  });
});

describe('a persisted operation', () => {
  const broken = (change: (sdl: string) => string, body: string) =>
    report(change, [operation(body), operation('query Other { node(id: "1") { id } }', 'Other')]).breakages.map(
      ({ operation: { client, name }, position: { line, column }, message }) => [
        client,
        name,
        `${line}:${column}`,
        message,
      ],
    );

  it('is named where a field it asks for goes, with the place', () => {
    expect(broken(swap('name: String!\n', ''), 'query Shown {\n  product(id: "1") {\n    name\n  }\n}')).toEqual([
      ['web', 'Shown', '3:5', 'Cannot query field "name" on type "Product".'],
    ]);
  });

  it('is named where what it asks for may be null now, though it is still valid', () => {
    expect(broken(swap('name: String!\n', 'name: String\n'), 'query Shown {\n  product(id: "1") { name }\n}')).toEqual([
      ['web', 'Shown', '2:22', 'Product.name changed type from String! to String.'],
    ]);
  });

  it('is named where its variables carry what changes', () => {
    expect(
      broken(
        swap('{ id: ID! name: String! }', '{ id: ID! name: String! why: String! }'),
        'mutation Shown($input: RenameInput!) { rename(input: $input) { id } }',
      ),
    ).toEqual([['web', 'Shown', '1:16', 'A required field why on input type RenameInput was added.']]);
  });

  it('is named where an enum value it writes or reads goes', () => {
    const gone = swap('GONE @deprecated(reason: "Use SHUT. Removal after 2027-01-01")', '');
    expect(broken(gone, '{ find(filter: { status: GONE }) { id } }')[0]![2]).toBe('1:26');
    expect(broken(gone, '{ find { id status } }')).toEqual([
      ['web', 'Shown', '1:13', 'GONE was removed from enum type Status. It was promised until 2027-01-01.'],
    ]);
  });

  it('is not named where nothing it asks for changes', () => {
    expect(broken(swap('name: String!\n', ''), '{ product(id: "1") { id } }')).toEqual([]);
  });

  it('breaks by what expired as well, and that fails', () => {
    const gone = swap('old: String @deprecated(reason: "Use name. Removal after 2026-06-30")', '');
    const { passes, breakages } = report(gone, [operation('{ product(id: "1") { old } }')]);
    expect({ passes, count: breakages.length }).toEqual({ passes: false, count: 1 });
  });

  it('that no longer parses is named', () => {
    expect(broken((sdl) => sdl, '{ product(')).toEqual([
      ['web', 'Shown', '1:11', 'Syntax Error: Expected Name, found <EOF>.'],
    ]);
  });
});

it('the report names everything in whole lines', () => {
  const text = describeReport(
    report(swap('name: String!\n', 'slug: String\n'), [operation('query Shown {\n  product(id: "1") { name }\n}')]),
  );
  expect(text).toContain('Breaking: clients that were promised this stop working (2)\n  Product.name was removed.');
  expect(text).toContain('Safe (1)\n  Product.slug was added.');
  expect(text).toContain(
    'Persisted operations that would break (1)\n  Shown of web (abcdef012345), at line 2, column 22: Cannot query field "name" on type "Product".',
  );
  expect(text.split('\n').at(-1)).toMatch(/^This would break clients\./);
});

it('an operation touches what it names, in fragments and variables too', () => {
  const body = `query ($f: Filter) { find(filter: $f) { ...P } node(id: "1") { ... on Product { price(currency: "EUR") } } }
    fragment P on Product { status }`;
  expect([...coordinatesOf(parse(body), buildSchema(base)).keys()].sort()).toEqual(
    [
      'Filter',
      'Filter.status',
      'Filter.text',
      'Int',
      'Node',
      'Product',
      'Product.price',
      'Product.price(currency:)',
      'Product.status',
      'Query',
      'Query.find',
      'Query.find(filter:)',
      'Query.node',
      'Query.node(id:)',
      'Status',
      'Status.GONE',
      'Status.OPEN',
      'Status.SHUT',
      'String',
    ].sort(),
  );
});
