import { createServer, request as plainRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anonymous, startTestHouses, type TestHouses } from '@souk/kit/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpsImageSource } from './image-source.https.ts';
import { products } from './index.ts';
import type { MediaPorts } from './media.service.ts';
import { importAll, merchandiser, simple } from './products.testing.ts';

describe('pictures that an import names', () => {
  let t: TestHouses;
  let server: Server;
  let origin: string;
  let busy = true;
  const media = async (slug: string) =>
    (
      await t.run(
        'products',
        merchandiser,
        `{ productBySlug(slug: "${slug}") { media { status url failure sourceUrl } variants { media { url } } } }`,
      )
    ).productBySlug;
  const fetchAll = async () => {
    await t.sql('update products.media set lease_until = null');
    await t.house('products').runTick('fetchImages');
  };

  beforeAll(async () => {
    const png = await sharp({ create: { width: 400, height: 300, channels: 3, background: 'teal' } })
      .png()
      .toBuffer();
    server = createServer(({ url }, answer) => {
      if (url === '/busy.png' && busy) answer.writeHead(503).end();
      else if (url === '/text.png') answer.end('no picture');
      else if (url?.endsWith('.png')) answer.end(png);
      else answer.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    t = await startTestHouses([products]);
  });
  afterAll(async () => {
    await t.stop();
    await new Promise((resolve) => server.close(resolve));
  });

  it('are recorded and left alone where the shop is not set up to fetch them', async () => {
    await importAll(t, [{ ...simple('shown'), images: [{ src: `${origin}/a.png` }] }]);
    await fetchAll();
    expect((await media('shown')).media).toEqual([
      { status: 'PENDING', url: null, failure: null, sourceUrl: `${origin}/a.png` },
    ]);
  });
  it('are fetched, encoded and told, each failure with its reason', async () => {
    const ports = t.house('products').context(anonymous()).ports as {
      -readonly [K in keyof MediaPorts]: MediaPorts[K];
    };
    ports.source = httpsImageSource({
      isFetchable: (url) => url.startsWith('http://localhost:'),
      isPublicAddress: () => true,
      request: plainRequest,
    });
    await importAll(t, [
      {
        ...simple('mixed'),
        images: ['a.png', 'b.png', 'text.png', 'none.jpg', 'busy.png'].map((name) => ({ src: `${origin}/${name}` })),
        variants: [{ sku: 'MIXED', imageUrl: `${origin}/b.png`, prices: [{ amount: '1' }] }],
      },
      { ...simple('inside'), images: [{ src: 'https://169.254.169.254/latest/meta-data.png' }] },
    ]);
    await t.quiet();
    await fetchAll();
    const seen = await media('mixed');
    const key = expect.stringMatching(/\/media\/[0-9a-f]{32}\.webp$/);
    expect(seen.media).toMatchObject([
      { status: 'READY', url: key },
      { status: 'READY', url: key },
      { status: 'FAILED', failure: 'NOT_AN_IMAGE', url: null },
      { status: 'FAILED', failure: 'NOT_FOUND', url: null },
      { status: 'PENDING', failure: null, url: null },
    ]);
    expect(seen.variants).toEqual([{ media: { url: seen.media[1].url } }]);
    expect((await media('inside')).media).toMatchObject([{ status: 'FAILED', failure: 'ADDRESS_REFUSED' }]);
    expect((await media('shown')).media).toMatchObject([{ status: 'READY' }]);
    const [last] = (await t.said('products', 'products.ProductPublished'))
      .filter((one) => one.data.slug === 'mixed')
      .slice(-1);
    expect(last!.data.variants[0]!.imageUrl).toBe(new URL(seen.media[1].url).pathname);
    expect(await t.sql('select * from products.media_orphans where remove_at < now()')).toEqual([]);
  });
  it('are tried again where the other side was busy, and given up in the end', async () => {
    busy = false;
    await fetchAll();
    expect((await media('mixed')).media[4]).toMatchObject({ status: 'READY' });
    busy = true;
    await importAll(t, [{ ...simple('never'), images: [{ src: `${origin}/busy.png` }] }]);
    await t.quiet();
    for (let tries = 0; tries < 4; tries++) await fetchAll();
    expect((await media('never')).media).toMatchObject([{ status: 'FAILED', failure: 'UNREACHABLE' }]);
  });
  it('keep what was made of them when the import is repeated', async () => {
    const before = await media('shown');
    await importAll(t, [{ ...simple('shown'), images: [{ src: `${origin}/a.png` }] }]);
    expect(await media('shown')).toEqual(before);
  });
});
