import type { HttpAnswer, HttpRequest, HttpRoute } from '@souk/kit';
import { hearGateway } from './gateway-event.service.ts';
import type { PaymentsDb } from './payment.tables.ts';
import { type PaymentsPorts, SIMULATOR_PATH } from './payments.ports.ts';

const marks = {
  done: '<path d="m15.5 24.5 6 6 11.5-12.5"/>',
  failed: '<path d="m17.5 17.5 13 13m0-13-13 13"/>',
};

const page = (mark: keyof typeof marks, title: string, text: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>
:root { color-scheme: light dark; --ink: #2e2a4a; --soft: #5c5674; --paper: #fbf7f4; --card: #fff; --line: #e2dce8; --done: #1f7a4d; --failed: #b3261e; font: 1rem/1.5 system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { :root { --ink: #eeeaf6; --soft: #bfb6d0; --paper: #191320; --card: #221b2d; --line: #3d3350; --done: #6fd6a0; --failed: #ff9d94; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; padding: 1.5rem; color: var(--ink); background: var(--paper); }
main { width: 100%; max-width: 27rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem; text-align: center; text-wrap: pretty; }
svg { display: block; width: 3.5rem; margin: 0 auto 1.25rem; fill: none; stroke: currentColor; stroke-width: 3; stroke-linecap: round; stroke-linejoin: round; }
.done { color: var(--done); }
.failed { color: var(--failed); }
h1 { margin: 0 0 .5rem; font-size: 1.35rem; line-height: 1.3; text-wrap: balance; }
p { margin: 0; color: var(--soft); }
</style>
</head>
<body><main>
<svg class="${mark}" viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="21.5"/>${marks[mark]}</svg>
<h1>${title}</h1>
<p>${text}</p>
</main></body>
</html>
`;

/**
 * Where a bank's page leads back to. It shows what the browser was told and changes nothing: what counts is what the
 * provider tells us itself.
 */
function returnPage({ query }: Pick<HttpRequest, 'query'>): HttpAnswer {
  const failed = query.redirect_status === 'failed';
  return {
    status: 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    },
    body: failed
      ? page(
          'failed',
          'The payment was not made',
          'You can close this page and try again with the same or another card.',
        )
      : page(
          'done',
          'Thank you',
          'Your answer has reached your bank. You can close this page: your order goes on by itself.',
        ),
  };
}

const PAGE = '/3d-secure/:intent/:token';

/** The simulator's 3-D Secure page under the shop's own address. With a real account there is no such page. */
const simulatorPage = (method: 'GET' | 'POST'): HttpRoute<PaymentsDb, PaymentsPorts> => ({
  method,
  path: `${SIMULATOR_PATH}${PAGE}`,
  bodyLimit: 10_000,
  async handle({ params, body }, { ports: { simulator } }) {
    if (!simulator) return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'There is nothing here.' };
    const path = PAGE.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    return simulator.answerPage({ method, path, body: body.toString('utf8') });
  },
});

export const routes: readonly HttpRoute<PaymentsDb, PaymentsPorts>[] = [
  { method: 'POST', path: '/webhooks/stripe', bodyLimit: 512_000, handle: hearGateway },
  { method: 'GET', path: '/payments/return', handle: async (request) => returnPage(request) },
  simulatorPage('GET'),
  simulatorPage('POST'),
];
