import type { Duty, HearAtOnce, Tx } from '@souk/kit';
import { type Fact, type OrderContact, type OrderId, Rejection } from '@souk/schema';
import { type Mailer, MailRefused } from './mailer.ts';
import {
  claimDue,
  insertMessageOnce,
  lockMessage,
  markSent,
  updateOutcome,
  updateToPending,
} from './message.repository.ts';
import type { NotificationsDb } from './message.tables.ts';
import { type Content, MAX_ATTEMPTS, type Message, nextAttempt } from './message.ts';
import { render } from './template.ts';

interface Telling {
  readonly orderId: OrderId;
  readonly orderNumber: string;
  readonly contact: OrderContact;
  /** What is told of: the order, a parcel, a refund. */
  readonly referenceId: string;
  readonly content: Content;
}

/** Notes that a message is due, once per thing it tells of; a repeat changes nothing. It is sent right after commit. */
export const tell = <F extends Fact>(tellingOf: (fact: F) => Telling): HearAtOnce<F, { id: string }> => ({
  atOnce: ([fact], newId) => insertMessageOnce({ ...tellingOf(fact!), id: newId<'Message'>() }),
  after(aftermath, _facts, told) {
    if (told.length > 0) aftermath.nudge('sendMessages');
  },
});

/** Gives a message that failed for good its tries back. */
export async function resend(tx: Tx<NotificationsDb>, id: string): Promise<void> {
  const message = await lockMessage(tx.db, id);
  if (!message) throw new Rejection('NOT_FOUND', 'There is no such message.', ['input', 'id']);
  if (message.status !== 'FAILED') {
    throw new Rejection('NOT_FAILED', 'Only a message that failed can be sent again.', ['input', 'id']);
  }
  await updateToPending(tx.db, id, tx.now);
  tx.nudge('sendMessages');
}

export interface SendingPorts {
  readonly mailer: Mailer;
  /** Where shoppers see their orders; null where there is no such place. */
  readonly storefrontUrl: string | null;
}

type SendingDuty = Duty<NotificationsDb, SendingPorts>;

/** At a time: a slow server must not hold back a queue, nor a queue open a hundred connections. */
const AT_ONCE = 8;

/** Sends what is due. A crash between the server's yes and ours sends a mail twice, under one message id; none is lost. */
export async function sendMessages(duty: SendingDuty): Promise<void> {
  while (!duty.signal.aborted) {
    const due = await claimDue(duty.db, AT_ONCE);
    await Promise.all(due.map((message) => send(duty, message)));
    if (due.length < AT_ONCE) return;
  }
}

async function send(duty: SendingDuty, message: Message): Promise<void> {
  const refused = await attempt(duty, message);
  if (!refused) {
    await markSent(duty.db, message);
    return;
  }
  duty.log.warn({ message: message.id, code: refused.code, attempts: message.attempts }, 'a mail was not taken');
  await duty.transact(async (tx) => {
    const again = nextAttempt(message.attempts, refused.permanent, tx.now);
    const status = again ? 'PENDING' : 'FAILED';
    const outcome = { status, failure: refused.code, nextAttemptAt: again } as const;
    const noted = await updateOutcome(tx.db, message, outcome, tx.now);
    if (noted?.status === 'FAILED') sayFailed(tx, noted);
  });
}

function sayFailed(tx: Tx<NotificationsDb>, { id, version, orderId, content }: Message): void {
  tx.emit({
    type: 'notifications.NotificationFailed',
    key: id,
    version,
    data: { messageId: id, template: content.template, orderId },
  });
}

async function attempt({ ports, log }: SendingDuty, message: Message): Promise<MailRefused | null> {
  // Its tries ran out without an answer, each ended by a crash: it may well be the mail that crashes us.
  if (message.attempts > MAX_ATTEMPTS) return new MailRefused('GAVE_UP', true);
  const { contact, content, id, createdAt } = message;
  try {
    await ports.mailer.send({
      ...render(message, ports.storefrontUrl),
      id,
      to: contact.email,
      toName: `${contact.firstName} ${contact.lastName}`,
      at: createdAt,
      template: content.template,
    });
    return null;
  } catch (error) {
    if (error instanceof MailRefused) return error;
    log.error({ message: id, error }, 'a mail could not be made');
    return new MailRefused('INTERNAL', false);
  }
}
