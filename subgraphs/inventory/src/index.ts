import { defineSubgraph, extended, owned } from '@souk/kit';
import { hears } from './inventory.events.ts';
import { loaders } from './inventory.repository.ts';
import type { InventoryDb } from './inventory.tables.ts';
import { migrations } from './migrations/0001_inventory.ts';
import { expireHolds, resayStock } from './reservation.service.ts';
import { StockLevelResolver, StockMovementResolver, VariantStockResolver } from './stock.resolvers.ts';
import { StockError } from './stock.types.ts';
import { loadWarehouse, WarehouseResolver } from './warehouse.resolvers.ts';
import { WarehouseError } from './warehouse.types.ts';

export const inventory = defineSubgraph<InventoryDb, ReturnType<typeof loaders>>({
  name: 'inventory',
  resolvers: [WarehouseResolver, VariantStockResolver, StockLevelResolver, StockMovementResolver],
  orphans: [WarehouseError, StockError],
  entities: { ProductVariant: extended(), Warehouse: owned(loadWarehouse) },
  migrations,
  hears,
  ticks: { expireHolds: { everySeconds: 60, run: expireHolds } },
  loaders,
  snapshot: resayStock,
});
