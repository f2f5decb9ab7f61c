import type { KeyObject } from 'node:crypto';
import type { Viewer } from '@souk/schema';
import type { Kysely } from 'kysely';
import type { Bus } from './bus.ts';
import type { Config } from './config.ts';
import type { Replica } from './db.replica.ts';
import type { Kv } from './kv.ts';
import type { Live } from './live.ts';
import type { Log } from './log.ts';

/** Asks the house that owns a type whether the viewer can see things of it. */
export interface Peers {
  /** For each id (wire form, any kinds) the GraphQL type name, or null where there is nothing to see. */
  see(viewer: Viewer, wireIds: readonly string[]): Promise<(string | null)[]>;
  /** Dead letters and their re-drive, over all houses. */
  readonly houses: readonly PeerHouse[];
}

/** What the platform may do at another house's ear. */
export interface PeerHouse {
  readonly name: string;
  /** Null where there is no such dead letter. */
  redrive(factId: string): Promise<Redriven | null>;
  /** Dead letters from a fact on, oldest first. */
  deadLetters(from: DeadLettersFrom | null, limit: number): Promise<DeadLetterRow[]>;
  countDeadLetters(): Promise<number>;
}

/** What driving a key's dead letters again came to. */
export interface Redriven {
  /** How many facts were heard now. */
  readonly heard: number;
  /** The first that failed again, with what is noted of it now: it and all behind it still wait. Null where none is left. */
  readonly failed: DeadLetterRow | null;
}

export interface DeadLettersFrom {
  readonly factId: string;
  /** Whether that fact itself is wanted too. */
  readonly inclusive: boolean;
}

export interface DeadLetterRow {
  readonly house: string;
  readonly factId: string;
  readonly type: string;
  readonly key: string;
  readonly reason: string;
  readonly error: string | null;
  readonly tries: number;
  readonly parkedAt: Date;
}

/** Everything below a house that differs between profiles. Houses cannot tell which one runs. */
export interface Platform {
  readonly config: Config;
  readonly log: Log;
  readonly bus: Bus;
  readonly live: Live;
  readonly kv: Kv;
  /** Folder for files of this process, such as uploads. */
  readonly dataDir: string;
  /** Administrator's URL of a cluster that is ours, or null where each house is given its own. */
  readonly adminUrl: string | null;
  /** Signs what the house hands out, and proves it: access tokens (users), permissions to upload (products). */
  readonly tokenKey: { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
  /** Where browsers reach us. */
  readonly publicUrl: string;
  /** Filled by the composition root once all houses run. */
  peers: Peers;
  // biome-ignore lint/suspicious/noExplicitAny: each house knows its own tables
  openDb(house: string): Promise<Kysely<any>>;
  closeDb(house: string): Promise<void>;
  /** Undefined where queries of the house have no standby to read. */
  replicaOf?(house: string): Replica | undefined;
}
