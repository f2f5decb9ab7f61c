import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { BATCH_ITEMS, slices } from './batches.ts';
import { setStockLevels, stockLevels } from './documents.ts';
import type { Shop } from './shop.ts';

/** How many of a variant there shall be in a warehouse. */
export interface Count {
  readonly variantId: string;
  readonly warehouseId: string;
  readonly quantity: number;
}

/** What became of a count; `problem` is a whole sentence. */
export type Counted =
  | { readonly outcome: 'set' | 'unchanged' }
  | { readonly outcome: 'refused'; readonly problem: string };

interface Terms {
  /** Differs from run to run: within one, the same change asked twice is one change. */
  readonly runId: string;
  readonly reason: string;
  readonly dryRun?: boolean;
  /** Leaves every level alone that there is already. */
  readonly keep?: boolean;
  /** Most levels are believed to be new, and are looked at only where they turn out not to be. */
  readonly fresh?: boolean;
  /** How long a variant that was just published may take until inventory has heard of it, in milliseconds. */
  readonly patience?: number;
}

const PATIENCE = 60_000;
/** A sale may move a level between the look at it and the change. */
const LOOKS = 5;
const keyOf = ({ variantId, warehouseId }: Count): string => `${variantId} ${warehouseId}`;

/**
 * Sets levels to what was counted, each only where it is not so already. Waits for variants that inventory has not heard
 * of. The answers are in the counts' order.
 */
export async function setStock(shop: Shop, counts: readonly Count[], terms: Terms): Promise<Counted[]> {
  const answers = new Map<string, Counted>();
  let open = [...counts];
  for (let look = terms.fresh ? 0 : 1; open.length > 0; look++) {
    const levels = look === 0 ? null : await readLevels(shop, open, terms);
    const changes = open.flatMap((count) => {
      if (!levels) return [{ ...count, changeFromQuantity: 0 }];
      const known = levels.get(count.variantId);
      if (!known) {
        const problem = 'The shop has the product but its warehouses have not heard of it yet; import the file again.';
        answers.set(keyOf(count), { outcome: 'refused', problem });
        return [];
      }
      const onHand = known.get(count.warehouseId) ?? 0;
      const isKept = terms.keep && known.has(count.warehouseId);
      if (onHand !== count.quantity && !isKept) return [{ ...count, changeFromQuantity: onHand }];
      answers.set(keyOf(count), { outcome: 'unchanged' });
      return [];
    });
    const again: Count[] = [];
    for (const entries of slices(changes, BATCH_ITEMS)) {
      for (const [count, answer] of await change(shop, entries, terms)) {
        if (answer === 'again' && look < LOOKS) again.push(count);
        else if (answer === 'again') {
          const problem = 'The quantity changed again and again while it was being set.';
          answers.set(keyOf(count), { outcome: 'refused', problem });
        } else answers.set(keyOf(count), answer);
      }
    }
    open = again;
  }
  return counts.map((count) => answers.get(keyOf(count))!);
}

/** Variant → warehouse → quantity on hand; without the variants that inventory does not know in time. */
async function readLevels(
  shop: Shop,
  counts: readonly Count[],
  { patience = PATIENCE }: Terms,
): Promise<Map<string, Map<string, number>>> {
  const levels = new Map<string, Map<string, number>>();
  const deadline = Date.now() + patience;
  for (let wanted = [...new Set(counts.map((count) => count.variantId))], pause = 50; ; pause *= 2) {
    for (const ids of slices(wanted, BATCH_ITEMS)) {
      const { nodes } = await shop.run(stockLevels, { ids });
      for (const node of nodes) {
        if (node?.__typename !== 'ProductVariant' || !node.stock) continue;
        levels.set(node.id, new Map((node.levels ?? []).map((level) => [level.warehouse.id, level.onHand])));
      }
    }
    wanted = wanted.filter((id) => !levels.has(id));
    if (wanted.length === 0 || Date.now() + pause > deadline) return levels;
    await sleep(Math.min(pause, 2_000));
  }
}

type Change = Count & { readonly changeFromQuantity: number };

/** All entries are set or none, so those that are refused are taken out and the rest is sent again. */
async function change(
  shop: Shop,
  entries: readonly Change[],
  { runId, reason, dryRun = false }: Terms,
): Promise<Map<Change, Counted | 'again'>> {
  const answers = new Map<Change, Counted | 'again'>();
  let open = [...entries];
  while (open.length > 0) {
    const idempotencyKey = createHash('sha256')
      .update(JSON.stringify([runId, open]))
      .digest('hex');
    const { setStockLevels: payload } = await shop.run(setStockLevels, {
      input: { idempotencyKey, reason, dryRun, entries: open },
    });
    if (payload.errors.length === 0) {
      for (const entry of open) answers.set(entry, { outcome: 'set' });
      return answers;
    }
    const refused = new Map<Change, Counted | 'again'>();
    for (const { code, message, field } of payload.errors) {
      const entry = field?.[1] === 'entries' ? open[Number(field[2])] : undefined;
      if (!entry) throw new Error(`The stock could not be set: ${message}`);
      const isUnheardOf = code === 'NOT_FOUND' && field?.[3] === 'variantId';
      const isPassing = code === 'STALE_QUANTITY' || isUnheardOf;
      refused.set(entry, isPassing ? 'again' : { outcome: 'refused', problem: message });
    }
    for (const [entry, answer] of refused) answers.set(entry, answer);
    open = open.filter((entry) => !refused.has(entry));
  }
  return answers;
}
