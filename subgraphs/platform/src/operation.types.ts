import { BigIntScalar, connectionOf, DateTime, IdField, UserError } from '@souk/kit';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { RegisteredOperation } from './operation.ts';

export enum OperationKindEnum {
  QUERY = 'QUERY',
  MUTATION = 'MUTATION',
  SUBSCRIPTION = 'SUBSCRIPTION',
}
registerEnumType(OperationKindEnum, {
  name: 'OperationKind',
  description: 'What an operation does.',
  valuesConfig: {
    QUERY: { description: 'It reads.' },
    MUTATION: { description: 'It changes something.' },
    SUBSCRIPTION: { description: 'It is told of changes.' },
  },
});

@ObjectType('RegisteredOperation', { description: 'An operation that a client may ask for by its id.' })
export class RegisteredOperationType {
  @IdField('RegisteredOperation')
  id!: string;
  @Field(() => String, {
    description: 'How clients ask for it, as documentId or in the path: most often the SHA-256 of its text.',
  })
  documentId!: string;
  @Field(() => String, { description: 'Its name.' })
  name!: string;
  @Field(() => OperationKindEnum, { description: 'What it does.' })
  type!: string;
  @Field(() => String, { description: 'The client it is registered for.' })
  client!: string;
  @Field(() => String, { description: 'Whom to ask about it.' })
  owner!: string;
  @Field(() => String, { description: 'Its text.' })
  body!: string;
  @Field(() => Int, {
    nullable: true,
    description: 'Seconds for which a CDN may show everybody the same answer; null for not at all.',
  })
  maxAge!: number | null;
  @Field(() => [String], { nullable: true, description: 'Scopes it needs; null until it was understood once.' })
  scopes!: readonly string[] | null;
  @Field(() => Int, { nullable: true, description: 'What it costs at most; null until it was understood once.' })
  cost!: number | null;
  @Field(() => BigIntScalar, { description: 'How often it ran, to within a minute.' })
  uses!: number;
  @Field(() => DateTime, { nullable: true, description: 'When it last ran, to within a minute.' })
  lastUsedAt!: Date | null;
  @Field(() => DateTime, { description: 'When it was registered last.' })
  registeredAt!: Date;
  @Field(() => String, { description: 'The principal who did.' })
  registeredBy!: string;
  @Field(() => DateTime, { nullable: true, description: 'When it was retired.' })
  retiredAt!: Date | null;
  @Field(() => String, { nullable: true, description: 'The principal who did.' })
  retiredBy!: string | null;
}

export const { Connection: RegisteredOperationConnection } = connectionOf(
  'RegisteredOperation',
  () => RegisteredOperationType,
);

export enum OperationErrorCode {
  NOT_FOUND = 'NOT_FOUND',
  INVALID_CLIENT = 'INVALID_CLIENT',
  INVALID_OWNER = 'INVALID_OWNER',
  INVALID_MANIFEST = 'INVALID_MANIFEST',
  ID_TAKEN = 'ID_TAKEN',
}
registerEnumType(OperationErrorCode, {
  name: 'OperationErrorCode',
  description: 'What can be wrong with a change to the registry of operations.',
  valuesConfig: {
    NOT_FOUND: { description: 'There is no such operation.' },
    INVALID_CLIENT: { description: 'No name of a client.' },
    INVALID_OWNER: { description: 'The owner is empty, too long, or not on one line.' },
    INVALID_MANIFEST: { description: 'The manifest cannot be read; the message says where.' },
    ID_TAKEN: { description: 'Another text is registered under the id.' },
  },
});

@ObjectType({ implements: UserError, description: 'A mistake in a change to the registry of operations.' })
export class OperationError extends UserError {
  @Field(() => OperationErrorCode, { description: 'What is wrong.' })
  code!: OperationErrorCode;
}

@InputType({ description: 'Which operations to list.' })
export class OperationFilter {
  @Field(() => String, { nullable: true, description: 'Of one client.' })
  client?: string | null;
  @Field(() => String, { nullable: true, description: 'Of this name.' })
  name?: string | null;
  @Field(() => String, { nullable: true, description: 'Of one owner.' })
  owner?: string | null;
  @Field(() => OperationKindEnum, { nullable: true, description: 'Of one kind.' })
  type?: 'QUERY' | 'MUTATION' | 'SUBSCRIPTION' | null;
  @Field(() => Boolean, { nullable: true, description: 'Only those that are retired, or only those that are not.' })
  retired?: boolean | null;
  @Field(() => Boolean, { nullable: true, description: 'Only those that ran at least once, or never did.' })
  used?: boolean | null;
}

@InputType({ description: 'Operations to register for a client.' })
export class RegisterOperationsInput {
  @Field(() => String, { description: 'The client, such as web.' })
  client!: string;
  @Field(() => String, { description: 'Whom to ask about them.' })
  owner!: string;
  @Field(() => String, {
    description:
      'Text of a manifest file: Apollo’s format of version 1, or an object of ids and texts as Relay’s compiler writes.',
  })
  manifest!: string;
}

@InputType({ description: 'An operation to retire.' })
export class RetireOperationInput {
  @Field(() => ID, { description: 'Which operation.' })
  id!: string;
}

@ObjectType({ description: 'What became of a manifest.' })
export class RegisterOperationsPayload {
  @Field(() => Int, { nullable: true, description: 'How many were new, changed, or taken back into service.' })
  registered!: number | null;
  @Field(() => Int, { nullable: true, description: 'How many were there already.' })
  unchanged!: number | null;
  @Field(() => [OperationError], { description: 'What was wrong; nothing was registered then.' })
  errors!: OperationError[];
}

@ObjectType({ description: 'An operation as it is now.' })
export class RetireOperationPayload {
  @Field(() => RegisteredOperationType, { nullable: true, description: 'The operation.' })
  operation!: RegisteredOperation | null;
  @Field(() => [OperationError], { description: 'What was wrong.' })
  errors!: OperationError[];
}

@Directive('@inaccessible')
@ObjectType({ description: 'A change of the registry, for a router. Not part of the public graph.' })
export class OperationChange {
  @Field(() => BigIntScalar, { description: 'Version of the registry.' })
  version!: number;
  @Field(() => String, { description: 'As registered.' })
  client!: string;
  @Field(() => String, { description: 'As registered.' })
  documentId!: string;
  @Field(() => String, { description: 'As registered.' })
  name!: string;
  @Field(() => String, { description: 'As registered.' })
  owner!: string;
  @Field(() => String, { description: 'As registered.' })
  body!: string;
  @Field(() => Int, { nullable: true, description: 'As registered.' })
  maxAge!: number | null;
  @Field(() => DateTime, { nullable: true, description: 'When it was retired.' })
  retiredAt!: Date | null;
}

@Directive('@inaccessible')
@InputType({
  description: 'How often an operation ran lately, and what a router knows of it. Not part of the public graph.',
})
export class OperationUseInput {
  @Field(() => String, { description: 'As registered.' })
  client!: string;
  @Field(() => String, { description: 'As registered.' })
  documentId!: string;
  @Field(() => Int, { description: 'Since it was told last.' })
  uses!: number;
  @Field(() => Int, { nullable: true, description: 'What it costs at most.' })
  cost!: number | null;
  @Field(() => [String], { nullable: true, description: 'The scopes it needs.' })
  scopes!: string[] | null;
}
