import { CurrencyCodeScalar, Decimal, IdField, MoneyType, TaxedMoneyType } from '@souk/kit';
import type { CartId, Money } from '@souk/schema';
import { Directive, Field, Int, ObjectType } from 'type-graphql';
import { enumFrom } from './enum.types.ts';
import { OrderedVariant, SellingChannel } from './order.types.ts';
import { quoteGaps, type ShippingMethodId } from './pricing.ts';

export const QuoteGapEnum = enumFrom('QuoteGap', 'Why a quote is an estimate that cannot be ordered.', quoteGaps);

@ObjectType({ description: 'What one article of a cart costs.' })
export class QuoteLine {
  @Field(() => OrderedVariant, { nullable: true, description: 'The article.' })
  variant!: OrderedVariant | null;
  @Field(() => Int, { description: 'Units.' })
  quantity!: number;
  @Field(() => TaxedMoneyType, { description: 'Price of one unit before discounts.' })
  unitPrice!: object;
  @Field(() => TaxedMoneyType, { description: 'What the line costs after discounts; tax is rounded here, once.' })
  total!: object;
  @Field(() => MoneyType, { description: 'What is taken off the line.' })
  discount!: Money;
  @Field(() => Decimal, { description: 'Tax rate in percent.' })
  taxRate!: string;
}

@ObjectType({ description: 'How long a delivery is expected to take.' })
export class EstimatedDays {
  @Field(() => Int, { nullable: true, description: 'At least so many days.' })
  min!: number | null;
  @Field(() => Int, { nullable: true, description: 'At most so many days.' })
  max!: number | null;
}

@ObjectType({ description: 'A way to ship a cart to its destination.' })
export class ShippingOption {
  @IdField('ShippingMethod')
  id!: ShippingMethodId;
  @Field(() => String, { description: 'Name.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'More about it.' })
  description!: string | null;
  @Field(() => MoneyType, { description: 'What it costs, as prices are shown in the channel.' })
  price!: Money;
  @Field(() => EstimatedDays, { nullable: true, description: 'How long it is expected to take.' })
  estimatedDays!: EstimatedDays | null;
}

@ObjectType({ description: 'What a cart would cost if it were ordered now. `createOrder` computes the very same.' })
export class Quote {
  @Field(() => [QuoteLine], { description: 'Its articles that have a price.' })
  lines!: QuoteLine[];
  @Field(() => MoneyType, { description: 'Lines as prices are shown, before discounts.' })
  subtotal!: Money;
  @Field(() => MoneyType, { description: 'What is taken off.' })
  discount!: Money;
  @Field(() => MoneyType, { description: 'Shipping as prices are shown.' })
  shipping!: Money;
  @Field(() => MoneyType, {
    description: 'Tax of lines and shipping. Part of the other amounts where prices include tax.',
  })
  tax!: Money;
  @Field(() => MoneyType, { description: 'What would be paid: give it to `createOrder` as the expected total.' })
  total!: Money;
  @Field(() => [ShippingOption], { description: 'Ways to ship it there, cheapest first.' })
  shippingMethods!: ShippingOption[];
  @Field(() => ShippingOption, { nullable: true, description: 'The chosen way, or the cheapest where none is chosen.' })
  selectedShippingMethod!: ShippingOption | null;
  @Field(() => [QuoteGapEnum], { description: 'Why it cannot be ordered yet; empty when it can.' })
  missing!: string[];
  @Field(() => Boolean, { description: 'Whether the prices shown hold the tax.' })
  pricesIncludeTax!: boolean;
  @Field(() => SellingChannel, { nullable: true, description: 'Where it would be sold.' })
  channel!: SellingChannel | null;
  @Field(() => CurrencyCodeScalar, { description: 'Currency of all its amounts.' })
  currency!: string;
}

@ObjectType('CartLine')
export class QuotedCartLine {
  @Directive('@external')
  @Field(() => Int, { description: 'Units.' })
  quantity!: number;
  @Directive('@external')
  @Field(() => OrderedVariant, { nullable: true, description: 'The article.' })
  variant!: OrderedVariant | null;
}

@ObjectType('CartAddress')
export class QuotedCartAddress {
  @Directive('@external')
  @Field(() => String, { nullable: true, description: 'State or province.' })
  state!: string | null;
  @Directive('@external')
  @Field(() => String, { description: 'ISO 3166-1 alpha-2 code.' })
  country!: string;
}

@ObjectType('Cart')
@Directive('@key(fields: "id")')
export class QuotedCart {
  @IdField('Cart')
  id!: CartId;
  @Directive('@external')
  @Field(() => [QuotedCartLine], { description: 'What is in it.' })
  lines!: QuotedCartLine[];
  @Directive('@external')
  @Field(() => QuotedCartAddress, { nullable: true, description: 'Where it would be shipped.' })
  shippingAddress!: QuotedCartAddress | null;
  @Directive('@external')
  @Field(() => QuotedCartAddress, { nullable: true, description: 'Who would be billed.' })
  billingAddress!: QuotedCartAddress | null;
  @Directive('@external')
  @IdField('ShippingMethod', { nullable: true, description: 'The chosen way to ship it.' })
  shippingMethodId!: string | null;
}
