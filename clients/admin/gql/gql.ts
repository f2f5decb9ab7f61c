/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "query Channels {\n  channels {\n    code\n    currency\n    defaultLocale\n  }\n}": typeof types.ChannelsDocument,
    "query DeadLetters($house: String, $after: String) {\n  deadLetters(house: $house, first: 50, after: $after) {\n    nodes {\n      id\n      house\n      type\n      key\n      reason\n      error\n      tries\n      parkedAt\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    count {\n      value\n    }\n  }\n}": typeof types.DeadLettersDocument,
    "mutation DeleteSharedOperation($input: DeleteSharedOperationInput!) {\n  deleteSharedOperation(input: $input) {\n    deletedId\n    errors {\n      code\n      message\n    }\n  }\n}": typeof types.DeleteSharedOperationDocument,
    "mutation RedriveDeadLetter($input: RedriveDeadLetterInput!) {\n  redriveDeadLetter(input: $input) {\n    heard\n    deadLetter {\n      id\n      error\n      tries\n    }\n    errors {\n      code\n      message\n    }\n  }\n}": typeof types.RedriveDeadLetterDocument,
    "mutation RefreshSession($input: RefreshSessionInput!) {\n  refreshSession(input: $input) {\n    session {\n      accessToken\n      refreshToken\n      expiresAt\n      user {\n        id\n        email\n        roles\n      }\n    }\n    errors {\n      message\n    }\n  }\n}": typeof types.RefreshSessionDocument,
    "query RegisteredOperations($filter: OperationFilter, $after: String) {\n  operations(filter: $filter, first: 50, after: $after) {\n    nodes {\n      id\n      documentId\n      name\n      type\n      client\n      owner\n      body\n      maxAge\n      scopes\n      cost\n      uses\n      lastUsedAt\n      registeredAt\n      retiredAt\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    count {\n      value\n      precision\n    }\n  }\n}": typeof types.RegisteredOperationsDocument,
    "mutation RetireOperation($input: RetireOperationInput!) {\n  retireOperation(input: $input) {\n    operation {\n      id\n      retiredAt\n    }\n    errors {\n      code\n      message\n    }\n  }\n}": typeof types.RetireOperationDocument,
    "mutation ShareOperation($input: ShareOperationInput!) {\n  shareOperation(input: $input) {\n    sharedOperation {\n      id\n    }\n    errors {\n      code\n      message\n    }\n  }\n}": typeof types.ShareOperationDocument,
    "query SharedOperations($after: String) {\n  sharedOperations(first: 100, after: $after) {\n    nodes {\n      id\n      name\n      description\n      body\n      variables\n      version\n      changeable\n      updatedAt\n      updatedBy {\n        id\n        email\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}": typeof types.SharedOperationsDocument,
    "mutation SignIn($input: SignInInput!) {\n  signIn(input: $input) {\n    session {\n      accessToken\n      refreshToken\n      expiresAt\n      user {\n        id\n        email\n        roles\n      }\n    }\n    errors {\n      message\n    }\n  }\n}": typeof types.SignInDocument,
    "mutation SignOut($input: SignOutInput!) {\n  signOut(input: $input) {\n    errors {\n      message\n    }\n  }\n}": typeof types.SignOutDocument,
    "mutation StartGuestSession {\n  startGuestSession {\n    session {\n      accessToken\n      expiresAt\n      guestId\n    }\n    errors {\n      message\n    }\n  }\n}": typeof types.StartGuestSessionDocument,
    "mutation UpdateSharedOperation($id: ID!, $input: UpdateSharedOperationInput!) {\n  updateSharedOperation(id: $id, input: $input) {\n    sharedOperation {\n      id\n      version\n    }\n    errors {\n      code\n      message\n    }\n  }\n}": typeof types.UpdateSharedOperationDocument,
};
const documents: Documents = {
    "query Channels {\n  channels {\n    code\n    currency\n    defaultLocale\n  }\n}": types.ChannelsDocument,
    "query DeadLetters($house: String, $after: String) {\n  deadLetters(house: $house, first: 50, after: $after) {\n    nodes {\n      id\n      house\n      type\n      key\n      reason\n      error\n      tries\n      parkedAt\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    count {\n      value\n    }\n  }\n}": types.DeadLettersDocument,
    "mutation DeleteSharedOperation($input: DeleteSharedOperationInput!) {\n  deleteSharedOperation(input: $input) {\n    deletedId\n    errors {\n      code\n      message\n    }\n  }\n}": types.DeleteSharedOperationDocument,
    "mutation RedriveDeadLetter($input: RedriveDeadLetterInput!) {\n  redriveDeadLetter(input: $input) {\n    heard\n    deadLetter {\n      id\n      error\n      tries\n    }\n    errors {\n      code\n      message\n    }\n  }\n}": types.RedriveDeadLetterDocument,
    "mutation RefreshSession($input: RefreshSessionInput!) {\n  refreshSession(input: $input) {\n    session {\n      accessToken\n      refreshToken\n      expiresAt\n      user {\n        id\n        email\n        roles\n      }\n    }\n    errors {\n      message\n    }\n  }\n}": types.RefreshSessionDocument,
    "query RegisteredOperations($filter: OperationFilter, $after: String) {\n  operations(filter: $filter, first: 50, after: $after) {\n    nodes {\n      id\n      documentId\n      name\n      type\n      client\n      owner\n      body\n      maxAge\n      scopes\n      cost\n      uses\n      lastUsedAt\n      registeredAt\n      retiredAt\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    count {\n      value\n      precision\n    }\n  }\n}": types.RegisteredOperationsDocument,
    "mutation RetireOperation($input: RetireOperationInput!) {\n  retireOperation(input: $input) {\n    operation {\n      id\n      retiredAt\n    }\n    errors {\n      code\n      message\n    }\n  }\n}": types.RetireOperationDocument,
    "mutation ShareOperation($input: ShareOperationInput!) {\n  shareOperation(input: $input) {\n    sharedOperation {\n      id\n    }\n    errors {\n      code\n      message\n    }\n  }\n}": types.ShareOperationDocument,
    "query SharedOperations($after: String) {\n  sharedOperations(first: 100, after: $after) {\n    nodes {\n      id\n      name\n      description\n      body\n      variables\n      version\n      changeable\n      updatedAt\n      updatedBy {\n        id\n        email\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}": types.SharedOperationsDocument,
    "mutation SignIn($input: SignInInput!) {\n  signIn(input: $input) {\n    session {\n      accessToken\n      refreshToken\n      expiresAt\n      user {\n        id\n        email\n        roles\n      }\n    }\n    errors {\n      message\n    }\n  }\n}": types.SignInDocument,
    "mutation SignOut($input: SignOutInput!) {\n  signOut(input: $input) {\n    errors {\n      message\n    }\n  }\n}": types.SignOutDocument,
    "mutation StartGuestSession {\n  startGuestSession {\n    session {\n      accessToken\n      expiresAt\n      guestId\n    }\n    errors {\n      message\n    }\n  }\n}": types.StartGuestSessionDocument,
    "mutation UpdateSharedOperation($id: ID!, $input: UpdateSharedOperationInput!) {\n  updateSharedOperation(id: $id, input: $input) {\n    sharedOperation {\n      id\n      version\n    }\n    errors {\n      code\n      message\n    }\n  }\n}": types.UpdateSharedOperationDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query Channels {\n  channels {\n    code\n    currency\n    defaultLocale\n  }\n}"): typeof import('./graphql.ts').ChannelsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query DeadLetters($house: String, $after: String) {\n  deadLetters(house: $house, first: 50, after: $after) {\n    nodes {\n      id\n      house\n      type\n      key\n      reason\n      error\n      tries\n      parkedAt\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    count {\n      value\n    }\n  }\n}"): typeof import('./graphql.ts').DeadLettersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation DeleteSharedOperation($input: DeleteSharedOperationInput!) {\n  deleteSharedOperation(input: $input) {\n    deletedId\n    errors {\n      code\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').DeleteSharedOperationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RedriveDeadLetter($input: RedriveDeadLetterInput!) {\n  redriveDeadLetter(input: $input) {\n    heard\n    deadLetter {\n      id\n      error\n      tries\n    }\n    errors {\n      code\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').RedriveDeadLetterDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RefreshSession($input: RefreshSessionInput!) {\n  refreshSession(input: $input) {\n    session {\n      accessToken\n      refreshToken\n      expiresAt\n      user {\n        id\n        email\n        roles\n      }\n    }\n    errors {\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').RefreshSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query RegisteredOperations($filter: OperationFilter, $after: String) {\n  operations(filter: $filter, first: 50, after: $after) {\n    nodes {\n      id\n      documentId\n      name\n      type\n      client\n      owner\n      body\n      maxAge\n      scopes\n      cost\n      uses\n      lastUsedAt\n      registeredAt\n      retiredAt\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n    count {\n      value\n      precision\n    }\n  }\n}"): typeof import('./graphql.ts').RegisteredOperationsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation RetireOperation($input: RetireOperationInput!) {\n  retireOperation(input: $input) {\n    operation {\n      id\n      retiredAt\n    }\n    errors {\n      code\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').RetireOperationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation ShareOperation($input: ShareOperationInput!) {\n  shareOperation(input: $input) {\n    sharedOperation {\n      id\n    }\n    errors {\n      code\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').ShareOperationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "query SharedOperations($after: String) {\n  sharedOperations(first: 100, after: $after) {\n    nodes {\n      id\n      name\n      description\n      body\n      variables\n      version\n      changeable\n      updatedAt\n      updatedBy {\n        id\n        email\n      }\n    }\n    pageInfo {\n      hasNextPage\n      endCursor\n    }\n  }\n}"): typeof import('./graphql.ts').SharedOperationsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation SignIn($input: SignInInput!) {\n  signIn(input: $input) {\n    session {\n      accessToken\n      refreshToken\n      expiresAt\n      user {\n        id\n        email\n        roles\n      }\n    }\n    errors {\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').SignInDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation SignOut($input: SignOutInput!) {\n  signOut(input: $input) {\n    errors {\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').SignOutDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation StartGuestSession {\n  startGuestSession {\n    session {\n      accessToken\n      expiresAt\n      guestId\n    }\n    errors {\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').StartGuestSessionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "mutation UpdateSharedOperation($id: ID!, $input: UpdateSharedOperationInput!) {\n  updateSharedOperation(id: $id, input: $input) {\n    sharedOperation {\n      id\n      version\n    }\n    errors {\n      code\n      message\n    }\n  }\n}"): typeof import('./graphql.ts').UpdateSharedOperationDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
