import type { HttpAnswer, HttpRoute } from '@souk/kit';
import { wireId } from '@souk/kit';
import { Rejection, Rejections } from '@souk/schema';
import { addPicture, type MediaPorts, prepareImage } from './media.service.ts';
import { isMediaKey, UPLOAD_BYTES_MAX } from './media.ts';
import type { ProductsDb } from './product.tables.ts';

type Route = HttpRoute<ProductsDb, MediaPorts>;

const json = (status: number, body: object): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
  body: JSON.stringify(body),
});

const serve: Route = {
  method: 'GET',
  path: '/media/:key',
  async handle({ params, headers }, { ports }) {
    const key = params.key ?? '';
    const bytes = isMediaKey(key) ? await ports.storage.get(key) : null;
    if (!bytes) return json(404, { message: 'There is no such picture.' });
    const etag = `"${key}"`;
    const shared = {
      etag,
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'cross-origin',
    };
    if (headers['if-none-match'] === etag) return { status: 304, headers: shared, body: '' };
    // Every file is of our own encoding, so its type is known and nothing of the uploader's is believed.
    return { status: 200, headers: { ...shared, 'content-type': 'image/webp' }, body: bytes };
  },
};

/** The token is the permission: it was given to a merchandiser for one product, and is over soon. */
const receive: Route['handle'] = async ({ params, body }, duty) => {
  const grant = await duty.transact(async (tx) => duty.ports.readGrant(params.token ?? '', tx.now));
  if (!grant) return json(403, { message: 'This upload address is not valid any more. Ask for a new one.' });
  try {
    const prepared = await prepareImage(duty, body, ['body']);
    const id = await duty.transact((tx) =>
      addPicture(tx, { ...grant, productId: wireId('Product', grant.productId) }, prepared),
    );
    return json(201, { id: wireId('Media', id) });
  } catch (error) {
    const first = error instanceof Rejections ? error.all[0] : error;
    if (!(first instanceof Rejection)) throw error;
    return json(first.code === 'TOO_LARGE' ? 413 : 422, { code: first.code, message: first.message });
  }
};

const upload = (method: 'PUT' | 'POST'): Route => ({
  method,
  path: '/media/upload/:token',
  bodyLimit: UPLOAD_BYTES_MAX,
  handle: receive,
});

export const routes: readonly Route[] = [serve, upload('PUT'), upload('POST')];
