import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  buildSchema,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type GraphQLType,
  getDirectiveValues,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionNode,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { changesBetween, redirectIn } from '../console/changes.ts';
import { collect, type Example, type Finding, fillVariables, holesOf, type Story } from '../console/fill.ts';
import { WELCOME } from '../console/welcome.ts';

const folder = (name: string) => fileURLToPath(new URL(`../console/${name}/`, import.meta.url));
const OWN = '../../clients/admin/operations';
const SUPERGRAPH = fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url));
const graphqlFiles = (name: string) => readdirSync(folder(name)).filter((file) => file.endsWith('.graphql'));
const read = (name: string, file: string) => readFileSync(`${folder(name)}${file}`, 'utf8');

const { stories } = JSON.parse(readFileSync(`${folder('examples')}manifest.json`, 'utf8')) as { stories: Story[] };
const examples = stories.flatMap((story) => story.examples);
const textOf = (example: Example) => read('examples', `${example.file}.graphql`);
const own = graphqlFiles(OWN).map((file) => [file, read(OWN, file)] as const);

function theOperation(document: DocumentNode): OperationDefinitionNode {
  const operations = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  expect(operations).toHaveLength(1);
  return operations[0]!;
}

describe('the examples of the console', () => {
  it('are one file each, and every file is told in a story', () => {
    expect(examples.map((example) => `${example.file}.graphql`).sort()).toEqual(graphqlFiles('examples').sort());
  });

  it('have operation names and titles of their own, since answers are remembered by the name', () => {
    const names = examples.map((example) => theOperation(parse(textOf(example))).name?.value);
    expect(names).not.toContain(undefined);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(examples.map((example) => example.title)).size).toBe(examples.length);
  });

  it.each(examples.map((example) => [example.title, example] as const))(
    '“%s” is explained in one line',
    (_, { explanation }) => {
      expect(explanation).toMatch(/^[A-Z][^\n]{20,110}\.$/);
    },
  );

  it('wait only for values that an earlier example gives', () => {
    const given = new Set<string>();
    for (const example of examples) {
      expect(
        holesOf(example.variables ?? {}).filter((name) => !given.has(name)),
        example.title,
      ).toEqual([]);
      for (const name of Object.keys(example.remembers ?? {})) given.add(name);
    }
  });
});

describe('against the supergraph', () => {
  let schema: GraphQLSchema;
  beforeAll(() => {
    schema = buildSchema(readFileSync(SUPERGRAPH, 'utf8'), { assumeValidSDL: true });
  });

  const all = [
    ...examples.map((example) => [`the example “${example.title}”`, textOf(example)] as const),
    ...own.map(([file, text]) => [`the console's own ${file}`, text] as const),
    ['the welcome text', WELCOME] as const,
  ];

  it.each(all)('%s is valid and asks for nothing hidden or deprecated', (_, text) => {
    const document = parse(text);
    expect(validate(schema, document).map((error) => error.message)).toEqual([]);
    expect(unwelcome(schema, document)).toEqual([]);
  });

  it.each(examples.map((example) => [example.title, example] as const))(
    'the variables of “%s” fit their types',
    (_, example) => {
      const operation = theOperation(parse(textOf(example)));
      // A remembered value is whatever its path leads to: an id, a number, a list. Where it goes must accept that.
      const filled = fillVariables(
        example.variables ?? {},
        remembered(schema),
        { newKey: () => 'a-key', newEmail: () => 'new@example.com' },
        (name) => name,
      );
      const { errors } = getVariableValues(
        schema,
        operation.variableDefinitions ?? [],
        filled as Record<string, unknown>,
      );
      expect(errors?.map((error) => error.message) ?? []).toEqual([]);
      const declared = (operation.variableDefinitions ?? []).map((each) => each.variable.name.value);
      expect(Object.keys(example.variables ?? {}).filter((name) => !declared.includes(name))).toEqual([]);
    },
  );

  it.each(examples.filter((example) => example.remembers).map((example) => [example.title, example] as const))(
    'what “%s” remembers is among what it selects',
    (_, example) => {
      const operation = theOperation(parse(textOf(example)));
      for (const path of Object.values(example.remembers ?? {}).flatMap(pathsOf))
        expect(selects(operation, path), path).toBe(true);
    },
  );
});

describe('filling variables', () => {
  const source = (name: string) => `the example for ${name}`;
  it('puts remembered values in place with their type, and a fresh key in every hole for one', () => {
    let keys = 0;
    const filled = fillVariables(
      {
        input: {
          cartId: '{{cart}}',
          version: '{{cartVersion}}',
          keys: ['{{newKey}}', '{{newKey}}'],
          email: '{{newEmail}}',
          note: 'as {{cart}}',
        },
      },
      { cart: 'cart_1', cartVersion: 3 },
      { newKey: () => `key-${++keys}`, newEmail: () => 'new@example.com' },
      source,
    );
    expect(filled).toEqual({
      input: {
        cartId: 'cart_1',
        version: 3,
        keys: ['key-1', 'key-2'],
        email: 'new@example.com',
        note: 'as {{cart}}',
      },
    });
  });

  it('names the example to run first where nothing is remembered, also for names that every object has', () => {
    const fresh = { newKey: () => '', newEmail: () => '' };
    expect(fillVariables(['{{cart}}', '{{constructor}}'], {}, fresh, source)).toEqual([
      'run “the example for cart” first',
      'run “the example for constructor” first',
    ]);
  });

  it('learns what an answer holds, and nothing from a hole in it', () => {
    const data = { products: { nodes: [{ id: 'prod_1', variants: null }] }, total: 0 };
    const paths = {
      product: 'products.nodes.0.id',
      variant: 'products.nodes.0.variants.0.id',
      total: 'total',
      odd: 'toString',
    };
    expect(collect(paths, data)).toEqual({ product: 'prod_1', total: 0 });
  });

  it('picks the first item that has something, and makes lists anew', () => {
    const data = {
      variants: [
        { id: 'var_1', stock: 0 },
        { id: 'var_2', stock: 3 },
        { id: 'var_3', stock: 9 },
      ],
      lines: [{ variant: { id: 'var_2' }, quantity: 2, sku: 'MUG' }],
    };
    expect(
      collect(
        {
          variant: 'variants.?stock.id',
          none: 'variants.?sold.id',
          odd: 'lines.0.?stock.id',
          lines: { list: 'lines', each: { variantId: 'variant.id', quantity: 'quantity' } },
          nothing: { list: 'elsewhere', each: { id: 'id' } },
        },
        data,
      ),
    ).toEqual({ variant: 'var_2', lines: [{ variantId: 'var_2', quantity: 2 }] });
  });
});

describe('what an event changed', () => {
  const event = (order: object) => ({ orderUpdated: { eventId: 'always-another', order } });
  it('is told by name and value, without what changes with every event', () => {
    expect(
      changesBetween(
        event({
          version: 2,
          status: 'AWAITING_PAYMENT',
          payment: { status: 'PENDING' },
          timeline: [{ kind: 'PLACED' }],
        }),
        event({
          version: 3,
          status: 'CONFIRMED',
          payment: { status: 'AUTHORIZED' },
          timeline: [{ kind: 'PLACED' }, { kind: 'CONFIRMED', at: 'now' }],
        }),
      ),
    ).toEqual(['status CONFIRMED', 'payment.status AUTHORIZED', 'timeline.kind CONFIRMED']);
  });

  it('gives the page a payment waits for as a link instead', () => {
    const waiting = event({ payment: { nextAction: { redirectUrl: 'http://bank.example/ask' } } });
    expect(changesBetween(event({ payment: { nextAction: null } }), waiting)).toEqual([]);
    expect(redirectIn(waiting)).toBe('http://bank.example/ask');
    expect(redirectIn(event({ payment: { nextAction: { redirectUrl: 'javascript:alert(1)' } } }))).toBeUndefined();
    expect(redirectIn(null)).toBeUndefined();
  });
});

/** Fields that the public schema hides (@inaccessible) or will drop (@deprecated). */
function unwelcome(schema: GraphQLSchema, document: DocumentNode): string[] {
  const found: string[] = [];
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      Field() {
        const field = types.getFieldDef();
        const hidden = schema.getDirective('inaccessible');
        if (!field?.astNode) return;
        if (field.deprecationReason) found.push(`${field.name} is deprecated`);
        if (hidden && getDirectiveValues(hidden, field.astNode)) found.push(`${field.name} is hidden`);
      },
    }),
  );
  return found;
}

/** A stand-in for every remembered value, of the type and shape its path has in the answer. */
function remembered(schema: GraphQLSchema): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const example of examples) {
    const operation = theOperation(parse(textOf(example)));
    const root = schema.getRootType(operation.operation);
    const standIn = (from: Spot, path: string) => standInFor(walk(from, path));
    for (const [name, finding] of Object.entries(example.remembers ?? {})) {
      const start: Spot = { type: root, selections: operation.selectionSet.selections };
      if (typeof finding === 'string') {
        values[name] = standIn(start, finding);
        continue;
      }
      const item = walk(start, finding.list);
      values[name] = [
        Object.fromEntries(Object.entries(finding.each).map(([field, path]) => [field, standIn(item, path)])),
      ];
    }
  }
  return values;
}

/** A type as an answer shows it: with what is selected of it. */
interface Spot {
  type: GraphQLType | null | undefined;
  selections: readonly SelectionNode[];
}

const stepsOf = (path: string) => path.split('.').filter((step) => !/^(?:\d+|\?.*)$/.test(step));

function walk(start: Spot, path: string): Spot {
  return stepsOf(path).reduce((spot, step) => below(spot, step), start);
}

function below({ type, selections }: Spot, step: string): Spot {
  const selection = fieldNamed(selections, step);
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[selection?.name.value ?? ''] : undefined;
  return { type: field && getNamedType(field.type), selections: selection?.selectionSet?.selections ?? [] };
}

function standInFor(spot: Spot): unknown {
  if (spot.selections.length > 0) {
    const names = spot.selections.flatMap((each) =>
      each.kind === Kind.FIELD ? [(each.alias ?? each.name).value] : [],
    );
    return Object.fromEntries(names.map((name) => [name, standInFor(below(spot, name))]));
  }
  const name = getNamedType(spot.type)?.name;
  return name === 'Int' ? 1 : name === 'Decimal' ? '1.00' : name === 'CurrencyCode' ? 'EUR' : 'a-text';
}

const fieldNamed = (selections: readonly SelectionNode[], name: string): FieldNode | undefined =>
  selections.find((each): each is FieldNode => each.kind === Kind.FIELD && (each.alias ?? each.name).value === name);

const pathsOf = (finding: Finding): string[] =>
  typeof finding === 'string' ? [finding] : Object.values(finding.each).map((path) => `${finding.list}.${path}`);

/** True where every step of a path, and the field that picks an item of a list, is selected. */
function selects(operation: OperationDefinitionNode, path: string): boolean {
  let selections = operation.selectionSet.selections;
  for (const step of path.split('.')) {
    if (/^\d+$/.test(step)) continue;
    const field = fieldNamed(selections, step.replace(/^\?/, ''));
    if (!field) return false;
    if (!step.startsWith('?')) selections = field.selectionSet?.selections ?? [];
  }
  return true;
}
