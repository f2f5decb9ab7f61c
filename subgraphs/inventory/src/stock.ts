import type { OrderId, Saying, StockChanged, StockPart, UserId, VariantId, WarehouseId } from '@souk/schema';
import { type Allocation, allocate, type Wanted } from './allocation.ts';

export type MovementKind = 'COUNT' | 'ADJUSTMENT' | 'TRANSFER' | 'SHIPMENT' | 'RETURN' | 'CORRECTION';

/** A variant's totals over all warehouses, as locked. */
export interface VariantStock {
  readonly variantId: VariantId;
  readonly version: number;
  readonly onHand: number;
  readonly available: number;
  /** Sum of the warehouses' marks; 0 where none is set. */
  readonly lowStockAt: number;
}

/** A variant in one warehouse, as locked. */
export interface Level {
  readonly variantId: VariantId;
  readonly warehouseId: WarehouseId;
  readonly priority: number;
  readonly onHand: number;
  readonly held: number;
  readonly allocated: number;
  readonly lowStockAt: number | null;
}

/** Why on hand changed. */
export interface Movement {
  readonly id: string;
  readonly variantId: VariantId;
  readonly warehouseId: WarehouseId;
  readonly kind: MovementKind;
  readonly quantity: number;
  readonly orderId: OrderId | null;
  readonly reference: string;
  readonly reason: string | null;
  readonly actorId: UserId | null;
}

/** A level's change as differences, and its mark as it shall be. */
export interface LevelChange {
  readonly variantId: VariantId;
  readonly warehouseId: WarehouseId;
  readonly onHand: number;
  readonly held: number;
  readonly allocated: number;
  readonly lowStockAt: number | null;
  readonly isNew: boolean;
}

interface Working {
  readonly before: Level;
  readonly isNew: boolean;
  onHand: number;
  held: number;
  allocated: number;
  lowStockAt: number | null;
}

export const availableOf = (level: { onHand: number; held: number; allocated: number }): number =>
  level.onHand - level.held - level.allocated;

/** Few are left, by the marks staff set. */
export const isLow = (stock: { available: number; lowStockAt: number }): boolean =>
  stock.lowStockAt > 0 && stock.available <= stock.lowStockAt;

/** What the world hears of a variant's stock. */
export const stockChanged = (stock: VariantStock): Saying<StockChanged> => ({
  type: 'inventory.StockChanged',
  key: stock.variantId,
  version: stock.version,
  data: {
    variantId: stock.variantId,
    available: stock.available,
    onHand: stock.onHand,
    lowStock: isLow(stock),
  },
});

const levelKey = (variantId: string, warehouseId: string): string => `${variantId}/${warehouseId}`;

/**
 * The locked stock of some variants, on which one transaction works before it is written in one go. Every level of a
 * variant that is named in it was locked with it. It refuses to promise what is not there.
 */
export class StockBook {
  private readonly variants: ReadonlyMap<VariantId, VariantStock>;
  private readonly levels: Map<string, Working>;
  private readonly moved: Movement[] = [];

  constructor(variants: readonly VariantStock[], levels: readonly Level[]) {
    this.variants = new Map(variants.map((variant) => [variant.variantId, variant]));
    this.levels = new Map(levels.map((level) => [levelKey(level.variantId, level.warehouseId), working(level, false)]));
  }

  knows(variantId: VariantId): boolean {
    return this.variants.has(variantId);
  }

  /** A level as it stands now in this transaction; zeros where the warehouse never had the variant. */
  level(variantId: VariantId, warehouseId: WarehouseId): Level {
    const found = this.levels.get(levelKey(variantId, warehouseId));
    return found ? asLevel(found) : { ...EMPTY, variantId, warehouseId };
  }

  allocate(wanted: readonly Wanted[]): Allocation {
    const asked = new Set(wanted.map((line) => line.variantId));
    const shelves = [...this.levels.values()].filter((level) => asked.has(level.before.variantId));
    return allocate(
      wanted,
      shelves.map((level) => ({ ...level.before, available: availableOf(level) })),
    );
  }

  hold(parts: readonly StockPart[]): void {
    for (const part of parts) this.change(part, { held: part.quantity });
  }

  setAside(parts: readonly StockPart[]): void {
    for (const part of parts) this.change(part, { allocated: part.quantity });
  }

  /** What was held is set aside: nothing else can be sold for it, before and after. */
  confirm(parts: readonly StockPart[]): void {
    for (const part of parts) this.change(part, { held: -part.quantity, allocated: part.quantity });
  }

  release(parts: readonly StockPart[], from: 'held' | 'allocated'): void {
    for (const part of parts) this.change(part, { [from]: -part.quantity });
  }

  /** Changes what is on hand, for a reason that is kept. */
  move(movement: Movement): void {
    if (movement.quantity === 0) return;
    this.change(movement, { onHand: movement.quantity });
    this.moved.push(movement);
  }

  mark(variantId: VariantId, warehouseId: WarehouseId, lowStockAt: number | null): void {
    this.working(variantId, warehouseId).lowStockAt = lowStockAt;
  }

  /** What is to be written. A variant is among them once, with its next version, if anything one can see of it changed. */
  changes(): { levels: LevelChange[]; variants: VariantStock[]; movements: readonly Movement[] } {
    const levels = [...this.levels.values()].filter(isChanged);
    const variants = [...Map.groupBy(levels, (level) => level.before.variantId)].flatMap(([variantId, changed]) => {
      const before = this.variants.get(variantId)!;
      const sum = (
        of: (level: { onHand: number; held: number; allocated: number; lowStockAt: number | null }) => number,
      ) => changed.reduce((total, level) => total + of(level) - of(level.before), 0);
      const after = {
        variantId,
        version: before.version + 1,
        onHand: before.onHand + sum((level) => level.onHand),
        available: before.available + sum(availableOf),
        lowStockAt: before.lowStockAt + sum((level) => level.lowStockAt ?? 0),
      };
      const same =
        after.onHand === before.onHand &&
        after.available === before.available &&
        after.lowStockAt === before.lowStockAt;
      return same ? [] : [after];
    });
    return {
      levels: levels.map(({ before, isNew, onHand, held, allocated, lowStockAt }) => ({
        variantId: before.variantId,
        warehouseId: before.warehouseId,
        onHand: onHand - before.onHand,
        held: held - before.held,
        allocated: allocated - before.allocated,
        lowStockAt,
        isNew,
      })),
      variants,
      movements: this.moved,
    };
  }

  private change(
    at: { variantId: VariantId; warehouseId: WarehouseId },
    by: { onHand?: number; held?: number; allocated?: number },
  ): void {
    const level = this.working(at.variantId, at.warehouseId);
    level.onHand += by.onHand ?? 0;
    level.held += by.held ?? 0;
    level.allocated += by.allocated ?? 0;
    if (level.held < 0 || level.allocated < 0 || availableOf(level) < 0) {
      throw new RangeError('stock can neither be promised twice nor given back twice');
    }
  }

  private working(variantId: VariantId, warehouseId: WarehouseId): Working {
    if (!this.variants.has(variantId)) throw new Error('a variant is changed that was not locked');
    const key = levelKey(variantId, warehouseId);
    const found = this.levels.get(key) ?? working({ ...EMPTY, variantId, warehouseId }, true);
    this.levels.set(key, found);
    return found;
  }
}

const EMPTY = { priority: 0, onHand: 0, held: 0, allocated: 0, lowStockAt: null };

const working = (before: Level, isNew: boolean): Working => ({
  before,
  isNew,
  onHand: before.onHand,
  held: before.held,
  allocated: before.allocated,
  lowStockAt: before.lowStockAt,
});

const asLevel = ({ before, onHand, held, allocated, lowStockAt }: Working): Level => ({
  ...before,
  onHand,
  held,
  allocated,
  lowStockAt,
});

const isChanged = (level: Working): boolean =>
  level.isNew ||
  level.onHand !== level.before.onHand ||
  level.held !== level.before.held ||
  level.allocated !== level.before.allocated ||
  level.lowStockAt !== level.before.lowStockAt;
