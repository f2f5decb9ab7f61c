import { createHash, randomBytes } from 'node:crypto';
import { type Duty, notFound, requireId, type Tx } from '@souk/kit';
import { decodeId, type MediaId, type ProductId, Rejection } from '@souk/schema';
import { withoutLostPictures } from './draft.ts';
import type { EncodedImage, ImageEncoder } from './image-encoder.ts';
import type { ImageSource } from './image-source.ts';
import {
  type Claimed,
  claimOrphans,
  claimPending,
  deleteOrphans,
  findProductOfMedia,
  insertOrphan,
  takeOrphan,
} from './media.repository.ts';
import {
  COPY_WIDTHS,
  copyKey,
  MEDIA_PER_PRODUCT,
  type Media,
  readAlt,
  type StoredImage,
  UPLOAD_BYTES_MAX,
} from './media.ts';
import type { MediaStorage } from './media-storage.ts';
import { Problems, wholeNumber } from './problems.ts';
import { getLocked } from './product.service.ts';
import type { ProductsDb } from './product.tables.ts';
import type { Product } from './product.ts';
import { saveProducts } from './product-save.service.ts';
import { lockProducts } from './product-stored.repository.ts';
import type { UploadGrant } from './upload-token.ts';

type ProductsTx = Tx<ProductsDb>;

/** What pictures need of the outside world. */
export interface MediaPorts {
  readonly storage: MediaStorage;
  readonly encoder: ImageEncoder;
  /** Null where addresses are not fetched from. */
  readonly source: ImageSource | null;
  signGrant(grant: UploadGrant): string;
  readGrant(token: string, now: Date): UploadGrant | null;
}

const TRIES_MAX = 4;
const GRANT_MINUTES = 15;

export interface Prepared {
  readonly image: StoredImage;
  readonly contentHash: string;
}

const sentences = {
  NOT_AN_IMAGE: 'This is not a PNG, JPEG, WebP or AVIF picture that can be read.',
  TOO_LARGE: 'A picture has at most 8 MB and 40 million pixels.',
} as const;

/**
 * Encodes and stores a picture before any transaction knows of it. Its files are on the list of those to be removed until
 * a transaction takes them, so that a crash in between leaves nothing behind. Throws a Rejection for what is no picture.
 */
export async function prepareImage(
  { db, ports }: Pick<Duty<ProductsDb, MediaPorts>, 'db' | 'ports'>,
  bytes: Buffer,
  field: readonly string[],
): Promise<Prepared> {
  if (bytes.length > UPLOAD_BYTES_MAX) throw new Rejection('TOO_LARGE', sentences.TOO_LARGE, field);
  const encoded = await ports.encoder.encode(bytes, COPY_WIDTHS);
  if (typeof encoded === 'string') throw new Rejection(encoded, sentences[encoded], field);
  const key = `${randomBytes(16).toString('hex')}.webp`;
  await insertOrphan(db, key);
  await storeAll(ports.storage, key, encoded);
  const { contentType, width, height, copies } = encoded;
  return {
    image: { key, contentType, width, height, widths: copies.map((copy) => copy.width) },
    contentHash: createHash('sha256').update(bytes).digest('hex'),
  };
}

async function storeAll(storage: MediaStorage, key: string, encoded: EncodedImage): Promise<void> {
  await storage.put(key, encoded.bytes);
  for (const copy of encoded.copies) await storage.put(copyKey(key, copy.width), copy.bytes);
}

/** Bytes of a base64 text, or a Rejection. */
export function readBase64(text: string): Buffer {
  if (text.length === 0 || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
    throw new Rejection('INVALID', 'The content is a file in base64.', ['input', 'contentBase64']);
  }
  return Buffer.from(text, 'base64');
}

export interface PictureInput {
  readonly productId: string;
  readonly alt?: string | null;
  readonly position?: number | null;
}

/** Adds a stored picture to a product. The same file again is the picture it already was, and its copy is dropped. */
export async function addPicture(
  tx: ProductsTx,
  input: PictureInput,
  { image, contentHash }: Prepared,
): Promise<MediaId> {
  const before = await getLocked(tx, input.productId, ['input', 'productId']);
  const { product } = before;
  const problems = new Problems();
  const alt = readAlt(problems.at('alt'), input.alt, '');
  const last = Math.max(0, ...product.media.map((one) => one.position));
  const position = wholeNumber(problems.at('position'), input.position, last + 1, {
    what: 'A position',
    min: 1,
    max: 10_000,
  });
  problems.refuse();
  const same = product.media.find((one) => one.contentHash === contentHash);
  if (same) return same.id;
  if (product.media.length >= MEDIA_PER_PRODUCT) {
    throw new Rejection('LIMIT', `A product has at most ${MEDIA_PER_PRODUCT} pictures.`, ['input', 'productId']);
  }
  if (!(await takeOrphan(tx.db, image.key))) throw new Error('the files of an upload were swept away before it ended');
  const picture: Media = {
    id: tx.newId(),
    position,
    alt,
    sourceUrl: null,
    status: 'READY',
    failure: null,
    contentHash,
    image,
    createdAt: tx.now.toISOString(),
  };
  const media = inOrder([...product.media, picture]);
  await saveProducts(tx, [{ before, after: { ...product, media } }]);
  return picture.id;
}

const inOrder = (media: readonly Media[]): Media[] =>
  [...media].sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));

/** An address that takes one picture of up to 8 MB for a product, for a quarter of an hour. */
export async function grantUpload(tx: ProductsTx, input: PictureInput): Promise<UploadGrant> {
  const { product } = await getLocked(tx, input.productId, ['input', 'productId']);
  const problems = new Problems();
  const alt = readAlt(problems.at('alt'), input.alt, '');
  const position =
    input.position == null
      ? null
      : wholeNumber(problems.at('position'), input.position, 1, { what: 'A position', min: 1, max: 10_000 });
  problems.refuse();
  return { productId: product.id, alt, position, expiresAt: tx.now.getTime() + GRANT_MINUTES * 60_000 };
}

/** Changes how a picture is described. */
export async function editPicture(tx: ProductsTx, input: { id: string; alt?: string | null }): Promise<MediaId> {
  const { before, id } = await getLockedByPicture(tx, input.id);
  const problems = new Problems();
  const media = before.product.media.map((one) =>
    one.id === id ? { ...one, alt: readAlt(problems.at('alt'), input.alt, one.alt) } : one,
  );
  problems.refuse();
  await saveProducts(tx, [{ before, after: { ...before.product, media } }]);
  return id;
}

async function getLockedByPicture(tx: ProductsTx, wireId: string) {
  const field = ['input', 'id'];
  const id = requireId('Media', wireId, field, 'picture');
  const productId = await findProductOfMedia(tx.db, id);
  if (!productId) return notFound('picture', field);
  const [before] = await lockProducts(tx.db, [productId]);
  if (!before?.product.media.some((one) => one.id === id)) return notFound('picture', field);
  return { before, id };
}

export async function removePicture(tx: ProductsTx, input: { id: string }): Promise<ProductId> {
  const { before, id } = await getLockedByPicture(tx, input.id);
  const media = before.product.media.filter((one) => one.id !== id);
  await saveProducts(tx, [{ before, after: withoutLostPictures({ ...before.product, media }) }]);
  return before.product.id;
}

/** Puts a product's pictures in this order; all of them must be named. */
export async function reorderPictures(
  tx: ProductsTx,
  input: { productId: string; mediaIds: readonly string[] },
): Promise<ProductId> {
  const before = await getLocked(tx, input.productId, ['input', 'productId']);
  const { product } = before;
  const places = new Map(input.mediaIds.map((one, index) => [decodeId('Media', one), index + 1]));
  if (places.size !== product.media.length || product.media.some((one) => !places.has(one.id))) {
    throw new Rejection('INVALID', 'The order names every picture of the product once.', ['input', 'mediaIds']);
  }
  const media = inOrder(product.media.map((one) => ({ ...one, position: places.get(one.id)! })));
  await saveProducts(tx, [{ before, after: { ...product, media } }]);
  return product.id;
}

const FETCHED_AT_ONCE = 4;

/** Fetches pictures that imports named. A failure is tried again a few times, then told on the picture. */
export async function fetchImages(duty: Duty<ProductsDb, MediaPorts>): Promise<void> {
  const { source } = duty.ports;
  if (!source) return;
  while (!duty.signal.aborted) {
    const claimed = await duty.transact((tx) =>
      claimPending(tx.db, tx.now, new Date(tx.now.getTime() + 5 * 60_000), FETCHED_AT_ONCE),
    );
    if (claimed.length === 0) return;
    await Promise.all(claimed.map((one) => fetchOne(duty, source, one)));
  }
}

async function fetchOne(duty: Duty<ProductsDb, MediaPorts>, source: ImageSource, claimed: Claimed): Promise<void> {
  const bytes = await source.fetch(claimed.sourceUrl, duty.signal);
  if (typeof bytes === 'string') {
    // Only what may be otherwise next time is tried again; the lease is the wait.
    if (bytes !== 'UNREACHABLE' || claimed.tries >= TRIES_MAX)
      await settle(duty, claimed, () => ({ status: 'FAILED', failure: bytes }));
    return;
  }
  const prepared = await prepareImage(duty, bytes, []).catch((error: unknown) => {
    if (error instanceof Rejection) return error.code;
    throw error;
  });
  await settle(duty, claimed, (product) => {
    if (typeof prepared === 'string') return { status: 'FAILED', failure: prepared };
    // One file under two addresses: the hash stays with the first, for it tells uploads apart.
    const isTwin = product.media.some((one) => one.contentHash === prepared.contentHash);
    return { status: 'READY', failure: null, image: prepared.image, contentHash: isTwin ? null : prepared.contentHash };
  });
}

type Settled = Pick<Media, 'status' | 'failure'> & Partial<Pick<Media, 'image' | 'contentHash'>>;

async function settle(
  duty: Duty<ProductsDb, MediaPorts>,
  { id, productId }: Claimed,
  outcome: (product: Product) => Settled,
): Promise<void> {
  await duty.transact(async (tx) => {
    const [before] = await lockProducts(tx.db, [productId]);
    const picture = before?.product.media.find((one) => one.id === id);
    // Removed or settled meanwhile: what was fetched is swept away with the orphans.
    if (!before || picture?.status !== 'PENDING') return;
    const settled = outcome(before.product);
    if (settled.image && !(await takeOrphan(tx.db, settled.image.key))) return;
    const media = before.product.media.map((one) => (one.id === id ? { ...one, ...settled } : one));
    await saveProducts(tx, [{ before, after: { ...before.product, media } }]);
  });
}

/** Removes the files of pictures that are gone, or that no product ever took. */
export async function removeFiles(duty: Duty<ProductsDb, MediaPorts>): Promise<void> {
  while (!duty.signal.aborted) {
    const keys = await duty.transact((tx) => claimOrphans(tx.db, tx.now, 50));
    if (keys.length === 0) return;
    for (const key of keys) {
      for (const width of COPY_WIDTHS) await duty.ports.storage.remove(copyKey(key, width));
      await duty.ports.storage.remove(key);
    }
    await duty.transact((tx) => deleteOrphans(tx.db, keys));
  }
}
