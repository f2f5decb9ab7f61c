import { type Kysely, sql } from 'kysely';
import type { MailboxMessage } from './mailbox.ts';
import type { MailStore } from './mailer.ts';
import type { NotificationsDb } from './message.tables.ts';

/** The mailbox forgets the oldest beyond this. */
const KEEP = 500;

export const mailboxStore = (db: Kysely<NotificationsDb>): MailStore => ({
  async insertOnce(mail) {
    await db
      .insertInto('mailbox')
      .values({
        id: mail.id,
        recipient: mail.toName ? `${mail.toName} <${mail.to}>` : mail.to,
        subject: mail.subject,
        body_text: mail.text,
        body_html: mail.html,
        template: mail.template,
        at: mail.at,
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute();
  },
});

/** Newest first, with bodies for the one that is open only. */
export async function listMailbox(db: Kysely<NotificationsDb>, open: string | undefined): Promise<MailboxMessage[]> {
  const rows = await db
    .selectFrom('mailbox')
    .select(['id', 'recipient', 'subject', 'template', 'at'])
    .select((pick) => [
      pick
        .case()
        .when('id', '=', open ?? null)
        .then(pick.ref('body_text'))
        .else('')
        .end()
        .as('text'),
      pick
        .case()
        .when('id', '=', open ?? null)
        .then(pick.ref('body_html'))
        .end()
        .as('html'),
    ])
    .orderBy('seq', 'desc')
    .limit(KEEP)
    .execute();
  return rows.map(({ recipient, ...row }) => ({ ...row, to: recipient, status: 'SENT' }));
}

export async function deleteOldMail(db: Kysely<NotificationsDb>): Promise<void> {
  await sql`delete from mailbox where seq <= (select max(seq) from mailbox) - ${KEEP}`.execute(db);
}
