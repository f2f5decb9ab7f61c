import { Cached, CurrencyCodeScalar, DateTime, IdField, Node, Staff, UserError } from '@souk/kit';
import type { ChannelId } from '@souk/schema';
import { Directive, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

export enum ChannelErrorCode {
  NOT_FOUND = 'NOT_FOUND',
  CONFLICT = 'CONFLICT',
  CODE_TAKEN = 'CODE_TAKEN',
  LAST_CHANNEL = 'LAST_CHANNEL',
  INVALID_CODE = 'INVALID_CODE',
  INVALID_NAME = 'INVALID_NAME',
  INVALID_CURRENCY = 'INVALID_CURRENCY',
  INVALID_LOCALE = 'INVALID_LOCALE',
  INVALID_TIME_ZONE = 'INVALID_TIME_ZONE',
}
registerEnumType(ChannelErrorCode, {
  name: 'ChannelErrorCode',
  description: 'What can be wrong with a change to a channel.',
  valuesConfig: {
    NOT_FOUND: { description: 'There is no such channel.' },
    CONFLICT: { description: 'It changed since you read it.' },
    CODE_TAKEN: { description: 'Another channel has the code.' },
    LAST_CHANNEL: { description: 'It is the last active one.' },
    INVALID_CODE: { description: 'The code has a wrong form.' },
    INVALID_NAME: { description: 'The name is empty, too long, or not on one line.' },
    INVALID_CURRENCY: { description: 'No ISO 4217 code.' },
    INVALID_LOCALE: { description: 'No language tag.' },
    INVALID_TIME_ZONE: { description: 'No IANA time zone.' },
  },
});

@Cached(300)
@ObjectType('Channel', {
  implements: Node,
  description: 'Where one sells: fixes currency, default locale, time zone and whether prices include tax.',
})
@Directive('@key(fields: "id")')
export class ChannelType {
  @IdField('Channel')
  id!: ChannelId;
  @Field(() => String, { description: 'Name in the souk-channel header. Never changes.' })
  code!: string;
  @Field(() => String, { description: 'Name for people.' })
  name!: string;
  @Field(() => CurrencyCodeScalar, { description: 'ISO 4217. Never changes.' })
  currency!: string;
  @Field(() => String, { description: 'Locale of readers who name none.' })
  defaultLocale!: string;
  @Field(() => String, { description: 'IANA name.' })
  timeZone!: string;
  @Field(() => Boolean, { description: 'Whether the prices shown hold the tax already.' })
  pricesIncludeTax!: boolean;
  @Field(() => Boolean, { description: 'Whether one can buy in it.' })
  active!: boolean;
  @Staff('MERCHANDISER')
  @Field(() => Int, { nullable: true, description: 'Rises with every change: give it as expectedVersion.' })
  version!: number;
  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;
  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;
}

@ObjectType({ implements: UserError, description: 'A mistake in a change to a channel.' })
export class ChannelError extends UserError {
  @Field(() => ChannelErrorCode, { description: 'What is wrong.' })
  code!: ChannelErrorCode;
}

@InputType({ description: 'A new channel.' })
export class CreateChannelInput {
  @Field(() => String, { description: 'Lower-case letters, digits and hyphens; for good.' })
  code!: string;
  @Field(() => String, { description: 'Name for people.' })
  name!: string;
  @Field(() => CurrencyCodeScalar, { description: 'ISO 4217; for good.' })
  currency!: string;
  @Field(() => String, { description: 'Language tag.' })
  defaultLocale!: string;
  @Field(() => String, { description: 'IANA name.' })
  timeZone!: string;
  @Field(() => Boolean, { description: 'Whether the prices shown hold the tax already; for good.' })
  pricesIncludeTax!: boolean;
}

@InputType({ description: 'What changes; unnamed fields stay.' })
export class UpdateChannelInput {
  @Field(() => String, { nullable: true, description: 'Name for people.' })
  name?: string | null;
  @Field(() => String, { nullable: true, description: 'Language tag.' })
  defaultLocale?: string | null;
  @Field(() => String, { nullable: true, description: 'IANA name.' })
  timeZone?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'Whether one can buy in it.' })
  active?: boolean | null;
  @Field(() => Int, { nullable: true, description: 'Refuses the change where the channel has another version by now.' })
  expectedVersion?: number | null;
}

@ObjectType({ description: 'The new channel, or why there is none.' })
export class CreateChannelPayload {
  @Field(() => ChannelType, { nullable: true, description: 'The new channel.' })
  channel!: ChannelType | null;
  @Field(() => [ChannelError], { description: 'What to correct.' })
  errors!: ChannelError[];
}

@ObjectType({ description: 'The changed channel, or why it did not change.' })
export class UpdateChannelPayload {
  @Field(() => ChannelType, { nullable: true, description: 'The changed channel.' })
  channel!: ChannelType | null;
  @Field(() => [ChannelError], { description: 'What to correct.' })
  errors!: ChannelError[];
}
