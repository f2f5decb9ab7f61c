import type { UserId } from '../ids.ts';
import type { Fact } from './envelope.ts';

export type Role = 'CUSTOMER' | 'SUPPORT' | 'MERCHANDISER' | 'WAREHOUSE' | 'FINANCE' | 'ADMIN';
export type UserStatus = 'ACTIVE' | 'SUSPENDED';

/** An account came to be. State. Keyed by userId. */
export type UserRegistered = Fact<
  'users.UserRegistered',
  { userId: UserId; email: string; firstName: string; lastName: string; locale: string }
>;

/** An account was suspended or taken back into service. State. Keyed by userId. */
export type UserStatusChanged = Fact<'users.UserStatusChanged', { userId: UserId; status: UserStatus }>;

/**
 * A guest session turned out to be this user, by registering or signing in with the guest's token at hand.
 * State. Heard by carts (merge), orders and payments (the guest's orders and payments become the user's). Keyed by guestId.
 */
export type GuestIdentified = Fact<'users.GuestIdentified', { guestId: string; userId: UserId }>;

export type UsersFact = UserRegistered | UserStatusChanged | GuestIdentified;
