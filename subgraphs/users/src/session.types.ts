import { DateTime, UserError } from '@souk/kit';
import { Field, InputType, ObjectType, registerEnumType } from 'type-graphql';
import type { User } from './user.ts';
import { AccountError, UserType } from './user.types.ts';

export enum SessionErrorCode {
  INVALID_CREDENTIALS = 'INVALID_CREDENTIALS',
  ACCOUNT_SUSPENDED = 'ACCOUNT_SUSPENDED',
  INVALID_REFRESH_TOKEN = 'INVALID_REFRESH_TOKEN',
}
registerEnumType(SessionErrorCode, {
  name: 'SessionErrorCode',
  description: 'Why there is no session.',
  valuesConfig: {
    INVALID_CREDENTIALS: { description: 'E-mail address and password do not go together.' },
    ACCOUNT_SUSPENDED: { description: 'The account is suspended.' },
    INVALID_REFRESH_TOKEN: { description: 'The refresh token is unknown, used, expired or revoked: sign in again.' },
  },
});

@ObjectType({
  description: 'What its owner needs to speak for a session. Shown once, at its start and at each refresh.',
})
export class Session {
  @Field(() => String, { description: 'Bearer token for the Authorization header.' })
  accessToken!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Good for one refresh. Present it twice and the session ends. Null for a guest.',
  })
  refreshToken!: string | null;
  @Field(() => DateTime, { description: 'When the access token expires.' })
  expiresAt!: Date;
  @Field(() => UserType, { nullable: true, description: 'Whose session it is; null for a guest.' })
  user!: User | null;
  @Field(() => String, { nullable: true, description: 'The guest’s id; null for a user.' })
  guestId!: string | null;
}

@ObjectType({ implements: UserError, description: 'Why there is no session.' })
export class SessionError extends UserError {
  @Field(() => SessionErrorCode, { description: 'What is wrong.' })
  code!: SessionErrorCode;
}

@InputType({ description: 'Who signs in.' })
export class SignInInput {
  @Field(() => String, { description: 'E-mail address of the account.' })
  email!: string;
  @Field(() => String, { description: 'Its password.' })
  password!: string;
}

@InputType({ description: 'The refresh token to swap.' })
export class RefreshSessionInput {
  @Field(() => String, { description: 'As the session gave it.' })
  refreshToken!: string;
}

@InputType({ description: 'What to end beside the session of the request.' })
export class SignOutInput {
  @Field(() => String, {
    nullable: true,
    description: 'Ends its session too, also where the access token has expired.',
  })
  refreshToken?: string | null;
}

@ObjectType({ description: 'A guest’s session.' })
export class StartGuestSessionPayload {
  @Field(() => Session, { nullable: true, description: 'The session.' })
  session!: Session | null;
  @Field(() => [SessionError], { description: 'What to correct.' })
  errors!: SessionError[];
}

@ObjectType({ description: 'The first session of the new account, or why there is none.' })
export class RegisterPayload {
  @Field(() => Session, { nullable: true, description: 'The session.' })
  session!: Session | null;
  @Field(() => [AccountError], { description: 'What to correct.' })
  errors!: AccountError[];
}

@ObjectType({ description: 'The new session, or why there is none.' })
export class SignInPayload {
  @Field(() => Session, { nullable: true, description: 'The session.' })
  session!: Session | null;
  @Field(() => [SessionError], { description: 'What to correct.' })
  errors!: SessionError[];
}

@ObjectType({ description: 'The session with new tokens, or why there is none.' })
export class RefreshSessionPayload {
  @Field(() => Session, { nullable: true, description: 'The session.' })
  session!: Session | null;
  @Field(() => [SessionError], { description: 'What to correct.' })
  errors!: SessionError[];
}

@ObjectType({ description: 'What a sign-out did.' })
export class SignOutPayload {
  @Field(() => Boolean, { nullable: true, description: 'True where a session was ended, false where there was none.' })
  signedOut!: boolean | null;
  @Field(() => [SessionError], { description: 'What to correct.' })
  errors!: SessionError[];
}
