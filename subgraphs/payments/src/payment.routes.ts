import type { HttpAnswer, HttpRequest, HttpRoute } from '@souk/kit';
import { hearGateway } from './gateway-event.service.ts';
import type { PaymentsDb } from './payment.tables.ts';
import type { PaymentsPorts } from './payments.ports.ts';

const page = (title: string, text: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>
:root { color-scheme: light dark; font: 1.0625rem/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { max-width: 30rem; padding: 2rem; }
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

export const routes: readonly HttpRoute<PaymentsDb, PaymentsPorts>[] = [
  { method: 'POST', path: '/webhooks/stripe', bodyLimit: 512_000, handle: hearGateway },
  { method: 'GET', path: '/payments/return', handle: async (request) => returnPage(request) },
];
