import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startTestHouses, type TestHouses } from '@souk/kit/testing';
import { houses } from '@souk/router';
import { type FieldDefinitionNode, Kind, parse, print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './run/options.ts';

interface Column {
  readonly column: string;
  readonly type: string;
  readonly null: string;
  readonly unique: string;
}
interface RequiredTable {
  readonly table: string;
  readonly madeIn: string;
  readonly columns: readonly Column[];
}

const text = await readFile(join(root, 'docs/requirements.md'), 'utf8');
const supergraph = parse(await readFile(join(root, 'schema/supergraph.graphql'), 'utf8'));
const sections = new Map(
  text.split(/^## /m).map((section) => [section.slice(0, section.indexOf('\n')).trim(), section] as const),
);

/** The cells of a section's table, without its head. */
const rowsOf = (section: string): string[][] =>
  section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );

const tables: readonly RequiredTable[] = [...sections]
  .filter(([title]) => /^\w+\.\w+$/.test(title))
  .map(([table, section]) => ({
    table,
    madeIn: /Made in `([^`]+)`/.exec(section)?.[1] ?? '',
    columns: rowsOf(section).map(([column, type, empty, unique]) => ({
      column: column!,
      type: type!,
      null: empty!,
      unique: unique!,
    })),
  }));

describe('the required tables', () => {
  let t: TestHouses;
  beforeAll(async () => {
    t = await startTestHouses(houses);
  });
  afterAll(() => t.stop());

  /** A column is unique where an index of all rows has it as its only key. */
  const columnsOf = (table: string): Promise<Column[]> =>
    t.sql<Column>(
      `select attribute.attname as "column",
         case type.typname when 'int8' then 'bigint' when 'int4' then 'int' else type.typname end as "type",
         case when attribute.attnotnull then 'no' else 'yes' end as "null",
         case when exists (
           select from pg_index as index
           where index.indrelid = attribute.attrelid and index.indisunique and index.indpred is null
             and index.indnkeyatts = 1 and index.indkey[0] = attribute.attnum
         ) then 'yes' else 'no' end as "unique"
       from pg_attribute as attribute join pg_type as type on type.oid = attribute.atttypid
       where attribute.attrelid = to_regclass($1) and attribute.attnum > 0 and not attribute.attisdropped
       order by attribute.attnum`,
      [table],
    );

  it('are all listed', () => {
    expect(tables.map(({ table, columns }) => `${table}: ${columns.map(({ column }) => column).join(' ')}`)).toEqual([
      'users.users: id email email_index password_hash first_name last_name phone status created_at updated_at',
      'users.user_addresses: id user_id type address_line_1 address_line_2 city state country postal_code',
      'products.products: id sku name description category_id price cost status created_at updated_at',
      'products.product_variants: id product_id sku attributes price_modifier stock_quantity',
      'products.categories: id parent_id name slug path',
      'orders.orders: id order_number user_id status subtotal tax shipping total created_at updated_at',
      'orders.order_items: id order_id product_variant_id quantity unit_price total_price',
    ]);
  });

  it.each(tables)('have the columns that docs/requirements.md gives $table', async ({ table, madeIn, columns }) => {
    await access(join(root, madeIn));
    const real = new Map((await columnsOf(table)).map((column) => [column.column, column]));
    expect(columns.map(({ column }) => real.get(column) ?? `${column} is missing`)).toEqual(columns);
  });

  it('have no key that crosses to another house', async () => {
    const crossing = await t.sql(
      `select conrelid::regclass::text as "from", confrelid::regclass::text as "to"
       from pg_constraint
         join pg_class as here on here.oid = conrelid join pg_class as there on there.oid = confrelid
       where contype = 'f' and here.relnamespace <> there.relnamespace`,
    );
    expect(crossing).toEqual([]);
  });
});

describe('the required graph names', () => {
  const required = rowsOf(sections.get('The graph') ?? '').map(([field, args, type]) => ({
    field: field!,
    args: args!.split(',').flatMap((arg) => arg.trim() || []),
    type: type!,
  }));
  const fields = new Map<string, FieldDefinitionNode>(
    supergraph.definitions.flatMap((one) =>
      one.kind === Kind.OBJECT_TYPE_DEFINITION
        ? (one.fields ?? []).map((field) => [`${one.name.value}.${field.name.value}`, field] as const)
        : [],
    ),
  );

  it('are all listed', () => {
    expect(required.map(({ field }) => field)).toEqual([
      'Query.products',
      'Query.product',
      'Product.id',
      'Product.sku',
      'Product.name',
      'Product.description',
      'Product.price',
      'Product.variants',
      'Product.category',
      'Product.reviews',
      'Mutation.addToCart',
      'CartPayload.cart',
      'Mutation.createOrder',
      'CreateOrderPayload.order',
    ]);
  });

  it.each(required)('show $field as docs/requirements.md says', ({ field, args, type }) => {
    const real = fields.get(field);
    if (type === 'later') {
      expect(real, `${field} is there now: give docs/requirements.md its type`).toBeUndefined();
      return;
    }
    expect(real && print(real.type), field).toBe(type);
    expect(
      real?.arguments?.map((arg) => arg.name.value),
      field,
    ).toEqual(expect.arrayContaining(args));
  });
});
