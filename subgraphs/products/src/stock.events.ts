import type { Hears } from '@souk/kit';
import type { ProductsDb } from './product.tables.ts';
import { takeStock } from './stock.service.ts';

export const hears: Hears<ProductsDb> = { 'inventory.StockChanged': takeStock };
