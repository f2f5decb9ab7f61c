import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { letAppIn } from '../../../router/src/operations/apps.testing.ts';
import { openShop } from '../../../router/src/shop.testing.ts';
import { startSouk, type TestSouk } from '../../../router/src/souk.testing.ts';
import { sell } from '../example/sell.ts';
import { connect, must } from './index.ts';

describe('a partner', () => {
  let souk: TestSouk;
  let apiKey: string;
  beforeAll(async () => {
    souk = await startSouk();
    await openShop(souk, { MUG: { amount: '19.00', stock: 50 } });
    apiKey = (await letAppIn(await souk.admin(), { client: 'partner' })).secret;
  });
  afterAll(async () => {
    await souk?.quiet();
    await souk?.stop();
  });

  it('sells from end to end by the example, with a key made through the graph', async () => {
    const said: string[] = [];
    const { id, status } = await sell({ url: souk.url, apiKey }, (line) => said.push(line));
    expect(status).toBe('CONFIRMED');
    expect(said).toEqual([
      'The mug: 19.00 EUR',
      'MUG: 50 in stock',
      'The cart comes to 23.90 EUR.',
      expect.stringMatching(/^Order \S+ is placed\.$/),
      ...said.filter((line) => line.startsWith('  ')),
      expect.stringMatching(/^Order \S+ is CONFIRMED: 1 × The mug\.$/),
    ]);
    // The order is its shopper's: the app alone does not see it.
    expect(must(await connect({ url: souk.url, apiKey }).order({ id })).order).toBeNull();
  });

  it('is told why by a value: what is wrong with an input, a key that is none, a shop that is not there', async () => {
    const partner = connect({ url: souk.url, apiKey });
    const rejected = await partner.addToCart({ input: { variantId: 'var_nothing' } });
    expect(rejected.ok).toBe(false);
    if (rejected.ok || rejected.failure.kind !== 'rejected') throw new Error('it was not rejected');
    expect(rejected.failure.errors[0].code).toBe('NOT_FOUND');

    const stranger = await partner.with({ apiKey: `souk_${'A'.repeat(43)}` }).cart();
    expect(stranger).toMatchObject({ ok: false, failure: { kind: 'refused', code: 'UNAUTHENTICATED' } });

    const nowhere = await connect({ url: 'http://127.0.0.1:1', tries: 1 }).cart();
    expect(nowhere).toMatchObject({ ok: false, failure: { kind: 'unreachable' } });
    expect(() => must(nowhere)).toThrow('The shop cannot be reached');
  });
});
