import { type Connection, databaseNow, type PageArgs, type Parts, paginate } from '@souk/kit';
import type { OrderId } from '@souk/schema';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { MessagesTable, NotificationsDb } from './message.tables.ts';
import { LEASE_SECONDS, type Message, type MessageStatus, type Template } from './message.ts';

const toMessage = (row: Selectable<MessagesTable>): Message => ({
  id: row.id,
  orderId: row.order_id,
  orderNumber: row.order_number,
  referenceId: row.reference_id,
  contact: { email: row.email, firstName: row.first_name, lastName: row.last_name, locale: row.locale },
  content: row.content,
  status: row.status,
  attempts: row.attempts,
  failure: row.failure,
  nextAttemptAt: row.next_attempt_at,
  createdAt: row.created_at,
  sentAt: row.sent_at,
  version: row.version,
});

export type NewMessage = Pick<Message, 'id' | 'orderId' | 'orderNumber' | 'referenceId' | 'contact' | 'content'>;

/** No row where this thing was told before: the unique index decides. */
export function insertMessageOnce({ contact, content, ...message }: NewMessage): Parts<{ id: string }> {
  return {
    with: [
      sql`told as (
        insert into messages (id, order_id, order_number, template, reference_id, email, first_name, last_name, locale,
          content, status, attempts, next_attempt_at, version, created_at, updated_at)
        select ${message.id}::uuid, ${message.orderId}::uuid, ${message.orderNumber}, ${content.template},
          ${message.referenceId}::uuid, ${contact.email}, ${contact.firstName}, ${contact.lastName}, ${contact.locale},
          ${JSON.stringify(content)}::jsonb, 'PENDING', 0, ${databaseNow}, 1, ${databaseNow}, ${databaseNow} from taken
        on conflict (template, reference_id) do nothing
        returning id)`,
    ],
    answer: 'told',
  };
}

/** Takes due messages under a lease: counted as tried, and nobody else's until the lease ends. One statement, committed. */
export async function claimDue(db: Kysely<NotificationsDb>, limit: number): Promise<Message[]> {
  const { rows } = await sql<Selectable<MessagesTable>>`
    update messages set attempts = attempts + 1, version = version + 1, updated_at = ${databaseNow},
      next_attempt_at = ${databaseNow} + ${LEASE_SECONDS} * interval '1 second'
    where id in (
      select id from messages where status = 'PENDING' and next_attempt_at <= ${databaseNow}
      order by next_attempt_at limit ${limit} for update skip locked
    )
    returning *`.execute(db);
  return rows.map(toMessage);
}

/** Notes that a claimed try was taken by the mail server, unless another process has taken the message over meanwhile. */
export async function markSent(db: Kysely<NotificationsDb>, { id, version }: Claimed): Promise<void> {
  await db
    .updateTable('messages')
    .set({
      status: 'SENT',
      failure: null,
      next_attempt_at: null,
      sent_at: databaseNow,
      version: version + 1,
      updated_at: databaseNow,
    })
    .where('id', '=', id)
    .where('version', '=', version)
    .where('status', '=', 'PENDING')
    .execute();
}

type Claimed = Pick<Message, 'id' | 'version'>;

export interface Outcome {
  readonly status: Exclude<MessageStatus, 'SENT'>;
  readonly failure: string;
  readonly nextAttemptAt: Date | null;
}

/** Notes why a claimed try failed; undefined where another process has taken the message over meanwhile. */
export async function updateOutcome(
  db: Transaction<NotificationsDb>,
  claimed: Claimed,
  { status, failure, nextAttemptAt }: Outcome,
  now: Date,
): Promise<Message | undefined> {
  const row = await db
    .updateTable('messages')
    .set({
      status,
      failure,
      next_attempt_at: nextAttemptAt,
      version: claimed.version + 1,
      updated_at: now,
    })
    .where('id', '=', claimed.id)
    .where('version', '=', claimed.version)
    .where('status', '=', 'PENDING')
    .returningAll()
    .executeTakeFirst();
  return row && toMessage(row);
}

export async function lockMessage(db: Transaction<NotificationsDb>, id: string): Promise<Message | undefined> {
  const row = await db.selectFrom('messages').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row && toMessage(row);
}

/** Starts the tries over. */
export async function updateToPending(db: Transaction<NotificationsDb>, id: string, now: Date): Promise<void> {
  await db
    .updateTable('messages')
    .set({ status: 'PENDING', attempts: 0, failure: null, next_attempt_at: now, updated_at: now })
    .set((set) => ({ version: set('version', '+', 1) }))
    .where('id', '=', id)
    .execute();
}

export async function listMessagesByIds(db: Kysely<NotificationsDb>, ids: readonly string[]): Promise<Message[]> {
  const rows = await db.selectFrom('messages').selectAll().where('id', 'in', ids).execute();
  return rows.map(toMessage);
}

/** Oldest first. */
export async function listMessagesByOrderIds(db: Kysely<NotificationsDb>, ids: readonly OrderId[]): Promise<Message[]> {
  const rows = await db.selectFrom('messages').selectAll().where('order_id', 'in', ids).orderBy('id').execute();
  return rows.map(toMessage);
}

/** Newest first: UUIDv7s sort by the time they were made. */
export async function listMessages(
  db: Kysely<NotificationsDb>,
  { status, template }: { status?: MessageStatus | null; template?: Template | null },
  page: PageArgs,
): Promise<Connection<Message>> {
  let query = db.selectFrom('messages').selectAll();
  if (status) query = query.where('status', '=', status);
  if (template) query = query.where('template', '=', template);
  const found = await paginate(db, query, [{ sql: sql.ref('id'), type: 'uuid', direction: 'desc' }], page);
  const edges = found.edges.map(({ node, cursor }) => ({ node: toMessage(node), cursor }));
  return { ...found, edges, nodes: edges.map(({ node }) => node) };
}
