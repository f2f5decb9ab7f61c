import { existsSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, launch, type Visit, visit } from './console.testing.ts';
import { openShop } from './shop.testing.ts';
import { startSouk, type TestSouk } from './souk.testing.ts';

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
    browser = await launch();
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
