import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  buildSchema,
  type DocumentNode,
  type GraphQLSchema,
  getDirectiveValues,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { getVariableValues } from 'graphql/execution/values.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { collect, type Example, fillVariables, holesOf, type Story } from '../console/fill.ts';
import { WELCOME } from '../console/welcome.ts';

const folder = (name: string) => fileURLToPath(new URL(`../console/${name}/`, import.meta.url));
const SUPERGRAPH = fileURLToPath(new URL('../../schema/supergraph.graphql', import.meta.url));
const graphqlFiles = (name: string) => readdirSync(folder(name)).filter((file) => file.endsWith('.graphql'));
const read = (name: string, file: string) => readFileSync(`${folder(name)}${file}`, 'utf8');

const { stories } = JSON.parse(readFileSync(`${folder('examples')}manifest.json`, 'utf8')) as { stories: Story[] };
const examples = stories.flatMap((story) => story.examples);
const textOf = (example: Example) => read('examples', `${example.file}.graphql`);
const own = graphqlFiles('operations').map((file) => [file, read('operations', file)] as const);

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
        () => 'a-key',
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
      for (const path of Object.values(example.remembers ?? {})) expect(selects(operation, path), path).toBe(true);
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
          note: 'as {{cart}}',
        },
      },
      { cart: 'cart_1', cartVersion: 3 },
      () => `key-${++keys}`,
      source,
    );
    expect(filled).toEqual({ input: { cartId: 'cart_1', version: 3, keys: ['key-1', 'key-2'], note: 'as {{cart}}' } });
  });

  it('names the example to run first where nothing is remembered, also for names that every object has', () => {
    expect(fillVariables(['{{cart}}', '{{constructor}}'], {}, () => '', source)).toEqual([
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

/** A stand-in for every remembered value, of the type its path has in the schema. */
function remembered(schema: GraphQLSchema): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const example of examples) {
    const operation = theOperation(parse(textOf(example)));
    for (const [name, path] of Object.entries(example.remembers ?? {})) {
      const leaf = typeAt(schema, operation, path);
      values[name] = leaf === 'Int' || leaf === 'BigInt' ? 1 : leaf === 'CurrencyCode' ? 'EUR' : 'a-text';
    }
  }
  return values;
}

const steps = (path: string) => path.split('.').filter((step) => !/^\d+$/.test(step));

function typeAt(schema: GraphQLSchema, operation: OperationDefinitionNode, path: string): string {
  let type = schema.getRootType(operation.operation);
  for (const step of steps(path)) {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[step] : undefined;
    const next = field && getNamedType(field.type);
    if (isObjectType(next)) type = next;
    else return next?.name ?? `nothing at ${path}`;
  }
  return type?.name ?? 'nothing';
}

function selects(operation: OperationDefinitionNode, path: string): boolean {
  let selections = operation.selectionSet.selections;
  for (const step of steps(path)) {
    const field = selections.find((each) => each.kind === Kind.FIELD && (each.alias ?? each.name).value === step);
    if (field?.kind !== Kind.FIELD) return false;
    selections = field.selectionSet?.selections ?? [];
  }
  return true;
}
