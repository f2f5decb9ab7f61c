/** One message as the mailbox shows it. */
export interface MailboxMessage {
  id: string;
  to: string;
  subject: string;
  at: Date;
  /** Null where the template has a text only. */
  html: string | null;
  text: string;
  template: string;
  status: string;
}

export type MailboxView = 'html' | 'text';

export interface MailboxSelection {
  id: string;
  view?: MailboxView;
}

/**
 * The policy to serve the mailbox with. A framed mail inherits it: its inline styles and embedded pictures show, and
 * nothing in it can run, be fetched, or tell its sender that it was read.
 */
export const MAILBOX_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text made safe for element content and for quoted attributes alike. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character]!);

/** The whole page: the messages in the order given, and beside them the selected one. Works without JavaScript. */
export function renderMailbox(messages: readonly MailboxMessage[], selected?: MailboxSelection): string {
  const message = selected && messages.find(({ id }) => id === selected.id);
  const gone = selected && !message;
  const title = message ? `${message.subject} · Souk mailbox` : 'Souk mailbox';
  const reader = message
    ? renderMessage(message, selected.view)
    : `<div class="empty"><p>${gone ? 'This message is no longer here.' : 'Choose a message to read it.'}</p></div>`;
  const body =
    messages.length === 0 && !gone
      ? `<div class="empty alone"><h2>No mail yet</h2><p>Whatever the shop would send lands here. Place an order and its confirmation follows.</p></div>`
      : `${renderList(messages, message?.id)}<main>${reader}</main>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body class="${selected ? 'reading' : 'listing'}">
<header><a class="brand" href="?">${MARK}<span>Souk</span> <small>mailbox</small></a><a class="button" href="${escapeHtml(linkTo(message?.id, selected?.view))}">Refresh</a></header>
<div class="panes">${body}</div>
</body>
</html>
`;
}

/** One message with its envelope, as a fragment. HTML mail stands in a frame that may do nothing but open its links elsewhere. */
export function renderMessage(message: MailboxMessage, wanted: MailboxView = 'html'): string {
  const view: MailboxView = message.html === null ? 'text' : wanted;
  const tab = (to: MailboxView, label: string) =>
    `<a href="${escapeHtml(linkTo(message.id, to))}"${to === view ? ' aria-current="page"' : ''}>${label}</a>`;
  const content =
    view === 'html' && message.html !== null
      ? `<iframe title="The message as mail programs show it" sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" srcdoc="${escapeHtml(message.html)}"></iframe>`
      : `<pre dir="auto">${linkify(message.text)}</pre>`;
  return `<article aria-labelledby="subject">
<a class="back" href="?">All messages</a>
<h2 id="subject" dir="auto">${escapeHtml(message.subject) || '(no subject)'}</h2>
<dl>
<div><dt>To</dt><dd><bdi>${escapeHtml(message.to)}</bdi></dd></div>
<div><dt>Sent</dt><dd>${renderTime(message.at)}</dd></div>
<div><dt>Template</dt><dd>${escapeHtml(message.template)}</dd></div>
<div><dt>Status</dt><dd>${renderStatus(message.status)}</dd></div>
</dl>
<nav class="tabs" aria-label="Form of the message">${message.html === null ? '' : tab('html', 'HTML')}${tab('text', 'Text')}</nav>
${content}
</article>`;
}

function renderList(messages: readonly MailboxMessage[], current: string | undefined): string {
  const items = messages.map(
    (
      message,
    ) => `<li><a href="${escapeHtml(linkTo(message.id))}"${message.id === current ? ' aria-current="page"' : ''}>
<span class="line"><strong dir="auto">${escapeHtml(message.subject) || '(no subject)'}</strong>${isSent(message.status) ? '' : renderStatus(message.status)}</span>
<span class="line dim"><span class="to" dir="auto">${escapeHtml(message.to)}</span>${renderTime(message.at)}</span>
</a></li>`,
  );
  const count = `${messages.length} ${messages.length === 1 ? 'message' : 'messages'}`;
  return `<nav class="list" aria-label="Messages"><h1>${count}</h1><ol>${items.join('')}</ol></nav>`;
}

/** Relative, so that the page works wherever it is mounted. */
function linkTo(id: string | undefined, view?: MailboxView): string {
  if (id === undefined) return '?';
  const query = new URLSearchParams({ id });
  if (view) query.set('view', view);
  return `?${query}`;
}

const clock = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

const renderTime = (at: Date): string =>
  `<time datetime="${at.toISOString()}">${escapeHtml(clock.format(at))} UTC</time>`;

const isSent = (status: string) => status === 'SENT' || status === 'DELIVERED';

function renderStatus(status: string): string {
  const tone = isSent(status) ? 'good' : status === 'FAILED' ? 'bad' : 'open';
  const words = status.charAt(0) + status.slice(1).toLowerCase().replaceAll('_', ' ');
  return `<span class="status ${tone}">${escapeHtml(words)}</span>`;
}

const ADDRESS = /(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/;

/** Escaped text in which web addresses can be followed. */
function linkify(text: string): string {
  return text
    .split(ADDRESS)
    .map((part, index) => {
      const shown = escapeHtml(part);
      // split() puts what the group matched at the odd places.
      return index % 2 === 1 ? `<a href="${shown}" target="_blank" rel="noopener noreferrer">${shown}</a>` : shown;
    })
    .join('');
}

const MARK =
  '<svg viewBox="0 0 32 32" aria-hidden="true"><path d="M7 26V14.5C7 9 11 5.5 16 3.5c5 2 9 5.5 9 11V26h-4.5V15c0-3-2-5-4.5-6.2C13.5 10 11.5 12 11.5 15v11Z" fill="#f6b042"/><path d="M16 14.5l2.6 3.9L16 22.3l-2.6-3.9Z" fill="#ee7c50"/></svg>';

const STYLE = `
:root{color-scheme:light;--page:hsl(30 33% 97%);--card:#fff;--ink:hsl(264 24% 20%);--dim:hsl(264 12% 40%);--line:hsl(264 20% 24%/.16);--accent:hsl(18 84% 37%);--tint:hsl(24 80% 50%/.1);--good:hsl(160 70% 24%);--bad:hsl(0 70% 42%)}
@media (prefers-color-scheme:dark){:root{color-scheme:dark;--page:hsl(262 28% 10%);--card:hsl(262 26% 13%);--ink:hsl(258 28% 90%);--dim:hsl(258 16% 70%);--line:hsl(258 28% 86%/.18);--accent:hsl(37 91% 61%);--tint:hsl(37 91% 61%/.12);--good:hsl(160 55% 65%);--bad:hsl(4 90% 76%)}}
*{box-sizing:border-box}
html,body{height:100%;margin:0}
body{display:flex;flex-direction:column;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
header{display:flex;align-items:center;justify-content:space-between;min-height:52px;padding:0 16px;color:#f4eefb;background:linear-gradient(100deg,#271a3d,#33204d 55%,#44254a);border-bottom:2px solid #f6b042}
header :focus-visible{outline-color:#f6b042}
.brand{display:flex;align-items:center;gap:8px;color:inherit;font-size:19px;font-weight:500;text-decoration:none}
.brand svg{width:30px;height:30px}
.brand small{color:#bfb1d3;font-size:13px;font-weight:400}
.button{padding:5px 12px;color:inherit;font-size:14px;text-decoration:none;background:rgb(255 255 255/.08);border:1px solid rgb(255 255 255/.2);border-radius:6px}
.button:hover{background:rgb(255 255 255/.18)}
.panes{display:flex;flex:1;min-height:0}
.list{width:380px;overflow:auto;border-right:1px solid var(--line)}
.list h1{margin:0;padding:14px 16px 8px;color:var(--dim);font-size:13px;font-weight:500}
.list ol{margin:0;padding:0 8px 16px;list-style:none}
.list li a{display:block;padding:10px 12px;color:inherit;text-decoration:none;border:1px solid transparent;border-radius:10px}
.list li a:hover{background:var(--tint)}
.list li a[aria-current]{background:var(--card);border-color:var(--accent)}
.line{display:flex;align-items:baseline;justify-content:space-between;gap:12px}
.line strong,.to{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;font-weight:500}
.dim{color:var(--dim);font-size:13px}
time{white-space:nowrap}
main{flex:1;min-width:0;overflow:auto;padding:20px}
article{display:flex;flex-direction:column;max-width:880px;min-height:100%;margin:0 auto;padding:20px;background:var(--card);border:1px solid var(--line);border-radius:14px}
h2{margin:0 0 10px;font-size:22px;font-weight:500;line-height:1.3;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(180px,1fr));gap:8px 20px;margin:0 0 14px}
dt{color:var(--dim);font-size:13px}
dd{margin:0;overflow-wrap:anywhere}
.status{font-size:13px;white-space:nowrap}
.status::before{display:inline-block;width:8px;height:8px;margin-right:6px;background:currentColor;border-radius:50%;content:""}
.good{color:var(--good)}.bad{color:var(--bad)}.open{color:var(--accent)}
.tabs{display:flex;gap:4px;border-bottom:1px solid var(--line)}
.tabs a{padding:6px 14px;color:var(--dim);text-decoration:none;border-bottom:2px solid transparent}
.tabs a[aria-current]{color:var(--ink);border-color:var(--accent)}
iframe{flex:1;width:100%;min-height:60vh;margin-top:14px;background:#fff;border:0;border-radius:8px;color-scheme:light}
pre{margin:14px 0 0;font:14px/1.6 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
.empty{display:grid;place-content:center;min-height:60%;padding:24px;color:var(--dim);text-align:center}
.empty.alone{flex:1}
.empty h2{color:var(--ink)}
.empty p{max-width:40ch;margin:0}
.back{display:none}
@media (max-width:1000px){.list{width:300px}}
@media (max-width:700px){.list{width:100%;border:0}.listing main{display:none}.reading .list{display:none}main{padding:8px}article{padding:14px}dl{grid-template-columns:1fr 1fr}dl div:first-child{grid-column:1/-1}.list li a{padding:12px}.back{display:inline-block;margin-bottom:10px;padding:6px 0}iframe{min-height:65vh}.reading .empty{min-height:100%}}
`;
