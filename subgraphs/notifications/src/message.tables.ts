import type { OrderId } from '@souk/schema';
import type { ColumnType, Generated } from 'kysely';
import type { Content, MessageStatus, Template } from './message.ts';

export interface MessagesTable {
  id: string;
  order_id: OrderId;
  order_number: string;
  template: Template;
  reference_id: string;
  /** Personal, as are the names. */
  email: string;
  first_name: string;
  last_name: string;
  locale: string;
  content: ColumnType<Content, string, string>;
  status: MessageStatus;
  attempts: number;
  failure: string | null;
  next_attempt_at: Date | null;
  sent_at: Date | null;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** What the local mailer "sent". */
export interface MailboxTable {
  id: string;
  seq: Generated<number>;
  recipient: string;
  subject: string;
  body_text: string;
  body_html: string;
  template: string;
  at: Date;
}

export interface NotificationsDb {
  messages: MessagesTable;
  mailbox: MailboxTable;
}
