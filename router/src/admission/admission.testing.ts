import { systemViewer } from '@souk/kit';
import type { Viewer } from '@souk/schema';
import { buildSchema, type DocumentNode, type GraphQLSchema, getOperationAST, parse } from 'graphql';
import type { Asker, Prepared } from '../pipeline.ts';
import { type Costs, readCosts } from './costs.ts';
import { readLinks } from './links.ts';
import { type Rules, readRules } from './rules.ts';

const HEAD = `
  schema
    @link(url: "https://specs.apollo.dev/link/v1.0")
    @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
    @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@listSize"])
    @link(url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY)
    @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY)
    @link(url: "https://specs.apollo.dev/policy/v0.1", for: SECURITY)
  { query: Query mutation: Mutation subscription: Subscription }
`;

/** What a supergraph of these types asks of viewers, and what its fields cost. */
export interface Learned {
  readonly schema: GraphQLSchema;
  readonly rules: Rules;
  readonly costs: Costs;
}

export function learn(types: string): Learned {
  const linked = readLinks(`${HEAD}${types}`);
  const schema = buildSchema(types, { assumeValidSDL: true });
  return { schema, rules: readRules(linked), costs: readCosts(linked) };
}

/** An operation as the pipeline hands it to a stage; it was validated before. */
export function prepare(schema: GraphQLSchema, text: string, operationName: string | null = null): Prepared {
  const document: DocumentNode = parse(text);
  const operation = getOperationAST(document, operationName);
  if (!operation) throw new Error('name the operation');
  return { text, hash: text, registered: null, document, operation, operationName, schema };
}

const anonymous: Viewer = { ...systemViewer, principal: 'anonymous', requestId: 'test' };

/** Each kind of viewer there is. */
export const viewers = {
  anonymous,
  guest: { ...anonymous, principal: 'guest:1', guestId: '1' },
  customer: person('CUSTOMER'),
  support: person('CUSTOMER', 'SUPPORT'),
  merchandiser: person('CUSTOMER', 'MERCHANDISER'),
  warehouse: person('CUSTOMER', 'WAREHOUSE'),
  finance: person('CUSTOMER', 'FINANCE'),
  admin: person('CUSTOMER', 'ADMIN'),
  app: { ...anonymous, principal: 'app:1', scopes: ['merchandiser:read', 'finance:write'] },
} satisfies Record<string, Viewer>;

function person(...roles: Viewer['roles'][number][]): Viewer {
  return { ...anonymous, principal: 'user:1', userId: '1' as Viewer['userId'], sessionId: '1', roles };
}

export const askerOf = (viewer: Viewer, more: Partial<Asker> = {}): Asker => ({
  viewer,
  transport: 'POST',
  credentials: { clientAddress: viewer.clientAddress },
  ...more,
});
