import { Rejection, Rejections, type WarehouseId } from '@souk/schema';

export const warehouseErrorCodes = [
  'NOT_FOUND',
  'INVALID_CODE',
  'CODE_TAKEN',
  'INVALID_NAME',
  'INVALID_COUNTRY',
  'INVALID_PRIORITY',
  'NOT_EMPTY',
  'VERSION_CONFLICT',
] as const;
export type WarehouseErrorCode = (typeof warehouseErrorCodes)[number];

export interface Warehouse {
  readonly id: WarehouseId;
  readonly code: string;
  readonly name: string;
  readonly country: string;
  /** Lower is asked first. */
  readonly priority: number;
  /** Takes new stock. One that does not is empty, save for returns, which still sell. */
  readonly active: boolean;
  readonly version: number;
}

export interface WarehouseDetails {
  readonly name: string;
  readonly country: string;
  readonly priority: number;
}

const no = (code: WarehouseErrorCode, message: string, field: string): Rejection =>
  new Rejection(code, message, ['input', field]);

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

function* mistakes({ code, name, country, priority }: WarehouseDetails & { code: string }): Iterable<Rejection> {
  if (!/^[A-Z0-9][A-Z0-9_-]{0,31}$/.test(code)) {
    yield no('INVALID_CODE', 'A warehouse code has 1 to 32 capital letters, digits, - or _.', 'code');
  }
  const length = [...name].length;
  if (length < 1 || length > 100) yield no('INVALID_NAME', 'A warehouse name has 1 to 100 characters.', 'name');
  if (!/^[A-Z]{2}$/.test(country) || regions.of(country) === undefined) {
    yield no('INVALID_COUNTRY', 'Give the country as its two-letter ISO 3166 code, such as DE.', 'country');
  }
  if (!Number.isSafeInteger(priority) || priority < 0 || priority > 1000) {
    yield no('INVALID_PRIORITY', 'A priority lies between 0 and 1000.', 'priority');
  }
}

function checked(warehouse: Warehouse): Warehouse {
  const found = [...mistakes(warehouse)];
  if (found.length > 0) throw new Rejections(found);
  return warehouse;
}

/** Throws Rejections for every mistake at once. */
export function create(id: WarehouseId, input: WarehouseDetails & { code: string }): Warehouse {
  const { code, name, country, priority } = input;
  return checked({
    id,
    code: code.trim().toUpperCase(),
    name: name.trim(),
    country: country.trim().toUpperCase(),
    priority,
    active: true,
    version: 1,
  });
}

export interface WarehouseChange extends Partial<WarehouseDetails> {
  readonly active?: boolean;
  readonly expectedVersion?: number;
}

/** Throws VERSION_CONFLICT where the caller saw another version, and Rejections for every mistake at once. */
export function update(warehouse: Warehouse, change: WarehouseChange): Warehouse {
  if (change.expectedVersion !== undefined && change.expectedVersion !== warehouse.version) {
    throw no(
      'VERSION_CONFLICT',
      'Somebody changed this warehouse meanwhile. Look at it again before you save.',
      'expectedVersion',
    );
  }
  return checked({
    ...warehouse,
    name: change.name?.trim() ?? warehouse.name,
    country: change.country?.trim().toUpperCase() ?? warehouse.country,
    priority: change.priority ?? warehouse.priority,
    active: change.active ?? warehouse.active,
    version: warehouse.version + 1,
  });
}

export const codeTaken = (): Rejection => no('CODE_TAKEN', 'Another warehouse has this code.', 'code');

export const notEmpty = (): Rejection =>
  no('NOT_EMPTY', 'This warehouse still has stock. Transfer it before you close the warehouse.', 'active');
