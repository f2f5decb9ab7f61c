import 'reflect-metadata';
import {
  decodeId,
  encodeId,
  fractionDigits,
  type Id,
  type IdKind,
  type Money,
  prefixes,
  Rejection,
  toDecimal,
} from '@souk/schema';
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import {
  Directive,
  Extensions,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  InterfaceType,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';

const refuse = (what: string): never => {
  throw new GraphQLError(what, { extensions: { code: 'BAD_USER_INPUT' } });
};

/** A scalar whose input is text or a number of a checked form. No message repeats the value. */
function scalar<T>(
  name: string,
  description: string,
  parse: (raw: unknown) => T | undefined,
  serialize: (value: T) => unknown,
) {
  const read = (raw: unknown): T => parse(raw) ?? refuse(`This is not a valid ${name}.`);
  return new GraphQLScalarType<T, unknown>({
    name,
    description,
    serialize: (value) => serialize(value as T),
    parseValue: read,
    parseLiteral: (node) =>
      node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT
        ? read(node.kind === Kind.STRING ? node.value : Number(node.value))
        : refuse(`This is not a valid ${name}.`),
  });
}

const text = (pattern: RegExp) => (raw: unknown) => (typeof raw === 'string' && pattern.test(raw) ? raw : undefined);

export const Decimal = scalar<string>(
  'Decimal',
  'A decimal number as text, such as "12.50". Never a float.',
  text(/^-?\d{1,13}(\.\d{1,6})?$/),
  (value) => value,
);

export const BigIntScalar = scalar<number>(
  'BigInt',
  'An integer of up to 53 bits.',
  (raw) => {
    const value = typeof raw === 'string' && /^-?\d{1,16}$/.test(raw) ? Number(raw) : raw;
    return Number.isSafeInteger(value) ? (value as number) : undefined;
  },
  (value) => value,
);

export const CurrencyCodeScalar = scalar<string>(
  'CurrencyCode',
  'An ISO 4217 currency code, such as EUR.',
  text(/^[A-Z]{3}$/),
  (value) => value,
);

export const DateTime = scalar<Date>(
  'DateTime',
  'A moment in ISO-8601 UTC, such as 2026-01-31T12:00:00Z.',
  (raw) => {
    if (typeof raw !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(raw))
      return undefined;
    const date = new Date(raw);
    return Number.isNaN(date.getTime()) ? undefined : date;
  },
  (value) => (value instanceof Date ? value.toISOString() : value),
);

const plain = (raw: unknown): unknown => raw;
export const Json = new GraphQLScalarType({
  name: 'JSON',
  description: 'Any JSON value.',
  serialize: plain,
  parseValue: plain,
});

/** A property that holds a UUID and shows as a wire id of the kind. */
export function IdField(kind: IdKind, options: { nullable?: boolean; description?: string } = {}): PropertyDecorator {
  return (target, key) => {
    Field(() => ID, { description: `Opaque id (${prefixes[kind]}_…).`, ...options })(target, key);
    Extensions({ idKind: kind })(target, key);
  };
}

/** The UUID behind a wire id in a mutation's input; a Rejection NOT_FOUND where it names nothing of the kind. */
export function requireId<K extends IdKind>(kind: K, wire: string, field: readonly string[], what: string): Id<K> {
  return decodeId(kind, wire) ?? notFound(what, field);
}

export function notFound(what: string, field: readonly string[]): never {
  throw new Rejection('NOT_FOUND', `There is no such ${what}.`, field);
}

@InterfaceType({ description: 'Anything with an id of its own.', autoRegisterImplementations: false })
export abstract class Node {
  @Field(() => ID, { description: 'Opaque id.' })
  id!: string;
}

@InterfaceType({ description: 'A mistake the person can correct.', autoRegisterImplementations: false })
export abstract class UserError {
  @Field(() => String, { description: 'A whole sentence for the person.' })
  message!: string;
  @Field(() => [String], { nullable: true, description: 'Path into the input that caused it.' })
  field!: string[] | null;
}

@ObjectType('Money', { description: 'An amount in a currency. Never a float.' })
@Directive('@shareable')
export class MoneyType {
  @Field(() => Decimal, { description: 'In the major unit, as text.' })
  amount!: string;
  @Field(() => BigIntScalar, { description: 'In the minor unit (cents).' })
  amountMinor!: number;
  @Field(() => CurrencyCodeScalar, { description: 'ISO 4217.' })
  currency!: string;
  @Field(() => Int, { description: 'Digits after the point.' })
  fractionDigits!: number;
}

@Resolver(() => MoneyType)
export class MoneyResolver {
  @FieldResolver(() => Decimal)
  amount(@Root() money: Money): string {
    return toDecimal(money);
  }
  @FieldResolver(() => Int)
  fractionDigits(@Root() money: Money): number {
    return fractionDigits(money.currency);
  }
}

@ObjectType('TaxedMoney', { description: 'An amount before and after tax.' })
@Directive('@shareable')
export class TaxedMoneyType {
  @Field(() => MoneyType, { description: 'Without tax.' })
  net!: Money;
  @Field(() => MoneyType, { description: 'With tax.' })
  gross!: Money;
  @Field(() => MoneyType, { description: 'The tax in it.' })
  tax!: Money;
}

@InputType('MoneyInput', { description: 'An amount in a currency.' })
export class MoneyInput {
  @Field(() => Decimal, { description: 'In the major unit, as text.' })
  amount!: string;
  @Field(() => CurrencyCodeScalar, { description: 'ISO 4217.' })
  currency!: string;
}

export enum SortDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}
registerEnumType(SortDirection, {
  name: 'SortDirection',
  description: 'Which end comes first.',
  valuesConfig: {
    ASC: { description: 'Smallest or oldest first.' },
    DESC: { description: 'Largest or newest first.' },
  },
});

/** Wire id of a UUID, for texts and tests outside a resolver. */
export const wireId = encodeId;
