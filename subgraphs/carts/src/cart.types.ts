import { DateTime, IdField, Node, UserError } from '@souk/kit';
import type { CartId, CartLineId, Id, VariantId } from '@souk/schema';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { type CartErrorCode, type CartProblemCode, cartErrorCodes, cartProblemCodes } from './cart.ts';

@ObjectType('ProductVariant')
@Directive('@key(fields: "id", resolvable: false)')
export class CartedVariant {
  @IdField('ProductVariant')
  id!: VariantId;
}

@ObjectType('CartLine', { description: 'One article in a cart.' })
export class CartLineType {
  @IdField('CartLine')
  id!: CartLineId;
  @Field(() => Int, { description: 'Units, 1 to 999.' })
  quantity!: number;
  @Field(() => CartedVariant, { nullable: true, description: 'The article.' })
  variant!: CartedVariant | null;
}

const problemCodes = Object.fromEntries(cartProblemCodes.map((code) => [code, code])) as Record<
  CartProblemCode,
  CartProblemCode
>;
registerEnumType(problemCodes, {
  name: 'CartProblemCode',
  description: 'What a shopper should know about a cart.',
  valuesConfig: {
    ADJUSTED: { description: 'The last change got less than was asked.' },
    MERGED: { description: 'The cart of the guest was added to the one of the account.' },
    UNAVAILABLE: { description: 'The article is not for sale any more.' },
    INSUFFICIENT_STOCK: { description: 'Fewer are in stock than the line holds.' },
    QUANTITY_LIMIT: { description: 'One order may not hold so many.' },
  },
});

@ObjectType({
  description: 'Something a shopper should know about a cart. It is not an error: the cart is as it says.',
})
export class CartProblem {
  @Field(() => problemCodes, { description: 'What kind of problem it is.' })
  code!: CartProblemCode;
  @Field(() => String, { description: 'A whole sentence for the person.' })
  message!: string;
  @Field(() => CartLineType, { nullable: true, description: 'The line it is about, if about one that is there.' })
  line!: CartLineType | null;
  @Field(() => Int, { nullable: true, description: 'Units that can be had, where that is the problem.' })
  availableQuantity!: number | null;
  @Field(() => Int, { nullable: true, description: 'Most units of one order, where that is the problem.' })
  maxQuantity!: number | null;
}

@ObjectType({ description: 'Where a cart goes, or its bill.' })
export class CartAddress {
  @Field(() => String, { description: 'First name of the recipient.' })
  firstName!: string;
  @Field(() => String, { description: 'Last name of the recipient.' })
  lastName!: string;
  @Field(() => String, { nullable: true, description: 'Company.' })
  company!: string | null;
  @Field(() => String, { description: 'Street and number.' })
  addressLine1!: string;
  @Field(() => String, { nullable: true, description: 'Flat, floor, building.' })
  addressLine2!: string | null;
  @Field(() => String, { description: 'City.' })
  city!: string;
  @Field(() => String, { nullable: true, description: 'State or province.' })
  state!: string | null;
  @Field(() => String, { description: 'ISO 3166-1 alpha-2 code.' })
  country!: string;
  @Field(() => String, { nullable: true, description: 'Postal code.' })
  postalCode!: string | null;
  @Field(() => String, { nullable: true, description: 'Telephone number.' })
  phone!: string | null;
}

@ObjectType('Cart', { implements: Node, description: 'What its owner means to buy. Seen by its owner alone.' })
@Directive('@key(fields: "id")')
export class CartType {
  @IdField('Cart')
  id!: CartId;
  @Field(() => Int, { description: 'Rises with every change: `createOrder` takes it.' })
  version!: number;
  @Field(() => [CartLineType], { description: 'What is in it, in the order it was added.' })
  lines!: CartLineType[];
  @Field(() => Int, { description: 'Units over all lines.' })
  itemCount!: number;
  @Field(() => [String], { description: 'Coupon codes.' })
  codes!: string[];
  @Field(() => String, { nullable: true, description: 'A word to the merchant.' })
  note!: string | null;
  @Field(() => String, { nullable: true, description: 'Where the confirmation goes.' })
  email!: string | null;
  @Field(() => CartAddress, { nullable: true, description: 'Where the parcel goes.' })
  shippingAddress!: CartAddress | null;
  @Field(() => CartAddress, { nullable: true, description: 'Where the bill goes, if elsewhere.' })
  billingAddress!: CartAddress | null;
  @IdField('ShippingMethod', { nullable: true, description: 'The chosen way to ship it.' })
  shippingMethodId!: Id<'ShippingMethod'> | null;
  @Field(() => [CartProblem], {
    description: 'What stands in the way of ordering it, and what its last change did otherwise than asked.',
  })
  problems!: CartProblem[];
  @Field(() => DateTime, { description: 'When it was begun.' })
  createdAt!: Date;
  @Field(() => DateTime, { description: 'When it was changed last.' })
  updatedAt!: Date;
}

const errorCodes = Object.fromEntries(cartErrorCodes.map((code) => [code, code])) as Record<
  CartErrorCode,
  CartErrorCode
>;
registerEnumType(errorCodes, {
  name: 'CartErrorCode',
  description: 'Why a cart was not changed.',
  valuesConfig: {
    NOT_FOUND: { description: 'There is no such article, cart or line.' },
    INVALID_QUANTITY: { description: 'Not a quantity one can buy.' },
    QUANTITY_LIMIT: { description: 'One order may not hold so many.' },
    LINE_LIMIT: { description: 'A cart may not hold so many different articles.' },
    UNAVAILABLE: { description: 'The article is not for sale.' },
    INSUFFICIENT_STOCK: { description: 'No more of it are in stock.' },
    INVALID_EMAIL: { description: 'Not an e-mail address.' },
    INVALID_ADDRESS: { description: 'A part of an address is missing or too long.' },
    INVALID_NOTE: { description: 'The note is too long.' },
  },
});

@ObjectType({ implements: UserError, description: 'Why a cart was not changed.' })
export class CartError extends UserError {
  @Field(() => errorCodes, { description: 'What kind of mistake it is.' })
  code!: CartErrorCode;
  @Field(() => Int, { nullable: true, description: 'Units in stock, where that is in the way.' })
  availableQuantity?: number | null;
  @Field(() => Int, { nullable: true, description: 'Most units of one order, where that is in the way.' })
  maxQuantity?: number | null;
}

@ObjectType({ description: 'A cart after a change.' })
export class CartPayload {
  @Field(() => CartType, { nullable: true, description: 'The cart as it is now.' })
  cart!: CartType | null;
  @Field(() => [CartProblem], {
    nullable: true,
    description: 'What was done otherwise than asked; `Cart.problems` shows it too until the next change.',
  })
  warnings!: CartProblem[] | null;
  @Field(() => [CartError], { description: 'Mistakes; with any, nothing was changed.' })
  errors!: CartError[];
}

@InputType({ description: 'An article to add.' })
export class AddToCartInput {
  @Field(() => ID, { description: 'The variant.' })
  variantId!: string;
  @Field(() => Int, { defaultValue: 1, description: 'Units, added to what is there: 1 to 999.' })
  quantity!: number;
  @Field(() => ID, { nullable: true, description: 'The cart one means; refused where it is not one’s current cart.' })
  cartId?: string | null;
}

@InputType({ description: 'A new quantity for a line.' })
export class UpdateCartLineInput {
  @Field(() => ID, { description: 'The line.' })
  lineId!: string;
  @Field(() => Int, { description: 'Units, 0 to 999; 0 takes the line out.' })
  quantity!: number;
}

@InputType({ description: 'A line to take out.' })
export class RemoveCartLineInput {
  @Field(() => ID, { description: 'The line.' })
  lineId!: string;
}

@InputType({ description: 'Where the confirmation goes.' })
export class SetCartEmailInput {
  @Field(() => String, { nullable: true, description: 'E-mail address; null forgets it.' })
  email?: string | null;
}

@InputType({ description: 'A word to the merchant.' })
export class SetCartNoteInput {
  @Field(() => String, { nullable: true, description: 'Up to 1000 characters; null forgets it.' })
  note?: string | null;
}

@InputType({ description: 'How the cart is to be shipped.' })
export class SetCartShippingMethodInput {
  @Field(() => ID, { nullable: true, description: 'One of the quote’s methods; null leaves the choice open.' })
  shippingMethodId?: string | null;
}

@InputType({ description: 'Where a cart goes, or its bill.' })
export class CartAddressInput {
  @Field(() => String, { description: 'First name of the recipient, up to 100 characters.' })
  firstName!: string;
  @Field(() => String, { description: 'Last name of the recipient, up to 100 characters.' })
  lastName!: string;
  @Field(() => String, { nullable: true, description: 'Company, up to 200 characters.' })
  company?: string | null;
  @Field(() => String, { description: 'Street and number, up to 200 characters.' })
  addressLine1!: string;
  @Field(() => String, { nullable: true, description: 'Flat, floor, building, up to 200 characters.' })
  addressLine2?: string | null;
  @Field(() => String, { description: 'City, up to 100 characters.' })
  city!: string;
  @Field(() => String, { nullable: true, description: 'State or province, up to 100 characters.' })
  state?: string | null;
  @Field(() => String, { description: 'ISO 3166-1 alpha-2 code, such as DE.' })
  country!: string;
  @Field(() => String, { nullable: true, description: 'Postal code, up to 20 characters.' })
  postalCode?: string | null;
  @Field(() => String, { nullable: true, description: 'Telephone number, up to 40 characters.' })
  phone?: string | null;
}

@InputType({ description: 'Where a cart and its bill go. What is left out stays, null is forgotten.' })
export class SetCartAddressInput {
  @Field(() => CartAddressInput, { nullable: true, description: 'Where the parcel goes.' })
  shipping?: CartAddressInput | null;
  @Field(() => CartAddressInput, { nullable: true, description: 'Where the bill goes, if elsewhere.' })
  billing?: CartAddressInput | null;
}

@ObjectType({ description: 'That one’s cart changed.' })
export class CartEvent {
  @Field(() => String, { description: 'Where in the stream: give it as `after` to go on from here.' })
  eventId!: string;
  @Field(() => CartType, { nullable: true, description: 'The cart as it is.' })
  cart!: CartType | null;
}
