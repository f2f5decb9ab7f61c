import {
  isClientName,
  type ManifestEntry,
  ManifestMistake,
  type RegisteredOperationId,
  Rejection,
  readManifest,
} from '@souk/schema';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';

export type OperationKind = 'QUERY' | 'MUTATION' | 'SUBSCRIPTION';

/** An operation as a manifest names it. */
export interface ManifestOperation {
  /** How clients ask for it: most often the SHA-256 of its text. */
  readonly documentId: string;
  readonly name: string;
  readonly type: OperationKind;
  readonly body: string;
  /** Seconds for which everybody may be shown the same answer; null for not at all. */
  readonly maxAge: number | null;
}

/** An operation that a client may ask for by its id. */
export interface RegisteredOperation extends ManifestOperation {
  readonly id: RegisteredOperationId;
  readonly client: string;
  readonly owner: string;
  /** What whoever runs it needs, and what it costs at most; null until a router has told. */
  readonly scopes: readonly string[] | null;
  readonly cost: number | null;
  readonly version: number;
  readonly registeredAt: Date;
  readonly registeredBy: string;
  readonly retiredAt: Date | null;
  readonly retiredBy: string | null;
  readonly uses: number;
  readonly lastUsedAt: Date | null;
}

const LONGEST_TOKENS = 10_000;

const kinds: Readonly<Record<string, OperationKind>> = {
  query: 'QUERY',
  mutation: 'MUTATION',
  subscription: 'SUBSCRIPTION',
};

const no = (code: string, message: string, field: string): Rejection => new Rejection(code, message, ['input', field]);

export function checkClient(client: string): string {
  if (isClientName(client)) return client;
  const form = 'A client is named by at most 40 lower-case letters, digits and hyphens, beginning with a letter.';
  throw no('INVALID_CLIENT', form, 'client');
}

export function checkOwner(owner: string): string {
  const trimmed = owner.trim();
  if (trimmed.length >= 1 && trimmed.length <= 100 && !/\p{Cc}/u.test(trimmed)) return trimmed;
  throw no('INVALID_OWNER', 'An owner is named in 1 to 100 characters on one line.', 'owner');
}

const wrong = (message: string): Rejection => no('INVALID_MANIFEST', message, 'manifest');

/** The operations of a manifest in any known format. Throws a Rejection INVALID_MANIFEST that says which of them is wrong. */
export function readOperations(text: string): readonly ManifestOperation[] {
  try {
    return readManifest(text).map(asOperation);
  } catch (error) {
    throw error instanceof ManifestMistake ? wrong(error.message) : error;
  }
}

function asOperation({ id, body, maxAge }: ManifestEntry, index: number): ManifestOperation {
  const place = `Operation ${index + 1}`;
  const { operation, name } = operationOf(body, place);
  if (maxAge !== null && operation !== 'query') throw wrong(`${place} is no query, so nothing may be kept of it.`);
  return { documentId: id, name: name!.value, type: kinds[operation]!, body, maxAge };
}

function operationOf(body: string, place: string): OperationDefinitionNode {
  const found = definitionsOf(body, place).filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (found.length !== 1) throw wrong(`${place} holds ${found.length} operations in place of one.`);
  if (!found[0]!.name || found[0]!.name.value.length > 200) throw wrong(`${place} has no name of at most 200 letters.`);
  return found[0]!;
}

function definitionsOf(body: string, place: string) {
  try {
    return parse(body, { noLocation: true, maxTokens: LONGEST_TOKENS }).definitions;
  } catch {
    throw wrong(`${place} is no GraphQL.`);
  }
}
