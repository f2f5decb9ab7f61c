import { connectionOf, DateTime, IdField, UserError } from '@souk/kit';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { ApiKey, App } from './app.ts';

export enum AppErrorCode {
  NOT_FOUND = 'NOT_FOUND',
  CONFLICT = 'CONFLICT',
  INVALID_NAME = 'INVALID_NAME',
  INVALID_CLIENT = 'INVALID_CLIENT',
  INVALID_SCOPE = 'INVALID_SCOPE',
  INVALID_QUOTA = 'INVALID_QUOTA',
  INVALID_EXPIRY = 'INVALID_EXPIRY',
  LIMIT = 'LIMIT',
  ENDED = 'ENDED',
}
registerEnumType(AppErrorCode, {
  name: 'AppErrorCode',
  description: 'What can be wrong with a change to an app or its keys.',
  valuesConfig: {
    NOT_FOUND: { description: 'There is no such app or key.' },
    CONFLICT: { description: 'It changed since you read it.' },
    INVALID_NAME: { description: 'The name is empty, too long, or not on one line.' },
    INVALID_CLIENT: { description: 'No name of a client.' },
    INVALID_SCOPE: { description: 'There is no such scope.' },
    INVALID_QUOTA: { description: 'The quota is out of bounds.' },
    INVALID_EXPIRY: { description: 'The end has passed, or is too far away.' },
    LIMIT: { description: 'The app has as many keys as it may.' },
    ENDED: { description: 'The key is revoked or expired.' },
  },
});

@ObjectType('ApiKey', {
  description: 'What an app shows to be let in. Of the key itself only its first characters are kept.',
})
export class ApiKeyType {
  @IdField('ApiKey')
  id!: string;
  @Field(() => String, { description: 'Its first characters, to tell it from others.' })
  prefix!: string;
  @Field(() => String, { description: 'The principal who issued it.' })
  createdBy!: string;
  @Field(() => DateTime, { description: 'When it was issued.' })
  createdAt!: Date;
  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself.' })
  expiresAt!: Date | null;
  @Field(() => DateTime, { nullable: true, description: 'When it was revoked.' })
  revokedAt!: Date | null;
  @Field(() => String, { nullable: true, description: 'The principal who revoked it.' })
  revokedBy!: string | null;
  @Field(() => DateTime, { nullable: true, description: 'When it was last used, to within a minute.' })
  lastUsedAt!: Date | null;
}

@ObjectType('App', { description: 'A program of somebody else’s, let in by API keys.' })
export class AppType {
  @IdField('App')
  id!: string;
  @Field(() => String, { description: 'Name for people.' })
  name!: string;
  @Field(() => String, {
    nullable: true,
    description:
      'The client whose registered operations it may run where the shop runs registered operations alone; null for those of every client.',
  })
  client!: string | null;
  @Field(() => [String], { description: 'What it may do beside what everybody may.' })
  scopes!: readonly string[];
  @Field(() => Int, { nullable: true, description: 'Requests a minute; null for the shop’s default.' })
  requestsPerMinute!: number | null;
  @Field(() => Int, { nullable: true, description: 'Cost of operations a minute; null for the shop’s default.' })
  costPerMinute!: number | null;
  @Field(() => Boolean, { description: 'Whether its keys are good.' })
  active!: boolean;
  @Field(() => Int, { description: 'Rises with every change: give it as expectedVersion.' })
  version!: number;
  @Field(() => String, { description: 'The principal who let it in.' })
  createdBy!: string;
  @Field(() => DateTime, { description: 'When it was let in.' })
  createdAt!: Date;
  @Field(() => DateTime, { description: 'When it last changed.' })
  updatedAt!: Date;
}

export const { Connection: AppConnection } = connectionOf('App', () => AppType);

@Directive('@inaccessible')
@ObjectType({ description: 'What an API key grants, for a router. Not part of the public graph.' })
export class ApiKeyGrantType {
  @Field(() => String, { description: 'The bare UUID of the key.' })
  id!: string;
  @Field(() => String, { description: 'The bare UUID of its app.' })
  appId!: string;
  @Field(() => String, { nullable: true, description: 'As of the app.' })
  client!: string | null;
  @Field(() => [String], { description: 'As of the app.' })
  scopes!: readonly string[];
  @Field(() => Int, { nullable: true, description: 'As of the app.' })
  requestsPerMinute!: number | null;
  @Field(() => Int, { nullable: true, description: 'As of the app.' })
  costPerMinute!: number | null;
  @Field(() => DateTime, { nullable: true, description: 'When the key ends by itself.' })
  expiresAt!: Date | null;
}

@ObjectType({ implements: UserError, description: 'A mistake in a change to an app or its keys.' })
export class AppError extends UserError {
  @Field(() => AppErrorCode, { description: 'What is wrong.' })
  code!: AppErrorCode;
}

@InputType({ description: 'An app to let in.' })
export class CreateAppInput {
  @Field(() => String, { description: 'Name for people.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'Whose registered operations it may run; null for all.' })
  client?: string | null;
  @Field(() => [String], { description: 'What it may do; `apiScopes` names them all.' })
  scopes!: string[];
  @Field(() => Int, { nullable: true, description: 'Requests a minute; the shop’s default if unsaid.' })
  requestsPerMinute?: number | null;
  @Field(() => Int, { nullable: true, description: 'Cost of operations a minute; the shop’s default if unsaid.' })
  costPerMinute?: number | null;
}

@InputType({ description: 'What changes of an app; what is unsaid stays.' })
export class UpdateAppInput {
  @Field(() => Int, { nullable: true, description: 'Refuses the change where the app has another version by now.' })
  expectedVersion?: number | null;
  @Field(() => String, { nullable: true, description: 'Name for people.' })
  name?: string | null;
  @Field(() => String, { nullable: true, description: 'Whose registered operations it may run; null for all.' })
  client?: string | null;
  @Field(() => [String], { nullable: true, description: 'All that it may do.' })
  scopes?: string[] | null;
  @Field(() => Int, { nullable: true, description: 'Requests a minute; null for the shop’s default.' })
  requestsPerMinute?: number | null;
  @Field(() => Int, { nullable: true, description: 'Cost of operations a minute; null for the shop’s default.' })
  costPerMinute?: number | null;
  @Field(() => Boolean, { nullable: true, description: 'False turns every key of it away, within seconds.' })
  active?: boolean | null;
}

@InputType({ description: 'A key to issue.' })
export class CreateApiKeyInput {
  @Field(() => ID, { description: 'For which app.' })
  appId!: string;
  @Field(() => DateTime, { nullable: true, description: 'When it ends by itself; never if unsaid.' })
  expiresAt?: Date | null;
}

@InputType({ description: 'A key to replace by a new one.' })
export class RotateApiKeyInput {
  @Field(() => ID, { description: 'The key that ends.' })
  id!: string;
  @Field(() => Int, { defaultValue: 60, description: 'How long both are good; 10,080 at most.' })
  overlapMinutes!: number;
  @Field(() => DateTime, { nullable: true, description: 'When the new one ends by itself; never if unsaid.' })
  expiresAt?: Date | null;
}

@InputType({ description: 'A key to revoke.' })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: 'Which key.' })
  id!: string;
}

@ObjectType({ description: 'An app as it is now.' })
export class AppPayload {
  @Field(() => AppType, { nullable: true, description: 'The app.' })
  app!: App | null;
  @Field(() => [AppError], { description: 'What was wrong.' })
  errors!: AppError[];
}

@ObjectType({ description: 'A key that was issued.' })
export class IssuedApiKeyPayload {
  @Field(() => ApiKeyType, { nullable: true, description: 'What is kept of it.' })
  apiKey!: ApiKey | null;
  @Field(() => String, {
    nullable: true,
    description: 'The key itself, for the souk-api-key header. Shown now and never again.',
  })
  secret!: string | null;
  @Field(() => [AppError], { description: 'What was wrong.' })
  errors!: AppError[];
}

@ObjectType({ description: 'A key as it is now.' })
export class ApiKeyPayload {
  @Field(() => ApiKeyType, { nullable: true, description: 'The key.' })
  apiKey!: ApiKey | null;
  @Field(() => [AppError], { description: 'What was wrong.' })
  errors!: AppError[];
}
