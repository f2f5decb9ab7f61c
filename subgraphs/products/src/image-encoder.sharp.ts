import sharp from 'sharp';
import type { EncodedImage, ImageEncoder } from './image-encoder.ts';

const PIXELS_MAX = 40_000_000;
const SIDE_MAX = 2_048;
const SECONDS_MAX = 20;
const FORMATS: ReadonlySet<string> = new Set(['png', 'jpeg', 'webp', 'heif']);

/** The formats are told by their first bytes, so that no other parser of the library ever sees a stranger's file. */
function isKnownFormat(bytes: Buffer): boolean {
  const starts = (...values: number[]) => values.every((value, index) => bytes[index] === value);
  const text = (from: number, to: number) => bytes.toString('latin1', from, to);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return true;
  if (starts(0xff, 0xd8, 0xff)) return true;
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return true;
  return text(4, 8) === 'ftyp' && /avif|avis|mif1/.test(text(8, 32));
}

/** PNG, JPEG, WebP and AVIF in, WebP out. Metadata goes, after its turn of the picture was applied. */
export const sharpEncoder = (): ImageEncoder => ({
  async encode(bytes, copyWidths) {
    if (!isKnownFormat(bytes)) return 'NOT_AN_IMAGE';
    try {
      const limits = { limitInputPixels: PIXELS_MAX, failOn: 'error', pages: 1 } as const;
      const { format, compression, width, height } = await sharp(bytes, {
        ...limits,
        limitInputPixels: false,
      }).metadata();
      if (!FORMATS.has(format) || (format === 'heif' && compression !== 'av1')) return 'NOT_AN_IMAGE';
      // The header says the size before a pixel is unpacked: a bomb never goes off.
      if (width * height > PIXELS_MAX) return 'TOO_LARGE';
      const picture = sharp(bytes, limits)
        .timeout({ seconds: SECONDS_MAX })
        .autoOrient()
        .resize({ width: SIDE_MAX, height: SIDE_MAX, fit: 'inside', withoutEnlargement: true });
      const { data, info } = await picture.webp({ quality: 82 }).toBuffer({ resolveWithObject: true });
      const copies: EncodedImage['copies'] = await Promise.all(
        copyWidths
          .filter((copy) => copy < info.width)
          .map(async (copy) => ({
            width: copy,
            bytes: await sharp(data, limits).resize({ width: copy }).webp({ quality: 80 }).toBuffer(),
          })),
      );
      return { contentType: 'image/webp', width: info.width, height: info.height, bytes: data, copies };
    } catch {
      // The library's words for a broken file are many; for the person it is the same one thing.
      return 'NOT_AN_IMAGE';
    }
  },
});
