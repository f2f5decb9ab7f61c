import type { HttpAnswer, HttpRoute } from '@souk/kit';
import { isUuid } from '@souk/schema';
import { listMailbox } from './mailbox.repository.ts';
import { MAILBOX_POLICY, renderMailbox } from './mailbox.ts';
import type { SendingPorts } from './message.service.ts';
import type { NotificationsDb } from './message.tables.ts';

/** `hasMailbox`: mails stay here to be read by whoever sits at this machine. Never in production. */
export interface MailboxPorts extends SendingPorts {
  readonly hasMailbox: boolean;
}

const headers = {
  'content-security-policy': MAILBOX_POLICY,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

const notFound: HttpAnswer = {
  status: 404,
  headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' },
  body: 'There is nothing here.',
};

/** The local mailbox; where mail really goes out there is no such page. */
export const mailboxRoutes: readonly HttpRoute<NotificationsDb, MailboxPorts>[] = [
  {
    method: 'GET',
    path: '/mailbox',
    async handle({ query: { id, view } }, { db, ports }) {
      if (!ports.hasMailbox) return notFound;
      const messages = await listMailbox(db, id !== undefined && isUuid(id) ? id : undefined);
      const selected =
        id === undefined ? undefined : { id, view: view === 'text' ? ('text' as const) : ('html' as const) };
      return {
        status: 200,
        headers: { ...headers, 'content-type': 'text/html; charset=utf-8' },
        body: renderMailbox(messages, selected),
      };
    },
  },
  {
    method: 'GET',
    path: '/mailbox/:id',
    async handle({ params: { id } }, { ports }) {
      if (!ports.hasMailbox) return notFound;
      // The page's own links are relative to one address.
      return {
        status: 302,
        headers: { ...headers, location: `/mailbox?id=${encodeURIComponent(id ?? '')}` },
        body: '',
      };
    },
  },
];
