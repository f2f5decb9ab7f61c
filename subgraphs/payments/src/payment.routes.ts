import type { HttpAnswer, HttpRequest, HttpRoute } from '@souk/kit';
import { hearGateway } from './gateway-event.service.ts';
import type { PaymentsDb } from './payment.tables.ts';
import { type PaymentsPorts, SIMULATOR_PATH } from './payments.ports.ts';

const page = (title: string, text: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>
:root { color-scheme: light dark; --ink: #2e2a4a; --soft: #5c5674; --paper: #fbf7f4; --card: #fff; --line: #e2dce8; font: 1rem/1.5 system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { :root { --ink: #eeeaf6; --soft: #bfb6d0; --paper: #191320; --card: #221b2d; --line: #3d3350; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; color: var(--ink); background: var(--paper); }
main { width: 100%; max-width: 27rem; padding: 2rem; background: var(--card); border: 1px solid var(--line); border-top: 3px solid #f6b042; border-radius: 1rem; }
h1 { margin: 0 0 .5rem; font-size: 1.35rem; line-height: 1.3; }
p { margin: 0; color: var(--soft); }
</style>
</head>
<body><main><h1>${title}</h1><p>${text}</p></main></body>
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
      ? page('The payment was not made', 'You can close this page and try again with the same or another card.')
      : page('Thank you', 'Your answer has reached your bank. You can close this page: your order goes on by itself.'),
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
