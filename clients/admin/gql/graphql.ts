/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** How far a count was taken. */
export type CountPrecision =
  /** Counting stopped at a cap. */
  | 'AT_LEAST'
  /** All were counted. */
  | 'EXACT';

/** Why dead letters of a key still wait. */
export type DeadLetterErrorCode =
  /** The ear failed again: mend the cause first. `deadLetter` shows where it stands. */
  | 'FAILED_AGAIN'
  /** There is no such dead letter; it may have been heard by now. */
  | 'NOT_FOUND';

/** A shared operation to delete. */
export type DeleteSharedOperationInput = {
  /** Refuses where it has another version by now. */
  readonly expectedVersion?: number | null | undefined;
  /** Which one. */
  readonly id: string | number;
};

/** What can be wrong with a change to the registry of operations. */
export type OperationErrorCode =
  /** Another text is registered under the id. */
  | 'ID_TAKEN'
  /** No name of a client. */
  | 'INVALID_CLIENT'
  /** The manifest cannot be read; the message says where. */
  | 'INVALID_MANIFEST'
  /** The owner is empty, too long, or not on one line. */
  | 'INVALID_OWNER'
  /** There is no such operation. */
  | 'NOT_FOUND';

/** Which operations to list. */
export type OperationFilter = {
  /** Of one client. */
  readonly client?: string | null | undefined;
  /** Of this name. */
  readonly name?: string | null | undefined;
  /** Of one owner. */
  readonly owner?: string | null | undefined;
  /** Only those that are retired, or only those that are not. */
  readonly retired?: boolean | null | undefined;
  /** Of one kind. */
  readonly type?: OperationKind | null | undefined;
  /** Only those that ran at least once, or never did. */
  readonly used?: boolean | null | undefined;
};

/** What an operation does. */
export type OperationKind =
  /** It changes something. */
  | 'MUTATION'
  /** It reads. */
  | 'QUERY'
  /** It is told of changes. */
  | 'SUBSCRIPTION';

/** Which dead letter, at whose ear. */
export type RedriveDeadLetterInput = {
  /** At whose ear: one fact can be dead at two. */
  readonly house: string;
  /** Which dead letter. */
  readonly id: string | number;
};

/** The refresh token to swap. */
export type RefreshSessionInput = {
  /** As the session gave it. */
  readonly refreshToken: string;
};

/** An operation to retire. */
export type RetireOperationInput = {
  /** Which operation. */
  readonly id: string | number;
};

/** What an account may do in the shop. */
export type Role =
  /** May whatever any role may, and sets roles. */
  | 'ADMIN'
  /** Buys. Every account may. */
  | 'CUSTOMER'
  /** Keeps taxes and shipping rates, refunds, reads the ledger. */
  | 'FINANCE'
  /** Keeps the catalogue and its prices. */
  | 'MERCHANDISER'
  /** Helps customers: sees accounts and orders, cancels, suspends customers. */
  | 'SUPPORT'
  /** Keeps the stock and ships. */
  | 'WAREHOUSE';

/** An operation to share. */
export type ShareOperationInput = {
  /** GraphQL with an operation in it, 20,000 bytes at most. */
  readonly body: string;
  /** What it is for, in 500 characters at most. */
  readonly description?: string | null | undefined;
  /** The same key shares it once. 8 to 200 characters. */
  readonly idempotencyKey?: string | null | undefined;
  /** 1 to 100 characters on one line, as no other is named. */
  readonly name: string;
  /** A JSON object as text. Others read it: no secrets. */
  readonly variables?: string | null | undefined;
};

/** What can be wrong with a change to the shared operations. */
export type SharedOperationErrorCode =
  /** It changed since you read it. */
  | 'CONFLICT'
  /** The key was used for something else. */
  | 'IDEMPOTENCY_CONFLICT'
  /** The text is no GraphQL with an operation in it, or too long. */
  | 'INVALID_BODY'
  /** The description is too long. */
  | 'INVALID_DESCRIPTION'
  /** The name is empty, too long, or not on one line. */
  | 'INVALID_NAME'
  /** The variables are no JSON object, or too long. */
  | 'INVALID_VARIABLES'
  /** Another one has the name. */
  | 'NAME_TAKEN'
  /** There is no such shared operation. */
  | 'NOT_FOUND'
  /** Only who shared it, or an administrator, changes it. */
  | 'NOT_YOURS';

/** Who signs in. */
export type SignInInput = {
  /** E-mail address of the account. */
  readonly email: string;
  /** Its password. */
  readonly password: string;
};

/** What to end beside the session of the request. */
export type SignOutInput = {
  /** Ends its session too, also where the access token has expired. */
  readonly refreshToken?: string | null | undefined;
};

/** What changes; unnamed fields stay. */
export type UpdateSharedOperationInput = {
  /** GraphQL with an operation in it, 20,000 bytes at most. */
  readonly body?: string | null | undefined;
  /** What it is for, in 500 characters at most. */
  readonly description?: string | null | undefined;
  /** Refuses the change where it has another version by now. */
  readonly expectedVersion?: number | null | undefined;
  /** 1 to 100 characters on one line, as no other is named. */
  readonly name?: string | null | undefined;
  /** A JSON object as text; null for none. */
  readonly variables?: string | null | undefined;
};

export type ChannelsQueryVariables = Exact<{ [key: string]: never; }>;


export type ChannelsQuery = { readonly channels: ReadonlyArray<{ readonly code: string, readonly currency: string, readonly defaultLocale: string }> };

export type DeadLettersQueryVariables = Exact<{
  house?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type DeadLettersQuery = { readonly deadLetters: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly house: string, readonly type: string, readonly key: string, readonly reason: string, readonly error: string | null, readonly tries: number, readonly parkedAt: string }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly count: { readonly value: number } } };

export type DeleteSharedOperationMutationVariables = Exact<{
  input: DeleteSharedOperationInput;
}>;


export type DeleteSharedOperationMutation = { readonly deleteSharedOperation: { readonly deletedId: string | null, readonly errors: ReadonlyArray<{ readonly code: SharedOperationErrorCode, readonly message: string }> } };

export type RedriveDeadLetterMutationVariables = Exact<{
  input: RedriveDeadLetterInput;
}>;


export type RedriveDeadLetterMutation = { readonly redriveDeadLetter: { readonly heard: number | null, readonly deadLetter: { readonly id: string, readonly error: string | null, readonly tries: number } | null, readonly errors: ReadonlyArray<{ readonly code: DeadLetterErrorCode, readonly message: string }> } };

export type RefreshSessionMutationVariables = Exact<{
  input: RefreshSessionInput;
}>;


export type RefreshSessionMutation = { readonly refreshSession: { readonly session: { readonly accessToken: string, readonly refreshToken: string | null, readonly expiresAt: string, readonly user: { readonly id: string, readonly email: string, readonly roles: ReadonlyArray<Role> } | null } | null, readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type RegisteredOperationsQueryVariables = Exact<{
  filter?: OperationFilter | null | undefined;
  after?: string | null | undefined;
}>;


export type RegisteredOperationsQuery = { readonly operations: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly documentId: string, readonly name: string, readonly type: OperationKind, readonly client: string, readonly owner: string, readonly body: string, readonly maxAge: number | null, readonly scopes: ReadonlyArray<string> | null, readonly cost: number | null, readonly uses: number, readonly lastUsedAt: string | null, readonly registeredAt: string, readonly retiredAt: string | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null }, readonly count: { readonly value: number, readonly precision: CountPrecision } } };

export type RetireOperationMutationVariables = Exact<{
  input: RetireOperationInput;
}>;


export type RetireOperationMutation = { readonly retireOperation: { readonly operation: { readonly id: string, readonly retiredAt: string | null } | null, readonly errors: ReadonlyArray<{ readonly code: OperationErrorCode, readonly message: string }> } };

export type ShareOperationMutationVariables = Exact<{
  input: ShareOperationInput;
}>;


export type ShareOperationMutation = { readonly shareOperation: { readonly sharedOperation: { readonly id: string } | null, readonly errors: ReadonlyArray<{ readonly code: SharedOperationErrorCode, readonly message: string }> } };

export type SharedOperationsQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type SharedOperationsQuery = { readonly sharedOperations: { readonly nodes: ReadonlyArray<{ readonly id: string, readonly name: string, readonly description: string, readonly body: string, readonly variables: string | null, readonly version: number, readonly changeable: boolean, readonly updatedAt: string, readonly updatedBy: { readonly id: string, readonly email: string } | null }>, readonly pageInfo: { readonly hasNextPage: boolean, readonly endCursor: string | null } } };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { readonly signIn: { readonly session: { readonly accessToken: string, readonly refreshToken: string | null, readonly expiresAt: string, readonly user: { readonly id: string, readonly email: string, readonly roles: ReadonlyArray<Role> } | null } | null, readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type SignOutMutationVariables = Exact<{
  input: SignOutInput;
}>;


export type SignOutMutation = { readonly signOut: { readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type StartGuestSessionMutationVariables = Exact<{ [key: string]: never; }>;


export type StartGuestSessionMutation = { readonly startGuestSession: { readonly session: { readonly accessToken: string, readonly expiresAt: string, readonly guestId: string | null } | null, readonly errors: ReadonlyArray<{ readonly message: string }> } };

export type UpdateSharedOperationMutationVariables = Exact<{
  id: string | number;
  input: UpdateSharedOperationInput;
}>;


export type UpdateSharedOperationMutation = { readonly updateSharedOperation: { readonly sharedOperation: { readonly id: string, readonly version: number } | null, readonly errors: ReadonlyArray<{ readonly code: SharedOperationErrorCode, readonly message: string }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const ChannelsDocument = new TypedDocumentString(`
    query Channels {
  channels {
    code
    currency
    defaultLocale
  }
}
    `) as unknown as TypedDocumentString<ChannelsQuery, ChannelsQueryVariables>;
export const DeadLettersDocument = new TypedDocumentString(`
    query DeadLetters($house: String, $after: String) {
  deadLetters(house: $house, first: 50, after: $after) {
    nodes {
      id
      house
      type
      key
      reason
      error
      tries
      parkedAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    count {
      value
    }
  }
}
    `) as unknown as TypedDocumentString<DeadLettersQuery, DeadLettersQueryVariables>;
export const DeleteSharedOperationDocument = new TypedDocumentString(`
    mutation DeleteSharedOperation($input: DeleteSharedOperationInput!) {
  deleteSharedOperation(input: $input) {
    deletedId
    errors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<DeleteSharedOperationMutation, DeleteSharedOperationMutationVariables>;
export const RedriveDeadLetterDocument = new TypedDocumentString(`
    mutation RedriveDeadLetter($input: RedriveDeadLetterInput!) {
  redriveDeadLetter(input: $input) {
    heard
    deadLetter {
      id
      error
      tries
    }
    errors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RedriveDeadLetterMutation, RedriveDeadLetterMutationVariables>;
export const RefreshSessionDocument = new TypedDocumentString(`
    mutation RefreshSession($input: RefreshSessionInput!) {
  refreshSession(input: $input) {
    session {
      accessToken
      refreshToken
      expiresAt
      user {
        id
        email
        roles
      }
    }
    errors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RefreshSessionMutation, RefreshSessionMutationVariables>;
export const RegisteredOperationsDocument = new TypedDocumentString(`
    query RegisteredOperations($filter: OperationFilter, $after: String) {
  operations(filter: $filter, first: 50, after: $after) {
    nodes {
      id
      documentId
      name
      type
      client
      owner
      body
      maxAge
      scopes
      cost
      uses
      lastUsedAt
      registeredAt
      retiredAt
    }
    pageInfo {
      hasNextPage
      endCursor
    }
    count {
      value
      precision
    }
  }
}
    `) as unknown as TypedDocumentString<RegisteredOperationsQuery, RegisteredOperationsQueryVariables>;
export const RetireOperationDocument = new TypedDocumentString(`
    mutation RetireOperation($input: RetireOperationInput!) {
  retireOperation(input: $input) {
    operation {
      id
      retiredAt
    }
    errors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RetireOperationMutation, RetireOperationMutationVariables>;
export const ShareOperationDocument = new TypedDocumentString(`
    mutation ShareOperation($input: ShareOperationInput!) {
  shareOperation(input: $input) {
    sharedOperation {
      id
    }
    errors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<ShareOperationMutation, ShareOperationMutationVariables>;
export const SharedOperationsDocument = new TypedDocumentString(`
    query SharedOperations($after: String) {
  sharedOperations(first: 100, after: $after) {
    nodes {
      id
      name
      description
      body
      variables
      version
      changeable
      updatedAt
      updatedBy {
        id
        email
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
    `) as unknown as TypedDocumentString<SharedOperationsQuery, SharedOperationsQueryVariables>;
export const SignInDocument = new TypedDocumentString(`
    mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    session {
      accessToken
      refreshToken
      expiresAt
      user {
        id
        email
        roles
      }
    }
    errors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const SignOutDocument = new TypedDocumentString(`
    mutation SignOut($input: SignOutInput!) {
  signOut(input: $input) {
    errors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<SignOutMutation, SignOutMutationVariables>;
export const StartGuestSessionDocument = new TypedDocumentString(`
    mutation StartGuestSession {
  startGuestSession {
    session {
      accessToken
      expiresAt
      guestId
    }
    errors {
      message
    }
  }
}
    `) as unknown as TypedDocumentString<StartGuestSessionMutation, StartGuestSessionMutationVariables>;
export const UpdateSharedOperationDocument = new TypedDocumentString(`
    mutation UpdateSharedOperation($id: ID!, $input: UpdateSharedOperationInput!) {
  updateSharedOperation(id: $id, input: $input) {
    sharedOperation {
      id
      version
    }
    errors {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<UpdateSharedOperationMutation, UpdateSharedOperationMutationVariables>;