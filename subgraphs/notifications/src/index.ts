import { batchById, batchManyBy, defineSubgraph, extended, owned, StartupError } from '@souk/kit';
import { deleteOldMail, mailboxStore } from './mailbox.repository.ts';
import { type MailboxPorts, mailboxRoutes } from './mailbox.routes.ts';
import { localMailer } from './mailer.local.ts';
import { smtpMailer } from './mailer.smtp.ts';
import { hears } from './message.events.ts';
import { listMessagesByIds, listMessagesByOrderIds } from './message.repository.ts';
import {
  findVisibleMessage,
  MessageResolver,
  type NotificationsContext,
  type NotificationsLoaders,
  OrderMessagesResolver,
} from './message.resolvers.ts';
import { sendMessages } from './message.service.ts';
import type { NotificationsDb } from './message.tables.ts';
import { MessageError } from './message.types.ts';
import { migrations } from './migrations/0001_notifications.ts';

export const notifications = defineSubgraph<NotificationsDb, NotificationsLoaders, MailboxPorts>({
  name: 'notifications',
  resolvers: [MessageResolver, OrderMessagesResolver],
  orphans: [MessageError],
  entities: {
    Message: owned((id: string, ctx: NotificationsContext) => findVisibleMessage(id, ctx)),
    Order: extended(),
  },
  migrations,
  hears,
  ticks: {
    sendMessages: { everySeconds: 15, run: sendMessages },
    sweepMailbox: { everySeconds: 3_600, run: ({ db }) => deleteOldMail(db) },
  },
  loaders: ({ db }) => ({
    messageById: batchById((ids) => listMessagesByIds(db, ids)),
    messagesByOrderId: batchManyBy(
      (ids) => listMessagesByOrderIds(db, ids),
      (message) => message.orderId,
    ),
  }),
  ports({ config, publicUrl }, db) {
    const { SMTP_URL: url, MAIL_FROM: from, SOUK_STOREFRONT_URL: storefrontUrl = null } = config;
    if (url) {
      return { mailer: smtpMailer({ url, from, host: new URL(publicUrl).hostname }), storefrontUrl, hasMailbox: false };
    }
    if (config.SOUK_ENV === 'production') {
      throw new StartupError('Production needs a mail server.', 'Set SMTP_URL to an smtp:// or smtps:// address.');
    }
    return { mailer: localMailer(mailboxStore(db)), storefrontUrl, hasMailbox: true };
  },
  closePorts: ({ mailer }) => mailer.close(),
  routes: mailboxRoutes,
});
