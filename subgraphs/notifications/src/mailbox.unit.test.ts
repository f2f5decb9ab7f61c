import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, MAILBOX_POLICY, type MailboxMessage, renderMailbox, renderMessage } from './mailbox.ts';

const message = (over: Partial<MailboxMessage> = {}): MailboxMessage => ({
  id: 'msg_1',
  to: 'ada@example.com',
  subject: 'Your order 1001 is confirmed',
  at: new Date('2026-03-04T05:06:07Z'),
  html: '<p>Thank you, Ada.</p>',
  text: 'Thank you, Ada.',
  template: 'orderConfirmed',
  status: 'SENT',
  ...over,
});

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='alert(2)'>&amp;`;

describe('escaping', () => {
  it('leaves no character that could end a text or an attribute', () => {
    expect(escapeHtml(`<a href="x" title='y'>&</a>`)).toBe(
      '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;&lt;/a&gt;',
    );
  });

  it.each(['id', 'to', 'subject', 'text', 'template', 'status', 'html'] as const)(
    'holds for a hostile %s in every view',
    (field) => {
      const hostile = message({ [field]: HOSTILE });
      for (const view of ['html', 'text'] as const) {
        const page = renderMailbox([hostile], { id: hostile.id, view });
        expect(page).not.toContain('<script');
        expect(page).not.toContain('<img');
      }
    },
  );

  it('holds for any text: the page has the tags of a harmless one, no more and no fewer', () => {
    const tags = (page: string) => page.match(/<\/?[a-z0-9]+/g);
    const harmless = tags(renderMailbox([message()], { id: 'msg_1' }));
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('to', 'subject', 'template', 'html'),
        (text, field) => {
          expect(tags(renderMailbox([message({ [field]: `x${text}` })], { id: 'msg_1' }))).toEqual(harmless);
        },
      ),
    );
  });
});

describe('an HTML message', () => {
  it('stands in a frame that may do nothing but open links elsewhere, whole and unchanged once unescaped', () => {
    const html = `<a href="https://souk.example/?a=1&b=2">It's here</a>`;
    const page = renderMessage(message({ html }));
    expect(page).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
    const srcdoc = /srcdoc="([^"]*)"/.exec(page)?.[1] ?? '';
    const unescaped = srcdoc
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');
    expect(unescaped).toBe(html);
  });

  it('is shown as text on wish', () => {
    const page = renderMessage(message(), 'text');
    expect(page).toContain('<pre dir="auto">Thank you, Ada.</pre>');
    expect(page).not.toContain('<iframe');
  });

  it('is shown as text where there is no HTML, without an HTML tab', () => {
    const page = renderMessage(message({ html: null }), 'html');
    expect(page).toContain('<pre dir="auto">Thank you, Ada.</pre>');
    expect(page).not.toContain('>HTML<');
  });
});

describe('addresses in a text message', () => {
  const link = (text: string) => /<pre dir="auto">(.*)<\/pre>/s.exec(renderMessage(message({ text }), 'text'))?.[1];

  it('can be followed, and keep the full stop of their sentence outside', () => {
    expect(link('See https://souk.example/o/1?a=1&b=2.')).toBe(
      'See <a href="https://souk.example/o/1?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">https://souk.example/o/1?a=1&amp;b=2</a>.',
    );
  });

  it('are web addresses only, and never break out of their attribute', () => {
    expect(link('javascript:alert(1)')).toBe('javascript:alert(1)');
    expect(link('https://a.example/"onmouseover="alert(1)')).toBe(
      '<a href="https://a.example/" target="_blank" rel="noopener noreferrer">https://a.example/</a>&quot;onmouseover=&quot;alert(1)',
    );
  });
});

describe('the mailbox', () => {
  it('says what will come where there is nothing yet', () => {
    expect(renderMailbox([])).toContain('No mail yet');
  });

  it('lists the messages in the order given and marks the one that is read', () => {
    const page = renderMailbox([message({ id: 'b', subject: 'Second' }), message({ id: 'a', subject: 'First' })], {
      id: 'a',
    });
    expect(page.indexOf('Second')).toBeLessThan(page.indexOf('<strong dir="auto">First'));
    expect(page).toContain('<a href="?id=a" aria-current="page">');
    expect(page).not.toContain('<a href="?id=b" aria-current');
  });

  it('says so where the chosen message is gone', () => {
    expect(renderMailbox([message()], { id: 'other' })).toContain('This message is no longer here.');
  });

  it('shows a failed delivery in the list', () => {
    expect(renderMailbox([message({ status: 'FAILED' })])).toContain('<span class="status bad">Failed</span>');
  });

  it('is served under a policy that lets a mail show, but neither run nor call home', () => {
    expect(MAILBOX_POLICY).toContain("default-src 'none'");
    expect(MAILBOX_POLICY).not.toContain('script-src');
    expect(MAILBOX_POLICY).not.toContain('http');
  });
});
