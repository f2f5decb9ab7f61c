import { connectionOf, DateTime, IdField, UserError } from '@souk/kit';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';

@ObjectType({ description: 'A fact that an ear could not hear after every try, or one that waits behind such a fact.' })
export class DeadLetter {
  @IdField('DeadLetter')
  id!: string;
  @Field(() => String, { description: 'The subgraph whose ear it is.' })
  house!: string;
  @Field(() => String, { description: 'Type of the fact.' })
  type!: string;
  @Field(() => String, { description: 'What the fact is about: later facts of this key wait.' })
  key!: string;
  @Field(() => String, { description: 'FAILED, or KEY_PARKED for one that waits behind.' })
  reason!: string;
  @Field(() => String, { nullable: true, description: 'Class and code of the error, never its words.' })
  error!: string | null;
  @Field(() => Int, { description: 'How often it was tried.' })
  tries!: number;
  @Field(() => DateTime, { description: 'Since when.' })
  parkedAt!: Date;
}

export const { Connection: DeadLetterConnection } = connectionOf('DeadLetter', () => DeadLetter);

export enum DeadLetterErrorCode {
  NOT_FOUND = 'NOT_FOUND',
  FAILED_AGAIN = 'FAILED_AGAIN',
}
registerEnumType(DeadLetterErrorCode, {
  name: 'DeadLetterErrorCode',
  description: 'Why dead letters of a key still wait.',
  valuesConfig: {
    NOT_FOUND: { description: 'There is no such dead letter; it may have been heard by now.' },
    FAILED_AGAIN: { description: 'The ear failed again: mend the cause first. `deadLetter` shows where it stands.' },
  },
});

@ObjectType({ implements: UserError, description: 'Why dead letters of a key still wait.' })
export class DeadLetterError extends UserError {
  @Field(() => DeadLetterErrorCode, { description: 'What is wrong.' })
  code!: DeadLetterErrorCode;
}

@InputType({ description: 'Which dead letter, at whose ear.' })
export class RedriveDeadLetterInput {
  @Field(() => ID, { description: 'Which dead letter.' })
  id!: string;
  @Field(() => String, { description: 'At whose ear: one fact can be dead at two.' })
  house!: string;
}

@ObjectType({ description: 'What a re-drive did.' })
export class RedriveDeadLetterPayload {
  @Field(() => Int, {
    nullable: true,
    description:
      'How many facts of the key were heard now, also where a later one failed; null where there is no such letter.',
  })
  heard!: number | null;
  @Field(() => DeadLetter, {
    nullable: true,
    description: 'The letter that failed again: it and all behind it still wait. Null where none is left.',
  })
  deadLetter!: DeadLetter | null;
  @Field(() => [DeadLetterError], { description: 'Why some still wait.' })
  errors!: DeadLetterError[];
}
