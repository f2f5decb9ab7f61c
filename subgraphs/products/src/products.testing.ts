import { staff, type TestHouses } from '@souk/kit/testing';
import type { Viewer } from '@souk/schema';
import pg from 'pg';
import { expect, vi } from 'vitest';

const original = pg.Client.prototype.query;

export const merchandiser = staff('MERCHANDISER');

export interface MadeProduct {
  readonly id: string;
  readonly slug: string;
  readonly version: number;
  readonly variants: readonly { readonly id: string; readonly sku: string }[];
}

const FIELDS = 'id slug version status variants { id sku }';

/** Creates products through the import, which must take them all; answers them in order. */
export async function importAll(
  t: TestHouses,
  products: readonly Record<string, unknown>[],
  as: Viewer = merchandiser,
): Promise<MadeProduct[]> {
  const { importProducts } = await t.run(
    'products',
    as,
    `mutation ($input: ImportProductsInput!) { importProducts(input: $input) {
      results { handle outcome product { ${FIELDS} } errors { code message field } } errors { code message }
    } }`,
    { input: { products } },
  );
  expect(importProducts.errors).toEqual([]);
  const results = importProducts.results as { product: MadeProduct; errors: unknown[] }[];
  expect(results.flatMap((one) => one.errors)).toEqual([]);
  return results.map((one) => one.product);
}

/** A published product with one variant and a price in the default channel. */
export const simple = (
  handle: string,
  amount = '10.00',
  more: Record<string, unknown> = {},
): Record<string, unknown> => ({
  handle,
  name: handle,
  published: true,
  variants: [{ sku: handle.toUpperCase(), prices: [{ amount }] }],
  ...more,
});

/** Runs a mutation with one `input`; answers its payload. */
export async function mutate(
  t: TestHouses,
  name: string,
  inputType: string,
  input: Record<string, unknown>,
  selection: string,
  as: Viewer = merchandiser,
) {
  const answer = await t.run(
    'products',
    as,
    `mutation ($input: ${inputType}!) { ${name}(input: $input) { ${selection} errors { code message field } } }`,
    { input },
  );
  return answer[name];
}

/** Runs some work and answers the SQL it sent, BEGIN and COMMIT included. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  const spy = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const [first] = args;
    sent.push(typeof first === 'string' ? first : (first as { text: string }).text);
    return original.apply(this, args as never) as never;
  } as never);
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  return sent;
}
