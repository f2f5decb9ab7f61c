import { randomUUID } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { StartupError, systemCode } from '@souk/kit/startup-error';
import { type CurrencyCode, currency } from '@souk/schema';
import type { ImportProductInput } from '../gql/graphql.ts';
import { BATCH_BYTES, Batch, bytesOf } from './batches.ts';
import { importProducts, warehouses, whoAmI } from './documents.ts';
import { cellOf, losses, type Place, toInput } from './product-input.ts';
import { progressBar, type Screen } from './progress-bar.ts';
import { ImportReport, type Outcome } from './report.ts';
import { GraphFault, type Login, Shop } from './shop.ts';
import { type Columns, fromFile, type ProductItem, readShopifyCsv, type Source } from './shopify-csv.ts';
import { type Count, setStock } from './stock.ts';

export interface ImportOptions {
  /** Path of the CSV file. */
  readonly file: string;
  /** Where the file's bytes come from instead, for a file that is nowhere. */
  readonly source?: Source;
  readonly url: string;
  readonly login: Login;
  /** Code of the channel the prices are meant for. */
  readonly channel?: string;
  /** What the prices are in; the channel's own currency if unsaid, and refused if another. */
  readonly currency?: string;
  /** Code of the warehouse the quantities are meant for; the first that is asked for stock if unsaid. */
  readonly warehouse?: string;
  readonly encoding?: 'windows-1252';
  /** False leaves stock alone. */
  readonly stock?: boolean;
  /** Says what would happen, and changes nothing. */
  readonly dryRun?: boolean;
  /** ABORT looks through everything first, and imports nothing where anything would be refused. */
  readonly errorPolicy?: 'CONTINUE' | 'ABORT';
  /** Where the report of every row is written. */
  readonly report?: string | null;
  readonly screen?: Screen;
  readonly fetch?: typeof globalThis.fetch;
  readonly patience?: number;
}

export interface Imported {
  readonly report: ImportReport;
  /** What is to be shown besides the report, in whole sentences. */
  readonly remarks: readonly string[];
}

interface Terms extends Place {
  readonly warehouseId: string | null;
  readonly runId: string;
}

/**
 * Brings a shop's products and stock to what a CSV file of Shopify's format says, as a client of the graph. The same file
 * again changes nothing. Throws a StartupError where it cannot begin: no file, no shop, no right.
 */
export async function importFile(options: ImportOptions): Promise<Imported> {
  if (!options.source) await requireFile(options.file);
  const { url, login, channel = 'default' } = options;
  const shop = await Shop.connect({
    url,
    login,
    channel,
    ...(options.fetch ? { fetch: options.fetch } : {}),
    ...(options.patience === undefined ? {} : { patience: options.patience }),
  });
  const place = await agree(shop, channel, options);
  const remarks: string[] = [];
  let report: ImportReport;
  try {
    const preview = options.dryRun || options.errorPolicy === 'ABORT';
    report = await new Run(shop, options, place, preview ?? false).all();
    if (preview && !options.dryRun) {
      if (report.exitCode === 0) report = await new Run(shop, options, place, false).all();
      else remarks.push('Nothing was imported, because not everything could be.');
    }
  } catch (error) {
    throw explainRefusal(error);
  }
  if (shop.resent > 0) {
    const times = shop.resent === 1 ? 'once' : `${shop.resent} times`;
    remarks.push(`The connection broke ${times}; what was then sent again may be counted as unchanged.`);
  }
  return { report, remarks };
}

async function requireFile(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) {
      throw new StartupError(`${path} is a folder.`, 'Name the CSV file in it.');
    }
    await (await open(path)).close();
  } catch (error) {
    switch (systemCode(error)) {
      case 'ENOENT':
      case 'ENOTDIR':
        throw new StartupError(
          `There is no file ${path}.`,
          'Correct the name; a name with blanks needs quotation marks.',
        );
      case 'EACCES':
      case 'EPERM':
        throw new StartupError(
          `This user may not read ${path}.`,
          'Give yourself the right to read it, for example with chmod.',
        );
      default:
        throw error;
    }
  }
}

/** Looks whether the account may, and finds what the names in the options stand for. */
async function agree(
  shop: Shop,
  code: string,
  { currency: wanted, warehouse, login, stock = true }: ImportOptions,
): Promise<Terms> {
  const { me, channels } = await shop.run(whoAmI, {}).catch((error: unknown) => {
    throw explainRefusal(error, code);
  });
  const roles = me?.roles ?? [];
  const may = (role: 'MERCHANDISER' | 'WAREHOUSE') => roles.includes('ADMIN') || roles.includes(role);
  if (!may('MERCHANDISER')) {
    throw new StartupError(
      `The account ${login.email} may not import products: it has not the role MERCHANDISER.`,
      'Use another account with --email and --password, or let an administrator give it the role.',
    );
  }
  if (stock && !may('WAREHOUSE')) {
    throw new StartupError(
      `The account ${login.email} may not set stock: it has not the role WAREHOUSE.`,
      'Use another account, or import without quantities with --no-stock.',
    );
  }
  const channel = channels.find((one) => one.code === code && one.active);
  if (!channel) throw noChannel(code);
  if (wanted !== undefined && wanted !== channel.currency) {
    throw new StartupError(
      `The channel "${code}" sells in ${channel.currency}, not in ${wanted}.`,
      'Name the channel that sells in the currency of the file with --channel.',
    );
  }
  return {
    channelId: channel.id,
    currency: currency(channel.currency) satisfies CurrencyCode,
    warehouseId: stock ? await findWarehouse(shop, warehouse) : null,
    runId: randomUUID(),
  };
}

const noChannel = (code: string): StartupError =>
  new StartupError(`The shop has no active channel "${code}".`, 'Name one of its channels with --channel.');

async function findWarehouse(shop: Shop, code: string | undefined): Promise<string | null> {
  const { warehouses: all } = await shop.run(warehouses, {});
  const open = all.filter((one) => one.active);
  const found = code === undefined ? open[0] : open.find((one) => one.code === code.toUpperCase());
  if (!found && code !== undefined) {
    const known = open.map((one) => one.code).join(', ');
    throw new StartupError(
      `The shop has no open warehouse "${code}".`,
      known === '' ? 'Open a warehouse first, or import with --no-stock.' : `It has ${known}.`,
    );
  }
  return found?.id ?? null;
}

function explainRefusal(error: unknown, channel?: string): unknown {
  if (!(error instanceof GraphFault)) return error;
  if (error.code === 'FORBIDDEN') {
    return new StartupError('The account may not do that.', 'Use another account with --email and --password.', {
      cause: error,
    });
  }
  if (channel !== undefined && error.code === 'BAD_USER_INPUT') return noChannel(channel);
  return new StartupError(
    `The shop refused to go on: ${error.message}`,
    'What was imported until then is kept; import the same file again to go on.',
    { cause: error },
  );
}

interface Sent {
  readonly item: ProductItem;
  readonly input: ImportProductInput;
}

interface Made {
  readonly item: ProductItem;
  readonly outcome: Outcome;
  readonly counts: readonly Count[];
}

/** One pass over the file. Products go out in batches; their stock follows one batch behind. */
class Run {
  readonly #shop: Shop;
  readonly #options: ImportOptions;
  readonly #terms: Terms;
  readonly #dryRun: boolean;
  readonly #report: ImportReport;
  readonly #batch = new Batch<Sent>();
  readonly #handles = new Map<string, { handle: string; row: number }>();
  readonly #marketsTold = new Set<string>();
  #columns!: Columns;
  #stocked: Promise<void> = Promise.resolve();
  #bar: ReturnType<typeof progressBar> | null = null;
  #done = 0;

  constructor(shop: Shop, options: ImportOptions, terms: Terms, dryRun: boolean) {
    this.#shop = shop;
    this.#options = options;
    this.#terms = terms;
    this.#dryRun = dryRun;
    this.#report = new ImportReport(options.report ?? null);
  }

  async all(): Promise<ImportReport> {
    try {
      await this.#read();
    } finally {
      this.#bar?.end();
      await this.#report.close();
    }
    return this.#report;
  }

  async #read(): Promise<void> {
    const { file, source = fromFile(file), encoding, screen } = this.#options;
    const { currency } = this.#terms;
    for await (const item of readShopifyCsv(source, { currency, ...(encoding ? { encoding } : {}) })) {
      switch (item.kind) {
        case 'file':
          this.#columns = item.columns;
          this.#requireWarehouse();
          if (screen) this.#bar = progressBar(screen, this.#dryRun ? 'Looking at rows' : 'Importing rows', item.rows);
          this.#bar?.at(0);
          break;
        case 'refused':
          await this.#refuse(item.row, item.column, item.handle, item.problem);
          break;
        case 'notice':
          await this.#notice(item.row, item.column, item.handle, item.problem);
          break;
        case 'product':
          await this.#take(item);
      }
    }
    await this.#send(this.#batch.take());
    await this.#stocked;
  }

  #requireWarehouse(): void {
    if (this.#options.stock === false || this.#terms.warehouseId || !this.#columns.at.has('inventoryQty')) return;
    throw new StartupError(
      'The file counts stock, but the shop has no warehouse to put it in.',
      'Open a warehouse first, or import without quantities with --no-stock.',
    );
  }

  #refuse(row: number, column: string | null, handle: string | null, message: string): Promise<void> {
    return this.#report.tell({ outcome: 'refused', row, column, handle, message });
  }

  #notice(row: number, column: string | null, handle: string | null, message: string): Promise<void> {
    return this.#report.tell({ outcome: 'notice', row, column, handle, message });
  }

  async #take(item: ProductItem): Promise<void> {
    const [first] = item.rows;
    const address = addressOf(item.handle);
    const twin = this.#handles.get(address);
    if (twin) {
      const problem = `Its web address would be that of the product “${twin.handle}” of row ${twin.row}.`;
      return this.#refuse(first, this.#nameOf('handle'), item.handle, problem);
    }
    this.#handles.set(address, { handle: item.handle, row: first });
    await this.#tellLosses(item);
    const input = toInput(item.product, this.#columns, this.#terms);
    const bytes = bytesOf(input);
    if (bytes > BATCH_BYTES) {
      const problem = `The product is ${bytes.toLocaleString('en')} bytes long; ${BATCH_BYTES.toLocaleString('en')} fit into a request.`;
      return this.#refuse(first, null, item.handle, problem);
    }
    const full = this.#batch.add({ item, input }, bytes);
    if (full) await this.#send(full);
  }

  #nameOf(field: Parameters<Columns['at']['get']>[0]): string | null {
    const cell = this.#columns.at.get(field);
    return cell === undefined ? null : this.#columns.header[cell]!;
  }

  async #tellLosses({ product, handle, rows: [first] }: ProductItem): Promise<void> {
    for (const { field, problem } of losses(product)) {
      await this.#notice(first, field && this.#nameOf(field), handle, problem);
    }
    for (const { market } of product.variants.flatMap((variant) => variant.markets)) {
      if (this.#marketsTold.has(market)) continue;
      this.#marketsTold.add(market);
      const problem = `Prices of the market “${market}” are not imported: the file does not say what currency they are in.`;
      await this.#notice(1, null, null, problem);
    }
  }

  async #send(sent: readonly Sent[]): Promise<void> {
    if (sent.length === 0) return;
    const { importProducts: payload } = await this.#shop.run(importProducts, {
      input: { products: sent.map(({ input }) => input), errorPolicy: 'CONTINUE', dryRun: this.#dryRun },
    });
    if (payload.errors.length > 0) throw new Error(payload.errors.map((error) => error.message).join(' '));
    const made: Made[] = [];
    for (const [at, { outcome, product, errors }] of payload.results.entries()) {
      const { item } = sent[at]!;
      if (outcome === 'REFUSED' || outcome === 'SKIPPED') {
        await this.#tellErrors(item, errors);
        this.#done += item.rows[1] - item.rows[0] + 1;
        continue;
      }
      const outcomes = { CREATED: 'created', UPDATED: 'updated', UNCHANGED: 'unchanged' } as const;
      made.push({ item, outcome: outcomes[outcome], counts: await this.#countsOf(item, product) });
    }
    // One batch of stock is under way while the next products are sent, and no more than one.
    await this.#stocked;
    this.#stocked = this.#stock(made);
    this.#stocked.catch(() => undefined);
  }

  async #tellErrors(
    { handle, rows: [first], origin, product }: ProductItem,
    errors: readonly { message: string; field?: readonly string[] | null }[],
  ): Promise<void> {
    for (const { message, field } of errors) {
      const { row, column } = cellOf((field ?? []).slice(3), { columns: this.#columns, first, origin, product });
      await this.#refuse(row, column, handle, message);
    }
  }

  async #countsOf(
    { product, handle, rows: [first] }: ProductItem,
    known: { status: string; variants: readonly { id: string; sku: string }[] } | null | undefined,
  ): Promise<Count[]> {
    const { warehouseId } = this.#terms;
    if (!warehouseId || !known) return [];
    const counted = product.variants.filter((variant) => variant.quantity !== null);
    if (known.status !== 'PUBLISHED') {
      if (counted.some((variant) => variant.quantity! > 0)) {
        const problem = 'Stock is kept only of what is for sale: publish the product and import the file again.';
        await this.#notice(first, this.#nameOf('inventoryQty'), handle, problem);
      }
      return [];
    }
    const ids = new Map(known.variants.map((variant) => [variant.sku, variant.id]));
    return counted.flatMap(({ sku, quantity }) => {
      const variantId = ids.get(sku);
      return variantId ? [{ variantId, warehouseId, quantity: quantity! }] : [];
    });
  }

  /** A product is told of when its stock is settled: one whose stock alone moved was changed too. */
  async #stock(made: readonly Made[]): Promise<void> {
    const counts = made.flatMap((one) => one.counts);
    const { runId } = this.#terms;
    const answers = await setStock(this.#shop, counts, { runId, reason: 'Import of a file', dryRun: this.#dryRun });
    let at = 0;
    for (const { item, outcome, counts: own } of made) {
      const [first, last] = item.rows;
      const got = answers.slice(at, at + own.length);
      at += own.length;
      const moved = got.filter((answer) => answer.outcome === 'set').length;
      const problems = new Set(got.flatMap((answer) => (answer.outcome === 'refused' ? [answer.problem] : [])));
      for (const problem of problems) {
        await this.#refuse(first, this.#nameOf('inventoryQty'), item.handle, `Stock was not set. ${problem}`);
      }
      this.#report.stock.set += moved;
      this.#report.stock.unchanged += got.filter((answer) => answer.outcome === 'unchanged').length;
      await this.#report.tell({
        outcome: outcome === 'unchanged' && moved > 0 ? 'updated' : outcome,
        row: first,
        lastRow: last,
        column: null,
        handle: item.handle,
        message: '',
      });
      this.#done += last - first + 1;
    }
    this.#bar?.at(this.#done);
  }
}

/** A handle as the shop makes a web address of it. */
const addressOf = (handle: string): string =>
  handle
    .normalize('NFKD')
    .replace(/[\p{M}'’]/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '');
