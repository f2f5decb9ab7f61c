import { randomUUID } from 'node:crypto';
import { wireId } from '@souk/kit';
import { anonymous, customer, guest, staff, startTestHouses, type TestHouses } from '@souk/kit/testing';
import type { Role, VariantId, Viewer, WarehouseId } from '@souk/schema';
import { parse } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { stockErrorCodes } from './adjustment.ts';
import { inventory } from './index.ts';
import { created, id, keeper, lawless, level, openWarehouse, published, receive, sell } from './stock.testing.ts';
import { warehouseErrorCodes } from './warehouse.ts';

const LEVEL = 'variant { id } warehouse { id } onHand held allocated available lowStockAt low';
const SET = `mutation ($input: SetStockLevelsInput!) {
  setStockLevels(input: $input) { levels { ${LEVEL} } errors { code message field onHand available } } }`;
const ADJUST = `mutation ($input: AdjustStockInput!) {
  adjustStock(input: $input) { levels { ${LEVEL} } errors { code message field onHand available } } }`;
const TRANSFER = `mutation ($input: TransferStockInput!) {
  transferStock(input: $input) { levels { ${LEVEL} } errors { code message field onHand available } } }`;
const CREATE = `mutation ($input: CreateWarehouseInput!) {
  createWarehouse(input: $input) { warehouse { id code name country priority active version } errors { code field } } }`;
const UPDATE = `mutation ($id: ID!, $input: UpdateWarehouseInput!) {
  updateWarehouse(id: $id, input: $input) { warehouse { name priority active version } errors { code field } } }`;

describe('stock, by staff', () => {
  let t: TestHouses;
  let berlin: WarehouseId;
  let paris: WarehouseId;
  let mug: VariantId;
  let plate: VariantId;
  beforeAll(async () => {
    t = await startTestHouses([inventory]);
    berlin = await openWarehouse(t, 1);
    paris = await openWarehouse(t, 2, 'FR');
  });
  afterAll(() => t.stop());
  afterEach(async () => expect(await lawless(t)).toEqual([]));

  const variant = (uuid: string) => wireId('ProductVariant', uuid);
  const warehouse = (uuid: string) => wireId('Warehouse', uuid);
  const key = () => randomUUID();
  /** A fresh mug with 5 in Berlin, of which 2 are held, and a fresh plate with nothing. */
  async function stocked(): Promise<void> {
    [mug, plate] = (await sell(t, 2)) as [VariantId, VariantId];
    await receive(t, [{ variantId: mug, warehouseId: berlin, quantity: 5 }]);
    await t.hear('inventory', 'orders.OrderCreated', created(id<'Order'>(), [{ variantId: mug, quantity: 2 }]));
  }
  const entry = (more: object = {}) => ({
    variantId: variant(mug),
    warehouseId: warehouse(berlin),
    quantity: 9,
    changeFromQuantity: 5,
    ...more,
  });
  const everything = () =>
    t.sql(`select (select jsonb_agg(l order by variant_id, warehouse_id) from inventory.levels l) as levels,
      (select jsonb_agg(w order by id) from inventory.warehouses w) as warehouses,
      (select count(*) from inventory.outbox) as said, (select count(*) from inventory.movements) as moved,
      (select count(*) from inventory.adjustments) as adjusted, (select count(*) from inventory.idempotency) as keys`);

  it('sets levels to what was counted, keeps why, and says the new total', async () => {
    await stocked();
    const input = { idempotencyKey: key(), reason: ' spring count ', entries: [entry({ lowStockAt: 8 })] };
    const { setStockLevels } = await t.run('inventory', keeper, SET, { input });
    expect(setStockLevels).toEqual({
      levels: [
        {
          variant: { id: variant(mug) },
          warehouse: { id: warehouse(berlin) },
          onHand: 9,
          held: 2,
          allocated: 0,
          available: 7,
          lowStockAt: 8,
          low: true,
        },
      ],
      errors: [],
    });
    expect((await t.said('inventory', 'inventory.StockChanged')).at(-1)).toMatchObject({
      key: mug,
      version: 3,
      data: { variantId: mug, available: 7, onHand: 9, lowStock: true },
    });
    const { movements } = await t.run(
      'inventory',
      keeper,
      `{ movements(variantId: "${variant(mug)}") {
        nodes { kind quantity reason warehouse { id } order { id } actor { id } } count { value precision } } }`,
    );
    const actor = { id: wireId('User', keeper.userId!) };
    const moved = { warehouse: { id: warehouse(berlin) }, order: null, actor };
    expect(movements).toEqual({
      nodes: [
        { kind: 'COUNT', quantity: 4, reason: 'spring count', ...moved },
        { kind: 'ADJUSTMENT', quantity: 5, reason: null, ...moved },
      ],
      count: { value: 2, precision: 'EXACT' },
    });
  });
  it('does the same request once, and refuses another under its key', async () => {
    await stocked();
    const input = {
      idempotencyKey: key(),
      entries: [{ variantId: variant(mug), warehouseId: warehouse(berlin), delta: 3 }],
    };
    const answers = await Promise.all(Array.from({ length: 10 }, () => t.run('inventory', keeper, ADJUST, { input })));
    for (const { adjustStock } of answers) {
      expect(adjustStock.errors).toEqual([]);
      expect(adjustStock.levels[0].onHand).toBe(8);
    }
    expect(await level(t, mug, berlin)).toEqual([8, 2, 0]);
    const other = { ...input, entries: [{ ...input.entries[0], delta: 4 }] };
    const { adjustStock } = await t.run('inventory', keeper, ADJUST, { input: other });
    expect(adjustStock.errors[0].code).toBe('IDEMPOTENCY_CONFLICT');
    expect(await level(t, mug, berlin)).toEqual([8, 2, 0]);
  });
  it('only tells on a dry run, and the same key is free afterwards', async () => {
    await stocked();
    const before = await everything();
    const input = {
      idempotencyKey: key(),
      dryRun: true,
      entries: [entry({ warehouseId: warehouse(paris), changeFromQuantity: 0 })],
    };
    const { setStockLevels } = await t.run('inventory', keeper, SET, { input });
    expect(setStockLevels.levels).toMatchObject([{ onHand: 9, held: 0, available: 9 }]);
    expect(await everything()).toEqual(before);
    const { setStockLevels: done } = await t.run('inventory', keeper, SET, { input: { ...input, dryRun: false } });
    expect(done.levels).toMatchObject([{ onHand: 9, held: 0, available: 9 }]);
  });
  it('transfers free stock, and keeps the total silent', async () => {
    await stocked();
    const said = (await t.said('inventory')).length;
    const input = {
      idempotencyKey: key(),
      fromWarehouseId: warehouse(berlin),
      toWarehouseId: warehouse(paris),
      entries: [{ variantId: variant(mug), quantity: 3 }],
    };
    const { transferStock } = await t.run('inventory', keeper, TRANSFER, { input });
    expect(transferStock.errors).toEqual([]);
    expect([await level(t, mug, berlin), await level(t, mug, paris)]).toEqual([
      [2, 2, 0],
      [3, 0, 0],
    ]);
    expect((await t.said('inventory')).length).toBe(said);
  });
  it('lets one of two counters win', async () => {
    await stocked();
    const answers = await Promise.all(
      [7, 8].map((quantity) =>
        t.run('inventory', keeper, SET, { input: { idempotencyKey: key(), entries: [entry({ quantity })] } }),
      ),
    );
    const codes = answers.map((answer) => answer.setStockLevels.errors[0]?.code ?? 'OK').sort();
    expect(codes).toEqual(['OK', 'STALE_QUANTITY']);
  });
  it('makes a new level once where two warehouses’ clerks add to it at the same moment', async () => {
    await stocked();
    await Promise.all(
      Array.from({ length: 8 }, () => receive(t, [{ variantId: plate, warehouseId: paris, quantity: 1 }])),
    );
    expect(await level(t, plate, paris)).toEqual([8, 0, 0]);
  });

  describe('given nonsense', () => {
    const cases: [string, () => object, string, string[], object?][] = [
      ['no entries', () => ({ entries: [] }), 'NO_ENTRIES', ['input', 'entries']],
      [
        '101 entries',
        () => ({ entries: Array.from({ length: 101 }, (_, n) => entry({ variantId: variant(mugLike(n)) })) }),
        'TOO_MANY_ENTRIES',
        ['input', 'entries'],
      ],
      ['the same level twice', () => ({ entries: [entry(), entry()] }), 'DUPLICATE_ENTRY', ['input', 'entries', '1']],
      [
        'an unknown variant',
        () => ({ entries: [entry({ variantId: variant(randomUUID()) })] }),
        'NOT_FOUND',
        ['input', 'entries', '0', 'variantId'],
      ],
      [
        'an id of another kind',
        () => ({ entries: [entry({ variantId: warehouse(mug) })] }),
        'NOT_FOUND',
        ['input', 'entries', '0', 'variantId'],
      ],
      [
        'no id at all',
        () => ({ entries: [entry({ variantId: '' })] }),
        'NOT_FOUND',
        ['input', 'entries', '0', 'variantId'],
      ],
      [
        'an unknown warehouse',
        () => ({ entries: [entry({ warehouseId: warehouse(randomUUID()) })] }),
        'NOT_FOUND',
        ['input', 'entries', '0', 'warehouseId'],
      ],
      [
        'less than nothing',
        () => ({ entries: [entry({ quantity: -1 })] }),
        'INVALID_QUANTITY',
        ['input', 'entries', '0', 'quantity'],
      ],
      [
        'more than a million',
        () => ({ entries: [entry({ quantity: 1_000_001 })] }),
        'INVALID_QUANTITY',
        ['input', 'entries', '0', 'quantity'],
      ],
      [
        'a mark of 0',
        () => ({ entries: [entry({ lowStockAt: 0 })] }),
        'INVALID_LOW_STOCK_MARK',
        ['input', 'entries', '0', 'lowStockAt'],
      ],
      [
        'a quantity that is over',
        () => ({ entries: [entry({ changeFromQuantity: 4 })] }),
        'STALE_QUANTITY',
        ['input', 'entries', '0', 'changeFromQuantity'],
        { onHand: 5, available: 3 },
      ],
      [
        'less than is promised',
        () => ({ entries: [entry({ quantity: 1 })] }),
        'INSUFFICIENT_STOCK',
        ['input', 'entries', '0', 'quantity'],
        { onHand: 5, available: 3 },
      ],
      [
        'a reason too long',
        () => ({ entries: [entry()], reason: 'x'.repeat(501) }),
        'INVALID_REASON',
        ['input', 'reason'],
      ],
      [
        'a key too short',
        () => ({ entries: [entry()], idempotencyKey: 'short' }),
        'IDEMPOTENCY_CONFLICT',
        ['input', 'idempotencyKey'],
      ],
    ];
    const mugLike = (_n: number) => randomUUID();
    it.each(cases)('refuses %s, names the field and changes nothing', async (_what, input, code, field, data = {}) => {
      await stocked();
      const before = await everything();
      const { setStockLevels } = await t.run('inventory', keeper, SET, {
        input: { idempotencyKey: key(), ...input() },
      });
      expect(setStockLevels.levels).toBeNull();
      expect(setStockLevels.errors).toMatchObject([{ code, field, ...data }]);
      expect(stockErrorCodes).toContain(code);
      expect(await everything()).toEqual(before);
    });
    it.each([0, 1_000_001, -1_000_001, -4])('does not adjust by %s', async (delta) => {
      await stocked();
      const before = await everything();
      const entries = [{ variantId: variant(mug), warehouseId: warehouse(berlin), delta }];
      const { adjustStock } = await t.run('inventory', keeper, ADJUST, { input: { idempotencyKey: key(), entries } });
      expect(adjustStock.errors.map((error: { code: string }) => error.code)).toEqual([
        delta === -4 ? 'INSUFFICIENT_STOCK' : 'INVALID_QUANTITY',
      ]);
      expect(await everything()).toEqual(before);
    });
    it.each([2 ** 31, 1.5, '5', null])('calls the quantity %s bad input without repeating it', async (quantity) => {
      await stocked();
      const { errors } = await t.ask('inventory', keeper, SET, {
        input: { idempotencyKey: key(), entries: [entry({ quantity })] },
      });
      expect(errors?.map((error) => [error.extensions.code, error.message])).toEqual([
        ['BAD_USER_INPUT', 'The variables do not fit what the operation asks for.'],
      ]);
    });
    it('transfers neither into the same warehouse nor more than is free', async () => {
      await stocked();
      const transfer = async (toWarehouseId: WarehouseId, quantity: number) =>
        (
          await t.run('inventory', keeper, TRANSFER, {
            input: {
              idempotencyKey: key(),
              fromWarehouseId: warehouse(berlin),
              toWarehouseId: warehouse(toWarehouseId),
              entries: [{ variantId: variant(mug), quantity }],
            },
          })
        ).transferStock.errors[0]?.code;
      expect(await transfer(berlin, 1)).toBe('SAME_WAREHOUSE');
      expect(await transfer(paris, 4)).toBe('INSUFFICIENT_STOCK');
      expect(await transfer(paris, 0)).toBe('INVALID_QUANTITY');
      expect(await transfer(paris, 3)).toBeUndefined();
    });
  });

  describe('a warehouse', () => {
    const create = (input: object) => t.run('inventory', keeper, CREATE, { input });
    it('is opened with a code of its own, tidied', async () => {
      const code = `x${randomUUID().slice(0, 8)}`;
      const { createWarehouse } = await create({ code: ` ${code} `, name: ' Main ', country: 'de' });
      expect(createWarehouse).toMatchObject({
        warehouse: { code: code.toUpperCase(), name: 'Main', country: 'DE', priority: 0, active: true, version: 1 },
        errors: [],
      });
      const again = await create({ code, name: 'Other', country: 'DE' });
      expect(again.createWarehouse).toEqual({
        warehouse: null,
        errors: [{ code: 'CODE_TAKEN', field: ['input', 'code'] }],
      });
    });
    it('tells every mistake at once', async () => {
      const { createWarehouse } = await create({ code: 'a b', name: '', country: 'XQ', priority: -1 });
      const codes = createWarehouse.errors.map((error: { code: string }) => error.code);
      expect(codes).toEqual(['INVALID_CODE', 'INVALID_NAME', 'INVALID_COUNTRY', 'INVALID_PRIORITY']);
      for (const code of codes) expect(warehouseErrorCodes).toContain(code);
    });
    it('is changed by whoever saw its newest version, and closed only when empty', async () => {
      const [variantId] = (await sell(t, 1)) as [VariantId];
      const place = await openWarehouse(t);
      await receive(t, [{ variantId, warehouseId: place, quantity: 1 }]);
      const change = async (input: object) =>
        (await t.run('inventory', keeper, UPDATE, { id: warehouse(place), input })).updateWarehouse;
      expect(await change({ priority: 7, expectedVersion: 1 })).toMatchObject({
        warehouse: { priority: 7, version: 2 },
      });
      expect((await change({ name: 'Late', expectedVersion: 1 })).errors).toEqual([
        { code: 'VERSION_CONFLICT', field: ['input', 'expectedVersion'] },
      ]);
      expect((await change({ active: false })).errors).toEqual([{ code: 'NOT_EMPTY', field: ['input', 'active'] }]);
      await receive(t, [{ variantId, warehouseId: place, quantity: -1 }]);
      expect(await change({ active: false })).toMatchObject({ warehouse: { active: false, version: 3 }, errors: [] });
      const entries = [{ variantId: variant(variantId), warehouseId: warehouse(place), delta: 1 }];
      const { adjustStock } = await t.run('inventory', keeper, ADJUST, { input: { idempotencyKey: key(), entries } });
      expect(adjustStock.errors[0].code).toBe('WAREHOUSE_CLOSED');
      const nowhere = await t.run('inventory', keeper, UPDATE, { id: warehouse(randomUUID()), input: { priority: 1 } });
      expect(nowhere.updateWarehouse.errors).toEqual([{ code: 'NOT_FOUND', field: ['id'] }]);
    });
    it('is listed in the order it is asked for stock', async () => {
      const { warehouses } = await t.run('inventory', keeper, '{ warehouses { id priority } }');
      const priorities = warehouses.map((one: { priority: number }) => one.priority);
      expect(priorities).toEqual(priorities.toSorted((a: number, b: number) => a - b));
    });
  });

  it('lists low levels a page at a time', async () => {
    const place = await openWarehouse(t);
    const variants = await sell(t, 3);
    await receive(
      t,
      variants.map((variantId) => ({ variantId, warehouseId: place, quantity: 5 })),
    );
    const entries = variants.map((variantId, index) => ({
      variantId: variant(variantId),
      warehouseId: warehouse(place),
      quantity: 5,
      changeFromQuantity: 5,
      lowStockAt: index === 1 ? 4 : 5,
    }));
    await t.run('inventory', keeper, SET, { input: { idempotencyKey: key(), entries } });
    const page = async (after: string | null) =>
      (
        await t.run(
          'inventory',
          keeper,
          `query ($at: ID!, $after: String) { lowStock(warehouseId: $at, first: 1, after: $after) {
            nodes { variant { id } } pageInfo { hasNextPage endCursor } count { value } } }`,
          { at: warehouse(place), after },
        )
      ).lowStock;
    const first = await page(null);
    expect(first).toMatchObject({ nodes: [{ variant: { id: variant(variants[0]!) } }], count: { value: 2 } });
    const second = await page(first.pageInfo.endCursor);
    expect(second).toMatchObject({
      nodes: [{ variant: { id: variant(variants[2]!) } }],
      pageInfo: { hasNextPage: false },
    });
  });

  describe('seen by', () => {
    const roles: Role[] = ['SUPPORT', 'MERCHANDISER', 'FINANCE'];
    const outsiders: [string, Viewer, string][] = [
      ['nobody', anonymous(), 'UNAUTHENTICATED'],
      ['a guest', guest(), 'UNAUTHENTICATED'],
      ['a customer', customer(), 'FORBIDDEN'],
      ...roles.map((role): [string, Viewer, string] => [role, staff(role), 'FORBIDDEN']),
    ];
    it.each(outsiders)('%s, refuses every change and says nothing', async (_who, viewer, code) => {
      await stocked();
      const before = await everything();
      const delta = [{ variantId: variant(mug), warehouseId: warehouse(berlin), delta: 1 }];
      const requests: [string, object][] = [
        [SET, { input: { idempotencyKey: key(), entries: [entry()] } }],
        [ADJUST, { input: { idempotencyKey: key(), entries: delta } }],
        [TRANSFER, { input: { idempotencyKey: key(), fromWarehouseId: '', toWarehouseId: '', entries: [] } }],
        [CREATE, { input: { code: 'X', name: 'X', country: 'DE' } }],
        [UPDATE, { id: warehouse(berlin), input: { priority: 9 } }],
        ['{ lowStock { nodes { onHand } } }', {}],
        [`{ movements(variantId: "${variant(mug)}") { nodes { quantity } } }`, {}],
      ];
      for (const [document, variables] of requests) {
        const { errors } = await t.ask('inventory', viewer, document, { ...variables });
        expect(errors?.map((error) => error.extensions.code)).toEqual([code]);
      }
      expect(await everything()).toEqual(before);
    });
    const see = (viewer: Viewer, fields: string, type = 'ProductVariant', wire = variant(mug)) =>
      t.ask(
        'inventory',
        viewer,
        `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on ${type} { ${fields} } } }`,
        {
          refs: [{ __typename: type, id: wire }],
        },
      );
    it('anybody, shows what can be sold; levels to the warehouse and to the administrator', async () => {
      await stocked();
      for (const viewer of [anonymous(), guest(), customer(), keeper]) {
        expect((await see(viewer, 'stock { available inStock lowStock }')).data?._entities).toEqual([
          { stock: { available: 3, inStock: true, lowStock: false } },
        ]);
      }
      for (const [, viewer, code] of outsiders) {
        expect((await see(viewer, 'levels { onHand }')).errors?.[0]?.extensions.code).toBe(code);
      }
      for (const viewer of [keeper, staff('ADMIN')]) {
        expect((await see(viewer, 'levels { onHand held available }')).data?._entities).toEqual([
          { levels: [{ onHand: 5, held: 2, available: 3 }] },
        ]);
      }
    });
    it('anybody, is null for a variant that was never on sale', async () => {
      expect(
        (await see(guest(), 'stock { available }', 'ProductVariant', variant(randomUUID()))).data?._entities,
      ).toEqual([{ stock: null }]);
    });
    it('staff alone, shows a warehouse', async () => {
      for (const viewer of [anonymous(), guest(), customer()]) {
        expect((await see(viewer, 'code', 'Warehouse', warehouse(berlin))).data?._entities).toEqual([null]);
      }
      for (const role of roles) {
        expect((await see(staff(role), 'id', 'Warehouse', warehouse(berlin))).data?._entities).toEqual([
          { id: warehouse(berlin) },
        ]);
      }
    });
  });

  describe('watched', () => {
    const watch = async (ids: string[], after: string | null = null) => {
      const house = t.house('inventory');
      return (await house.subscribe({
        document: parse(`subscription ($ids: [ID!]!, $after: String) {
          variantStockChanged(ids: $ids, after: $after) { eventId variant { id stock { available } levels { onHand } } } }`),
        variables: { ids, after },
        context: house.context(keeper),
      })) as AsyncIterableIterator<{ data?: { variantStockChanged: object }; errors?: object[] }>;
    };
    const event = (version: number, available: number, onHand: number) => ({
      eventId: `${version}-${mug}`,
      variant: { id: variant(mug), stock: { available }, levels: [{ onHand }] },
    });
    it('starts with what is, and tells each change with fresh numbers', async () => {
      await stocked();
      const stream = await watch([variant(mug), variant(randomUUID()), 'nonsense']);
      expect((await stream.next()).value.data.variantStockChanged).toEqual(event(2, 3, 5));
      for (const [version, available, onHand] of [
        [3, 4, 6],
        [4, 5, 7],
      ] as const) {
        await receive(t, [{ variantId: mug, warehouseId: berlin, quantity: 1 }]);
        expect((await stream.next()).value.data.variantStockChanged).toEqual(event(version, available, onHand));
      }
      await stream.return?.();
      const resumed = await watch([variant(mug)], `3-${mug}`);
      expect((await resumed.next()).value.data.variantStockChanged).toEqual(event(4, 5, 7));
      await resumed.return?.();
    });
    it('takes 1 to 100 variants', async () => {
      for (const ids of [[], Array(101).fill(variant(mug))]) {
        expect(await watch(ids)).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
      }
    });
  });

  it('takes stock for a variant only once products spoke of it, and ignores older words', async () => {
    const productId = id<'Product'>();
    const [first, second] = [id<'ProductVariant'>(), id<'ProductVariant'>()];
    await t.hear('inventory', 'products.ProductPublished', published([first, second], productId, 2), 2);
    await t.hear('inventory', 'products.ProductPublished', published([first], id<'Product'>(), 1));
    expect(
      await t.sql('select product_id, product_version::int from inventory.variants where variant_id = $1', [first]),
    ).toEqual([{ product_id: productId, product_version: 2 }]);
  });
});
