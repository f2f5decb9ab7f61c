import type { AddressId, Role, UserId, UserStatus } from '@souk/schema';
import type { Generated, Kysely } from 'kysely';
import type { AddressType } from './address.ts';
import type { ApiKeysTable, AppsTable } from './app.tables.ts';
import type { SessionEnd } from './session.ts';

export interface UsersTable {
  id: UserId;
  email: string;
  /** Reserved: the blind index under which an encrypted e-mail address will be found. */
  email_index: Generated<Buffer | null>;
  password_hash: string;
  first_name: string;
  last_name: string;
  phone: string | null;
  locale: string;
  status: UserStatus;
  status_reason: string | null;
  roles: Role[];
  version: number;
  created_at: Date;
  updated_at: Date;
}

export interface UserAddressesTable {
  id: AddressId;
  user_id: UserId;
  type: AddressType;
  first_name: string;
  last_name: string;
  company: string | null;
  address_line_1: string;
  address_line_2: string | null;
  city: string;
  state: string | null;
  country: string;
  postal_code: string | null;
  phone: string | null;
  is_default: boolean;
  created_at: Date;
  updated_at: Date;
}

/** A session is a family of refresh tokens: one is good, those before it are remembered to see a copy in use. */
export interface SessionsTable {
  id: string;
  user_id: UserId;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
  revoked_for: SessionEnd | null;
}

export interface RefreshTokensTable {
  /** SHA-256 of 256 random bits: nothing that could be presented is kept. */
  token_hash: Buffer;
  session_id: string;
  expires_at: Date;
  used_at: Date | null;
}

export interface GuestIdentitiesTable {
  guest_id: string;
  user_id: UserId;
  version: number;
  identified_at: Date;
}

/** Guests who signed out. Of any other guest nothing is kept: the signed token is all there is. */
export interface EndedGuestsTable {
  guest_id: string;
  ended_at: Date;
}

export interface UsersDb {
  users: UsersTable;
  user_addresses: UserAddressesTable;
  sessions: SessionsTable;
  refresh_tokens: RefreshTokensTable;
  guest_identities: GuestIdentitiesTable;
  ended_guests: EndedGuestsTable;
  apps: AppsTable;
  api_keys: ApiKeysTable;
}

/** The tables outside a transaction, for reads alone. */
export type UsersReads = Kysely<UsersDb>;
