import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';

export const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
/** A first build, a cold browser and a busy machine are patient; only a hang meets this. */
const PATIENCE_MS = 60_000;

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });

/** The console as a person meets it: what they click, and what they read. */
export interface Visit {
  readonly page: Page;
  /** Everything the page should not have done: errors, refusals by its policy, calls to other places. */
  readonly wrongs: readonly string[];
  open(example: string): Promise<void>;
  /** Opens an example, runs it, and waits for an answer that looks like this. */
  run(example: string, answer: RegExp): Promise<void>;
  answered(answer: RegExp): Promise<void>;
  /** Opens a panel beside the editor; its section is named as its title is. */
  panel(title: string): Promise<Locator>;
  /** Replaces what is typed. */
  type(query: string): Promise<void>;
  execute(): Promise<void>;
  signIn(login: { email: string; password: string }): Promise<void>;
  /** The line of a running subscription says this. */
  live(name: string, says: RegExp): Promise<void>;
}

export async function visit(context: BrowserContext, origin: string): Promise<Visit> {
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
  const execute = () => page.getByRole('button', { name: /^Execute query/ }).click();
  return {
    page,
    wrongs,
    open,
    answered,
    execute,
    async run(example, answer) {
      await open(example);
      await execute();
      await answered(answer);
    },
    async panel(title) {
      const section = page.locator('.souk-panel, .souk-examples').and(page.getByLabel(title, { exact: true }));
      if (!(await section.isVisible())) await page.getByRole('button', { name: `Show ${title}`, exact: true }).click();
      await section.waitFor();
      return section;
    },
    async type(query) {
      // Pasted, for the editor would close brackets of what is typed.
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(query)})`);
      await page.locator('.graphiql-query-editor .view-lines').click();
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.press('ControlOrMeta+v');
    },
    async signIn({ email, password }) {
      const menu = page.locator('.souk-header button.menu');
      if (await menu.isVisible()) await menu.click();
      await page.getByPlaceholder('E-mail').fill(email);
      await page.getByPlaceholder('Password').fill(password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).last().click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      if (await menu.isVisible()) await menu.click();
    },
    live: (name, says) =>
      page
        .locator('.souk-live li')
        .filter({ hasText: new RegExp(`^${name}`) })
        .filter({ hasText: says })
        .waitFor(),
  };
}
