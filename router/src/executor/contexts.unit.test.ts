import { composeServices } from '@apollo/composition';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { compileOperations } from './operation.ts';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@context", "@fromContext"])\n`;

const compose = (...sdls: string[]): string => {
  const services = sdls.map((sdl, at) => ({ name: `s${at}`, url: '', typeDefs: parse(LINK + sdl) }));
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) throw new Error(errors!.map(({ message }) => message).join('\n'));
  return supergraphSdl;
};

const shop = `type Query { shop: Shop } type Shop @key(fields: "id") @context(name: "shop") { id: ID! currency: String shelf: Shelf }
  type Shelf @key(fields: "id")`;

describe('an argument by @fromContext', () => {
  it('is refused by name, with what to do instead', () => {
    const supergraph = compose(
      `${shop} { id: ID! price(in: String @fromContext(field: "$shop { currency }")): Int }`,
      'type Query { other: Int }',
    );
    expect(() => compileOperations(supergraph)).toThrow(
      'Shelf.price: an argument by @fromContext, which this router does not fill in. Take the value from a field by @requires.',
    );
  });
});

it('@defer and @stream are told as directives that there are not', () => {
  const schema = buildSchema('type Query { a: [Int] }');
  expect(validate(schema, parse('{ ... @defer { a } a @stream }')).map(({ message }) => message)).toEqual([
    'Unknown directive "@defer".',
    'Unknown directive "@stream".',
  ]);
});
