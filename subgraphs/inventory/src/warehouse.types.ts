import { IdField, Node, UserError } from '@souk/kit';
import type { WarehouseId } from '@souk/schema';
import { Directive, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { type WarehouseErrorCode, warehouseErrorCodes } from './warehouse.ts';

@ObjectType('Warehouse', { description: 'A place that keeps stock. Seen by staff.', implements: Node })
@Directive('@key(fields: "id")')
export class WarehouseType {
  @IdField('Warehouse')
  id!: WarehouseId;
  @Field(() => String, { description: 'Short code, unique in the shop.' })
  code!: string;
  @Field(() => String, { description: 'What people call it.' })
  name!: string;
  @Field(() => String, { description: 'Two-letter ISO 3166 code of the country it is in.' })
  country!: string;
  @Field(() => Int, { description: 'Lower is asked for stock first.' })
  priority!: number;
  @Field(() => Boolean, { description: 'Whether it takes stock.' })
  active!: boolean;
  @Field(() => Int, { description: 'Rises with every change; give it as `expectedVersion`.' })
  version!: number;
}

const codes = Object.fromEntries(warehouseErrorCodes.map((code) => [code, code])) as Record<
  WarehouseErrorCode,
  WarehouseErrorCode
>;
registerEnumType(codes, {
  name: 'WarehouseErrorCode',
  description: 'Why a warehouse was not saved.',
  valuesConfig: {
    NOT_FOUND: { description: 'There is no such warehouse.' },
    INVALID_CODE: { description: 'The code is not made of capital letters, digits, - and _.' },
    CODE_TAKEN: { description: 'Another warehouse has the code.' },
    INVALID_NAME: { description: 'The name is empty or too long.' },
    INVALID_COUNTRY: { description: 'The country is no ISO 3166 code.' },
    INVALID_PRIORITY: { description: 'The priority is out of range.' },
    NOT_EMPTY: { description: 'A warehouse with stock cannot be closed.' },
    VERSION_CONFLICT: { description: 'Somebody changed it since `expectedVersion`.' },
  },
});

@ObjectType({ description: 'Why a warehouse was not saved.', implements: UserError })
export class WarehouseError extends UserError {
  @Field(() => codes, { description: 'What kind of mistake it is.' })
  code!: WarehouseErrorCode;
}

@ObjectType({ description: 'A warehouse after a change.' })
export class WarehousePayload {
  @Field(() => WarehouseType, { nullable: true, description: 'The warehouse as it is now.' })
  warehouse!: WarehouseType | null;
  @Field(() => [WarehouseError], { description: 'Mistakes; with any, nothing was changed.' })
  errors!: WarehouseError[];
}

@InputType({ description: 'A warehouse to open.' })
export class CreateWarehouseInput {
  @Field(() => String, { description: 'Short code, 1 to 32 letters, digits, - or _. Unique, and never changed.' })
  code!: string;
  @Field(() => String, { description: 'What people call it, 1 to 100 characters.' })
  name!: string;
  @Field(() => String, { description: 'Two-letter ISO 3166 code of the country it is in.' })
  country!: string;
  @Field(() => Int, { defaultValue: 0, description: '0 to 1000; lower is asked for stock first.' })
  priority!: number;
}

@InputType({ description: 'Changes to a warehouse; what is left out stays.' })
export class UpdateWarehouseInput {
  @Field(() => String, { nullable: true, description: 'What people call it, 1 to 100 characters.' })
  name?: string | null;
  @Field(() => String, { nullable: true, description: 'Two-letter ISO 3166 code of the country it is in.' })
  country?: string | null;
  @Field(() => Int, { nullable: true, description: '0 to 1000; lower is asked for stock first.' })
  priority?: number | null;
  @Field(() => Boolean, { nullable: true, description: 'False closes it; it must be empty.' })
  active?: boolean | null;
  @Field(() => Int, { nullable: true, description: 'Refuses where the warehouse has another version.' })
  expectedVersion?: number | null;
}
