import { readdirSync, readFileSync } from 'node:fs';
import { anonymous, customer, guest, staff, startTestHouses, type TestHouses } from '@souk/kit/testing';
import { decodeId } from '@souk/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CategoryErrorCode, CollectionErrorCode } from './category.types.ts';
import { products } from './index.ts';
import { MediaErrorCode } from './media.types.ts';
import { ProductErrorCode } from './product.types.ts';
import { importAll, type MadeProduct, mutate, simple } from './products.testing.ts';

describe('a merchandiser', () => {
  let t: TestHouses;
  let lamp: MadeProduct;
  beforeAll(async () => {
    t = await startTestHouses([products]);
    [lamp] = (await importAll(t, [simple('lamp', '40.00')])) as [MadeProduct];
  });
  afterAll(() => t.stop());
  const category = (input: Record<string, unknown>) =>
    mutate(t, 'createCategory', 'CreateCategoryInput', input, 'category { id slug path version }');
  const paths = async () =>
    (await t.sql<{ path: string }>('select path::text from products.categories order by path')).map((row) => row.path);
  const none = 'prod_01j00000000000000000000001';

  it('grows a tree, moves a branch with all below it, and the old address still leads there', async () => {
    const home = (await category({ name: 'Home' })).category;
    const light = (
      await category({ name: 'Lighting', parentId: home.id, translations: [{ locale: 'de', name: 'Leuchten' }] })
    ).category;
    const desk = (await category({ name: 'Desk Lamps', parentId: light.id })).category;
    const office = (await category({ name: 'Office' })).category;
    expect(await paths()).toEqual(['home', 'home.lighting', 'home.lighting.desk-lamps', 'office']);
    const move = (input: Record<string, unknown>) =>
      mutate(t, 'moveCategory', 'MoveCategoryInput', input, 'category { path }');
    expect(await move({ id: light.id, parentId: office.id })).toEqual({
      category: { path: 'office.lighting' },
      errors: [],
    });
    expect(await paths()).toEqual(['home', 'office', 'office.lighting', 'office.lighting.desk-lamps']);
    expect((await move({ id: office.id, parentId: desk.id })).errors).toMatchObject([
      { code: 'CYCLE', field: ['input', 'parentId'] },
    ]);
    expect((await move({ id: office.id, parentId: office.id })).errors).toMatchObject([{ code: 'CYCLE' }]);
    const renamed = await mutate(
      t,
      'updateCategory',
      'UpdateCategoryInput',
      { id: light.id, slug: 'lamps', expectedVersion: 2 },
      'category { slug path }',
    );
    expect(renamed).toEqual({ category: { slug: 'lamps', path: 'office.lamps' }, errors: [] });
    expect(await paths()).toEqual(['home', 'office', 'office.lamps', 'office.lamps.desk-lamps']);
    const stale = await mutate(
      t,
      'updateCategory',
      'UpdateCategoryInput',
      { id: light.id, name: 'x', expectedVersion: 2 },
      'category { slug }',
    );
    expect(stale).toMatchObject({
      category: null,
      errors: [{ code: 'CONFLICT', field: ['input', 'expectedVersion'] }],
    });
    const seen = await t.run(
      'products',
      { ...anonymous(), locale: 'de' },
      '{ categoryBySlug(slug: "lighting") { name slug parent { slug } ancestors { slug } children { slug parent { name } } } categories { slug children { slug } } }',
    );
    expect(seen).toEqual({
      categoryBySlug: {
        name: 'Leuchten',
        slug: 'lamps',
        parent: { slug: 'office' },
        ancestors: [{ slug: 'office' }],
        children: [{ slug: 'desk-lamps', parent: { name: 'Leuchten' } }],
      },
      categories: [
        { slug: 'home', children: [] },
        { slug: 'office', children: [{ slug: 'lamps' }] },
      ],
    });
    const twin = await category({ name: 'Office', parentId: home.id });
    expect(twin.category).toMatchObject({ slug: 'home-office', path: 'home.home-office' });
    expect((await category({ name: 'x', slug: 'office' })).errors).toMatchObject([{ code: 'SLUG_TAKEN' }]);
    const answers = await Promise.all([1, 2, 3, 4].map(() => category({ name: 'y', slug: 'race' })));
    expect(answers.filter((one) => one.errors.length === 0)).toHaveLength(1);
  });
  it('keeps a collection in an order', async () => {
    const [a, b, c] = await importAll(t, [simple('a'), simple('b'), simple('c')]);
    const { collection } = await mutate(
      t,
      'createCollection',
      'CreateCollectionInput',
      { name: 'Gifts' },
      'collection { id slug }',
    );
    const set = (productIds: string[]) =>
      mutate(
        t,
        'setCollectionProducts',
        'SetCollectionProductsInput',
        { id: collection.id, productIds },
        'collection { products(first: 2) { nodes { slug } pageInfo { endCursor } } }',
      );
    const first = await set([c!.id, a!.id, b!.id]);
    expect(first.collection.products.nodes).toEqual([{ slug: 'c' }, { slug: 'a' }]);
    const more = await t.run(
      'products',
      anonymous(),
      `{ collectionBySlug(slug: "gifts") { products(after: "${first.collection.products.pageInfo.endCursor}") { nodes { slug } } } collections { nodes { slug } } }`,
    );
    expect(more).toEqual({
      collectionBySlug: { products: { nodes: [{ slug: 'b' }] } },
      collections: { nodes: [{ slug: 'gifts' }] },
    });
    expect((await set([a!.id, none])).errors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'productIds'] }]);
    expect((await set([collection.id])).errors).toMatchObject([
      { code: 'NOT_FOUND', field: ['input', 'productIds', '0'] },
    ]);
    const { productBySlug } = await t.run(
      'products',
      anonymous(),
      '{ productBySlug(slug: "b") { collections { slug } } }',
    );
    expect(productBySlug).toEqual({ collections: [{ slug: 'gifts' }] });
  });
  it('loses no edit of a colleague', async () => {
    const edit = (more: Record<string, unknown>) =>
      mutate(t, 'updateProduct', 'UpdateProductInput', { id: lamp.id, ...more }, 'product { version vendor }');
    const { product } = await edit({ vendor: 'Aksu', expectedVersion: lamp.version });
    expect(product).toEqual({ version: lamp.version + 1, vendor: 'Aksu' });
    expect(await edit({ vendor: 'Other', expectedVersion: lamp.version })).toMatchObject({
      product: null,
      errors: [{ code: 'CONFLICT' }],
    });
    const both = await Promise.all([
      edit({ vendor: 'x', expectedVersion: product.version }),
      edit({ vendor: 'y', expectedVersion: product.version }),
    ]);
    expect(both.map((one) => one.errors.length).sort()).toEqual([0, 1]);
  });
  it('adds, changes and archives variants', async () => {
    const made = await mutate(
      t,
      'createProduct',
      'CreateProductInput',
      {
        name: 'Shirt',
        options: [{ name: 'Size', values: ['S'] }],
        variants: [{ optionValues: ['S'], prices: [{ amount: '20' }] }],
      },
      'product { id variants { id } }',
    );
    await mutate(t, 'publishProduct', 'ProductIdInput', { id: made.product.id }, 'product { id }');
    const add = (value: string, more: Record<string, unknown> = {}) =>
      mutate(
        t,
        'createVariant',
        'CreateVariantInput',
        { productId: made.product.id, selectedOptions: [{ name: 'Size', value }], prices: [{ amount: '25' }], ...more },
        'variant { id sku name price { amount } product { options { values { value } } } }',
      );
    expect((await add('M')).variant).toMatchObject({
      sku: 'shirt-m',
      name: 'M',
      price: { amount: '25.00' },
      product: { options: [{ values: [{ value: 'S' }, { value: 'M' }] }] },
    });
    expect((await add('M')).errors).toMatchObject([{ code: 'DUPLICATE_VARIANT' }, { code: 'SKU_TAKEN' }]);
    expect((await add('L', { sku: 'LAMP' })).errors).toMatchObject([{ code: 'SKU_TAKEN', field: ['input', 'sku'] }]);
    const raced = await Promise.all([1, 2, 3].map(() => add('XL')));
    expect(raced.filter((one) => one.errors.length === 0)).toHaveLength(1);
    const archive = (id: string) =>
      mutate(
        t,
        'archiveVariant',
        'ArchiveVariantInput',
        { id },
        'variant { availableForSale product { variants { sku } } }',
      );
    expect((await archive(made.product.variants[0].id)).variant).toEqual({
      availableForSale: false,
      product: { variants: [{ sku: 'shirt-m' }, { sku: 'shirt-xl' }] },
    });
    const [last] = (await t.said('products', 'products.ProductPublished'))
      .filter((one) => one.key === decodeId('Product', made.product.id))
      .slice(-1);
    expect(last!.data.archivedVariantIds).toEqual([decodeId('ProductVariant', made.product.variants[0].id)]);
    expect((await archive(lamp.variants[0]!.id)).errors).toMatchObject([{ code: 'NO_VARIANTS' }]);
  });
  it('sets prices all or nothing, and only says what would be in a dry run', async () => {
    const id = lamp.variants[0]!.id;
    const set = (entries: unknown[], dryRun = false) =>
      mutate(t, 'setPrices', 'SetPricesInput', { entries, dryRun }, 'variants { price { amount } }');
    expect(await set([{ variantId: id, amount: '1' }], true)).toEqual({
      variants: [{ price: { amount: '40.00' } }],
      errors: [],
    });
    const bad = await set([
      { variantId: id, amount: '1' },
      { variantId: none, amount: '1' },
      { variantId: id, amount: '-1' },
    ]);
    expect(bad.variants).toEqual([]);
    expect(bad.errors.map((one: { code: string; field: string[] }) => [one.code, one.field.join('.')])).toEqual([
      ['NOT_FOUND', 'input.entries.1.variantId'],
      ['INVALID', 'input.entries.2.amount'],
    ]);
    expect(await set([])).toMatchObject({ errors: [{ code: 'LIMIT' }] });
    expect(await set([{ variantId: id, amount: '39.99', compareAt: '45' }])).toEqual({
      variants: [{ price: { amount: '39.99' } }],
      errors: [],
    });
    const [said] = (await t.said('products', 'products.PriceChanged')).slice(-1);
    expect(said!.data.prices).toMatchObject([
      { amountMinor: 3999, compareAtMinor: 4500, currency: 'EUR', validFrom: null, validTo: null },
    ]);
  });
  it('gets a price for one moment from the database alone, whoever writes', async () => {
    const insert = `insert into products.product_prices (variant_id, channel_id, currency, amount_minor, valid_from, valid_to)
      select variant_id, channel_id, currency, 1, '2026-01-01', '2026-02-01' from products.product_prices limit 1`;
    await expect(t.sql(insert)).rejects.toMatchObject({ constraint: 'product_prices_overlap' });
  });
  it('makes one product of one slug, however many try', async () => {
    const make = (slug?: string) =>
      mutate(
        t,
        'createProduct',
        'CreateProductInput',
        { name: 'Race', sku: undefined, ...(slug ? { slug } : {}) },
        'product { slug }',
      );
    const answers = await Promise.all([1, 2, 3, 4].map(() => make('race')));
    expect(answers.filter((one) => one.errors.length === 0)).toHaveLength(1);
    expect(
      answers.flatMap((one) => one.errors).every((one) => one.code === 'SLUG_TAKEN' || one.code === 'SKU_TAKEN'),
    ).toBe(true);
    expect((await make()).product.slug).toBe('race-2');
  });
  it('renames an address and the old one leads to it, until another product takes it', async () => {
    const [old] = (await importAll(t, [simple('first-name')])) as [MadeProduct];
    const rename = (id: string, slug: string) =>
      mutate(t, 'updateProduct', 'UpdateProductInput', { id, slug }, 'product { slug }');
    const at = async (slug: string) =>
      (await t.run('products', anonymous(), `{ productBySlug(slug: "${slug}") { id slug } }`)).productBySlug;
    await rename(old.id, 'second-name');
    await rename(old.id, 'third-name');
    for (const slug of ['first-name', 'second-name', 'third-name'])
      expect(await at(slug)).toEqual({ id: old.id, slug: 'third-name' });
    await rename(old.id, 'first-name');
    expect(await at('third-name')).toEqual({ id: old.id, slug: 'first-name' });
    await rename(old.id, 'fourth-name');
    await rename(lamp.id, 'first-name');
    expect((await at('first-name')).id).toBe(lamp.id);
    expect((await rename(old.id, 'first-name')).errors).toMatchObject([
      { code: 'SLUG_TAKEN', field: ['input', 'slug'] },
    ]);
  });
  it('tells a product and its words in other languages, and takes them back', async () => {
    const [mug] = (await importAll(t, [
      {
        ...simple('mug'),
        options: [{ name: 'Colour', values: ['Red'] }],
        variants: [{ optionValues: ['Red'], prices: [{ amount: '1' }] }],
        attributes: [{ code: 'material', name: 'Material', value: 'Clay' }],
      },
    ])) as [MadeProduct];
    const translate = (translations: unknown[]) =>
      mutate(t, 'setTranslations', 'SetTranslationsInput', { productId: mug.id, translations }, 'product { id }');
    expect(
      (await translate([{ locale: 'de', name: 'Becher', description: '<p onclick="x">Gut</p>', seo: { title: 'T' } }]))
        .errors,
    ).toEqual([]);
    const labels = [
      { label: 'Colour', translated: 'Farbe' },
      { label: 'Red', translated: 'Rot' },
      { label: 'Material', translated: 'Material' },
      { label: 'Clay', translated: 'Ton' },
    ];
    expect((await mutate(t, 'setLabels', 'SetLabelsInput', { locale: 'de', labels }, '')).errors).toEqual([]);
    const see = () =>
      t.run(
        'products',
        { ...anonymous(), locale: 'de-CH' },
        '{ productBySlug(slug: "mug") { name description seo { title } options { name label values { value label } } attributes { name label } variants { name selectedOptions { value label } } } }',
      );
    expect((await see()).productBySlug).toEqual({
      name: 'Becher',
      description: '<p>Gut</p>',
      seo: { title: 'T' },
      options: [{ name: 'Colour', label: 'Farbe', values: [{ value: 'Red', label: 'Rot' }] }],
      attributes: [{ name: 'Material', label: 'Ton' }],
      variants: [{ name: 'Rot', selectedOptions: [{ value: 'Red', label: 'Rot' }] }],
    });
    await translate([{ locale: 'de', name: null, description: null, seo: null }]);
    expect(await t.sql('select * from products.product_translations where locale = $1', ['de'])).toEqual([]);
    expect((await mutate(t, 'setLabels', 'SetLabelsInput', { locale: 'en', labels }, '')).errors).toMatchObject([
      { code: 'INVALID', field: ['input', 'locale'] },
    ]);
  });
  it('archives a product and takes it back as a draft', async () => {
    const [old] = (await importAll(t, [simple('archived')])) as [MadeProduct];
    const go = async (name: string) => mutate(t, name, 'ProductIdInput', { id: old.id }, 'product { status }');
    expect((await go('archiveProduct')).product).toEqual({ status: 'ARCHIVED' });
    expect(
      (await t.run('products', anonymous(), '{ productBySlug(slug: "archived") { id } }')).productBySlug,
    ).toBeNull();
    expect((await go('publishProduct')).errors).toMatchObject([{ code: 'WRONG_STATUS' }]);
    expect((await go('unpublishProduct')).product).toEqual({ status: 'DRAFT' });
    expect((await go('publishProduct')).product).toEqual({ status: 'PUBLISHED' });
    const said = (await t.said('products'))
      .filter((one) => one.key === decodeId('Product', old.id))
      .map((one) => one.type.split('.')[1]);
    expect(said).toEqual(['PriceChanged', 'ProductPublished', 'ProductUnpublished', 'ProductPublished']);
  });

  const table: [string, string, Record<string, unknown>, string][] = [
    ['updateProduct', 'UpdateProductInput', { id: none }, 'product { id }'],
    ['updateProduct', 'UpdateProductInput', { id: 'nonsense' }, 'product { id }'],
    ['publishProduct', 'ProductIdInput', { id: none }, 'product { id }'],
    ['unpublishProduct', 'ProductIdInput', { id: none }, 'product { id }'],
    ['archiveProduct', 'ProductIdInput', { id: none }, 'product { id }'],
    ['createVariant', 'CreateVariantInput', { productId: none }, 'variant { id }'],
    ['updateVariant', 'UpdateVariantInput', { id: none }, 'variant { id }'],
    ['archiveVariant', 'ArchiveVariantInput', { id: 'var_01j00000000000000000000001' }, 'variant { id }'],
    ['setTranslations', 'SetTranslationsInput', { productId: none, translations: [] }, 'product { id }'],
    ['createProduct', 'CreateProductInput', { name: 'x', categoryId: none }, 'product { id }'],
    ['createProduct', 'CreateProductInput', { name: 'x', collectionIds: [none] }, 'product { id }'],
    [
      'createCategory',
      'CreateCategoryInput',
      { name: 'x', parentId: 'cat_01j00000000000000000000001' },
      'category { id }',
    ],
    ['updateCategory', 'UpdateCategoryInput', { id: none }, 'category { id }'],
    ['moveCategory', 'MoveCategoryInput', { id: none }, 'category { id }'],
    ['updateCollection', 'UpdateCollectionInput', { id: none }, 'collection { id }'],
    ['setCollectionProducts', 'SetCollectionProductsInput', { id: none, productIds: [] }, 'collection { id }'],
    ['createMediaUpload', 'CreateMediaUploadInput', { productId: none }, 'uploadUrl'],
    ['updateMedia', 'UpdateMediaInput', { id: none, alt: 'x' }, 'media { id }'],
    ['removeMedia', 'RemoveMediaInput', { id: 'media_01j00000000000000000000001' }, 'media { id }'],
    ['reorderMedia', 'ReorderMediaInput', { productId: none, mediaIds: [] }, 'media { id }'],
  ];
  it.each(table)('is told by %s (%s) that something does not exist', async (name, type, input, selection) => {
    expect((await mutate(t, name, type, input, selection)).errors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });
  it.each([
    ...table,
    ['setPrices', 'SetPricesInput', { entries: [] }, 'variants { id }'],
    ['setLabels', 'SetLabelsInput', { locale: 'de', labels: [] }, ''],
    ['createCollection', 'CreateCollectionInput', { name: 'x' }, 'collection { id }'],
  ] as typeof table)('alone may %s', async (name, type, input, selection) => {
    const said = (await t.said('products')).length;
    const document = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} errors { message } } }`;
    for (const [viewer, code] of [
      [anonymous(), 'UNAUTHENTICATED'],
      [guest(), 'UNAUTHENTICATED'],
      [customer(), 'FORBIDDEN'],
      [staff('SUPPORT', 'WAREHOUSE', 'FINANCE'), 'FORBIDDEN'],
    ] as const) {
      const { errors } = await t.ask('products', viewer, document, { input });
      expect(errors?.[0]?.extensions.code).toBe(code);
    }
    expect((await t.said('products')).length).toBe(said);
    expect((await t.ask('products', staff('ADMIN'), document, { input })).errors).toBeUndefined();
  });
  it('and finance alone see what things cost', async () => {
    await mutate(
      t,
      'updateProduct',
      'UpdateProductInput',
      { id: lamp.id, cost: { amount: '11', currency: 'EUR' } },
      'product { id }',
    );
    const see = '{ productBySlug(slug: "lamp") { cost { amount } variants { cost { amount } } } }';
    for (const role of ['MERCHANDISER', 'FINANCE', 'ADMIN'] as const) {
      expect(await t.run('products', staff(role), see)).toEqual({
        productBySlug: { cost: { amount: '11.00' }, variants: [{ cost: { amount: '11.00' } }] },
      });
    }
    for (const viewer of [anonymous(), customer(), staff('SUPPORT'), staff('WAREHOUSE')]) {
      expect((await t.ask('products', viewer, see)).errors?.[0]?.path).toEqual(['productBySlug', 'cost']);
    }
  });
});

it('every code a Rejection can have is one of the payloads’ codes', () => {
  const folder = new URL('.', import.meta.url);
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !/\.(test|testing)\.ts$/.test(name))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'));
  const codes = texts.flatMap((text) =>
    [...text.matchAll(/(?:new Rejection\(|\bno\()\s*'([A-Z_]+)'/g)].map((match) => match[1]!),
  );
  const known = new Set<string>(
    [ProductErrorCode, CategoryErrorCode, CollectionErrorCode, MediaErrorCode].flatMap((one) => Object.keys(one)),
  );
  expect(codes.length).toBeGreaterThan(40);
  expect(codes.filter((code) => !known.has(code))).toEqual([]);
});
