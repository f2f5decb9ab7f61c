import { expect, it } from 'vitest';
import { originCheck } from './origin.ts';

it('lets in its own pages, those on the list, and programs, which send no origin', () => {
  const allowed = originCheck('https://shop.example/base', ' https://app.example , https://admin.example');
  expect(['https://shop.example', 'https://app.example', 'https://admin.example', undefined].map(allowed)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(
    ['https://evil.example', 'null', 'http://shop.example', 'https://shop.example.evil.example', ''].map(allowed),
  ).toEqual([false, false, false, false, false]);
});
