import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { encodeId, type Fact } from '@souk/schema';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHROMIUM, launch, type Visit, visit } from './console.testing.ts';
import { openShop } from './shop.testing.ts';
import { startSouk, type TestSouk } from './souk.testing.ts';

const PANELS = ['Operations', 'Plan and cost', 'Activity', 'Access', 'Registry', 'Dead letters'] as const;
const QUERY = 'query Shelf($first: Int = 5) { products(first: $first) { nodes { id name variants { id sku } } } }';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong with a part of the page: rule and place. */
async function complaints(page: Page, selector: string): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(`axe.run(${JSON.stringify(selector)}, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + ' ' + target.join(' ') + ' ' + failureSummary)))`);
}

describe('the console’s tools in a browser', () => {
  if (!existsSync(CHROMIUM)) {
    it('are tried', (test) => {
      if (process.env.CI) throw new Error(`There is no Chromium at ${CHROMIUM}.`);
      test.task.meta.absentServer = `Chromium: install Debian's chromium, or name yours in CHROMIUM_PATH`;
      test.skip(`there is no Chromium at ${CHROMIUM}`);
    });
    return;
  }

  let souk: TestSouk;
  let browser: Browser;
  let admin: { email: string; password: string };
  beforeAll(async () => {
    souk = await startSouk({ console: true, env: { SOUK_TRACE_URL: 'https://traces.example/trace/{traceId}' } });
    await openShop(souk, { MUG: { amount: '19.00', stock: 100 } });
    admin = souk.logins.find(({ role }) => role === 'ADMIN')!;
    browser = await launch();
  });
  afterAll(async () => {
    await browser?.close();
    await souk?.stop();
  });
  beforeEach(async () => {
    await souk.sql('truncate platform.shared_operations');
    await souk.sql('truncate carts.dead_letters');
    await souk.houses.get('carts')?.redrive('01900000-0000-7000-8000-000000000001');
  });

  const at = async (
    work: (visited: Visit, context: BrowserContext) => Promise<void>,
    { width = 1440, scheme = 'light' }: { width?: number; scheme?: 'light' | 'dark' } = {},
  ): Promise<void> => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
    const visited = await visit(context, souk.url);
    await work(visited, context);
    expect(visited.wrongs).toEqual([]);
    await context.close();
  };

  const example = JSON.parse(
    readFileSync(new URL('../../schema/events/examples/inventory.StockChanged.json', import.meta.url), 'utf8'),
  ) as Fact;
  const uuid = (n: number): string => `01990000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
  /** Parks facts at the carts' ear, as five failed tries would. */
  const park = async (from: number, key: string, data: unknown, count = 2): Promise<void> => {
    for (let n = 0; n < count; n++) {
      const fact = { ...example, id: uuid(from + n), key, version: n + 1, data } as Fact;
      await souk.houses.get('carts')!.ear.park(fact, 5, new TypeError('a person’s name'));
    }
  };

  it('tell what an operation costs and how it is fetched as it is typed, and run nothing', () =>
    at(async ({ page, panel, type, signIn }) => {
      await type(QUERY);
      const plan = await panel('Plan and cost');
      await plan.getByText('Staff see here how the operation is fetched, too.').waitFor();
      const total = plan.locator('.total strong');
      const before = Number(await total.textContent());
      expect(before).toBeGreaterThan(5);
      await plan.getByText('×5').waitFor();
      await type(QUERY.replace('5', '12'));
      await plan.getByText('×12').waitFor();
      expect(Number((await total.textContent())?.replaceAll(',', ''))).toBeGreaterThan(before);
      expect(await page.locator('.souk-status .cost').textContent()).toMatch(/^Costs at most [\d,]+$/);

      await signIn(admin);
      await plan.locator('.summary').getByText('1 call', { exact: true }).waitFor();
      expect(await plan.locator('.legend .service').allTextContents()).toEqual(['products 1']);
      await type('subscription Stock { variantStockChanged(ids: ["x"]) { eventId variant { id product { name } } } }');
      await plan.getByText('Subscribes to').waitFor();
      await type('query Shelf { products { nodes { nonsense } } }');
      await plan
        .getByRole('alert')
        .getByText(/Cannot query field/)
        .waitFor();
    }));

  it('keep operations here and share them with colleagues, never with a secret or a header', () =>
    at(async ({ page, panel, type, signIn, execute, answered }, context) => {
      await signIn(admin);
      await page.getByRole('button', { name: 'Headers' }).click();
      await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden)').last().click();
      await page.keyboard.insertText('{ "x-private": "Bearer hunter2" }');
      await type('query Mine { me { email } context(password: "hunter2") { locale } }');
      const saved = await panel('Operations');
      await saved.getByText('A password or token in it will be left out.').waitFor();
      await type('query Mine { me { email } }');
      await execute();
      await answered(/"email"/);
      await saved.getByRole('button', { name: 'Save here' }).click();
      await saved.getByText('“Mine” is kept in this browser.').waitFor();
      const kept = String(await page.evaluate('JSON.stringify(localStorage)'));
      expect(kept).toContain('query Mine');
      expect(kept).not.toMatch(/hunter2|accessToken|refreshToken/);

      await saved.getByLabel('What it is for (when shared)').fill('Who am I?');
      await saved.getByRole('button', { name: 'Share with staff' }).click();
      const shared = saved.getByRole('region', { name: /Shared with staff/ });
      await shared.getByText('Who am I?').waitFor();
      expect(await souk.sql('select name, body, version from platform.shared_operations')).toEqual([
        { name: 'Mine', body: 'query Mine { me { email } }', version: 1 },
      ]);

      const colleague = await visit(context, souk.url);
      await colleague.signIn(admin);
      const theirs = await colleague.panel('Operations');
      await theirs.getByRole('button', { name: /^Mine Who am I/ }).click();
      await colleague.page.getByRole('tab', { selected: true }).filter({ hasText: 'Mine' }).waitFor();
      await colleague.page.close();

      await type('query Mine { me { email roles } }');
      await shared.getByRole('button', { name: 'Replace' }).click();
      await shared.getByRole('button', { name: 'Replace it' }).click();
      await shared.getByRole('button', { name: 'Replace', exact: true }).waitFor();
      await expect.poll(() => souk.sql('select version from platform.shared_operations')).toEqual([{ version: 2 }]);
      await shared.getByRole('button', { name: 'Delete' }).click();
      await page.keyboard.press('Escape');
      await shared.getByRole('button', { name: 'Delete' }).click();
      await shared.getByRole('button', { name: 'Delete it' }).click();
      await shared.getByText('Nothing shared yet').waitFor();
      expect(await souk.sql('select 1 from platform.shared_operations')).toEqual([]);
    }));

  it('open what a link hands on without running it, and leave nothing in the address', () =>
    at(async ({ page, panel, type }, context) => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await type('query Linked { me { email } }');
      const saved = await panel('Operations');
      await saved.getByRole('button', { name: 'Copy link to Linked' }).click();
      await saved.getByText('Link copied').waitFor();
      const link = String(await page.evaluate('navigator.clipboard.readText()'));
      expect(link).toMatch(/\/console\/#operation=[\w-]+$/);
      const other = await context.newPage();
      await other.goto(link);
      await other.getByText('A link opened “Linked”. Read it before you run it.').waitFor();
      await other.getByRole('tab', { selected: true }).filter({ hasText: 'Linked' }).waitFor();
      expect(new URL(other.url()).hash).toBe('');
    }));

  it('say who is signed in, what that allows and what is hidden', () =>
    at(async ({ panel, signIn, page }) => {
      const access = await panel('Access');
      await access.getByText('Nobody in particular').waitFor();
      await access.getByText(/The admin’s part of the schema is hidden from you/).waitFor();
      expect(await page.getByRole('button', { name: 'Show Registry' }).count()).toBe(0);
      await signIn(admin);
      await access.getByText(admin.email).waitFor();
      await access.getByText('You may ask for everything you are shown.').waitFor();
      await access.getByRole('term').getByText('Admin').waitFor();
      await page.getByRole('button', { name: 'Show Registry' }).waitFor();
    }));

  it('pause, count and clear a subscription, and name requests and their traces', () =>
    at(async ({ page, panel, run, type, execute, live }) => {
      await page.getByRole('button', { name: 'Guest session', exact: true }).click();
      await page.getByRole('button', { name: 'End guest session' }).waitFor();
      await run('Browse products', /"name":\s*"The\smug"/);
      await run('Add to cart', /"itemCount":\s*1/);
      await run('Watch your cart', /"cartUpdated"/);
      await live('WatchCart', /live, 1 event/);
      const activity = await panel('Activity');
      await activity.getByRole('button', { name: 'Pause WatchCart' }).click();
      await activity.getByText('Paused').waitFor();
      await panel('Examples');
      await run('Add to cart', /"itemCount":\s*2/);
      await panel('Activity');
      await activity.getByText(/2 events, 1 since it was paused/).waitFor();
      await activity.getByRole('button', { name: 'Resume WatchCart' }).click();
      await activity.getByText('Live', { exact: true }).waitFor();
      await activity.getByRole('button', { name: 'Copy event id' }).waitFor();
      await activity.getByRole('button', { name: 'Clear WatchCart' }).click();
      await activity.getByText('0 events').waitFor();
      await activity.getByRole('button', { name: 'End WatchCart' }).click();
      await activity.getByText('Nothing runs live').waitFor();

      await type('query Broken { products(first: 0) { nodes { id } } }');
      await execute();
      const failed = activity.locator('.answer.failed').first();
      await failed.getByText('BAD_USER_INPUT').waitFor();
      await failed.getByRole('button', { name: 'Copy request id' }).waitFor();
      // Only staff are told where traces are seen.
      expect(await activity.getByRole('link', { name: 'Open the trace' }).count()).toBe(0);
    }));

  it('lead staff to the trace of an answer', () =>
    at(async ({ panel, signIn, type, execute, answered }) => {
      await signIn(admin);
      await type('query Mine { me { email } }');
      await execute();
      await answered(/"email"/);
      const activity = await panel('Activity');
      const link = activity.getByRole('link', { name: 'Open the trace' }).first();
      expect(await link.getAttribute('href')).toMatch(/^https:\/\/traces\.example\/trace\/[0-9a-f]{32}$/);
    }));

  it('list registered operations, open one, and retire it after asking once more', () =>
    at(async ({ page, panel, signIn }) => {
      const manifest = JSON.stringify({ 'shelf-1': QUERY });
      await (await souk.admin()).run(
        'mutation ($input: RegisterOperationsInput!) { registerOperations(input: $input) { errors { message } } }',
        { input: { client: 'kiosk', owner: 'the kiosk team', manifest } },
      );
      await signIn(admin);
      const registry = await panel('Registry');
      await registry.getByLabel(/^Search by name/).fill('kiosk shelf');
      const row = registry.getByRole('row').filter({ hasText: 'Shelf' });
      await row.getByText('the kiosk team').waitFor();
      await row.getByRole('button', { name: 'Open Shelf of kiosk' }).click();
      await page.getByRole('tab', { selected: true }).filter({ hasText: 'Shelf' }).waitFor();
      await row.getByRole('button', { name: 'Retire' }).click();
      await row.getByRole('button', { name: 'Keep it' }).click();
      await row.getByRole('button', { name: 'Retire' }).click();
      await row.getByRole('button', { name: 'Retire it' }).click();
      await row.waitFor({ state: 'detached' });
      await registry.getByLabel('Show retired ones').check();
      await row.getByText(/retired/).waitFor();
    }));

  it('show dead letters and drive them again, one key or all', () =>
    at(async ({ panel, signIn }) => {
      await park(1, example.key, example.data);
      await park(10, uuid(0xbad), { variantId: 'nonsense' }, 1);
      await signIn(admin);
      const letters = await panel('Dead letters');
      await letters.getByText('3 facts of 2 keys').waitFor();
      const first = letters.locator('.letter').first();
      await first.getByText('Look at the 2 facts').click();
      await first.getByText(encodeId('DeadLetter', uuid(1))).waitFor();
      await first.getByRole('button', { name: /^Drive inventory.StockChanged at carts again/ }).click();
      await letters.locator('.told').getByText('2 facts heard; nothing of this key waits any more.').waitFor();
      await letters.getByText('1 fact of 1 key').waitFor();
      await letters.getByRole('button', { name: /^Drive inventory.StockChanged/ }).click();
      await letters
        .locator('.outcome')
        .getByText(/failed again at inventory\.StockChanged/)
        .waitFor();
      await park(20, uuid(0xabc), example.data, 1);
      await letters.getByRole('button', { name: 'Refresh' }).click();
      await letters.getByRole('button', { name: 'Drive all again' }).click();
      await letters.getByText('1 of 2 keys heard again.').waitFor();
      await souk.sql('truncate carts.dead_letters');
      await letters.getByRole('button', { name: 'Refresh' }).click();
      await letters.getByText('Nothing waits').waitFor();
    }));

  it('are worked by the keyboard alone', () =>
    at(async ({ page, type, signIn }) => {
      await signIn(admin);
      await type('query Keys { me { email } }');
      const focused = async () =>
        String(
          await page.evaluate(
            "document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''",
          ),
        ).trim();
      const reach = async (name: string) => {
        for (let presses = 0; presses < 60; presses++) {
          if ((await focused()) === name) return;
          await page.keyboard.press('Tab');
        }
        throw new Error(`Tab does not reach ${name}.`);
      };
      await page.locator('.brand').focus();
      await reach('Show Operations');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Save here' }).waitFor();
      await reach('Save here');
      await page.keyboard.press('Enter');
      await page.getByText('“Keys” is kept in this browser.').waitFor();
      await reach('Delete');
      await page.keyboard.press('Enter');
      await reach('Delete it');
      await page.keyboard.press('Enter');
      await page.getByText('Nothing saved yet').waitFor();
      await page.locator('.brand').focus();
      await reach('Show Plan and cost');
      await page.keyboard.press('Enter');
      await page.locator('.plan .fetch summary').first().focus();
      await page.keyboard.press('Enter');
      await page.getByText('Asks for').first().waitFor();
    }));

  it.each([
    ['light', 1440],
    ['dark', 1440],
    ['light', 390],
    ['dark', 390],
  ] as const)('have nothing for axe to complain of and nothing that scrolls sideways, %s at %i px', (scheme, width) =>
    at(
      async ({ page, panel, type, signIn }) => {
        await park(1, example.key, example.data);
        await signIn(admin);
        await type(QUERY);
        for (const title of PANELS) {
          const section = await panel(title);
          await section.getByText('Loading…').waitFor({ state: 'detached' });
          expect([title, await complaints(page, '.souk-panel')]).toEqual([title, []]);
          expect([title, await page.evaluate('document.documentElement.scrollWidth')]).toEqual([title, width]);
          const wide = await page.evaluate(
            "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.souk-panel'))",
          );
          expect([title, wide]).toEqual([title, 0]);
        }
        expect(await complaints(page, '.souk-header')).toEqual([]);
        expect(await complaints(page, '.souk-status')).toEqual([]);
      },
      { width, scheme },
    ),
  );
});
