import { Rejection, type Viewer } from '@souk/schema';
import { lockQuarantined, updateResolution } from './gateway-event.repository.ts';
import type { PaymentsTx } from './payment.service.ts';

export interface ResolveEvent {
  readonly providerEventId: string;
  readonly reason: string;
}

const no = (code: string, message: string, field: string): Rejection => new Rejection(code, message, ['input', field]);

/**
 * Notes that a person has looked at an event that was set aside, and what came of it. Moves no money. Saying the same again
 * changes nothing; another word about an event that is resolved is refused.
 */
export async function resolvePaymentEvent(tx: PaymentsTx, viewer: Viewer, input: ResolveEvent): Promise<string> {
  const reason = input.reason.trim();
  if (reason.length === 0 || reason.length > 500 || /[\p{Cc}]/u.test(reason)) {
    throw no('INVALID_TEXT', 'Write what came of it, in at most 500 characters on one line.', 'reason');
  }
  const event = await lockQuarantined(tx.db, input.providerEventId);
  if (!event) throw no('NOT_FOUND', 'There is no such event that was set aside.', 'providerEventId');
  if (event.resolution === null) await updateResolution(tx.db, event.id, reason, viewer.userId, tx.now);
  else if (event.resolution !== reason) {
    throw no('ALREADY_RESOLVED', 'Somebody has resolved this event before.', 'providerEventId');
  }
  return event.id;
}
