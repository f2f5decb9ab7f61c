import type { Viewer } from '@souk/schema';
import type {
  DocumentNode,
  ExecutionResult,
  GraphQLError,
  GraphQLFormattedError,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';
import type { App } from './api-keys.ts';
import type { Credentials } from './viewer.ts';

/** An operation as a client sent it. */
export interface Asked {
  readonly query?: string | undefined;
  readonly documentId?: string | undefined;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | null | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined;
}

export type Transport = 'GET' | 'POST' | 'WEBSOCKET' | 'SSE' | 'MULTIPART' | 'REST';

/** Who asks, and by which way. */
export interface Asker {
  readonly viewer: Viewer;
  readonly transport: Transport;
  readonly credentials: Credentials;
  /** The app whose API key came with it, and what the key grants. */
  readonly app?: App | null | undefined;
  /** The event id a stream before this one ended with, where the transport itself brings it. */
  readonly after?: string | undefined;
}

/** An operation of a manifest, known before anybody asked. */
export interface Registered {
  readonly id: string;
  readonly name: string;
  readonly client: string;
  /** Whom to ask about it. */
  readonly owner: string;
  /** Seconds for which everybody may be shown the same answer; null for not at all. */
  readonly maxAge: number | null;
}

/** The text of an operation, and where it comes from. */
export interface Found {
  readonly text: string;
  /** SHA-256 of the text, hex. */
  readonly hash: string;
  readonly registered: Registered | null;
}

/** An operation that was parsed, fits the schema and is within the limits. */
export interface Prepared extends Found {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly operationName: string | null;
  readonly schema: GraphQLSchema;
}

/** What a stage before the run says of an operation it lets pass. */
export interface Admission {
  /** Runs instead of the document, which it must be a part of; `key` tells it from other parts of the same document. */
  readonly narrowed?: { readonly document: DocumentNode; readonly key: string };
  /** Join those of the answer, such as for fields that were taken away. */
  readonly errors?: readonly GraphQLError[];
  /** Called with what was answered, or with each event of a stream, before anything else is made of it. */
  reshape?(result: ExecutionResult): ExecutionResult;
  /** Called once with the answer, or with each event of a stream, as clients see it. */
  after?(result: Shown): Added | undefined;
}

export interface Added {
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Looks at an operation before it runs. It refuses by a GraphQLError, whose `extensions.http` may name a status and
 * headers.
 */
export type Admit = (
  prepared: Prepared,
  variables: Readonly<Record<string, unknown>>,
  asker: Asker,
) => Promise<Admission | undefined> | Admission | undefined;

/** Looks at who asks, before anything is read of what. It refuses as `Admit` does. */
export type Gate = (asker: Asker) => Promise<Admission | undefined> | Admission | undefined;

/** Gives a run its place, and takes it back by the answer. It refuses as `Admit` does. */
export type Enter = (prepared: Prepared, asker: Asker) => Promise<() => void> | (() => void);

/** A result as clients see it. */
export interface Shown {
  readonly errors?: readonly GraphQLFormattedError[];
  /** Absent where the operation did not begin. */
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** What a transport sends. */
export interface Answer {
  /** HTTP's; 200 wherever the operation began. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly result: Shown;
}

/** An operation that may run, once. */
export interface Ready {
  readonly asked: Asked;
  readonly prepared: Prepared;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly asker: Asker;
  readonly admissions: readonly Admission[];
  readonly startedAt: number;
}

/** What became of an operation; nothing in it is a value that came in. */
export interface Observed {
  /** Null where it was refused before it was understood. */
  readonly prepared: Prepared | null;
  readonly asker: Asker;
  readonly status: number;
  /** Of the answer's errors. */
  readonly codes: readonly string[];
  readonly durationMs: number;
  readonly result: Shown;
}
