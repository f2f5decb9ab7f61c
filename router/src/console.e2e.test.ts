import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShop } from './shop.testing.ts';
import { startSouk, type TestSouk } from './souk.testing.ts';

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
/** A first build, a cold browser and a busy machine are patient; only a hang meets this. */
const PATIENCE_MS = 60_000;

/** The console as a person meets it: what they click, and what they read. */
interface Visit {
  readonly page: Page;
  /** Everything the page should not have done: errors, refusals by its policy, calls to other places. */
  readonly wrongs: readonly string[];
  open(example: string): Promise<void>;
  /** Opens an example, runs it, and waits for an answer that looks like this. */
  run(example: string, answer: RegExp): Promise<void>;
  answered(answer: RegExp): Promise<void>;
  /** The line of a running subscription says this. */
  live(name: string, says: RegExp): Promise<void>;
}

async function visit(context: BrowserContext, origin: string): Promise<Visit> {
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const wrongs: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') wrongs.push(`${message.text()} ${message.location().url}`);
  });
  page.on('pageerror', (error) => wrongs.push(String(error)));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== origin) wrongs.push(`asked ${url.href}`);
  });
  page.on('websocket', (socket) => {
    if (new URL(socket.url()).host !== new URL(origin).host) wrongs.push(`opened ${socket.url()}`);
  });
  await page.addInitScript({
    content: `document.addEventListener('securitypolicyviolation', (event) =>
      console.error('against the policy: ' + event.violatedDirective + ' ' + event.blockedURI));`,
  });
  await page.goto(`${origin}/console`);
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();

  const answered = async (answer: RegExp) => {
    const response = page.locator('.graphiql-response .view-lines');
    await response
      .filter({ hasText: answer })
      .waitFor()
      .catch(async (cause: unknown) => {
        throw new Error(`Waited for ${answer}; the answer is ${await response.textContent()}`, { cause });
      });
  };
  const open = async (example: string) => {
    const title = page.locator('.title').filter({ hasText: new RegExp(`^${example}`) });
    await page.locator('.souk-examples li button').filter({ has: title }).first().click();
    await page.locator('.graphiql-tab-active').waitFor();
  };
  return {
    page,
    wrongs,
    open,
    answered,
    async run(example, answer) {
      await open(example);
      await page.getByRole('button', { name: /^Execute query/ }).click();
      await answered(answer);
    },
    live: (name, says) =>
      page
        .locator('.souk-live li')
        .filter({ hasText: new RegExp(`^${name}`) })
        .filter({ hasText: says })
        .waitFor(),
  };
}

// The editor shows spaces as no-break spaces.
const MUG = /"name":\s*"The\smug"/;
const status = (name: string) => new RegExp(`"status":\\s*"${name}"`);

/** From an empty cart to an order that waits for its payment and is watched. */
async function orderAndWatch({ run, live }: Visit): Promise<void> {
  await run('Browse products', MUG);
  await run('Add to cart', /"itemCount":\s*1/);
  await run('Say where it goes', /"name":\s*"Parcel"/);
  await run('Choose how it ships', /"shippingMethodId":\s*"smeth_/);
  await run('See the quote', /"missing":\s*\[\]/);
  await run('Create the order', /"orderNumber":/);
  await run('Watch the order live', status('AWAITING_PAYMENT'));
  await live('WatchOrder', /live/);
}

describe('the console in a browser', () => {
  if (!existsSync(CHROMIUM)) {
    it('leads to a paid order', (test) => {
      if (process.env.CI) throw new Error(`There is no Chromium at ${CHROMIUM}.`);
      test.task.meta.absentServer = `Chromium: install Debian's chromium, or name yours in CHROMIUM_PATH`;
      test.skip(`there is no Chromium at ${CHROMIUM}`);
    });
    return;
  }

  let souk: TestSouk;
  let browser: Browser;
  beforeAll(async () => {
    souk = await startSouk({ console: true });
    await openShop(souk, { MUG: { amount: '19.00', stock: 100 } });
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await souk?.stop();
  });

  it('leads a guest to a paid order, watched in one tab while paying in another', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const shopper = await visit(context, souk.url);
    const { page, run, live, answered, wrongs } = shopper;
    await page.getByRole('button', { name: 'Guest session', exact: true }).click();
    await page.getByRole('button', { name: 'End guest session' }).waitFor();
    await orderAndWatch(shopper);
    await run('Pay', /"payOrder"/);
    await live('WatchOrder', /CAPTURED/);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await answered(status('CONFIRMED'));
    expect(await page.getByRole('tab', { selected: true }).textContent()).toContain('WatchOrder');

    await page.getByRole('button', { name: 'Stop WatchOrder' }).click();
    await page.locator('.souk-live').waitFor({ state: 'detached' });
    expect(wrongs).toEqual([]);
    await context.close();
  });

  it('leads a customer through a declined card and 3-D Secure', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'dark' });
    const shopper = await visit(context, souk.url);
    const { page, run, live, answered, wrongs } = shopper;
    await run('Register', /"roles":\s*\[\s*"CUSTOMER"/);
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await orderAndWatch(shopper);
    await run('Be declined', /"payOrder"/);
    await live('WatchOrder', /DECLINED/);
    await run('Pay with 3-D Secure', /"payOrder"/);
    const [bank] = await Promise.all([
      context.waitForEvent('page'),
      page.getByRole('link', { name: 'Open the payment page' }).click(),
    ]);
    await bank.getByRole('button', { name: 'Approve the payment' }).click();
    await bank.getByRole('heading', { name: 'Thank you' }).waitFor();
    await live('WatchOrder', /CAPTURED/);
    await run('My account and orders', status('CONFIRMED'));
    // Switching to a tab shows what it was answered, not what another tab was.
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await answered(/"orderUpdated"/);
    expect(wrongs).toEqual([]);
    await context.close();
  });

  it('says what is wrong with a password, and drops a session that the shop does not know', async () => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const { page, run, wrongs } = await visit(context, souk.url);
    await page.getByPlaceholder('E-mail').fill('admin@souk.example');
    await page.getByPlaceholder('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('The e-mail address or the password is not right.').waitFor();

    await page.getByRole('button', { name: 'Guest session', exact: true }).click();
    await page.getByRole('button', { name: 'End guest session' }).waitFor();
    await page.evaluate(() => {
      const key = 'souk.console.session';
      const kept = JSON.parse(sessionStorage.getItem(key) ?? '{}');
      sessionStorage.setItem(key, JSON.stringify({ ...kept, accessToken: `${kept.accessToken}x` }));
    });
    await page.reload();
    await page.getByRole('button', { name: 'End guest session' }).waitFor();
    await run('Browse products', MUG);
    await page.getByText('Your guest session is no longer known to the shop.').waitFor();
    await page.getByRole('button', { name: 'Guest session', exact: true }).waitFor();
    expect(wrongs.filter((wrong) => !/status of 401/.test(wrong))).toEqual([]);
    await context.close();
  });

  it('fits a phone: examples cover the editor and give way to it', async () => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
    const { page, open, wrongs } = await visit(context, souk.url);
    await page.getByRole('button', { name: 'Show Examples' }).click();
    await open('Browse products');
    await page.locator('.souk-examples').waitFor({ state: 'detached' });
    const width = (await page.locator('.graphiql-sessions').boundingBox())?.width;
    expect(width).toBeGreaterThan(350);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(wrongs).toEqual([]);
    await context.close();
  });
});
