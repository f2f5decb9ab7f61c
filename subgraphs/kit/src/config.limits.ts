import { z } from 'zod';
import type { BudgetSize } from './budget.ts';
import { setting } from './config.setting.ts';
import { parseNetworks } from './networks.ts';

const MOST = 1_000_000_000;

/** `1000/10`: a thousand, full again after ten seconds. */
const budget = (usual: string) =>
  z
    .string()
    .default(usual)
    .transform((text, context): BudgetSize => {
      const [, capacity, seconds] = /^(\d{1,10})\/(\d{1,5})$/.exec(text) ?? [];
      const size = { capacity: Number(capacity), seconds: Number(seconds) };
      if (size.capacity >= 1 && size.capacity <= MOST && size.seconds >= 1) return size;
      context.addIssue({ code: 'custom', message: 'no budget' });
      return z.NEVER;
    });

const networks = z
  .string()
  .default('')
  .transform((text, context) => {
    const found = parseNetworks(text);
    if (found) return found;
    context.addIssue({ code: 'custom', message: 'no networks' });
    return z.NEVER;
  });

const deadlines = z
  .string()
  .default('')
  .transform((text, context): ReadonlyMap<string, number> => {
    const found = new Map<string, number>();
    for (const item of text.split(',').map((one) => one.trim())) {
      if (item === '') continue;
      const [, name, ms] = /^([a-z][a-z0-9-]*)=(\d{1,6})$/.exec(item) ?? [];
      if (!name || Number(ms) < 1) {
        context.addIssue({ code: 'custom', message: 'no deadlines' });
        return z.NEVER;
      }
      found.set(name, Number(ms));
    }
    return found;
  });

const milliseconds = (usual: number) => z.coerce.number().int().min(50).max(600_000).default(usual);
const of = ['router'];

/**
 * For tests and for measuring, which say so: whoever asks from this machine is held back by no rate, nobody for the load of a
 * machine that does much else, and a subgraph may be as slow as that makes it.
 */
export const unheld = {
  SOUK_UNLIMITED_ADDRESSES: '127.0.0.1,::1',
  SOUK_OPERATIONS_AT_ONCE: '100000',
  SOUK_OVERLOAD_DELAY_MS: '0',
  SOUK_QUERY_DEADLINE_MS: '10000',
} as const;

/** How much clients may ask for, and what the router does when that is too much: a part of `settings`. */
export const limitSettings = {
  SOUK_RATE_ADDRESS: setting(
    budget('1000/10'),
    '1000/10',
    'Requests of one IP address: how many at once, and seconds after which they are all there again.',
    { of },
  ),
  SOUK_RATE_PERSON: setting(budget('300/10'), '300/10', 'Requests of one user or guest, written the same way.', { of }),
  SOUK_RATE_APP: setting(
    budget('600/60'),
    '600/60',
    'Requests of one app, by whatever keys it has, written the same way; an app with a quota of its own has that.',
    { of },
  ),
  SOUK_BUDGET_ADDRESS: setting(
    budget('50000/20'),
    '50000/20',
    'Cost of what an IP address asks for without a session, written the same way: the most one operation may cost, and seconds after which it is all there again.',
    { of },
  ),
  SOUK_BUDGET_PERSON: setting(
    budget('50000/20'),
    '50000/20',
    'Cost of what one user or guest asks for, written the same way.',
    { of },
  ),
  SOUK_BUDGET_APP: setting(
    budget('100000/60'),
    '100000/60',
    'Cost of what one app asks for, written the same way; an app with a quota of its own has that.',
    { of },
  ),
  SOUK_UNLIMITED_ADDRESSES: setting(
    networks,
    '',
    "Addresses and networks (10.0.0.0/8), with commas between them, whose requests no rate and no budget holds back, such as the storefront's own server. Every limit of a single operation holds for them too.",
    { of },
  ),
  SOUK_TRUSTED_PROXIES: setting(
    networks,
    '',
    'Addresses and networks of the proxies in front of the router, with commas between them: whom they name in X-Forwarded-For is taken for the client. Default: nobody is believed.',
    { of },
  ),
  SOUK_OPERATIONS_AT_ONCE: setting(
    z.coerce.number().int().min(1).max(100_000).default(256),
    '256',
    'Operations that one router runs at a time; more of them wait.',
    { of },
  ),
  SOUK_OPERATIONS_WAITING: setting(
    z.coerce.number().int().min(0).max(100_000).default(1_024),
    '1024',
    'Operations that may wait, those of people who are buying until last; beyond that they are refused with OVERLOADED.',
    { of },
  ),
  SOUK_OVERLOAD_DELAY_MS: setting(
    z.coerce.number().int().min(0).max(60_000).default(300),
    '300',
    'Lateness of the event loop, ms, from which a router refuses what strangers want to read, and at twice that what others read. 0: never for that.',
    { of },
  ),
  SOUK_QUERY_DEADLINE_MS: setting(
    milliseconds(1_200),
    '1200',
    'How long a subgraph is waited for when something is read, ms; its part of the answer is a hole after that.',
    { of },
  ),
  SOUK_MUTATION_DEADLINE_MS: setting(
    milliseconds(10_000),
    '10000',
    'How long a subgraph is waited for when something is changed, ms. What it was asked may still be done.',
    { of },
  ),
  SOUK_SUBGRAPH_DEADLINES: setting(
    deadlines,
    '',
    'The same for reading from single subgraphs: payments=3000,orders=2000.',
    { of },
  ),
};
