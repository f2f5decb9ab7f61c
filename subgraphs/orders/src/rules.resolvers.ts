import { requireId, Staff } from '@souk/kit';
import { decodeId, money } from '@souk/schema';
import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { OrdersContext } from './order.resolvers.ts';
import type { ShippingMethodId } from './pricing.ts';
import { listShippingZones, listTaxClasses, listTaxZones } from './rules.repository.ts';
import type { ShippingMethod, ShippingZone, ShippingZoneId, TaxClassId, TaxZone, TaxZoneId } from './rules.ts';
import {
  CreateShippingMethodInput,
  CreateShippingZoneInput,
  CreateTaxClassInput,
  CreateTaxRateInput,
  CreateTaxZoneInput,
  ShippingMethodPayload,
  ShippingMethodType,
  ShippingTierType,
  ShippingZonePayload,
  ShippingZoneType,
  TaxClassPayload,
  TaxClassType,
  TaxPlace,
  TaxRateType,
  TaxZonePayload,
  TaxZoneType,
  UpdateShippingMethodInput,
  UpdateShippingZoneInput,
  UpdateTaxClassInput,
  UpdateTaxRateInput,
  UpdateTaxZoneInput,
} from './rules.types.ts';
import {
  createShippingMethod,
  createShippingZone,
  type TypedMethod,
  updateShippingMethod,
  updateShippingZone,
} from './shipping.service.ts';
import {
  createTaxClass,
  createTaxRate,
  createTaxZone,
  deleteTaxRate,
  deleteTaxZone,
  updateTaxClass,
  updateTaxRate,
  updateTaxZone,
} from './tax.service.ts';
import { percent } from './views.ts';

const WHICH = { description: 'Which one.' } as const;

@Resolver(() => TaxZoneType)
export class TaxResolver {
  @FieldResolver(() => [TaxPlace])
  places(@Root() { places }: TaxZone) {
    return places.map(({ country, state }) => ({ country, state: state === '' ? null : state }));
  }

  @FieldResolver(() => [TaxRateType])
  rates(@Root() { rates }: TaxZone) {
    return rates.map((rate) => ({ ...rate, percent: percent(rate.basisPoints) }));
  }

  @Staff('FINANCE', 'MERCHANDISER')
  @Query(() => [TaxClassType], { description: 'All tax classes.' })
  taxClasses(@Ctx() { db }: OrdersContext) {
    return listTaxClasses(db, null);
  }

  @Staff('FINANCE')
  @Query(() => [TaxZoneType], { description: 'All tax zones with their rates.' })
  taxZones(@Ctx() { db }: OrdersContext) {
    return listTaxZones(db, null);
  }

  @Staff('FINANCE')
  @Query(() => TaxZoneType, { nullable: true, description: 'One tax zone.' })
  taxZone(@Arg('id', () => ID, WHICH) id: string, @Ctx() { loaders }: OrdersContext) {
    const uuid = decodeId('TaxZone', id);
    return uuid && loaders.taxZoneById.load(uuid);
  }

  @Staff('FINANCE')
  @Mutation(() => TaxClassPayload, { description: 'Makes a tax class.' })
  createTaxClass(
    @Arg('input', () => CreateTaxClassInput, { description: 'The class.' }) input: CreateTaxClassInput,
    @Ctx() ctx: OrdersContext,
  ) {
    return ctx.mutate('createTaxClass', {}, (tx) => createTaxClass(tx, input), taxClass(ctx));
  }

  @Staff('FINANCE')
  @Mutation(() => TaxClassPayload, { description: 'Renames or archives a tax class.' })
  updateTaxClass(
    @Arg('id', () => ID, WHICH) id: string,
    @Arg('input', () => UpdateTaxClassInput, { description: 'What changes.' }) input: UpdateTaxClassInput,
    @Ctx() ctx: OrdersContext,
  ) {
    const run = () => requireId('TaxClass', id, ['id'], 'tax class');
    return ctx.mutate('updateTaxClass', {}, (tx) => updateTaxClass(tx, run(), input), taxClass(ctx));
  }

  @Staff('FINANCE')
  @Mutation(() => TaxZonePayload, { description: 'Makes a tax zone.' })
  createTaxZone(
    @Arg('input', () => CreateTaxZoneInput, { description: 'The zone.' }) input: CreateTaxZoneInput,
    @Ctx() ctx: OrdersContext,
  ) {
    return ctx.mutate('createTaxZone', {}, (tx) => createTaxZone(tx, input), taxZone(ctx));
  }

  @Staff('FINANCE')
  @Mutation(() => TaxZonePayload, { description: 'Renames a tax zone or replaces its places.' })
  updateTaxZone(
    @Arg('id', () => ID, WHICH) id: string,
    @Arg('input', () => UpdateTaxZoneInput, { description: 'What changes.' }) input: UpdateTaxZoneInput,
    @Ctx() ctx: OrdersContext,
  ) {
    const zone = () => requireId('TaxZone', id, ['id'], 'tax zone');
    return ctx.mutate('updateTaxZone', {}, (tx) => updateTaxZone(tx, zone(), input), taxZone(ctx));
  }

  @Staff('FINANCE')
  @Mutation(() => TaxZonePayload, {
    description: 'Deletes a tax zone and its rates. Orders keep what they were taxed by.',
  })
  deleteTaxZone(@Arg('id', () => ID, WHICH) id: string, @Ctx() ctx: OrdersContext) {
    const zone = () => requireId('TaxZone', id, ['id'], 'tax zone');
    return ctx.mutate('deleteTaxZone', {}, (tx) => deleteTaxZone(tx, zone()), taxZone(ctx));
  }

  @Staff('FINANCE')
  @Mutation(() => TaxZonePayload, { description: 'Adds a rate to a tax zone.' })
  createTaxRate(
    @Arg('input', () => CreateTaxRateInput, { description: 'The rate.' })
    { zoneId, taxClass, name, basisPoints, validFrom = null, validTo = null }: CreateTaxRateInput,
    @Ctx() ctx: OrdersContext,
  ) {
    const zone = () => requireId('TaxZone', zoneId, ['input', 'zoneId'], 'tax zone');
    const rate = { name, basisPoints, validFrom, validTo };
    return ctx.mutate('createTaxRate', {}, (tx) => createTaxRate(tx, zone(), taxClass, rate), taxZone(ctx));
  }

  @Staff('FINANCE')
  @Mutation(() => TaxZonePayload, { description: 'Changes a rate.' })
  updateTaxRate(
    @Arg('id', () => ID, WHICH) id: string,
    @Arg('input', () => UpdateTaxRateInput, { description: 'What changes.' }) input: UpdateTaxRateInput,
    @Ctx() ctx: OrdersContext,
  ) {
    const rate = () => requireId('TaxRate', id, ['id'], 'tax rate');
    return ctx.mutate('updateTaxRate', {}, (tx) => updateTaxRate(tx, rate(), input), taxZone(ctx));
  }

  @Staff('FINANCE')
  @Mutation(() => TaxZonePayload, { description: 'Deletes a rate. Orders keep what they were taxed by.' })
  deleteTaxRate(@Arg('id', () => ID, WHICH) id: string, @Ctx() ctx: OrdersContext) {
    const rate = () => requireId('TaxRate', id, ['id'], 'tax rate');
    return ctx.mutate('deleteTaxRate', {}, (tx) => deleteTaxRate(tx, rate()), taxZone(ctx));
  }
}

const taxClass = (ctx: OrdersContext) => async (id: string) => ({
  taxClass: await ctx.loaders.taxClassById.load(id as TaxClassId),
});
const taxZone = (ctx: OrdersContext) => async (id: string) => ({
  taxZone: await ctx.loaders.taxZoneById.load(id as TaxZoneId),
});
const shippingZone = (ctx: OrdersContext) => async (id: string) => ({
  shippingZone: await ctx.loaders.shippingZoneById.load(id as ShippingZoneId),
});
const shippingMethod = (ctx: OrdersContext) => async (id: string) => ({
  shippingMethod: await ctx.loaders.shippingMethodById.load(id as ShippingMethodId),
});

@Resolver(() => ShippingZoneType)
export class ShippingZoneResolver {
  @FieldResolver(() => [ShippingMethodType])
  methods(@Root() { id }: ShippingZone, @Ctx() { loaders }: OrdersContext) {
    return loaders.methodsByZone.load(id);
  }

  @Staff('FINANCE', 'MERCHANDISER')
  @Query(() => [ShippingZoneType], { description: 'All shipping zones that are offered.' })
  shippingZones(@Ctx() { db }: OrdersContext) {
    return listShippingZones(db, null);
  }

  @Staff('FINANCE', 'MERCHANDISER')
  @Query(() => ShippingZoneType, { nullable: true, description: 'One shipping zone.' })
  shippingZone(@Arg('id', () => ID, WHICH) id: string, @Ctx() { loaders }: OrdersContext) {
    const uuid = decodeId('ShippingZone', id);
    return uuid && loaders.shippingZoneById.load(uuid);
  }

  @Staff('FINANCE', 'MERCHANDISER')
  @Mutation(() => ShippingZonePayload, { description: 'Makes a shipping zone.' })
  createShippingZone(
    @Arg('input', () => CreateShippingZoneInput, { description: 'The zone.' }) input: CreateShippingZoneInput,
    @Ctx() ctx: OrdersContext,
  ) {
    return ctx.mutate('createShippingZone', {}, (tx) => createShippingZone(tx, input), shippingZone(ctx));
  }

  @Staff('FINANCE', 'MERCHANDISER')
  @Mutation(() => ShippingZonePayload, { description: 'Changes or ends a shipping zone.' })
  updateShippingZone(
    @Arg('id', () => ID, WHICH) id: string,
    @Arg('input', () => UpdateShippingZoneInput, { description: 'What changes.' }) input: UpdateShippingZoneInput,
    @Ctx() ctx: OrdersContext,
  ) {
    const zone = () => requireId('ShippingZone', id, ['id'], 'shipping zone');
    return ctx.mutate('updateShippingZone', {}, (tx) => updateShippingZone(tx, zone(), input), shippingZone(ctx));
  }
}

@Resolver(() => ShippingMethodType)
export class ShippingMethodResolver {
  @FieldResolver(() => [ShippingTierType])
  tiers(@Root() { tiers }: ShippingMethod) {
    return tiers.map(({ id, currency, price, weightFrom, weightTo, subtotalFrom, subtotalTo }) => ({
      id,
      price: money(price, currency),
      weightGramsFrom: weightFrom,
      weightGramsTo: weightTo,
      subtotalFrom: money(subtotalFrom, currency),
      subtotalTo: subtotalTo === null ? null : money(subtotalTo, currency),
    }));
  }

  @Staff('FINANCE', 'MERCHANDISER')
  @Mutation(() => ShippingMethodPayload, { description: 'Adds a shipping method to a zone.' })
  createShippingMethod(
    @Arg('input', () => CreateShippingMethodInput, { description: 'The method.' })
    { zoneId, name, tiers, ...more }: CreateShippingMethodInput,
    @Ctx() ctx: OrdersContext,
  ) {
    const typed: TypedMethod = {
      name,
      tiers,
      description: more.description ?? null,
      taxClass: more.taxClass ?? null,
      minDays: more.minDays ?? null,
      maxDays: more.maxDays ?? null,
      position: more.position ?? null,
    };
    const zone = () => requireId('ShippingZone', zoneId, ['input', 'zoneId'], 'shipping zone');
    const run = (tx: Parameters<typeof createShippingMethod>[0]) => createShippingMethod(tx, zone(), typed);
    return ctx.mutate('createShippingMethod', {}, run, shippingMethod(ctx));
  }

  @Staff('FINANCE', 'MERCHANDISER')
  @Mutation(() => ShippingMethodPayload, { description: 'Changes or ends a shipping method.' })
  updateShippingMethod(
    @Arg('id', () => ID, WHICH) id: string,
    @Arg('input', () => UpdateShippingMethodInput, { description: 'What changes.' }) input: UpdateShippingMethodInput,
    @Ctx() ctx: OrdersContext,
  ) {
    const method = () => requireId('ShippingMethod', id, ['id'], 'shipping method');
    const run = (tx: Parameters<typeof updateShippingMethod>[0]) => updateShippingMethod(tx, method(), input);
    return ctx.mutate('updateShippingMethod', {}, run, shippingMethod(ctx));
  }
}
