import { escapeHtml } from './mailbox.ts';

/** A mail's text in its parts, before it takes a form. Plain text: the forms escape. */
export interface Letter {
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  readonly subject: string;
  readonly heading: string;
  /** What to name when asking about it: the order's number. */
  readonly reference: { readonly label: string; readonly text: string };
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  readonly lines: readonly { readonly name: string; readonly detail: string; readonly amount: string | null }[];
  readonly sums: readonly { readonly label: string; readonly amount: string; readonly strong: boolean }[];
  readonly after: readonly string[];
  /** The first one stands out. */
  readonly links: readonly { readonly label: string; readonly url: string }[];
  /** In place of a link. */
  readonly note: string | null;
  readonly closing: string;
  readonly reason: string;
}

export function renderText(letter: Letter): string {
  const blocks = [
    letter.greeting,
    ...letter.paragraphs,
    letter.lines
      .map(({ name, detail, amount }) => `- ${name}\n  ${detail}${amount === null ? '' : ` · ${amount}`}`)
      .join('\n'),
    letter.sums.map(({ label, amount }) => `${label}: ${amount}`).join('\n'),
    ...letter.after,
    letter.links.map(({ label, url }) => `${label}:\n${url}`).join('\n\n'),
    letter.note ?? '',
    letter.closing,
    `--\n${letter.reason}`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

const FONT =
  "font-family:-apple-system,'Segoe UI',Roboto,'Noto Sans','Hiragino Sans','Noto Naskh Arabic',Arial,sans-serif";

/** Mail programs that know it turn dark; all others read the inline styles. */
const DARK = `@media (prefers-color-scheme:dark){
.page{background:#17131f!important}.card{background:#221c2e!important;border-color:#3a3149!important}
.ink{color:#ece7f4!important}.dim{color:#b3a9c4!important}.rule{border-color:#3a3149!important}.tint{background:#2c2439!important}
.button{background:#f6b042!important;color:#271a3d!important}.link{color:#f6b042!important}}
@media (max-width:480px){.card-pad{padding:24px 20px!important}.button{display:block!important;text-align:center!important}}`;

const INK = 'color:#271a3d';
const DIM = 'color:#6b6078';
const RULE = 'border-top:1px solid #e6e0ee';

/** Tables and inline styles: what every mail program lays out. Text alignment follows the language's direction. */
export function renderHtml(letter: Letter): string {
  const { direction, reference } = letter;
  const [start, end] = direction === 'rtl' ? ['right', 'left'] : ['left', 'right'];
  const number = escapeHtml(reference.text);
  // One run in its own direction, never broken at its hyphen.
  const whole = `<bdi style="white-space:nowrap">${number}</bdi>`;
  const prose = (text: string) => (number === '' ? escapeHtml(text) : escapeHtml(text).replaceAll(number, whole));
  const paragraph = (text: string, style = '', kind: 'ink' | 'dim' = 'ink') =>
    `<p class="${kind}" style="margin:0 0 16px;${kind === 'dim' ? DIM : INK};${style}">${prose(text)}</p>`;
  const row = (label: string, amount: string, style: string, kind: string) =>
    `<tr><td class="${kind}" align="${start}" style="vertical-align:top;${style}">${label}</td><td class="${kind}" align="${end}" style="white-space:nowrap;vertical-align:top;padding-${start}:16px;${style}">${escapeHtml(amount)}</td></tr>`;
  const lines = letter.lines.map(({ name, detail, amount }) =>
    row(
      `<span dir="auto">${escapeHtml(name)}</span><br><span class="dim" style="font-size:13px;${DIM}">${escapeHtml(detail)}</span>`,
      amount ?? '',
      `padding-top:12px;padding-bottom:12px;${RULE};${INK}`,
      'ink rule',
    ),
  );
  const sums = letter.sums.map(({ label, amount, strong }) =>
    row(
      escapeHtml(label),
      amount,
      `padding-top:4px;padding-bottom:4px;${strong ? `font-weight:600;font-size:17px;${INK}` : DIM}`,
      strong ? 'ink' : 'dim',
    ),
  );
  const table = (rows: readonly string[], style: string) =>
    rows.length === 0
      ? ''
      : `<table role="presentation" class="rule" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 20px;${style}">${rows.join('')}</table>`;
  const links = letter.links.map(({ label, url }, index) =>
    index === 0
      ? `<p style="margin:24px 0"><a class="button" href="${escapeHtml(url)}" target="_blank" rel="noopener" style="display:inline-block;padding:13px 24px;border-radius:8px;background:#44254a;color:#ffffff;font-weight:600;text-decoration:none">${escapeHtml(label)}</a></p>`
      : `<p style="margin:0 0 16px"><a class="link" href="${escapeHtml(url)}" target="_blank" rel="noopener" style="color:#8a3f12">${escapeHtml(label)}</a></p>`,
  );
  return `<!doctype html>
<html lang="${escapeHtml(letter.language)}" dir="${direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(letter.subject)}</title>
<style>${DARK}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f6f2ee">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escapeHtml(letter.paragraphs[0] ?? '')}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" dir="${direction}" style="background:#f6f2ee"><tr><td align="center" style="padding:32px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px">
<tr><td style="padding:18px 28px;border-radius:14px 14px 0 0;background:#271a3d;border-bottom:3px solid #f6b042;color:#f4eefb;font-size:20px;font-weight:600;letter-spacing:.02em;${FONT}" align="${start}">Souk</td></tr>
<tr><td class="card card-pad" align="${start}" style="padding:32px 28px;border:1px solid #e6e0ee;border-top:0;border-radius:0 0 14px 14px;background:#ffffff;font-size:15px;line-height:1.6;text-align:${start};overflow-wrap:anywhere;${FONT}">
<h1 class="ink" style="margin:0 0 16px;font-size:23px;line-height:1.3;${INK}">${escapeHtml(letter.heading)}</h1>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 20px"><tr><td class="tint" align="${start}" style="padding:12px 16px;border-radius:10px;background:#f7f3fa"><span class="dim" style="font-size:13px;${DIM}">${escapeHtml(reference.label)}</span><br><strong class="ink" style="font-size:17px;letter-spacing:.02em;${INK}">${whole}</strong></td></tr></table>
${paragraph(letter.greeting)}
${letter.paragraphs.map((text) => paragraph(text)).join('\n')}
${table(lines, 'border-bottom:1px solid #e6e0ee')}
${table(sums, '')}
${letter.after.map((text) => paragraph(text)).join('\n')}
${links.join('\n')}
${letter.note === null ? '' : paragraph(letter.note, '', 'dim')}
${paragraph(letter.closing, 'margin:0')}
</td></tr>
<tr><td align="center" style="padding:18px 28px;font-size:12px;line-height:1.5;${FONT}">${paragraph(letter.reason, 'margin:0', 'dim')}</td></tr>
</table>
</td></tr></table>
</body>
</html>
`;
}
