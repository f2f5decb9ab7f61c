import { Rejection, type SharedOperationId, type Viewer } from '@souk/schema';
import { Kind, parse } from 'graphql';

/** An operation that staff keep for each other. Nobody can run it by its id: it is a text to open in an editor. */
export interface SharedOperation {
  readonly id: SharedOperationId;
  readonly name: string;
  readonly description: string;
  readonly body: string;
  /** A JSON object as text, for the editor to start with; null for none. */
  readonly variables: string | null;
  readonly version: number;
  readonly createdAt: Date;
  /** Principals. */
  readonly createdBy: string;
  readonly updatedAt: Date;
  readonly updatedBy: string;
}

export type SharedOperationDraft = Pick<SharedOperation, 'name' | 'body'> & {
  readonly description?: string | null;
  readonly variables?: string | null;
};
export type SharedOperationChange = Partial<SharedOperationDraft>;

const LONGEST_NAME = 100;
const LONGEST_DESCRIPTION = 500;
const LONGEST_TEXT = 20_000;
const LONGEST_TOKENS = 2_000;

const no = (code: string, message: string, field: string): Rejection => new Rejection(code, message, ['input', field]);

export function create(
  draft: SharedOperationDraft,
  made: Pick<SharedOperation, 'id'> & { readonly now: Date; readonly by: string },
): SharedOperation {
  const { id, now, by } = made;
  return {
    id,
    ...checked({ description: '', variables: null, ...draft }),
    version: 1,
    createdAt: now,
    createdBy: by,
    updatedAt: now,
    updatedBy: by,
  };
}

/** What is left out stays. The same again is no change: the version stays too. */
export function change(
  before: SharedOperation,
  wanted: SharedOperationChange,
  { now, by }: { readonly now: Date; readonly by: string },
): SharedOperation {
  const named = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  const after = checked({ ...before, ...named });
  const isSame = (Object.keys(after) as (keyof typeof after)[]).every((name) => after[name] === before[name]);
  return isSame ? before : { ...before, ...after, version: before.version + 1, updatedAt: now, updatedBy: by };
}

/** Whoever shared it, and administrators: what one relies on is not another's to rewrite. */
export const mayChange = ({ createdBy }: SharedOperation, { principal, roles }: Viewer): boolean =>
  createdBy === principal || roles.includes('ADMIN');

function checked({ name, description, body, variables }: SharedOperationDraft) {
  return {
    name: checkName(name),
    description: checkDescription(description ?? ''),
    body: checkBody(body),
    variables: checkVariables(variables ?? null),
  };
}

function checkName(name: string): string {
  const trimmed = name?.trim() ?? '';
  if (trimmed.length >= 1 && trimmed.length <= LONGEST_NAME && !/\p{Cc}/u.test(trimmed)) return trimmed;
  throw no('INVALID_NAME', `A shared operation is named in 1 to ${LONGEST_NAME} characters on one line.`, 'name');
}

function checkDescription(description: string): string {
  const trimmed = description.trim();
  if (trimmed.length <= LONGEST_DESCRIPTION) return trimmed;
  throw no('INVALID_DESCRIPTION', `A description has ${LONGEST_DESCRIPTION} characters at most.`, 'description');
}

const bytes = (text: string): number => new TextEncoder().encode(text).length;

function checkBody(body: string): string {
  const refused = (message: string) => no('INVALID_BODY', message, 'body');
  if (bytes(body ?? '') > LONGEST_TEXT) throw refused(`The text has ${LONGEST_TEXT} bytes at most.`);
  if (!hasOperation(body ?? '')) {
    throw refused(`The text is no GraphQL with an operation in it, or has more than ${LONGEST_TOKENS} tokens.`);
  }
  return body;
}

function hasOperation(body: string): boolean {
  try {
    const { definitions } = parse(body, { noLocation: true, maxTokens: LONGEST_TOKENS });
    return definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  } catch {
    return false;
  }
}

function checkVariables(variables: string | null): string | null {
  if (variables === null || variables.trim() === '') return null;
  if (bytes(variables) <= LONGEST_TEXT && isObject(variables)) return variables;
  throw no('INVALID_VARIABLES', `The variables are a JSON object of ${LONGEST_TEXT} bytes at most.`, 'variables');
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
