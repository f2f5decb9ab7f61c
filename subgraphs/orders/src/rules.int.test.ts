import { wireId } from '@souk/kit';
import { guest, staff } from '@souk/kit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAMP, type Shop, startShop, uuid } from './orders.testing.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

const ERRORS = 'errors { code field }';
const ZONE = 'taxZone { id name places { country state } rates { id taxClass basisPoints percent validFrom validTo } }';
async function call(name: string, type: string, input: object, selection: string, id?: string, as = staff('FINANCE')) {
  const [declared, given] = id === undefined ? ['', ''] : ['$id: ID!, ', 'id: $id, '];
  const data = await shop.t.run(
    'orders',
    as,
    `mutation (${declared}$input: ${type}!) { ${name}(${given}input: $input) { ${selection} ${ERRORS} } }`,
    { input, id },
  );
  return data[name];
}
const codes = ({ errors }: { errors: { code: string }[] }) => errors.map(({ code }) => code);
const zone = (input: object) => call('createTaxZone', 'CreateTaxZoneInput', input, ZONE);
const rate = (input: object) =>
  call('createTaxRate', 'CreateTaxRateInput', { taxClass: 'standard', name: 'VAT', basisPoints: 1000, ...input }, ZONE);
const szone = (input: object) =>
  call('createShippingZone', 'CreateShippingZoneInput', input, 'shippingZone { id countries everywhereElse }');
const method = (input: object) =>
  call(
    'createShippingMethod',
    'CreateShippingMethodInput',
    { name: 'Post', tiers: [{ price: { amount: '5.00', currency: 'EUR' } }], ...input },
    'shippingMethod { id name tiers { price { amount } weightGramsTo } }',
  );

async function quoted(country: string, state: string | null = null) {
  const { _entities } = await shop.t.run(
    'orders',
    guest(),
    'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Cart { quote { tax { amountMinor } lines { taxRate } shippingMethods { name price { amount } } missing } } } }',
    {
      r: [
        {
          __typename: 'Cart',
          id: wireId('Cart', uuid(1)),
          lines: [{ quantity: 1, variant: { id: wireId('ProductVariant', LAMP) } }],
          shippingAddress: { country, state },
        },
      ],
    },
  );
  return _entities[0].quote;
}

describe('tax rules', () => {
  it('put a state before its country, and hold for their period', async () => {
    const us = (await zone({ name: 'USA', places: [{ country: 'US' }] })).taxZone;
    const ny = (await zone({ name: 'New York', places: [{ country: 'US', state: 'ny' }] })).taxZone;
    expect(ny.places).toEqual([{ country: 'US', state: 'NY' }]);
    await rate({ zoneId: us.id, basisPoints: 500, validTo: '2020-01-01T00:00:00Z' });
    await rate({ zoneId: us.id, basisPoints: 600, validFrom: '2020-01-01T00:00:00Z' });
    const { taxZone } = await rate({ zoneId: ny.id, basisPoints: 888 });
    const at = async (state: string | null) => (await quoted('US', state)).lines[0].taxRate;
    expect([await at(null), await at('CA'), await at('NY'), await at(' ny ')]).toEqual([
      '6.00',
      '6.00',
      '8.88',
      '8.88',
    ]);
    const changed = await call('updateTaxRate', 'UpdateTaxRateInput', { basisPoints: 900 }, ZONE, taxZone.rates[0].id);
    expect(changed.taxZone.rates).toMatchObject([{ basisPoints: 900, percent: '9.00' }]);
    expect(await at('NY')).toBe('9.00');
    const drop = await shop.t.run(
      'orders',
      staff('FINANCE'),
      `mutation { deleteTaxRate(id: "${taxZone.rates[0].id}") { taxZone { rates { id } } ${ERRORS} } }`,
    );
    expect(drop.deleteTaxRate).toEqual({ taxZone: { rates: [] }, errors: [] });
    await shop.t.run(
      'orders',
      staff('FINANCE'),
      `mutation { deleteTaxZone(id: "${ny.id}") { taxZone { id } ${ERRORS} } }`,
    );
    expect(await at('NY')).toBe('6.00');
    expect((await quoted('FR')).lines[0].taxRate).toBe('0.00');
  });

  it('let a place belong to one zone and a moment to one rate', async () => {
    const { taxZone } = await zone({ name: 'Alps', places: [{ country: 'AT' }, { country: 'CH' }] });
    expect(codes(await zone({ name: 'Austria', places: [{ country: 'AT' }] }))).toEqual(['PLACE_TAKEN']);
    expect((await rate({ zoneId: taxZone.id, validFrom: '2020-01-01T00:00:00Z' })).errors).toEqual([]);
    expect(codes(await rate({ zoneId: taxZone.id, validFrom: '2025-01-01T00:00:00Z' }))).toEqual(['RATE_OVERLAP']);
    const moved = await call('updateTaxZone', 'UpdateTaxZoneInput', { places: [{ country: 'CH' }] }, ZONE, taxZone.id);
    expect(moved.taxZone.places).toEqual([{ country: 'CH', state: null }]);
    expect((await zone({ name: 'Austria', places: [{ country: 'AT' }] })).errors).toEqual([]);
  });

  it('refuse what is no rule', async () => {
    const { taxZone } = await zone({ name: 'Spain', places: [{ country: 'ES' }] });
    const zoneId = taxZone.id;
    expect(codes(await zone({ name: ' ', places: [{ country: 'XX' }] }))).toEqual(['INVALID_NAME', 'INVALID_COUNTRY']);
    expect(codes(await zone({ name: 'Nowhere', places: [] }))).toEqual(['INVALID_COUNTRY']);
    expect(codes(await rate({ zoneId, basisPoints: -1 }))).toEqual(['INVALID_RATE']);
    expect(codes(await rate({ zoneId, basisPoints: 10_001 }))).toEqual(['INVALID_RATE']);
    expect(codes(await rate({ zoneId, taxClass: 'gold' }))).toEqual(['NOT_FOUND']);
    expect(codes(await rate({ zoneId: wireId('TaxZone', uuid(1)) }))).toEqual(['NOT_FOUND']);
    expect(codes(await rate({ zoneId, validFrom: '2025-01-01T00:00:00Z', validTo: '2025-01-01T00:00:00Z' }))).toEqual([
      'INVALID_PERIOD',
    ]);
    const taxClass = (input: object) => call('createTaxClass', 'CreateTaxClassInput', input, 'taxClass { id code }');
    expect(codes(await taxClass({ code: 'standard', name: 'Again' }))).toEqual(['CODE_TAKEN']);
    expect(codes(await taxClass({ code: 'A B', name: 'x'.repeat(101) }))).toEqual(['INVALID_CODE', 'INVALID_NAME']);
    const { taxClasses } = await shop.t.run('orders', staff('FINANCE'), '{ taxClasses { id code archived } }');
    const standard = taxClasses.find(({ code }: { code: string }) => code === 'standard');
    expect(
      codes(await call('updateTaxClass', 'UpdateTaxClassInput', { archived: true }, 'taxClass { id }', standard.id)),
    ).toEqual(['DEFAULT_CLASS']);
  });
});

describe('shipping rules', () => {
  it('serve the countries of a zone, and everywhere else by another', async () => {
    const rest = (await szone({ name: 'World', everywhereElse: true })).shippingZone;
    const { shippingMethod } = await method({ zoneId: rest.id, name: 'Airmail' });
    expect((await quoted('JP')).shippingMethods).toEqual([{ name: 'Airmail', price: { amount: '5.00' } }]);
    expect((await quoted('DE')).shippingMethods.map(({ name }: { name: string }) => name)).toEqual([
      'Parcel',
      'Express',
    ]);
    const change = (input: object) =>
      call(
        'updateShippingMethod',
        'UpdateShippingMethodInput',
        input,
        'shippingMethod { name tiers { price { amount } } archived }',
        shippingMethod.id,
        staff('MERCHANDISER'),
      );
    expect(
      (
        await change({
          tiers: [{ price: { amount: '7', currency: 'EUR' } }, { price: { amount: '900', currency: 'JPY' } }],
        })
      ).shippingMethod,
    ).toEqual({
      name: 'Airmail',
      tiers: [{ price: { amount: '7.00' } }, { price: { amount: '900' } }],
      archived: false,
    });
    expect((await quoted('JP')).shippingMethods).toEqual([{ name: 'Airmail', price: { amount: '7.00' } }]);
    await change({ archived: true });
    expect((await quoted('JP')).missing).toEqual(['NOT_SHIPPABLE']);
    expect(codes(await change({ name: 'Back' }))).toEqual(['NOT_FOUND']);
    await method({ zoneId: rest.id, name: 'Sea' });
    await call('updateShippingZone', 'UpdateShippingZoneInput', { archived: true }, 'shippingZone { id }', rest.id);
    expect((await quoted('JP')).missing).toEqual(['NOT_SHIPPABLE']);
    const { shippingZones } = await shop.t.run(
      'orders',
      staff('MERCHANDISER'),
      '{ shippingZones { name methods { name } } }',
    );
    expect(shippingZones).toEqual([{ name: 'Germany', methods: [{ name: 'Parcel' }, { name: 'Express' }] }]);
  });

  it('refuse what is no rule', async () => {
    const { shippingZone } = await szone({ name: 'Italy', countries: ['it', 'IT'] });
    expect(shippingZone.countries).toEqual(['IT']);
    const zoneId = shippingZone.id;
    expect(codes(await szone({ name: 'Nowhere' }))).toEqual(['INVALID_COUNTRY']);
    expect(codes(await szone({ name: '', countries: ['XX'] }))).toEqual(['INVALID_NAME', 'INVALID_COUNTRY']);
    const price = { amount: '5.00', currency: 'EUR' };
    for (const tier of [
      { price: { amount: '5.001', currency: 'EUR' } },
      { price: { amount: '-5.00', currency: 'EUR' } },
      { price: { amount: '5.00', currency: 'ABC' } },
      { price, weightGramsFrom: 5, weightGramsTo: 5 },
      { price, weightGramsFrom: -1 },
      { price, subtotalFrom: '10', subtotalTo: '9' },
    ]) {
      expect(codes(await method({ zoneId, tiers: [tier] }))).toEqual(['INVALID_TIER']);
    }
    expect(codes(await method({ zoneId, tiers: [] }))).toEqual(['INVALID_TIER']);
    expect(codes(await method({ zoneId, minDays: 3, maxDays: 2 }))).toEqual(['INVALID_DAYS']);
    expect(codes(await method({ zoneId, taxClass: 'gold' }))).toEqual(['NOT_FOUND']);
    expect(codes(await method({ zoneId: wireId('ShippingZone', uuid(1)) }))).toEqual(['NOT_FOUND']);
    expect(codes(await method({ zoneId: 'x' }))).toEqual(['NOT_FOUND']);
    const { shippingZones } = await shop.t.run('orders', staff('FINANCE'), '{ shippingZones { name methods { id } } }');
    expect(shippingZones.at(-1)).toEqual({ name: 'Italy', methods: [] });
  });

  it('are for finance and merchandisers alone', async () => {
    for (const viewer of [guest(), staff('SUPPORT'), staff('WAREHOUSE')]) {
      for (const document of [
        '{ taxZones { id } }',
        '{ shippingZones { id } }',
        'mutation { createShippingZone(input: { name: "X", countries: ["FR"] }) { shippingZone { id } } }',
      ]) {
        const { errors } = await shop.t.ask('orders', viewer, document);
        expect(errors?.[0]?.extensions.code).toMatch(/^(UNAUTHENTICATED|FORBIDDEN)$/);
      }
      const node = await shop.t.run(
        'orders',
        viewer,
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on ShippingMethod { id } } }',
        {
          r: [{ __typename: 'ShippingMethod', id: shop.methods[0] }],
        },
      );
      expect(node._entities).toEqual([null]);
    }
    expect(await shop.t.sql(`select 1 from orders.shipping_zones where name = 'X'`)).toEqual([]);
  });
});
