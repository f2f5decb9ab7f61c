import { createTransport } from 'nodemailer';
import { type Mail, type Mailer, MailRefused, sound } from './mailer.ts';

interface SmtpOptions {
  /** `smtp://` or `smtps://`, with user and password if the server wants them. */
  readonly url: string;
  readonly from: string;
  /** Right side of our message ids. */
  readonly host: string;
  readonly timeouts?: { readonly connection: number; readonly greeting: number; readonly socket: number };
}

const isLoopback = (hostname: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);

interface SmtpError {
  readonly code?: string;
  readonly responseCode?: number;
}

/** A 5xx to the envelope or the message is for good; to the connection or the login it is ours to mend, and tried again. */
function refusal(cause: unknown): MailRefused {
  const { code = 'UNKNOWN', responseCode } = (cause ?? {}) as SmtpError;
  const permanent = responseCode !== undefined && responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  return new MailRefused(responseCode === undefined ? code : `SMTP_${responseCode}`, permanent, { cause });
}

/** Speaks SMTP through a small pool. A password never travels in clear except to this machine. */
export function smtpMailer({
  url,
  from,
  host,
  timeouts = { connection: 10_000, greeting: 10_000, socket: 30_000 },
}: SmtpOptions): Mailer {
  const { protocol, hostname, username } = new URL(url);
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 4,
    connectionTimeout: timeouts.connection,
    greetingTimeout: timeouts.greeting,
    socketTimeout: timeouts.socket,
    dnsTimeout: timeouts.connection,
    requireTLS: protocol === 'smtp:' && username !== '' && !isLoopback(hostname),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(unchecked: Mail) {
      const mail = sound(unchecked);
      try {
        await transport.sendMail({
          from,
          to: { name: mail.toName, address: mail.to },
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          date: mail.at,
          messageId: `<${mail.id}@${host}>`,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        });
      } catch (error) {
        throw refusal(error);
      }
    },
    async close() {
      transport.close();
    },
  };
}
