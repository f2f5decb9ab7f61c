import type { MediaId } from '@souk/schema';
import { optionalText, type Problems } from './problems.ts';

export type MediaStatus = 'PENDING' | 'READY' | 'FAILED';

/** A file of ours, as our own encoder made it. */
export interface StoredImage {
  readonly key: string;
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  /** Narrower copies, ascending. */
  readonly widths: readonly number[];
}

/** A picture of a product: ours, or an address it is to be fetched from. */
export interface Media {
  readonly id: MediaId;
  readonly position: number;
  readonly alt: string;
  readonly sourceUrl: string | null;
  readonly status: MediaStatus;
  readonly failure: string | null;
  /** SHA-256 of the bytes that were uploaded: the same file twice is one picture. */
  readonly contentHash: string | null;
  readonly image: StoredImage | null;
  readonly createdAt: string;
}

export const MEDIA_PER_PRODUCT = 100;
export const UPLOAD_BYTES_MAX = 8_000_000;
/** Widths of the narrower copies that are made of each picture. */
export const COPY_WIDTHS: readonly number[] = [320, 800];

/** The path a picture is served at, or of its narrowest copy that is at least `width` wide. Null until it is stored. */
export function pathOf(image: StoredImage | null, width: number | null = null): string | null {
  if (!image) return null;
  const copy = width === null ? undefined : image.widths.find((one) => one >= width);
  return `/media/${copy === undefined ? image.key : copyKey(image.key, copy)}`;
}

/** `abc.webp`, 320 → `abc-320.webp`. */
export const copyKey = (key: string, width: number): string => key.replace(/\.(\w+)$/, `-${width}.$1`);

export const isMediaKey = (key: string): boolean => /^[0-9a-f]{32}(-\d{2,4})?\.webp$/.test(key);

export const readAlt = (problems: Problems, alt: string | null | undefined, known: string): string =>
  optionalText(problems, alt, known, { what: 'A description of a picture', max: 500 }) ?? '';

/** An address a picture may be fetched from, in canonical form; a refusal where it is none. */
export function readSourceUrl(problems: Problems, text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const fits = url && (url.protocol === 'https:' || url.protocol === 'http:') && !url.username && !url.password;
  if (fits && url.href.length <= 2_000) return url.href;
  problems.no('INVALID', 'The address of a picture is an http or https address of at most 2000 characters.');
  return null;
}
