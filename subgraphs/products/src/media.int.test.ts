import { createServer, request as plainRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anonymous, customer, staff, startTestHouses, type TestHouses } from '@souk/kit/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpsImageSource } from './image-source.https.ts';
import { products } from './index.ts';
import { importAll, type MadeProduct, merchandiser, mutate, simple } from './products.testing.ts';

const drawn = (width: number, height: number, format: 'png' | 'jpeg' | 'webp' | 'avif', red = 200): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: { r: red, g: 80, b: 20 } } })
    .withExif({ IFD0: { Copyright: 'a secret place' } })
    .toFormat(format)
    .toBuffer();
const SELECT = 'media { id url width height alt contentType position status }';

describe('pictures', () => {
  let t: TestHouses;
  let product: MadeProduct;
  const house = () => t.house('products');
  const route = (method: string, path: string) =>
    house().routes.find((one) => one.method === method && one.path === path)!;
  const request = (params: Record<string, string>, body = Buffer.alloc(0), headers = {}) => ({
    params,
    query: {},
    headers,
    body,
    viewer: anonymous(),
  });
  const serve = (url: string, headers = {}) =>
    route('GET', '/media/:key').handle(request({ key: url.split('/').at(-1)! }, undefined, headers));
  const upload = (bytes: Buffer, more: Record<string, unknown> = {}, as = merchandiser) =>
    mutate(
      t,
      'uploadMedia',
      'UploadMediaInput',
      { productId: product.id, contentBase64: bytes.toString('base64'), ...more },
      SELECT,
      as,
    );

  beforeAll(async () => {
    t = await startTestHouses([products]);
    [product] = (await importAll(t, [simple('pictured')])) as [MadeProduct];
  });
  afterAll(() => t.stop());

  it.each(['png', 'jpeg', 'webp', 'avif'] as const)(
    'are taken as %s and served as our own WebP without metadata',
    async (format) => {
      const { media, errors } = await upload(await drawn(1000, 500, format, format.length * 20), { alt: format });
      expect(errors).toEqual([]);
      expect(media).toMatchObject({
        width: 1000,
        height: 500,
        alt: format,
        contentType: 'image/webp',
        status: 'READY',
      });
      const answer = await serve(media.url);
      expect(answer).toMatchObject({
        status: 200,
        headers: {
          'content-type': 'image/webp',
          'cache-control': 'public, max-age=31536000, immutable',
          'x-content-type-options': 'nosniff',
        },
      });
      const seen = await sharp(answer.body as Buffer).metadata();
      expect([seen.format, seen.width, seen.exif]).toEqual(['webp', 1000, undefined]);
      expect((await serve(media.url, { 'if-none-match': answer.headers!.etag })).status).toBe(304);
    },
  );
  it('are served in narrower copies', async () => {
    const { productBySlug } = await t.run(
      'products',
      anonymous(),
      '{ productBySlug(slug: "pictured") { media { small: url(width: 300) middle: url(width: 500) full: url(width: 900) } } }',
    );
    const { small, middle, full } = productBySlug.media[0];
    const widths = await Promise.all(
      [small, middle, full].map(async (url) => (await sharp((await serve(url)).body as Buffer).metadata()).width),
    );
    expect(widths).toEqual([320, 800, 1000]);
  });
  it('are the same picture when the same file comes again', async () => {
    const bytes = await drawn(40, 40, 'png');
    const [first, second] = [await upload(bytes), await upload(bytes)];
    expect(second.media.id).toBe(first.media.id);
  });
  it('are refused when they are none, whatever they call themselves', async () => {
    const header = await drawn(40, 40, 'png');
    const bomb = Buffer.from(header);
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    const cases: [Buffer, string][] = [
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'), 'NOT_AN_IMAGE'],
      [Buffer.from('GIF89a........'), 'NOT_AN_IMAGE'],
      [Buffer.from('%PDF-1.7'), 'NOT_AN_IMAGE'],
      [header.subarray(0, 60), 'NOT_AN_IMAGE'],
      [Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from('<html>')]), 'NOT_AN_IMAGE'],
    ];
    for (const [bytes, code] of cases)
      expect((await upload(bytes)).errors).toMatchObject([{ code, field: ['input', 'contentBase64'] }]);
    expect((await upload(bomb)).errors).toMatchObject([{ field: ['input', 'contentBase64'] }]);
    const wide = await sharp({ create: { width: 8000, height: 6000, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    expect((await upload(wide)).errors).toMatchObject([{ code: 'TOO_LARGE' }]);
    expect(
      (
        await mutate(
          t,
          'uploadMedia',
          'UploadMediaInput',
          { productId: product.id, contentBase64: 'not base64!' },
          SELECT,
        )
      ).errors,
    ).toMatchObject([{ code: 'INVALID' }]);
  });
  it('leave nothing behind that a refused upload wrote', async () => {
    const bytes = await drawn(50, 50, 'png');
    const { errors } = await upload(bytes, { productId: 'prod_01j00000000000000000000001' });
    expect(errors).toMatchObject([{ code: 'NOT_FOUND', field: ['input', 'productId'] }]);
    const [orphan] = await t.sql<{ key: string }>('select key from products.media_orphans');
    expect((await serve(`/media/${orphan!.key}`)).status).toBe(200);
    await t.sql(`update products.media_orphans set remove_at = '2020-01-01'`);
    await house().runTick('removeFiles');
    expect((await serve(`/media/${orphan!.key}`)).status).toBe(404);
    expect(await t.sql('select * from products.media_orphans')).toEqual([]);
  });
  it('are not served by any other name', async () => {
    for (const key of [
      '../token-key.pem',
      '..%2ftoken-key.pem',
      'x.webp',
      '',
      'a'.repeat(32),
      `${'a'.repeat(32)}.svg`,
    ]) {
      expect((await route('GET', '/media/:key').handle(request({ key }))).status).toBe(404);
    }
  });
  it('of up to 8 MB are taken at an address of their own, for a while', async () => {
    const { uploadUrl, errors } = await mutate(
      t,
      'createMediaUpload',
      'CreateMediaUploadInput',
      { productId: product.id, alt: 'Big' },
      'uploadUrl expiresAt',
    );
    expect(errors).toEqual([]);
    const token = uploadUrl.split('/').at(-1) as string;
    const put = route('PUT', '/media/upload/:token');
    expect(put.bodyLimit).toBe(8_000_000);
    const noisy = await sharp({
      create: {
        width: 900,
        height: 900,
        channels: 3,
        background: 'red',
        noise: { type: 'gaussian', mean: 128, sigma: 60 },
      },
    })
      .png()
      .toBuffer();
    const taken = await put.handle(request({ token }, noisy));
    expect(taken.status).toBe(201);
    const { id } = JSON.parse(taken.body as string);
    expect(
      await t.run('products', anonymous(), '{ productBySlug(slug: "pictured") { media { id alt } } }'),
    ).toMatchObject({
      productBySlug: { media: expect.arrayContaining([{ id, alt: 'Big' }]) },
    });
    expect((await put.handle(request({ token }, Buffer.from('<svg/>')))).status).toBe(422);
    const [body, signature] = token.split('.') as [string, string];
    const forged = Buffer.from(
      JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), expiresAt: 9e15 }),
    ).toString('base64url');
    for (const bad of [`${forged}.${signature}`, `${body}.`, body, '', 'a.b.c']) {
      expect((await put.handle(request({ token: bad }, noisy))).status).toBe(403);
    }
    const old = house()
      .context(merchandiser)
      .ports.signGrant({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), expiresAt: 1 });
    expect((await put.handle(request({ token: old }, noisy))).status).toBe(403);
  });
  it('are described, put in order and removed', async () => {
    const media = async () =>
      (await t.run('products', anonymous(), '{ productBySlug(slug: "pictured") { media { id alt url } } }'))
        .productBySlug.media;
    const before = await media();
    const ids = before.map((one: { id: string }) => one.id);
    await mutate(t, 'updateMedia', 'UpdateMediaInput', { id: ids[0], alt: 'Front' }, SELECT);
    const turned = await mutate(
      t,
      'reorderMedia',
      'ReorderMediaInput',
      { productId: product.id, mediaIds: [...ids].reverse() },
      'media { id alt }',
    );
    expect(turned.media.map((one: { id: string }) => one.id)).toEqual([...ids].reverse());
    expect(turned.media.at(-1).alt).toBe('Front');
    const short = await mutate(
      t,
      'reorderMedia',
      'ReorderMediaInput',
      { productId: product.id, mediaIds: ids.slice(1) },
      'media { id }',
    );
    expect(short).toMatchObject({ media: [], errors: [{ code: 'INVALID' }] });
    const less = await mutate(t, 'removeMedia', 'RemoveMediaInput', { id: ids[0] }, 'media { id }');
    expect(less.media).toHaveLength(ids.length - 1);
    await t.quiet();
    await house().runTick('removeFiles');
    expect((await serve(before[0].url)).status).toBe(404);
  });
  it('are told to other houses by their path', async () => {
    const said = await t.said('products', 'products.ProductPublished');
    expect(said.at(-1)!.data.variants[0]!.imageUrl).toMatch(/^\/media\/[0-9a-f]{32}\.webp$/);
  });
  it('are for merchandisers to change', async () => {
    const bytes = (await drawn(30, 30, 'png', 99)).toString('base64');
    for (const [viewer, code] of [
      [anonymous(), 'UNAUTHENTICATED'],
      [customer(), 'FORBIDDEN'],
      [staff('SUPPORT', 'WAREHOUSE', 'FINANCE'), 'FORBIDDEN'],
    ] as const) {
      const document = 'mutation ($input: UploadMediaInput!) { uploadMedia(input: $input) { media { id } } }';
      const { errors } = await t.ask('products', viewer, document, {
        input: { productId: product.id, contentBase64: bytes },
      });
      expect(errors?.[0]?.extensions.code).toBe(code);
    }
  });
});

describe('fetching a picture', () => {
  let server: Server;
  let origin: string;
  const source = (more: Parameters<typeof httpsImageSource>[0] = {}) =>
    httpsImageSource({
      isFetchable: (url) => url.startsWith('http://localhost:'),
      isPublicAddress: () => true,
      request: plainRequest,
      ...more,
    });
  const signal = new AbortController().signal;

  beforeAll(async () => {
    server = createServer((incoming, answer) => {
      const { pathname } = new URL(incoming.url!, 'http://localhost');
      if (pathname === '/picture') answer.end('bytes');
      else if (pathname === '/moved') answer.writeHead(302, { location: '/picture' }).end();
      else if (pathname === '/inside') answer.writeHead(302, { location: 'https://169.254.169.254/latest' }).end();
      else if (pathname === '/loop') answer.writeHead(302, { location: '/loop' }).end();
      else if (pathname === '/huge') answer.end(Buffer.alloc(8_000_001));
      else if (pathname === '/busy') answer.writeHead(503).end();
      else answer.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it.each([
    ['/picture', 'bytes'],
    ['/moved', 'bytes'],
    ['/inside', 'ADDRESS_REFUSED'],
    ['/loop', 'NOT_FOUND'],
    ['/huge', 'TOO_LARGE'],
    ['/busy', 'UNREACHABLE'],
    ['/none', 'NOT_FOUND'],
  ])('at %s answers %s', async (path, answer) => {
    expect((await source().fetch(`${origin}${path}`, signal)).toString()).toBe(answer);
  });
  it('does not go to an address of our own network, by name, number or redirect', async () => {
    expect(await source({ isPublicAddress: undefined }).fetch(`${origin}/picture`, signal)).toBe('ADDRESS_REFUSED');
    for (const url of [`${origin}/picture`, 'https://127.0.0.1/', 'http://pictures.example/', 'https://localhost/']) {
      expect(await httpsImageSource().fetch(url, signal)).toBe('ADDRESS_REFUSED');
    }
  });
});
