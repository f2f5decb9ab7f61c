const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replace(/[&<>"']/g, (c) => escapes[c]!);

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f2a; --soft: #4b5365; --paper: #f3f4f8; --card: #fff; --line: #d5d9e2; --go: #1d4ed8; }
@media (prefers-color-scheme: dark) { :root { --ink: #eef1f7; --soft: #b4bccb; --paper: #12151c; --card: #1c212c; --line: #394152; --go: #3b6ef0; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; padding: 1.5rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 27rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: 2rem; text-wrap: pretty; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .5rem; text-wrap: balance; }
p { margin: 0 0 1rem; color: var(--soft); }
dl { display: grid; grid-template-columns: auto 1fr; gap: .35rem 1rem; margin: 0 0 1.5rem; padding: 1rem 0; border-block: 1px solid var(--line); }
dt { color: var(--soft); } dd { margin: 0; text-align: right; font-weight: 600; }
form { display: grid; gap: .75rem; }
button, a.button { display: block; width: 100%; min-height: 3rem; padding: .7rem 1rem; border-radius: .6rem; border: 1px solid var(--go); background: var(--go); color: #fff; font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
button.quiet { background: transparent; color: var(--ink); border-color: var(--soft); }
:focus-visible { outline: 3px solid var(--go); outline-offset: 3px; }
small { display: block; margin-top: 1.25rem; color: var(--soft); font-size: .85rem; }
`;

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escape(title)}</title>
<style>${STYLE}</style>
</head>
<body><main>
<h1>${escape(title)}</h1>
${body}
<small>Stripe simulator. No bank is involved and no money moves.</small>
</main></body>
</html>
`;

/** The content security policy of these pages: one inline style, no script, forms to anywhere a redirect may lead. */
export const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'";

/** What a bank would show: who asks for how much, approve or refuse. Works without JavaScript. */
export function challengePage(given: { amount: string; card: string; description: string | null }): string {
  const order = given.description === null ? '' : `<dt>For</dt><dd>${escape(given.description)}</dd>`;
  return page(
    'Confirm your payment',
    `<p>Your bank asks whether it is really you who pays.</p>
<dl><dt>Amount</dt><dd>${escape(given.amount)}</dd><dt>Card</dt><dd>${escape(given.card)}</dd>${order}</dl>
<form method="post">
<button name="outcome" value="succeeded">Approve the payment</button>
<button name="outcome" value="failed" class="quiet">Refuse the payment</button>
</form>`,
  );
}

/** Shown where there is nothing to decide any more, or nowhere to send the browser back to. */
export function donePage(title: string, text: string, backTo: string | null): string {
  const back = backTo === null ? '' : `<a class="button" href="${escape(backTo)}">Back to the shop</a>`;
  return page(title, `<p>${escape(text)}</p>${back}`);
}

/** `4950` eur → `€49.50`; Stripe's amount has the decimals that Stripe gives the currency. */
export function displayAmount(amount: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const wholeUnits = ['isk', 'ugx'].includes(currency);
  const digits = wholeUnits ? 2 : currency === 'mga' ? 0 : (format.resolvedOptions().maximumFractionDigits ?? 2);
  return format.format(amount / 10 ** digits);
}
