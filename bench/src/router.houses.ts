import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type DocumentNode, execute, type GraphQLSchema, parse } from 'graphql';

/** Synthetic subgraphs: small, in memory, and served to every router in the same way, by plain HTTP. */
interface House {
  readonly sdl: string;
  readonly resolvers: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const LINK = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@composeDirective"])
  @link(url: "https://specs.souk.example/cacheControl/v1.0", import: ["@cacheControl"])
  @composeDirective(name: "@cacheControl")
directive @cacheControl(maxAge: Int, scope: cacheControl__Scope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
enum cacheControl__Scope { PUBLIC PRIVATE }\n`;

const KEPT = '@cacheControl(maxAge: 300)';
const PEOPLE = 7;
export const PRODUCTS = 9;
const REVIEWS = 20;

const people = Array.from({ length: PEOPLE }, (_, n) => ({
  id: `person-${n}`,
  username: `shopper_${n}`,
  name: `Person with the number ${n}`,
}));
const products = Array.from({ length: PRODUCTS }, (_, n) => ({
  id: `product-${n}`,
  name: `Product ${n}, in blue and green`,
  description: `What there is to say of product ${n}. `.repeat(4),
  price: 1_000 + n * 250,
  weight: 100 + n * 30,
}));
const reviews = Array.from({ length: REVIEWS }, (_, n) => ({
  id: `review-${n}`,
  body: `A review, and not a short one, by somebody who has tried it: ${n}.`,
  author: `person-${n % PEOPLE}`,
  product: `product-${(n * 5) % PRODUCTS}`,
}));

interface Ref {
  readonly id: string;
}

const byId = <T extends Ref>(list: readonly T[], { id }: Ref): T | null => list.find((one) => one.id === id) ?? null;

export const houses: Readonly<Record<string, House>> = {
  people: {
    sdl: `type Query { people: [Person!]! person(id: ID!): Person ${KEPT} }
      type Person @key(fields: "id") { id: ID! username: String ${KEPT} name: String ${KEPT} }`,
    resolvers: {
      Query: { people: () => people, person: (_: unknown, ref: Ref) => byId(people, ref) },
      Person: { __resolveReference: (ref: Ref) => byId(people, ref) },
    },
  },
  products: {
    sdl: `type Query { topProducts(first: Int = 5): [Product!]! product(id: ID!): Product ${KEPT} }
      type Product @key(fields: "id") { id: ID! name: String ${KEPT} description: String ${KEPT} price: Int ${KEPT} weight: Int ${KEPT} }`,
    resolvers: {
      Query: {
        topProducts: (_: unknown, { first }: { first: number }) => products.slice(0, first),
        product: (_: unknown, ref: Ref) => byId(products, ref),
      },
      Product: { __resolveReference: (ref: Ref) => byId(products, ref) },
    },
  },
  reviews: {
    sdl: `type Review @key(fields: "id") { id: ID! body: String ${KEPT} author: Person ${KEPT} product: Product ${KEPT} }
      type Person @key(fields: "id") { id: ID! reviews: [Review!]! ${KEPT} }
      type Product @key(fields: "id") { id: ID! reviews: [Review!]! ${KEPT} }`,
    resolvers: {
      Review: {
        author: ({ author }: { author: string }) => ({ id: author }),
        product: ({ product }: { product: string }) => ({ id: product }),
      },
      Person: { reviews: ({ id }: Ref) => reviews.filter(({ author }) => author === id) },
      Product: { reviews: ({ id }: Ref) => reviews.filter(({ product }) => product === id) },
    },
  },
  stock: {
    sdl: `type Product @key(fields: "id") {
        id: ID! price: Int @external weight: Int @external
        inStock: Boolean shippingEstimate: Int @requires(fields: "price weight") }`,
    resolvers: {
      Product: {
        inStock: ({ id }: Ref) => id !== 'product-3',
        shippingEstimate: ({ price, weight }: { price: number; weight: number }) => (price > 2_000 ? 0 : weight * 3),
      },
    },
  },
};

export const sdlOf = (name: string): string => LINK + houses[name]!.sdl;

export interface ServedHouses {
  readonly urls: Readonly<Record<string, string>>;
  /** Calls since this was asked last. */
  calls(): number;
  close(): Promise<void>;
}

/** Answers that are remembered: what a subgraph costs is not what is measured. */
const MOST_ANSWERS = 20_000;

/** Each house on a port of its own. */
export async function serveHouses(): Promise<ServedHouses> {
  let calls = 0;
  const servers: Server[] = [];
  const urls: Record<string, string> = {};
  for (const name of Object.keys(houses)) {
    const schema = buildSubgraphSchema([{ typeDefs: parse(sdlOf(name)), resolvers: houses[name]!.resolvers as never }]);
    const answer = answering(schema);
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        if (request.method !== 'POST') return response.end('{"status":"ready"}');
        calls += 1;
        const text = await answer(Buffer.concat(chunks).toString('utf8'));
        response.setHeader('content-type', 'application/json');
        response.setHeader('content-length', Buffer.byteLength(text));
        return response.end(text);
      });
    });
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    urls[name] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  return {
    urls,
    calls() {
      const counted = calls;
      calls = 0;
      return counted;
    },
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function answering(schema: GraphQLSchema): (body: string) => Promise<string> {
  const documents = new Map<string, DocumentNode>();
  const answers = new Map<string, string>();
  return async (body) => {
    const known = answers.get(body);
    if (known !== undefined) return known;
    const { query, variables, operationName } = JSON.parse(body) as {
      query: string;
      variables?: Record<string, unknown>;
      operationName?: string;
    };
    const document = documents.get(query) ?? parse(query, { noLocation: true });
    documents.set(query, document);
    const result = await execute({
      schema,
      document,
      variableValues: variables,
      ...(operationName ? { operationName } : {}),
    });
    const text = JSON.stringify(result);
    for (const map of [documents, answers]) if (map.size > MOST_ANSWERS) map.clear();
    answers.set(body, text);
    return text;
  };
}
