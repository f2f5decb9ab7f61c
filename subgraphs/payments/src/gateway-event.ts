import { equal } from '@souk/schema';
import { isOpen, moves, type Payment, type PaymentStatus, type ProviderState, type Told } from './payment.ts';

/** The provider's word for it does not fit what we asked for: a person must look, nothing may follow. */
export function isMismatch({ amount }: Pick<Payment, 'amount'>, told: Told): boolean {
  if (!equal(told.amount, amount)) return true;
  const { state } = told;
  if (state.status === 'AUTHORIZED') return !equal(state.authorized, amount);
  if (state.status !== 'CAPTURED') return false;
  return state.captured.currency !== amount.currency || state.captured.amountMinor > amount.amountMinor;
}

/** What an event of the provider that could be old asks for: `APPLY` cannot go backwards, `LOOK` must be read afresh. */
export function judgeEvent(payment: Payment, state: ProviderState): 'KNOWN' | 'APPLY' | 'LOOK' {
  const { status } = payment;
  if (state.status === 'AUTHORIZED') return isOpen(status) ? 'APPLY' : 'KNOWN';
  if (state.status === 'CAPTURED' || state.status === 'CANCELLED') {
    return isOpen(status) || status === 'AUTHORIZED' ? 'APPLY' : 'KNOWN';
  }
  // Declines and challenges of several attempts can arrive in any order. Our own call under way tells the newest.
  if (!isOpen(status) || state.status === 'NEW' || state.status === status) return 'KNOWN';
  return payment.attempt > payment.answeredAttempt ? 'KNOWN' : 'LOOK';
}

/** The statuses in which an event about `state` tells nothing new, whatever its age. */
export const knownIn = (state: ProviderState['status']): readonly PaymentStatus[] => {
  const all = Object.keys(moves) as PaymentStatus[];
  if (state === 'NEW') return all;
  if (state === 'AUTHORIZED') return all.filter((status) => !isOpen(status));
  if (state === 'CAPTURED' || state === 'CANCELLED')
    return all.filter((status) => !isOpen(status) && status !== 'AUTHORIZED');
  return all.filter((status) => !isOpen(status) || status === state);
};
