import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localMediaStorage } from './media-storage.local.ts';
import type { MediaStorage } from './media-storage.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'souk-media-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const implementations: [string, () => MediaStorage][] = [
  ['local files', () => localMediaStorage(join(folder, 'media'))],
];

describe.each(implementations)('media storage in %s', (_name, make) => {
  const key = '0123456789abcdef0123456789abcdef.webp';

  it('gives back the very bytes that were put', async () => {
    const bytes = Buffer.from([0, 255, 10, 13, 0]);
    await make().put(key, bytes);
    expect(await make().get(key)).toEqual(bytes);
  });
  it('has nothing under a key that was never put', async () => {
    expect(await make().get('ffffffffffffffffffffffffffffffff.webp')).toBeNull();
  });
  it('takes the same content twice', async () => {
    const bytes = Buffer.from('same');
    await make().put('aa11.webp', bytes);
    await make().put('aa11.webp', bytes);
    expect(await make().get('aa11.webp')).toEqual(bytes);
  });
  it('removes a key, and a missing one without complaint', async () => {
    await make().put('bb22.webp', Buffer.from('gone'));
    await make().remove('bb22.webp');
    await make().remove('bb22.webp');
    expect(await make().get('bb22.webp')).toBeNull();
  });
  it('serves one of many writers of a key whole', async () => {
    const contents = Array.from({ length: 20 }, (_, n) => Buffer.alloc(10_000, n));
    await Promise.all(contents.map((bytes) => make().put('cc33.webp', bytes)));
    const found = await make().get('cc33.webp');
    expect(contents.some((bytes) => bytes.equals(found!))).toBe(true);
  });
  it('refuses keys that lead elsewhere', async () => {
    for (const bad of ['../secret.webp', '/etc/passwd', 'a/b.webp', '', 'a\0b.webp', '..']) {
      await expect(make().get(bad)).rejects.toThrow('not a key of a picture');
      await expect(make().put(bad, Buffer.from('x'))).rejects.toThrow('not a key of a picture');
    }
  });
});

it('leaves no half-written file in the folder', async () => {
  const names = await readdir(join(folder, 'media'), { recursive: true });
  expect(names.filter((name) => name.endsWith('.part'))).toEqual([]);
});
