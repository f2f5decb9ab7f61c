import sharp from 'sharp';
import { draw, type Picture, type Product } from '../catalogue/index.ts';
import { accepted, type Shop } from '../import/shop.ts';
import type { Seeded } from './catalogue.ts';
import { showVariant, uploadMedia } from './documents.ts';
import { Meter, parallel } from './meter.ts';

const AT_ONCE = 3;
const PIXELS = 800;

/** Lossless and quick to write: the shop makes its own, smaller files of it. */
const rasterise = (picture: Picture): Promise<Buffer> =>
  sharp(Buffer.from(draw(picture.drawing, PIXELS)))
    .png({ compressionLevel: 2 })
    .toBuffer();

/** Draws and uploads what the shop does not have yet, and lets each variant show its own picture. */
export async function ensurePictures(
  shop: Shop,
  products: readonly Product[],
  seeded: Seeded,
  onProgress: (line: string) => void,
): Promise<void> {
  const missing = products.filter((product) => {
    const { media } = seeded.get(product.slug)!;
    return product.pictures.some((picture) => !media.some((one) => one.alt === picture.alt));
  });
  const count = missing.reduce((sum, product) => sum + product.pictures.length, 0);
  const meter = new Meter('Pictures', count, onProgress);
  await parallel(products, AT_ONCE, async (product) => {
    const { id: productId, media, variants } = seeded.get(product.slug)!;
    const ids = new Map<string, string>();
    for (const [at, { key, alt }] of product.pictures.entries()) {
      let id = media.find((one) => one.alt === alt)?.id;
      if (id === undefined) {
        const contentBase64 = (await rasterise(product.pictures[at]!)).toString('base64');
        const input = { productId, contentBase64, alt, position: at + 1 };
        id = accepted((await shop.run(uploadMedia, { input })).uploadMedia, `The picture ${key}`).media!.id;
      }
      ids.set(key, id);
    }
    if (missing.includes(product)) meter.add(product.pictures.length);
    if (product.pictures.length === 1) return;
    for (const { sku, picture } of product.variants) {
      const variant = variants.find((one) => one.sku === sku)!;
      const mediaId = ids.get(picture)!;
      if (variant.media?.id === mediaId) continue;
      const { updateVariant } = await shop.run(showVariant, { input: { id: variant.id, mediaId } });
      accepted(updateVariant, `The picture of ${sku}`);
    }
  });
}
