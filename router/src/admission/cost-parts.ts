import {
  argumentsCost,
  type Given,
  holds,
  lengthOf,
  type OperationCost,
  type Selected,
  type Sizes,
  valueOf,
} from './cost.ts';
import type { Costs, FieldCost } from './costs.ts';

/** What a field adds to what an operation costs at most, and why so much. */
export interface CostPart {
  /** Its response name. */
  readonly key: string;
  /** Of each thing it answers. */
  readonly weight: number;
  /** How many things that is in each object around it; 1 where it is no list. */
  readonly times: number;
  /** What says so; null where it is no list. */
  readonly reason: LengthReason | null;
  /** With all that is in it, as often as lists around it say. */
  readonly total: number;
  /** Largest first. */
  readonly parts: readonly CostPart[];
}

export type LengthReason =
  | { readonly by: 'ARGUMENT' | 'LIST'; readonly name: string }
  | { readonly by: 'ASSUMED' | 'USUAL' };

type Variables = Readonly<Record<string, unknown>>;

/** Pure. The totals of the answer and of what costs without a list add up to `cost.requested(given)`. */
export function partsOf(cost: OperationCost, given: Variables, costs: Costs): CostPart[] {
  const variables = { ...cost.defaults, ...given };

  function within({ nodes }: Selected, around: number, sizes: Sized): CostPart[] {
    const parts = nodes
      .filter(({ conditions }) => conditions.every(holds(variables)))
      .map(({ key, name, cost: field, args, children }): CostPart => {
        const values = args.map((arg) => [arg.name.value, valueOf(arg, variables)] as const);
        const own: Length = { length: lengthOf(field, values), reason: reasonOf(field, values) };
        const sized = sizes?.of.has(name) ? sizes.by : own;
        const times = field.isList ? sized.length : 1;
        const inside = field.isList || !field.size ? null : { of: field.size.sized, by: own };
        const parts = within(children, around * times, inside);
        const input = around * argumentsCost(values, field.args, costs);
        const inner = parts.reduce((sum, part) => sum + part.total, around * times * children.flat);
        return {
          key,
          weight: field.weight,
          times,
          reason: field.isList ? sized.reason : null,
          total: input + around * times * field.weight + inner,
          parts,
        };
      });
    return parts.sort((a, b) => b.total - a.total);
  }

  return within(cost.selected, 1, null);
}

interface Length {
  readonly length: number;
  readonly reason: LengthReason;
}

type Sized = { readonly of: NonNullable<Sizes>['of']; readonly by: Length } | null;

/** What `lengthOf` went by. */
function reasonOf({ size, lists }: FieldCost, given: Given): LengthReason {
  const value = (name: string): unknown => given.find(([one]) => one === name)?.[1];
  const slicing = size?.slicing.find((name) => typeof value(name) === 'number');
  if (slicing) return { by: 'ARGUMENT', name: slicing };
  if (size?.assumed != null) return { by: 'ASSUMED' };
  const list = lists.find((name) => Array.isArray(value(name)));
  return list ? { by: 'LIST', name: list } : { by: 'USUAL' };
}
