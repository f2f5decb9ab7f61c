import { describe, expect, it } from 'vitest';
import { canonical, Params, parseForm } from './simulator.form.ts';

const plain = (text: string): unknown => JSON.parse(JSON.stringify(parseForm(text)));

describe('a form body', () => {
  it.each([
    ['amount=100&currency=eur', { amount: '100', currency: 'eur' }],
    ['metadata[order_id]=7&metadata[a%20b]=c%26d', { metadata: { order_id: '7', 'a b': 'c&d' } }],
    ['expand[0]=a&expand[1]=b', { expand: { 0: 'a', 1: 'b' } }],
    ['expand[]=a&expand[]=b', { expand: { 0: 'a', 1: 'b' } }],
    ['card[checks][cvc]=1', { card: { checks: { cvc: '1' } } }],
    ['', {}],
  ])('reads %s', (text, tree) => {
    expect(plain(text)).toEqual(tree);
  });

  it.each(['[a]=1', 'a[b=1', 'a[b]c=1', 'a[[b]]=1', 'a=1&a[b]=2', 'a[b][c][d][e][f][g][h][i]=1'])(
    'refuses %s',
    (text) => {
      expect(() => parseForm(text)).toThrow(expect.objectContaining({ status: 400 }));
    },
  );

  it('refuses more than a thousand parameters', () => {
    expect(() => parseForm('a[]=1&'.repeat(1001))).toThrow(expect.objectContaining({ status: 400 }));
  });

  it('has no prototype to pollute', () => {
    const tree = parseForm('__proto__[admin]=1&constructor[prototype][x]=2');
    expect(Object.keys(tree)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it('is the same whatever the order of its parameters, and another with another value', () => {
    expect(canonical(parseForm('b=2&a[y]=1&a[x]=0'))).toBe(canonical(parseForm('a[x]=0&a[y]=1&b=2')));
    expect(canonical(parseForm('a=1'))).not.toBe(canonical(parseForm('a=2')));
    expect(canonical(parseForm('a[b]=1'))).not.toBe(canonical(parseForm('a=b%5D%3D1')));
  });
});

describe('typed parameters', () => {
  const params = (text: string) => new Params(parseForm(text));
  const bad = (code: string | undefined, param: string) =>
    expect.objectContaining({ status: 400, error: expect.objectContaining({ ...(code ? { code } : {}), param }) });

  it('name the parameter that is missing, malformed or unknown', () => {
    expect(() => params('').requiredText('currency')).toThrow(bad('parameter_missing', 'currency'));
    expect(() => params('card[cvc]=1').nested('card')!.requiredText('number')).toThrow(
      bad('parameter_missing', 'card[number]'),
    );
    for (const text of ['1.5', 'x', '1e3', '9999999999999999', ' 1']) {
      expect(() => params(`amount=${text}`).integer('amount')).toThrow(bad('parameter_invalid_integer', 'amount'));
    }
    expect(() => params('confirm=1').boolean('confirm')).toThrow(bad(undefined, 'confirm'));
    expect(() => params('amount[x]=1').text('amount')).toThrow(bad(undefined, 'amount'));
    expect(() => params('a=1').done()).toThrow(bad('parameter_unknown', 'a'));
  });

  it('take metadata up to its limits', () => {
    expect(params('metadata[a]=1&metadata[b]=').metadata()).toEqual({ a: '1' });
    expect(() => params(`metadata[${'k'.repeat(41)}]=1`).metadata()).toThrow(expect.objectContaining({ status: 400 }));
    expect(() => params(`metadata[k]=${'v'.repeat(501)}`).metadata()).toThrow(expect.objectContaining({ status: 400 }));
    const many = Array.from({ length: 51 }, (_, i) => `metadata[k${i}]=1`).join('&');
    expect(() => params(many).metadata()).toThrow(expect.objectContaining({ status: 400 }));
  });
});
