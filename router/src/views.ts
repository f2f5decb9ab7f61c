import { type GraphQLSchema, parse, printSchema } from 'graphql';
import { buildSupergraph } from './admission/links.ts';
import { withoutTag } from './contract.ts';

/** The SDL of what clients may ask, as each kind of them is shown it. */
export interface Views {
  /** For everybody. */
  readonly public: string;
  /** For staff: all there is. */
  readonly admin: string;
}

/** What clients see of a supergraph. Throws a ContractError where the public part does not hold together. */
export function viewsOf(supergraphSdl: string): Views {
  const schema = buildSupergraph(supergraphSdl).apiSchema().toGraphQLJSSchema();
  const text = (view: GraphQLSchema): string => `${printSchema(view).trim()}\n`;
  return { public: text(withoutTag(parse(supergraphSdl), schema)), admin: text(schema) };
}
