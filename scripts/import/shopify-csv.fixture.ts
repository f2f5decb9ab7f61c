import { currency } from '@souk/schema';
import {
  type ImportedProduct,
  type ReadOptions,
  readShopifyCsv,
  type ShopifyItem,
  type Source,
} from './shopify-csv.ts';

export const EUR: ReadOptions = { currency: currency('EUR') };

export const text = (content: string | Uint8Array): Source =>
  async function* () {
    yield typeof content === 'string' ? Buffer.from(content) : content;
  };

export async function read(source: Source, options: ReadOptions = EUR): Promise<ShopifyItem[]> {
  const items: ShopifyItem[] = [];
  for await (const item of readShopifyCsv(source, options)) items.push(item);
  return items;
}

export const refusals = (items: readonly ShopifyItem[]) =>
  items.flatMap((item) => (item.kind === 'refused' ? [[item.row, item.column, item.problem]] : []));
export const notices = (items: readonly ShopifyItem[]) =>
  items.flatMap((item) => (item.kind === 'notice' ? [[item.row, item.column, item.problem]] : []));
export const products = (items: readonly ShopifyItem[]): ImportedProduct[] =>
  items.flatMap((item) => (item.kind === 'product' ? [item.product] : []));

export const HEADER = 'Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src';
export const lines = (...rows: string[]): Source => text([HEADER, ...rows, ''].join('\n'));
