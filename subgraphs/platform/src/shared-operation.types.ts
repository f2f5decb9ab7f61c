import { connectionOf, DateTime, IdField, UserError } from '@souk/kit';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { UserReference } from './node.types.ts';

@ObjectType('SharedOperation', {
  description: 'An operation that staff keep for each other, to open in the console. It cannot be run by its id.',
})
export class SharedOperationType {
  @IdField('SharedOperation')
  id!: string;
  @Field(() => String, { description: 'Its name: no two have the same, whatever the letters’ case.' })
  name!: string;
  @Field(() => String, { description: 'What it is for; may be empty.' })
  description!: string;
  @Field(() => String, { description: 'Its text.' })
  body!: string;
  @Field(() => String, { nullable: true, description: 'Variables to begin with, a JSON object as text.' })
  variables!: string | null;
  @Field(() => Int, { description: 'Rises with every change: give it as expectedVersion.' })
  version!: number;
  @Field(() => DateTime, { description: 'When it was shared.' })
  createdAt!: Date;
  @Field(() => UserReference, {
    nullable: true,
    description: 'Who shared it; null where you may not see who, or an app did.',
  })
  createdBy!: unknown;
  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;
  @Field(() => UserReference, { nullable: true, description: 'Who changed it last; null as with createdBy.' })
  updatedBy!: unknown;
  @Field(() => Boolean, { description: 'Whether you may change or delete it.' })
  changeable!: boolean;
}

export const { Connection: SharedOperationConnection } = connectionOf('SharedOperation', () => SharedOperationType);

export enum SharedOperationErrorCode {
  NOT_FOUND = 'NOT_FOUND',
  NOT_YOURS = 'NOT_YOURS',
  CONFLICT = 'CONFLICT',
  IDEMPOTENCY_CONFLICT = 'IDEMPOTENCY_CONFLICT',
  NAME_TAKEN = 'NAME_TAKEN',
  INVALID_NAME = 'INVALID_NAME',
  INVALID_DESCRIPTION = 'INVALID_DESCRIPTION',
  INVALID_BODY = 'INVALID_BODY',
  INVALID_VARIABLES = 'INVALID_VARIABLES',
}
registerEnumType(SharedOperationErrorCode, {
  name: 'SharedOperationErrorCode',
  description: 'What can be wrong with a change to the shared operations.',
  valuesConfig: {
    NOT_FOUND: { description: 'There is no such shared operation.' },
    NOT_YOURS: { description: 'Only who shared it, or an administrator, changes it.' },
    CONFLICT: { description: 'It changed since you read it.' },
    IDEMPOTENCY_CONFLICT: { description: 'The key was used for something else.' },
    NAME_TAKEN: { description: 'Another one has the name.' },
    INVALID_NAME: { description: 'The name is empty, too long, or not on one line.' },
    INVALID_DESCRIPTION: { description: 'The description is too long.' },
    INVALID_BODY: { description: 'The text is no GraphQL with an operation in it, or too long.' },
    INVALID_VARIABLES: { description: 'The variables are no JSON object, or too long.' },
  },
});

@ObjectType({ implements: UserError, description: 'A mistake in a change to the shared operations.' })
export class SharedOperationError extends UserError {
  @Field(() => SharedOperationErrorCode, { description: 'What is wrong.' })
  code!: SharedOperationErrorCode;
}

@InputType({ description: 'An operation to share.' })
export class ShareOperationInput {
  @Field(() => String, { description: '1 to 100 characters on one line, as no other is named.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'What it is for, in 500 characters at most.' })
  description?: string | null;
  @Field(() => String, { description: 'GraphQL with an operation in it, 20,000 bytes at most.' })
  body!: string;
  @Field(() => String, { nullable: true, description: 'A JSON object as text. Others read it: no secrets.' })
  variables?: string | null;
  @Field(() => String, { nullable: true, description: 'The same key shares it once. 8 to 200 characters.' })
  idempotencyKey?: string | null;
}

@InputType({ description: 'What changes; unnamed fields stay.' })
export class UpdateSharedOperationInput {
  @Field(() => String, { nullable: true, description: '1 to 100 characters on one line, as no other is named.' })
  name?: string;
  @Field(() => String, { nullable: true, description: 'What it is for, in 500 characters at most.' })
  description?: string | null;
  @Field(() => String, { nullable: true, description: 'GraphQL with an operation in it, 20,000 bytes at most.' })
  body?: string;
  @Field(() => String, { nullable: true, description: 'A JSON object as text; null for none.' })
  variables?: string | null;
  @Field(() => Int, { nullable: true, description: 'Refuses the change where it has another version by now.' })
  expectedVersion?: number | null;
}

@InputType({ description: 'A shared operation to delete.' })
export class DeleteSharedOperationInput {
  @Field(() => ID, { description: 'Which one.' })
  id!: string;
  @Field(() => Int, { nullable: true, description: 'Refuses where it has another version by now.' })
  expectedVersion?: number | null;
}

@ObjectType({ description: 'The shared operation, or why it is not as you wanted.' })
export class SharedOperationPayload {
  @Field(() => SharedOperationType, { nullable: true, description: 'The shared operation.' })
  sharedOperation!: SharedOperationType | null;
  @Field(() => [SharedOperationError], { description: 'What to correct.' })
  errors!: SharedOperationError[];
}

@ObjectType({ description: 'What was deleted, or why nothing was.' })
export class DeleteSharedOperationPayload {
  @IdField('SharedOperation', { nullable: true, description: 'The id that is no more.' })
  deletedId!: string | null;
  @Field(() => [SharedOperationError], { description: 'Why it is still there.' })
  errors!: SharedOperationError[];
}
