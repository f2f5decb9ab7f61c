import { createServer, type Server, type Socket } from 'node:net';
import { anonymous, startTestHouses } from '@souk/kit/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notifications } from './index.ts';
import { mailboxStore } from './mailbox.repository.ts';
import { localMailer } from './mailer.local.ts';
import { smtpMailer } from './mailer.smtp.ts';
import { type Mail, type Mailer, MailRefused } from './mailer.ts';

/** What reached the far end. */
interface Arrived {
  readonly id: string;
  readonly to: string;
  readonly toName: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface Setup {
  readonly mailer: Mailer;
  arrived(): Promise<readonly Arrived[]>;
  stop(): Promise<void>;
}

const mail = (more: Partial<Mail> = {}): Mail => ({
  id: '01900000-0000-7000-8000-000000000001',
  to: 'aiko@example.org',
  toName: 'Aiko 佐藤',
  subject: 'Ihre Bestellung № 1 — 確認',
  text: 'Grüße\n.\n..dots\nمرحبًا\n',
  html: '<p>Grüße</p>',
  at: new Date('2026-03-01T12:00:00Z'),
  template: 'ORDER_CONFIRMED',
  ...more,
});

/** A server that speaks as much SMTP as a client needs, and answers RCPT and the end of DATA as told. */
function smtpServer(answers: { greeting?: string | null; rcpt?: string; data?: string } = {}) {
  const messages: { rcpt: string[]; raw: string }[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    const say = (line: string) => socket.write(`${line}\r\n`);
    if (answers.greeting === null) return;
    say(answers.greeting ?? '220 test');
    let rcpt: string[] = [];
    let body: string[] | null = null;
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop()!;
      for (const line of lines) {
        if (body) {
          if (line !== '.') body.push(line.startsWith('.') ? line.slice(1) : line);
          else {
            const answer = answers.data ?? '250 taken';
            if (answer.startsWith('2')) messages.push({ rcpt, raw: body.join('\r\n') });
            say(answer);
            body = null;
            rcpt = [];
          }
        } else if (/^EHLO/i.test(line)) say('250-test\r\n250 8BITMIME');
        else if (/^RCPT TO:/i.test(line)) {
          rcpt.push(line.slice('RCPT TO:'.length));
          say(answers.rcpt ?? '250 ok');
        } else if (/^DATA/i.test(line)) {
          body = [];
          say('354 go on');
        } else if (/^QUIT/i.test(line)) {
          say('221 bye');
          socket.end();
        } else say('250 ok');
      }
    });
  });
  return {
    messages,
    async start() {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      return `smtp://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Enough MIME to read back what nodemailer writes: encoded words, and two parts. */
function read(raw: string): Arrived {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const header = (name: string, text = head) =>
    new RegExp(`^${name}:\\s*(.*)$`, 'im').exec(text.replaceAll(/\r\n[ \t]+/g, ' '))?.[1] ?? '';
  const bytes = (text: string) =>
    Buffer.from(
      text.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    );
  const words = (text: string) =>
    text
      .replaceAll(/\?=\s+=\?/g, '?==?')
      .replaceAll(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, data: string) =>
        (kind.toUpperCase() === 'B' ? Buffer.from(data, 'base64') : bytes(data.replaceAll('_', ' '))).toString(
          'latin1',
        ),
      );
  const utf8 = (text: string) =>
    [...text].some((sign) => sign > '\u00ff') ? text : Buffer.from(text, 'latin1').toString();
  const boundary = /boundary="?([^";]+)"?/.exec(header('Content-Type'))?.[1] ?? '';
  const parts = body.split(`--${boundary}`).map((part) => {
    const [partHead = '', ...content] = part.trim().split('\r\n\r\n');
    const text = content.join('\r\n\r\n');
    const encoding = header('Content-Transfer-Encoding', partHead);
    const decoded =
      encoding === 'base64'
        ? Buffer.from(text, 'base64').toString()
        : encoding === 'quoted-printable'
          ? bytes(text.replaceAll('=\r\n', '')).toString()
          : text;
    return { type: header('Content-Type', partHead), decoded: decoded.replaceAll('\r\n', '\n') };
  });
  const to = utf8(words(header('To')));
  const [, toName = '', address = to] = /^"?(.*?)"? <(.*)>$/.exec(to) ?? [];
  const of = (type: string) => parts.find((part) => part.type.startsWith(type))?.decoded ?? '';
  return {
    id: /<(.*)@/.exec(header('Message-ID'))?.[1] ?? '',
    to: address,
    toName,
    subject: utf8(words(header('Subject'))),
    text: of('text/plain'),
    html: of('text/html'),
  };
}

const kinds: Record<string, () => Promise<Setup>> = {
  async local() {
    const t = await startTestHouses([notifications]);
    const { db } = t.house('notifications').context(anonymous());
    return {
      mailer: localMailer(mailboxStore(db)),
      arrived: async () => {
        const rows = await t.sql<{ id: string; recipient: string; subject: string; text: string; html: string }>(
          'select id, recipient, subject, body_text as text, body_html as html from notifications.mailbox order by seq',
        );
        return rows.map(({ recipient, ...row }) => {
          const [, toName = '', to = ''] = /^(.*) <(.*)>$/.exec(recipient) ?? [];
          return { ...row, toName, to };
        });
      },
      stop: () => t.stop(),
    };
  },
  async smtp() {
    const server = smtpServer();
    const url = await server.start();
    return {
      mailer: smtpMailer({ url, from: 'Souk <hello@souk.example>', host: 'souk.example' }),
      arrived: async () => server.messages.map((message) => read(message.raw)),
      stop: server.stop,
    };
  },
};

describe.each(Object.keys(kinds))('the %s mailer', (kind) => {
  let setup: Setup;
  beforeEach(async () => {
    setup = await kinds[kind]!();
  });
  afterEach(async () => {
    await setup.mailer.close();
    await setup.stop();
  });

  it('brings a mail in any script to its reader', async () => {
    await setup.mailer.send(mail());
    const all = await setup.arrived();
    expect(all).toHaveLength(1);
    const { id, to, toName, subject, text, html } = all[0]!;
    const sent = mail();
    expect({ id, to, toName, subject }).toEqual({
      id: sent.id,
      to: sent.to,
      toName: sent.toName,
      subject: sent.subject,
    });
    expect(text.trimEnd()).toBe(sent.text.trimEnd());
    expect(html.trimEnd()).toBe(sent.html);
  });

  it('lets no value begin another header', async () => {
    const evil = 'Hi\r\nBcc: everyone@example.org';
    await setup.mailer.send(mail({ subject: evil, toName: evil }));
    expect((await setup.arrived())[0]).toMatchObject({
      subject: 'Hi Bcc: everyone@example.org',
      to: 'aiko@example.org',
    });
  });

  it('refuses for good what is not one plain address, and sends nothing', async () => {
    for (const to of ['a@b.de, c@d.de', 'a@b.de\r\nRCPT TO:<c@d.de>', 'nobody']) {
      await expect(setup.mailer.send(mail({ to }))).rejects.toEqual(new MailRefused('ADDRESS_INVALID', true));
    }
    expect(await setup.arrived()).toEqual([]);
  });

  it('may send a mail twice, under one id', async () => {
    await setup.mailer.send(mail());
    await setup.mailer.send(mail());
    expect(new Set((await setup.arrived()).map((one) => one.id))).toEqual(new Set([mail().id]));
  });

  it('sends many at once', async () => {
    const ids = [...Array(20).keys()].map((n) => `01900000-0000-7000-8000-0000000000${n + 10}`);
    await Promise.all(ids.map((id) => setup.mailer.send(mail({ id }))));
    expect((await setup.arrived()).map((one) => one.id).sort()).toEqual([...ids].sort());
  });
});

describe('the smtp mailer', () => {
  const timeouts = { connection: 200, greeting: 200, socket: 200 };
  const refusedBy = async (answers: Parameters<typeof smtpServer>[0]) => {
    const server = smtpServer(answers);
    const mailer = smtpMailer({ url: await server.start(), from: 'a@b.de', host: 'b.de', timeouts });
    const error: unknown = await mailer.send(mail()).catch((caught) => caught);
    await mailer.close();
    await server.stop();
    expect(server.messages).toEqual([]);
    expect(error).toBeInstanceOf(MailRefused);
    const { code, permanent } = error as MailRefused;
    return { code, permanent };
  };

  it('gives up on a recipient or a message that the server refuses for good', async () => {
    expect(await refusedBy({ rcpt: '550 no such user aiko@example.org' })).toEqual({
      code: 'SMTP_550',
      permanent: true,
    });
    expect(await refusedBy({ data: '554 spam' })).toEqual({ code: 'SMTP_554', permanent: true });
  });
  it('lets a later try mend what the server cannot do now', async () => {
    expect(await refusedBy({ rcpt: '451 greylisted' })).toEqual({ code: 'SMTP_451', permanent: false });
    expect(await refusedBy({ data: '452 full' })).toEqual({ code: 'SMTP_452', permanent: false });
    expect(await refusedBy({ greeting: '554 go away' })).toMatchObject({ permanent: false });
  });
  it('waits for a silent server no longer than told', async () => {
    expect(await refusedBy({ greeting: null })).toEqual({ code: 'ETIMEDOUT', permanent: false });
  });
  it('says that nobody answers', async () => {
    const server = smtpServer();
    const url = await server.start();
    await server.stop();
    const mailer = smtpMailer({ url, from: 'a@b.de', host: 'b.de', timeouts });
    await expect(mailer.send(mail())).rejects.toMatchObject({ permanent: false });
    await mailer.close();
  });
});
