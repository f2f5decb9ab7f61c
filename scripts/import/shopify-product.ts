import type { TableRow } from './csv-text.ts';
import { limits, readBoolean, readInteger, show } from './shopify-cells.ts';
import { type CellProblem, RowReader, type Terms } from './shopify-rows.ts';
import { type ImportedVariant, readOptions, readOptionValues, readVariant } from './shopify-variants.ts';

/** A product as the file tells it, checked, in our own terms. Amounts are minor units of the import's currency. */
export interface ImportedProduct {
  handle: string;
  title: string;
  /** As in the file. The graph sanitises it. */
  descriptionHtml: string;
  vendor: string | null;
  type: string | null;
  /** Names from the root down: `Home & Garden > Decor` is two. */
  category: readonly string[];
  tags: readonly string[];
  status: 'ACTIVE' | 'DRAFT' | 'ARCHIVED';
  giftCard: boolean;
  seo: { title: string | null; description: string | null };
  /** Empty where the product has one variant without a choice. */
  options: readonly { name: string; values: readonly string[] }[];
  variants: readonly ImportedVariant[];
  /** In the order in which they are shown. Addresses only: nothing is fetched here. */
  pictures: readonly { url: string; alt: string | null }[];
  metafields: readonly { key: string; value: string }[];
}

/** Which row each part of a product was read from, in the product's own order. */
export interface Origin {
  variants: readonly number[];
  pictures: readonly number[];
}

export interface Reading {
  /** Null where anything was wrong: a product is imported whole or not at all. */
  product: ImportedProduct | null;
  origin: Origin;
  problems: readonly CellProblem[];
  notices: readonly CellProblem[];
}

interface Picture {
  url: string;
  alt: string | null;
  row: number;
}

function readPictures(reader: RowReader, rows: readonly TableRow[]): Picture[] {
  const found: (Picture & { position: number })[] = [];
  for (const row of rows) {
    const url = reader.url(row, 'imageSrc');
    const position = reader.read(row, 'imagePosition', (text) =>
      readInteger(text, 'The position of a picture', 1, 10_000),
    );
    if (url === null) continue;
    const alt = reader.bounded(row, 'imageAlt', limits.alt) || null;
    const same = found.find((picture) => picture.url === url);
    if (same) same.alt ??= alt;
    else found.push({ url, alt, row: row.row, position: position ?? Number.MAX_SAFE_INTEGER });
  }
  if (found.length > limits.pictures)
    reader.refuse(rows[0]!, 'imageSrc', `The product has ${found.length} pictures; ${limits.pictures} are allowed.`);
  return found.sort((a, b) => a.position - b.position);
}

function readStatus(reader: RowReader, row: TableRow): ImportedProduct['status'] {
  const status = reader.text(row, 'status').toLowerCase();
  if (!['', 'active', 'draft', 'archived', 'unlisted'].includes(status)) {
    reader.refuse(row, 'status', `${show(status)} is no status of a product; use active, draft or archived.`);
  }
  const published = reader.read(row, 'published', readBoolean) ?? true;
  if (status === 'archived') return 'ARCHIVED';
  return published && (status === '' || status === 'active') ? 'ACTIVE' : 'DRAFT';
}

function readTags(reader: RowReader, row: TableRow): string[] {
  const tags = reader
    .text(row, 'tags')
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  const once = tags.filter((tag, at) => tags.findIndex((other) => other.toLowerCase() === tag.toLowerCase()) === at);
  const long = once.find((tag) => tag.length > limits.tag);
  if (long !== undefined) reader.refuse(row, 'tags', `The tag ${show(long)} has more than ${limits.tag} characters.`);
  if (once.length > limits.tags)
    reader.refuse(row, 'tags', `The product has ${once.length} tags; ${limits.tags} are allowed.`);
  return once;
}

function readMetafields(reader: RowReader, rows: readonly TableRow[]): { key: string; value: string }[] {
  return reader.terms.columns.metafields.flatMap(({ cell, key }) => {
    const value = rows.map((row) => (row.cells[cell] ?? '').trim()).find((text) => text !== '');
    return value === undefined ? [] : [{ key, value }];
  });
}

/** A row is a variant if it says what a variant costs, is called or is; otherwise it only brings a further picture. */
const isVariant = (reader: RowReader, row: TableRow): boolean =>
  (['price', 'sku', 'option1Value', 'option2Value', 'option3Value'] as const).some(
    (field) => reader.text(row, field) !== '',
  );

/**
 * Turns the rows of one handle, in the file's order, into a product. Pure. A product with one bad cell is refused whole, with
 * every problem of its rows named, so that one correction of the file is enough.
 */
export function readProduct(handle: string, rows: readonly TableRow[], terms: Terms): Reading {
  const reader = new RowReader(terms);
  const first = rows[0]!;
  for (const row of rows) reader.checkRow(row);
  // In a row whose cells are shifted, everything else that seems wrong is a consequence.
  if (reader.problems.some(({ column }) => column === null))
    return { product: null, origin: { variants: [], pictures: [] }, problems: reader.problems, notices: [] };
  if (handle.length > limits.handle || !/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*$/u.test(handle)) {
    reader.refuse(
      first,
      'handle',
      `${show(handle)} cannot be part of a web address; a handle has letters, digits and hyphens, ${limits.handle} at most.`,
    );
  }
  const title = reader.bounded(first, 'title', limits.title);
  if (title === '') reader.refuse(first, 'title', 'The first row of the product has no title.');
  const variantRows = rows.filter((row) => isVariant(reader, row));
  for (const row of rows.slice(1)) {
    const other = reader.text(row, 'title');
    if (other !== '' && other !== title)
      reader.notice(row, 'title', `The title ${show(other)} differs from the first row's and was not used.`);
    if (!variantRows.includes(row) && reader.text(row, 'imageSrc') === '') {
      reader.notice(row, null, 'The row names neither a variant nor a picture and was passed over.');
    }
  }
  if (variantRows.length === 0) reader.refuse(first, 'price', 'The product has no variant with a price.');
  if (variantRows.length > limits.variants) {
    reader.refuse(
      first,
      'option1Value',
      `The product has ${variantRows.length} variants; ${limits.variants} are allowed.`,
    );
  }
  const options = readOptions(reader, first, variantRows);
  const seen = new Map<string, number>();
  const skus = new Map<string, number>();
  const variants = variantRows.slice(0, limits.variants).map((row) => {
    const values = readOptionValues(reader, row, options);
    const key = JSON.stringify(values);
    const earlier = seen.get(key);
    if (earlier !== undefined) {
      reader.refuse(
        row,
        'option1Value',
        values.length === 0
          ? `Row ${earlier} is already the only variant of this product.`
          : `The variant ${show(values.join(' / '))} is already in row ${earlier}.`,
      );
    }
    seen.set(key, row.row);
    const variant = readVariant(reader, row, handle, values);
    const taken = skus.get(variant.sku);
    if (taken !== undefined && earlier === undefined)
      reader.refuse(row, 'sku', `The SKU ${show(variant.sku)} is already used in row ${taken}.`);
    skus.set(variant.sku, row.row);
    return variant;
  });
  const pictures = readPictures(reader, rows);
  const known = new Set(pictures.map(({ url }) => url));
  variants.forEach(({ pictureUrl }, at) => {
    if (pictureUrl === null || known.has(pictureUrl)) return;
    known.add(pictureUrl);
    pictures.push({ url: pictureUrl, alt: null, row: variantRows[at]!.row });
  });
  const product: ImportedProduct = {
    handle,
    title,
    descriptionHtml: reader.bounded(first, 'body', limits.body),
    vendor: reader.bounded(first, 'vendor', limits.vendor) || null,
    type: reader.bounded(first, 'type', limits.vendor) || null,
    category: reader
      .bounded(first, 'category', limits.seoDescription)
      .split('>')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    tags: readTags(reader, first),
    status: readStatus(reader, first),
    giftCard: reader.read(first, 'giftCard', readBoolean) ?? false,
    seo: {
      title: reader.bounded(first, 'seoTitle', limits.seoTitle) || null,
      description: reader.bounded(first, 'seoDescription', limits.seoDescription) || null,
    },
    options,
    variants,
    pictures: pictures.map(({ url, alt }) => ({ url, alt })),
    metafields: readMetafields(reader, rows),
  };
  return {
    product: reader.problems.length > 0 ? null : product,
    origin: { variants: variantRows.map(({ row }) => row), pictures: pictures.map(({ row }) => row) },
    problems: reader.problems,
    notices: reader.notices,
  };
}
