import { buildSchema, parse, printSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { ContractError, taggedIn, withoutTag } from './contract.ts';

const TAG =
  'directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ARGUMENT_DEFINITION | SCALAR | ENUM | ENUM_VALUE | INPUT_OBJECT | INPUT_FIELD_DEFINITION\n';
const ADMIN = '@tag(name: "admin")';

/** The public part of a graph, without the tags' own directive. */
const open = (sdl: string): string => {
  const schema = withoutTag(parse(TAG + sdl), buildSchema(TAG + sdl));
  return printSchema(schema)
    .replace(/directive @tag[^\n]*\n*/, '')
    .replace(/\s+/g, ' ')
    .trim();
};
const reasons = (sdl: string): readonly string[] => {
  try {
    open(sdl);
    return [];
  } catch (error) {
    if (error instanceof ContractError) return error.reasons;
    throw error;
  }
};

describe('the graph without what is tagged', () => {
  it('has lost fields, arguments, input fields, enum values and types', () => {
    const sdl = `
      type Query { a(open: Int, shut: Int ${ADMIN}, filter: Filter): Kind b: Int ${ADMIN} c: Secret ${ADMIN} u: Either }
      enum Kind { ONE TWO ${ADMIN} }
      input Filter { x: Int y: Int ${ADMIN} }
      type Secret ${ADMIN} { id: ID }
      type Plain { id: ID }
      union Either = Plain | Secret`;
    expect(open(sdl)).toBe(
      'type Query { a(open: Int, filter: Filter): Kind u: Either } enum Kind { ONE } input Filter { x: Int } type Plain { id: ID } union Either = Plain',
    );
  });

  it('has lost what only that led to, inputs and enums too', () => {
    const sdl = `
      type Query { a: Int staff(input: In): Deep ${ADMIN} }
      type Deep { deeper: Deeper } type Deeper { kind: Kind at: Moment } enum Kind { ONE } input In { more: More } input More { x: Int } scalar Moment`;
    expect(open(sdl)).toBe('type Query { a: Int }');
  });

  it('shows no type of a public interface that only the tagged name, and every other one', () => {
    const sdl = `
      interface Node { id: ID! }
      type Query { node(id: ID!): Node product: Product staff: Warehouse ${ADMIN} }
      type Product implements Node { id: ID! }
      type Warehouse implements Node { id: ID! }
      type Channel implements Node { id: ID! }`;
    const shown = open(sdl);
    expect(shown).toContain('type Product implements Node');
    // Nothing names it but the interface.
    expect(shown).toContain('type Channel implements Node');
    expect(shown).not.toContain('Warehouse');
  });

  it('keeps deprecations and descriptions', () => {
    const sdl = `type Query { "What it is." a: Int @deprecated(reason: "Use b. Removal after 2027-01-01") b: Int }`;
    expect(open(sdl)).toBe(
      'type Query { """What it is.""" a: Int @deprecated(reason: "Use b. Removal after 2027-01-01") b: Int }',
    );
  });

  it('is the whole where nothing is tagged', () => {
    const sdl = 'type Query { a: Thing } type Thing { id: ID }';
    expect(open(sdl)).toBe('type Query { a: Thing } type Thing { id: ID }');
    expect([...taggedIn(parse(`type Query { a: Int @tag(name: "other") }`), 'admin')]).toEqual([]);
  });
});

describe('what is public and hangs on something that is not is told', () => {
  it.each([
    [
      'a field of a tagged type',
      `type Query { a: Secret } type Secret ${ADMIN} { id: ID }`,
      'Query.a is public, and of the type Secret, of which nothing is: tag the field, or take the tag from Secret.',
    ],
    [
      'a field of a type of which nothing is left',
      `type Query { a: Thing } type Thing { id: ID ${ADMIN} }`,
      'Query.a is public, and of the type Thing, of which nothing is: tag the field, or take the tag from Thing.',
    ],
    [
      'an argument of a tagged type',
      `type Query { a(b: In): Int } input In ${ADMIN} { id: ID }`,
      'The argument b of Query.a is public, and of the type In, of which nothing is: tag the argument, or take the tag from the type.',
    ],
    [
      'a required argument',
      `type Query { a(b: Int! ${ADMIN}): Int }`,
      'Query.a(b:) is tagged and required, so that nobody else could use Query.a: make it optional.',
    ],
    [
      'a required input field',
      `type Query { a(b: In): Int } input In { c: Int! ${ADMIN} d: Int }`,
      'In.c is tagged and required, so that nobody else could use In: make it optional.',
    ],
    [
      'a field that an interface promises',
      `interface Node { id: ID! x: Int } type Query { a: Thing } type Thing implements Node { id: ID! x: Int ${ADMIN} }`,
      'Thing.x is tagged, and the interface Node promises it to everybody: tag it there too.',
    ],
  ])('%s', (_, sdl, reason) => {
    expect(reasons(sdl)).toEqual([reason]);
  });

  it('all at once', () => {
    expect(reasons(`type Query { a: Secret b: Secret } type Secret ${ADMIN} { id: ID }`)).toHaveLength(2);
  });
});
