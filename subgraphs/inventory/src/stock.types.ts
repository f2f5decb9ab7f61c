import { connectionOf, DateTime, IdField, UserError } from '@souk/kit';
import type { OrderId, UserId, VariantId } from '@souk/schema';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { type StockErrorCode, stockErrorCodes } from './adjustment.ts';
import type { MovementKind } from './stock.ts';
import { WarehouseType } from './warehouse.types.ts';

@ObjectType('ProductVariant')
@Directive('@key(fields: "id")')
export class StockedVariant {
  @IdField('ProductVariant')
  id!: VariantId;
}

@ObjectType('Order')
@Directive('@key(fields: "id", resolvable: false)')
export class MovedOrder {
  @IdField('Order')
  id!: OrderId;
}

@ObjectType('User')
@Directive('@key(fields: "id", resolvable: false)')
export class StockActor {
  @IdField('User')
  id!: UserId;
}

@ObjectType({ description: 'What can be sold of a variant, over all warehouses.' })
export class VariantStock {
  @Field(() => Int, { description: 'Units that can be bought now.' })
  available!: number;
  @Field(() => Boolean, { description: 'At least one can be bought.' })
  inStock!: boolean;
  @Field(() => Boolean, { description: 'Few are left, by the marks staff set.' })
  lowStock!: boolean;
}

@ObjectType({ description: 'A variant in one warehouse.' })
export class StockLevel {
  @Field(() => StockedVariant, { nullable: true, description: 'What is kept.' })
  variant!: StockedVariant | null;
  @Field(() => WarehouseType, { description: 'Where it is kept.' })
  warehouse!: WarehouseType;
  @Field(() => Int, { description: 'Units in the house: the sum of all movements.' })
  onHand!: number;
  @Field(() => Int, { description: 'Units promised to orders that are not paid yet.' })
  held!: number;
  @Field(() => Int, { description: 'Units promised to paid orders that have not left.' })
  allocated!: number;
  @Field(() => Int, { description: 'Units that can be sold: on hand less held less allocated. Never below 0.' })
  available!: number;
  @Field(() => Int, { nullable: true, description: 'At or below this many available units the level is low.' })
  lowStockAt!: number | null;
  @Field(() => Boolean, { description: 'At or below its mark.' })
  low!: boolean;
}
export const { Connection: StockLevelConnection } = connectionOf('StockLevel', () => StockLevel);

const kinds: Record<MovementKind, MovementKind> = {
  COUNT: 'COUNT',
  ADJUSTMENT: 'ADJUSTMENT',
  TRANSFER: 'TRANSFER',
  SHIPMENT: 'SHIPMENT',
  RETURN: 'RETURN',
  CORRECTION: 'CORRECTION',
};
registerEnumType(kinds, {
  name: 'StockMovementKind',
  description: 'Why the quantity on hand changed.',
  valuesConfig: {
    COUNT: { description: 'Somebody counted.' },
    ADJUSTMENT: { description: 'Somebody added or took away.' },
    TRANSFER: { description: 'It came from or went to another warehouse.' },
    SHIPMENT: { description: 'It was shipped for an order.' },
    RETURN: { description: 'It came back from an order.' },
    CORRECTION: { description: 'The books had less than was shipped.' },
  },
});

@ObjectType({ description: 'One change of the quantity on hand.' })
export class StockMovement {
  @Field(() => kinds, { description: 'Why.' })
  kind!: MovementKind;
  @Field(() => Int, { description: 'Units that came (positive) or went (negative).' })
  quantity!: number;
  @Field(() => WarehouseType, { description: 'Where.' })
  warehouse!: WarehouseType;
  @Field(() => MovedOrder, { nullable: true, description: 'For which order, if for one.' })
  order!: MovedOrder | null;
  @Field(() => String, { nullable: true, description: 'In the words of whoever changed it.' })
  reason!: string | null;
  @Field(() => StockActor, { nullable: true, description: 'Who changed it; null for the shop itself.' })
  actor!: StockActor | null;
  @Field(() => DateTime, { description: 'When.' })
  at!: Date;
}
export const { Connection: StockMovementConnection } = connectionOf('StockMovement', () => StockMovement);

const codes = Object.fromEntries(stockErrorCodes.map((code) => [code, code])) as Record<StockErrorCode, StockErrorCode>;
registerEnumType(codes, {
  name: 'StockErrorCode',
  description: 'Why stock was not changed.',
  valuesConfig: {
    NOT_FOUND: { description: 'There is no such variant on sale, or no such warehouse.' },
    NO_ENTRIES: { description: 'Nothing was named.' },
    TOO_MANY_ENTRIES: { description: 'More entries than one change takes.' },
    DUPLICATE_ENTRY: { description: 'A level is named twice.' },
    INVALID_QUANTITY: { description: 'The quantity is out of range.' },
    INVALID_LOW_STOCK_MARK: { description: 'The low-stock mark is out of range.' },
    INVALID_REASON: { description: 'The reason is too long.' },
    SAME_WAREHOUSE: { description: 'A transfer needs two warehouses.' },
    WAREHOUSE_CLOSED: { description: 'The warehouse takes no stock.' },
    STALE_QUANTITY: { description: 'The quantity on hand is not `changeFromQuantity`.' },
    INSUFFICIENT_STOCK: { description: 'Less is free than would go.' },
    IDEMPOTENCY_CONFLICT: { description: 'The key was used for another request, or is too short or too long.' },
  },
});

@ObjectType({ description: 'Why stock was not changed.', implements: UserError })
export class StockError extends UserError {
  @Field(() => codes, { description: 'What kind of mistake it is.' })
  code!: StockErrorCode;
  @Field(() => Int, { nullable: true, description: 'Units on hand now, where that is in the way.' })
  onHand?: number | null;
  @Field(() => Int, { nullable: true, description: 'Units that are free now, where that is in the way.' })
  available?: number | null;
}

@ObjectType({ description: 'Levels after a change.' })
export class StockPayload {
  @Field(() => [StockLevel], {
    nullable: true,
    description: 'The named levels as they are now; for a dry run as they would be.',
  })
  levels!: StockLevel[] | null;
  @Field(() => [StockError], { description: 'Mistakes; with any, nothing was changed.' })
  errors!: StockError[];
}

@InputType({ description: 'What was counted of a variant in a warehouse.' })
export class StockCountInput {
  @Field(() => ID, { description: 'What was counted.' })
  variantId!: string;
  @Field(() => ID, { description: 'Where.' })
  warehouseId!: string;
  @Field(() => Int, { description: 'Units on hand, 0 to 1,000,000.' })
  quantity!: number;
  @Field(() => Int, {
    description: 'Units on hand before, as the counter saw them (0 for a new level): refused where that is not so.',
  })
  changeFromQuantity!: number;
  @Field(() => Int, { nullable: true, description: 'Low-stock mark: null takes it away, left out it stays.' })
  lowStockAt?: number | null;
}

@InputType({ description: 'Levels to set.' })
export class SetStockLevelsInput {
  @Field(() => String, { description: '8 to 200 characters: the same key with the same input changes stock once.' })
  idempotencyKey!: string;
  @Field(() => String, { nullable: true, description: 'Why, up to 500 characters.' })
  reason?: string | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Only tell what would become of the levels.' })
  dryRun!: boolean;
  @Field(() => [StockCountInput], { description: '1 to 100 levels; all are set, or none.' })
  entries!: StockCountInput[];
}

@InputType({ description: 'A difference of a variant in a warehouse.' })
export class StockDeltaInput {
  @Field(() => ID, { description: 'What changes.' })
  variantId!: string;
  @Field(() => ID, { description: 'Where.' })
  warehouseId!: string;
  @Field(() => Int, { description: 'Units to add, or with a minus to take away.' })
  delta!: number;
}

@InputType({ description: 'Levels to change by a difference.' })
export class AdjustStockInput {
  @Field(() => String, { description: '8 to 200 characters: the same key with the same input changes stock once.' })
  idempotencyKey!: string;
  @Field(() => String, { nullable: true, description: 'Why, up to 500 characters.' })
  reason?: string | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Only tell what would become of the levels.' })
  dryRun!: boolean;
  @Field(() => [StockDeltaInput], { description: '1 to 100 levels; all are changed, or none.' })
  entries!: StockDeltaInput[];
}

@InputType({ description: 'A quantity of a variant to transfer.' })
export class StockTransferInput {
  @Field(() => ID, { description: 'What goes.' })
  variantId!: string;
  @Field(() => Int, { description: 'Units, 1 to 1,000,000.' })
  quantity!: number;
}

@InputType({ description: 'Stock to move between warehouses.' })
export class TransferStockInput {
  @Field(() => String, { description: '8 to 200 characters: the same key with the same input moves stock once.' })
  idempotencyKey!: string;
  @Field(() => ID, { description: 'Where it is.' })
  fromWarehouseId!: string;
  @Field(() => ID, { description: 'Where it goes.' })
  toWarehouseId!: string;
  @Field(() => String, { nullable: true, description: 'Why, up to 500 characters.' })
  reason?: string | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Only tell what would become of the levels.' })
  dryRun!: boolean;
  @Field(() => [StockTransferInput], { description: '1 to 100 variants; all go, or none.' })
  entries!: StockTransferInput[];
}

@ObjectType({ description: 'That the stock of a variant changed.' })
export class VariantStockEvent {
  @Field(() => String, { description: 'Where in the stream: give it as `after` to go on from here.' })
  eventId!: string;
  @Field(() => StockedVariant, { nullable: true, description: 'The variant.' })
  variant!: StockedVariant | null;
}
