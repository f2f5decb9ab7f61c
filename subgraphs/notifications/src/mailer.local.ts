import { type Mailer, type MailStore, sound } from './mailer.ts';

/** Sends to nobody: keeps the mails for the mailbox page. For development and tests alone. */
export const localMailer = (store: MailStore): Mailer => ({
  send: async (mail) => store.insertOnce(sound(mail)),
  close: async () => undefined,
});
