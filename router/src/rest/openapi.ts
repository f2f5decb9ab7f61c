import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { BASE } from './answer.ts';
import { problemKinds } from './problems.ts';
import { type QueryParam, type Route, routes } from './routes.ts';

/** An operation of the manifest that the routes run. */
export interface Operation {
  readonly id: string;
  readonly name: string;
  readonly body: string;
  readonly maxAge: number | null;
}

type Json = Readonly<Record<string, unknown>>;

const scalars: Readonly<Record<string, Json>> = {
  ID: { type: 'string' },
  String: { type: 'string' },
  Int: { type: 'integer' },
  Boolean: { type: 'boolean' },
  Decimal: { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$', description: 'A decimal number as text, such as "12.50".' },
  BigInt: { type: 'integer', format: 'int64' },
  CurrencyCode: { type: 'string', pattern: '^[A-Z]{3}$', description: 'ISO 4217.' },
  DateTime: { type: 'string', format: 'date-time' },
  JSON: {},
};

/** The OpenAPI 3.1 document of the routes: their answers follow from the operations, their bodies from the input types. */
export function openApiOf(schema: GraphQLSchema, operations: readonly Operation[], publicUrl: string): Json {
  const documents = new Map(operations.map(({ name, body }) => [name, parse(body, { noLocation: true })]));
  const components = new Map<string, Json>();
  const describe = describer(schema, components);
  components.set('ProblemDetails', problemDetails);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path]![route.method.toLowerCase()] = operationOf(route, documents.get(route.operation)!, describe);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Souk',
      version: '1',
      description:
        'The shop over REST. Every route runs one operation of the graph, under the same limits and rights; the graph itself is at /graphql. Ids may also be given as bare UUIDs. Money is text and minor units, never a float.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: `${publicUrl}${BASE}` }],
    tags: [
      { name: 'Products', description: 'What the shop sells.' },
      { name: 'Cart', description: 'What a shopper means to buy. Each guest, account and app has one.' },
      { name: 'Orders', description: 'What was bought, and what becomes of it.' },
    ],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The access token of a user or a guest.' },
        apiKey: { type: 'apiKey', in: 'header', name: 'souk-api-key', description: 'The key of an app.' },
      },
      schemas: Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

const problemDetails: Json = {
  type: 'object',
  description: 'What went wrong (RFC 9457).',
  'x-kinds': Object.entries(problemKinds).map(([code, kind]) => ({ code, ...kind })),
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'A whole sentence for the person.' },
    code: { type: 'string', enum: Object.keys(problemKinds) },
    requestId: { type: 'string', description: 'Name it when you ask for help.' },
    retryAfterMs: { type: 'integer', description: 'When a repeat may do better.' },
    errors: {
      type: 'array',
      description: 'What to correct, for 409 and 422.',
      items: {
        type: 'object',
        required: ['code', 'message', 'pointer'],
        properties: {
          code: { type: 'string' },
          message: { type: 'string' },
          pointer: { type: ['string', 'null'], description: 'JSON pointer into the body.' },
        },
      },
    },
  },
};

interface Describer {
  output(type: GraphQLOutputType, selection: SelectionSetNode | undefined, document: DocumentNode): Json;
  input(type: GraphQLInputType): Json;
  body(name: string, without: readonly string[]): Json & { properties: Record<string, unknown>; required: string[] };
  root(document: DocumentNode): { type: GraphQLOutputType; node: FieldNode };
}

const nullable = (schema: Json): Json =>
  typeof schema.type === 'string' && !('enum' in schema)
    ? { ...schema, type: [schema.type, 'null'] }
    : { anyOf: [schema, { type: 'null' }] };

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

function describer(schema: GraphQLSchema, components: Map<string, Json>): Describer {
  const enumOf = (type: GraphQLNamedType): Json => {
    if (!isEnumType(type)) return scalars[type.name] ?? { type: 'string' };
    if (!components.has(type.name)) {
      components.set(type.name, {
        type: 'string',
        ...(type.description ? { description: type.description } : {}),
        enum: type.getValues().map(({ name }) => name),
      });
    }
    return ref(type.name);
  };

  function fieldsOf(selection: SelectionSetNode, document: DocumentNode): FieldNode[] {
    return selection.selections.flatMap((node) => {
      if (node.kind === Kind.FIELD) return [node];
      const inner = node.kind === Kind.INLINE_FRAGMENT ? node : fragmentOf(document, node.name.value);
      return fieldsOf(inner.selectionSet, document);
    });
  }

  function objectOf(type: GraphQLObjectType, selection: SelectionSetNode, document: DocumentNode): Json {
    const fields = fieldsOf(selection, document);
    return {
      type: 'object',
      required: [...new Set(fields.map((node) => (node.alias ?? node.name).value))],
      properties: Object.fromEntries(
        fields.map((node) => {
          const field = type.getFields()[node.name.value]!;
          const shown = output(field.type, node.selectionSet, document);
          const described =
            field.description && !('$ref' in shown) ? { ...shown, description: field.description } : shown;
          return [(node.alias ?? node.name).value, described];
        }),
      ),
    };
  }

  function output(type: GraphQLOutputType, selection: SelectionSetNode | undefined, document: DocumentNode): Json {
    if (!isNonNullType(type)) return nullable(outputNonNull(type, selection, document));
    return outputNonNull(type.ofType, selection, document);
  }

  function outputNonNull(
    type: GraphQLOutputType,
    selection: SelectionSetNode | undefined,
    document: DocumentNode,
  ): Json {
    if (isListType(type)) return { type: 'array', items: output(type.ofType, selection, document) };
    const named = getNamedType(type);
    if (!selection || !isObjectType(named)) return enumOf(named);
    const [only, ...more] = selection.selections;
    if (only?.kind !== Kind.FRAGMENT_SPREAD || more.length > 0) return objectOf(named, selection, document);
    const { value: name } = only.name;
    // Known before it is described: it may lead to itself.
    if (!components.has(name)) {
      components.set(name, {});
      components.set(name, {
        ...(named.description ? { description: named.description } : {}),
        ...objectOf(named, fragmentOf(document, name).selectionSet, document),
      });
    }
    return ref(name);
  }

  function inputObject(type: GraphQLInputObjectType, without: readonly string[] = []) {
    const fields = Object.values(type.getFields()).filter(({ name }) => !without.includes(name));
    return {
      type: 'object',
      additionalProperties: false,
      ...(type.description ? { description: type.description } : {}),
      required: fields
        .filter(({ type: of, defaultValue }) => isNonNullType(of) && defaultValue === undefined)
        .map(({ name }) => name),
      properties: Object.fromEntries(
        fields.map(({ name, type: of, description, defaultValue }) => {
          const shown = input(of);
          return [
            name,
            {
              ...shown,
              ...(description ? { description } : {}),
              ...(defaultValue === undefined ? {} : { default: defaultValue }),
            },
          ];
        }),
      ) as Record<string, unknown>,
    };
  }

  function input(type: GraphQLInputType): Json {
    return isNonNullType(type) ? inputNonNull(type.ofType) : nullable(inputNonNull(type));
  }

  function inputNonNull(type: GraphQLInputType): Json {
    if (isListType(type)) return { type: 'array', items: input(type.ofType) };
    const named = getNamedType(type);
    if (!isInputObjectType(named)) return enumOf(named);
    if (!components.has(named.name)) {
      components.set(named.name, {});
      components.set(named.name, inputObject(named));
    }
    return ref(named.name);
  }

  return {
    output,
    input,
    body: (name, without) => inputObject(schema.getType(name) as GraphQLInputObjectType, without),
    root(document) {
      const operation = document.definitions.find(
        (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
      )!;
      const node = operation.selectionSet.selections[0] as FieldNode;
      return { node, type: schema.getRootType(operation.operation)!.getFields()[node.name.value]!.type };
    },
  };
}

const fragmentOf = (document: DocumentNode, name: string): FragmentDefinitionNode =>
  document.definitions.find(
    (node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === name,
  )!;

const problem = (description: string): Json => ({
  description,
  content: { 'application/problem+json': { schema: ref('ProblemDetails') } },
});

function operationOf(route: Route, document: DocumentNode, describe: Describer): Json {
  const { method, tag, summary, operation, own, operations, open = false, status = 200, idempotent = false } = route;
  const runs = operations ? Object.values(operations) : [operation, ...(own ? [own.operation] : [])];
  return {
    operationId: operationId(route),
    tags: [tag],
    summary,
    description: `Runs ${runs.map((name) => `\`${name}\``).join(' or ')}.`,
    security: [...(open ? [{}] : []), { bearer: [] }, { apiKey: [] }],
    parameters: parametersOf(route),
    ...(route.body ? { requestBody: bodyOf(route, describe) } : {}),
    responses: {
      [status]: {
        description: status === 201 ? 'It was made.' : 'As it is now.',
        ...(status === 201 ? { headers: { location: header('Where it is.') } } : {}),
        ...(route.shows === 'page' ? { headers: { link: header('The next and the previous page (RFC 8288).') } } : {}),
        ...(method === 'GET' && route.shows !== 'page' ? { headers: { etag: header('Of these very bytes.') } } : {}),
        content: { 'application/json': { schema: shownBy(route, document, describe) } },
      },
      ...(method === 'GET' ? { 304: { description: 'It is as If-None-Match says.' } } : {}),
      400: problem('The request cannot be understood.'),
      401: problem('The token or the key is not good.'),
      403: problem('This is not allowed.'),
      ...(route.missing ? { 404: problem(route.missing) } : {}),
      ...(route.body
        ? { 409: problem('Something else came first.'), 422: problem('Something has to be corrected.') }
        : {}),
      429: problem(idempotent ? 'Too many requests. Repeat it with the same key.' : 'Too many requests.'),
      503: problem('A part of the shop is away.'),
    },
  };
}

const header = (description: string): Json => ({ description, schema: { type: 'string' } });

const verbs = { GET: 'get', POST: 'create', PUT: 'update', DELETE: 'delete' } as const;

const operationId = ({ method, path }: Route): string =>
  verbs[method] +
  path
    .split('/')
    .filter(Boolean)
    .map((part) => (part.startsWith(':') ? 'ById' : part[0]!.toUpperCase() + part.slice(1)))
    .join('');

function parametersOf(route: Route): Json[] {
  const path = route.id
    ? [
        {
          name: 'id',
          in: 'path',
          required: true,
          description: 'Its id, or the bare UUID behind it.',
          schema: { type: 'string' },
        },
      ]
    : [];
  const query = Object.entries(route.query ?? {}).map(([name, param]) => ({
    name,
    in: 'query',
    description: param.description,
    schema: schemaOf(param),
  }));
  const key = route.idempotent
    ? [
        {
          name: 'Idempotency-Key',
          in: 'header',
          required: true,
          description: 'Fresh for every wish, the same for every try of it: it is done once.',
          schema: { type: 'string', minLength: 8, maxLength: 200 },
        },
      ]
    : [];
  return [...path, ...query, ...key];
}

function schemaOf({ type, values }: QueryParam): Json {
  const of = values ? { enum: type === 'sort' ? values.flatMap((value) => [value, `-${value}`]) : values } : {};
  switch (type) {
    case 'integer':
      return { type: 'integer' };
    case 'boolean':
      return { type: 'boolean' };
    case 'texts':
      return { type: 'array', items: { type: 'string', ...of } };
    default:
      return { type: 'string', ...of };
  }
}

function bodyOf({ body, operations }: Route, describe: Describer): Json {
  const { type, without, choice } = body!;
  const shape = describe.body(type, without);
  const reasons = operations?.CANCELLED
    ? { reason: { type: ['string', 'null'], description: 'Why it is cancelled.' } }
    : {};
  const whole = choice
    ? {
        ...shape,
        required: [choice.field, ...shape.required],
        properties: {
          [choice.field]: { type: 'string', enum: Object.keys(operations!), description: choice.description },
          ...shape.properties,
          ...reasons,
        },
      }
    : shape;
  return { required: whole.required.length > 0, content: { 'application/json': { schema: whole } } };
}

/** What the answer is: the page, the thing, or the payload's thing with its warnings. */
function shownBy(route: Route, document: DocumentNode, describe: Describer): Json {
  const { type, node } = describe.root(document);
  const whole = describe.output(type, node.selectionSet, document);
  const shape = (whole.anyOf as readonly Json[] | undefined)?.[0] ?? whole;
  if (route.shows === 'thing') return shape;
  const properties = shape.properties as Readonly<Record<string, Json>>;
  if (route.shows === 'page') {
    const { nodes, pageInfo, count } = properties;
    return { type: 'object', required: ['items', 'pageInfo', 'count'], properties: { items: nodes, pageInfo, count } };
  }
  const { errors: _, [route.shows]: thing, ...beside } = properties;
  const shown = (thing!.anyOf as readonly Json[] | undefined)?.[0] ?? { ...thing, type: 'object' };
  return Object.keys(beside).length === 0 ? shown : { allOf: [shown, { type: 'object', properties: beside }] };
}
