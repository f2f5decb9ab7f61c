import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isReady } from './db.migrate.ts';
import { takePrepare, throughUrl } from './db.places.ts';

describe('what runs on pooled connections', () => {
  it('keeps nothing in the session: behind a pooler the next statement meets another one', () => {
    const root = fileURLToPath(new URL('../..', import.meta.url));
    // Taken on connections of their own that no pooler may stand before.
    const direct = new Set([
      'kit/src/db.prepare.ts',
      'kit/src/db.migrate.ts',
      'payments/src/payment-gateway.simulator.ts',
    ]);
    const sources = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .flatMap((house) =>
        readdirSync(join(root, house, 'src'), { recursive: true, encoding: 'utf8' })
          .map((path) => join(house, 'src', path))
          .filter((path) => path.endsWith('.ts') && !/\.test\.ts$|testing/.test(path) && !direct.has(path)),
      );
    expect(sources.length).toBeGreaterThan(100);
    const kept =
      /\bpg_advisory_(un)?lock\b|\blisten\s+"?\w+"?\s*[`;]|\bset\s+session\b|`set\s+(?!local)\w+\s*=|\bcreate\s+temp(orary)?\b|\bdeclare\s+\w+\s+cursor\b|set_config\([^)]*false/i;
    expect(sources.filter((path) => kept.test(readFileSync(join(root, path), 'utf8')))).toEqual([]);
  });
});

describe('code and data of different versions', () => {
  const known = ['0001_a', '0002_b'];
  it('has work where something is missing, and none where all is done', () => {
    expect(isReady('shelf', known, [])).toBe(false);
    expect(isReady('shelf', known, ['0001_a'])).toBe(false);
    expect(isReady('shelf', known, known)).toBe(true);
  });
  it('serves data that was only added to', () => {
    expect(isReady('shelf', known, [...known, '0003_c', '0004_d'])).toBe(true);
  });
  it('serves data from which was taken what it did not use any more, and no other', () => {
    expect(isReady('shelf', known, [...known, '0003_c_contract'])).toBe(true);
    expect(() => isReady('shelf', known, [...known, '0003_c', '0004_c_contract'])).toThrow(/newer Souk/);
  });
  it('never migrates backwards or sideways', () => {
    expect(() => isReady('shelf', known, ['0001_a', '0003_c'])).toThrow(/newer Souk/);
  });
});

describe('the way through a pooler or to a standby', () => {
  it('takes what it does not say from the house', () => {
    const own = 'postgres://shelf_app:secret@primary:5432/souk?sslmode=require';
    expect(throughUrl(own, 'postgres://pooler:6432')).toBe('postgres://shelf_app:secret@pooler:6432/souk');
    expect(throughUrl(own, 'postgres://a:b@pooler/other')).toBe('postgres://a:b@pooler/other');
  });
  it('may say whether statements have names; PostgreSQL never hears of it', () => {
    expect(takePrepare('postgres://h/d?prepare=false&sslmode=require', 'X')).toEqual({
      url: 'postgres://h/d?sslmode=require',
      prepare: false,
    });
    expect(takePrepare('postgres://h/d', 'X').prepare).toBeNull();
    expect(() => takePrepare('postgres://h/d?prepare=maybe', 'X')).toThrow(/neither true nor false/);
    expect(() => takePrepare('h:5432', 'SOUK_POSTGRES_URL')).toThrow(/SOUK_POSTGRES_URL is not the URL/);
  });
});
