import { DateTime, Decimal, IdField, MoneyInput, MoneyType, Node, UserError } from '@souk/kit';
import type { Money } from '@souk/schema';
import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { enumFrom } from './enum.types.ts';
import { type RuleCode, ruleCodes } from './rejections.ts';

export const RuleErrorCode = enumFrom('RuleErrorCode', 'What can be wrong with a tax or shipping rule.', ruleCodes);

@ObjectType({ implements: UserError, description: 'A mistake in a tax or shipping rule.' })
export class RuleError extends UserError {
  @Field(() => RuleErrorCode, { description: 'What is wrong.' })
  code!: RuleCode;
}

@ObjectType('TaxClass', { implements: Node, description: 'A group of goods that are taxed alike.' })
@Directive('@key(fields: "id")')
export class TaxClassType {
  @IdField('TaxClass')
  id!: string;
  @Field(() => String, { description: 'Code, as products name it.' })
  code!: string;
  @Field(() => String, { description: 'Name for people.' })
  name!: string;
  @Field(() => Boolean, { description: 'Not offered for new goods.' })
  archived!: boolean;
}

@ObjectType({ description: 'A country, or a state of one.' })
export class TaxPlace {
  @Field(() => String, { description: 'ISO 3166-1 alpha-2 code.' })
  country!: string;
  @Field(() => String, { nullable: true, description: 'State, or null for the whole country.' })
  state!: string | null;
}

@ObjectType('TaxRate', { description: 'What a class of goods pays in a zone, for a period.' })
export class TaxRateType {
  @IdField('TaxRate')
  id!: string;
  @Field(() => String, { description: 'Code of the tax class.' })
  taxClass!: string;
  @Field(() => String, { description: 'Name, such as VAT.' })
  name!: string;
  @Field(() => Int, { description: '1900 is 19 percent.' })
  basisPoints!: number;
  @Field(() => Decimal, { description: 'In percent.' })
  percent!: string;
  @Field(() => DateTime, { nullable: true, description: 'From then on.' })
  validFrom!: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'Until just before then.' })
  validTo!: Date | null;
}

@ObjectType('TaxZone', { implements: Node, description: 'Places that tax alike.' })
@Directive('@key(fields: "id")')
export class TaxZoneType {
  @IdField('TaxZone')
  id!: string;
  @Field(() => String, { description: 'Name for people.' })
  name!: string;
  @Field(() => [TaxPlace], { description: 'Its places. A place belongs to one zone; a state goes before its country.' })
  places!: TaxPlace[];
  @Field(() => [TaxRateType], { description: 'Its rates of all periods. A class without one pays the standard rate.' })
  rates!: TaxRateType[];
}

@ObjectType('ShippingTier', { description: 'A price of a shipping method for a range of weight and subtotal.' })
export class ShippingTierType {
  @IdField('ShippingTier')
  id!: string;
  @Field(() => MoneyType, { description: 'What it costs, as prices are shown in the channel.' })
  price!: Money;
  @Field(() => Int, { description: 'From so many grams.' })
  weightGramsFrom!: number;
  @Field(() => Int, { nullable: true, description: 'Below so many grams.' })
  weightGramsTo!: number | null;
  @Field(() => MoneyType, { description: 'From this subtotal after discounts.' })
  subtotalFrom!: Money;
  @Field(() => MoneyType, { nullable: true, description: 'Below this subtotal after discounts.' })
  subtotalTo!: Money | null;
}

@ObjectType('ShippingMethod', { implements: Node, description: 'A way to ship to a zone.' })
@Directive('@key(fields: "id")')
export class ShippingMethodType {
  @IdField('ShippingMethod')
  id!: string;
  @Field(() => String, { description: 'Name for shoppers.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'More about it for shoppers.' })
  description!: string | null;
  @Field(() => String, { description: 'Code of the tax class of its price.' })
  taxClass!: string;
  @Field(() => Int, { nullable: true, description: 'At least so many days.' })
  minDays!: number | null;
  @Field(() => Int, { nullable: true, description: 'At most so many days.' })
  maxDays!: number | null;
  @Field(() => Int, { description: 'Place in lists for staff.' })
  position!: number;
  @Field(() => Boolean, { description: 'No longer offered.' })
  archived!: boolean;
  @Field(() => [ShippingTierType], { description: 'Its prices; the cheapest that fits is taken.' })
  tiers!: ShippingTierType[];
}

@ObjectType('ShippingZone', { implements: Node, description: 'Countries that are shipped to alike.' })
@Directive('@key(fields: "id")')
export class ShippingZoneType {
  @IdField('ShippingZone')
  id!: string;
  @Field(() => String, { description: 'Name for people.' })
  name!: string;
  @Field(() => [String], { description: 'ISO 3166-1 alpha-2 codes.' })
  countries!: string[];
  @Field(() => Boolean, { description: 'Serves every country that no other zone names.' })
  everywhereElse!: boolean;
  @Field(() => Boolean, { description: 'No longer offered.' })
  archived!: boolean;
  @Field(() => [ShippingMethodType], { description: 'Its methods that are offered.' })
  methods!: ShippingMethodType[];
}

@InputType({ description: 'A new tax class.' })
export class CreateTaxClassInput {
  @Field(() => String, { description: 'Lower-case letters, digits, hyphens, underscores; for good.' })
  code!: string;
  @Field(() => String, { description: 'Name for people.' })
  name!: string;
}
@InputType({ description: 'What changes; unnamed fields stay.' })
export class UpdateTaxClassInput {
  @Field(() => String, { nullable: true, description: 'Name for people.' })
  name?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Take it from or back into the choices.' })
  archived?: boolean | null;
}
@InputType({ description: 'A country, or a state of one.' })
export class TaxPlaceInput {
  @Field(() => String, { description: 'ISO 3166-1 alpha-2 code.' })
  country!: string;
  @Field(() => String, { nullable: true, description: 'State as addresses write it; the whole country if unsaid.' })
  state?: string | null;
}
@InputType({ description: 'A new tax zone.' })
export class CreateTaxZoneInput {
  @Field(() => String, { description: 'Name for people.' })
  name!: string;
  @Field(() => [TaxPlaceInput], { description: 'Its places.' })
  places!: TaxPlaceInput[];
}
@InputType({ description: 'What changes; unnamed fields stay.' })
export class UpdateTaxZoneInput {
  @Field(() => String, { nullable: true, description: 'Name for people.' })
  name?: string | null;
  @Field(() => [TaxPlaceInput], { nullable: true, description: 'Its places, all of them.' })
  places?: TaxPlaceInput[] | null;
}
@InputType({ description: 'A new tax rate.' })
export class CreateTaxRateInput {
  @Field(() => ID, { description: 'Where.' })
  zoneId!: string;
  @Field(() => String, { description: 'Code of the tax class.' })
  taxClass!: string;
  @Field(() => String, { description: 'Name, such as VAT.' })
  name!: string;
  @Field(() => Int, { description: '0 to 10000; 1900 is 19 percent.' })
  basisPoints!: number;
  @Field(() => DateTime, { nullable: true, description: 'From then on; always if unsaid.' })
  validFrom?: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'Until just before then; for good if unsaid.' })
  validTo?: Date | null;
}
@InputType({ description: 'What changes; unnamed fields stay, null opens a period.' })
export class UpdateTaxRateInput {
  @Field(() => String, { nullable: true, description: 'Name, such as VAT.' })
  name?: string | null;
  @Field(() => Int, { nullable: true, description: '0 to 10000.' })
  basisPoints?: number | null;
  @Field(() => DateTime, { nullable: true, description: 'From then on.' })
  validFrom?: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'Until just before then.' })
  validTo?: Date | null;
}
@InputType({ description: 'A new shipping zone.' })
export class CreateShippingZoneInput {
  @Field(() => String, { description: 'Name for people.' })
  name!: string;
  @Field(() => [String], { defaultValue: [], description: 'ISO 3166-1 alpha-2 codes.' })
  countries!: string[];
  @Field(() => Boolean, { defaultValue: false, description: 'Serve every country that no other zone names.' })
  everywhereElse!: boolean;
}
@InputType({ description: 'What changes; unnamed fields stay.' })
export class UpdateShippingZoneInput {
  @Field(() => String, { nullable: true, description: 'Name for people.' })
  name?: string | null;
  @Field(() => [String], { nullable: true, description: 'ISO 3166-1 alpha-2 codes, all of them.' })
  countries?: string[] | null;
  @Field(() => Boolean, { nullable: true, description: 'Serve every country that no other zone names.' })
  everywhereElse?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'True ends it and its methods for good.' })
  archived?: boolean | null;
}
@InputType({ description: 'A price for a range of weight and subtotal. Ranges hold their begin and not their end.' })
export class ShippingTierInput {
  @Field(() => MoneyInput, { description: 'What it costs in a currency, as prices are shown in the channel.' })
  price!: MoneyInput;
  @Field(() => Int, { nullable: true, description: 'From so many grams; 0 if unsaid.' })
  weightGramsFrom?: number | null;
  @Field(() => Int, { nullable: true, description: 'Below so many grams; any weight if unsaid.' })
  weightGramsTo?: number | null;
  @Field(() => Decimal, { nullable: true, description: 'From this subtotal in the price’s currency; 0 if unsaid.' })
  subtotalFrom?: string | null;
  @Field(() => Decimal, { nullable: true, description: 'Below this subtotal; any if unsaid.' })
  subtotalTo?: string | null;
}
@InputType({ description: 'A new way to ship to a zone.' })
export class CreateShippingMethodInput {
  @Field(() => ID, { description: 'Which zone.' })
  zoneId!: string;
  @Field(() => String, { description: 'Name for shoppers.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'More about it for shoppers; 500 characters at most.' })
  description?: string | null;
  @Field(() => String, { nullable: true, description: 'Code of the tax class of its price; standard if unsaid.' })
  taxClass?: string | null;
  @Field(() => Int, { nullable: true, description: 'At least so many days.' })
  minDays?: number | null;
  @Field(() => Int, { nullable: true, description: 'At most so many days.' })
  maxDays?: number | null;
  @Field(() => Int, { nullable: true, description: 'Place in lists for staff.' })
  position?: number | null;
  @Field(() => [ShippingTierInput], { description: '1 to 100 prices.' })
  tiers!: ShippingTierInput[];
}
@InputType({ description: 'What changes; unnamed fields stay.' })
export class UpdateShippingMethodInput {
  @Field(() => String, { nullable: true, description: 'Name for shoppers.' })
  name?: string | null;
  @Field(() => String, { nullable: true, description: 'More about it for shoppers.' })
  description?: string | null;
  @Field(() => String, { nullable: true, description: 'Code of the tax class of its price.' })
  taxClass?: string | null;
  @Field(() => Int, { nullable: true, description: 'At least so many days.' })
  minDays?: number | null;
  @Field(() => Int, { nullable: true, description: 'At most so many days.' })
  maxDays?: number | null;
  @Field(() => Int, { nullable: true, description: 'Place in lists for staff.' })
  position?: number | null;
  @Field(() => [ShippingTierInput], { nullable: true, description: 'Its prices, all of them.' })
  tiers?: ShippingTierInput[] | null;
  @Field(() => Boolean, { nullable: true, description: 'True ends it for good.' })
  archived?: boolean | null;
}

@ObjectType({ description: 'The tax class, or why nothing changed.' })
export class TaxClassPayload {
  @Field(() => TaxClassType, { nullable: true, description: 'The tax class.' })
  taxClass!: TaxClassType | null;
  @Field(() => [RuleError], { description: 'What to correct.' })
  errors!: RuleError[];
}
@ObjectType({ description: 'The tax zone with its rates, or why nothing changed.' })
export class TaxZonePayload {
  @Field(() => TaxZoneType, { nullable: true, description: 'The tax zone; null once it is deleted.' })
  taxZone!: TaxZoneType | null;
  @Field(() => [RuleError], { description: 'What to correct.' })
  errors!: RuleError[];
}
@ObjectType({ description: 'The shipping zone, or why nothing changed.' })
export class ShippingZonePayload {
  @Field(() => ShippingZoneType, { nullable: true, description: 'The shipping zone.' })
  shippingZone!: ShippingZoneType | null;
  @Field(() => [RuleError], { description: 'What to correct.' })
  errors!: RuleError[];
}
@ObjectType({ description: 'The shipping method, or why nothing changed.' })
export class ShippingMethodPayload {
  @Field(() => ShippingMethodType, { nullable: true, description: 'The shipping method.' })
  shippingMethod!: ShippingMethodType | null;
  @Field(() => [RuleError], { description: 'What to correct.' })
  errors!: RuleError[];
}
