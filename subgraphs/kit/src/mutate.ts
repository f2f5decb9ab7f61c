import { Rejection, type Viewer } from '@souk/schema';
import type { Kysely } from 'kysely';
import { unauthenticated } from './errors.ts';
import type { HouseContext, MutateOptions, PayloadError } from './house.ts';
import { rejectionsOf } from './mask.ts';
import { count } from './metrics.ts';
import { traced } from './telemetry.ts';
import { type Closing, type Committed, claimKey, hashInput, type Opening, type Tx, transact } from './tx.ts';

/** How a house writes: what is done after each commit comes with it. */
export interface Writing {
  readonly house: string;
  readonly db: Kysely<unknown>;
  write<T>(work: (tx: Tx<unknown>) => Promise<T>, opening?: Opening<unknown>): Promise<Committed<T>>;
  committed(done: Committed<unknown>): Promise<void>;
  /** After the commit and before its answer: this viewer's next query must know of it. */
  told(viewer: Viewer): Promise<void>;
}

/** The door of every mutation: one transaction, idempotency key included; a Rejection becomes the payload's `errors`. */
export function mutatorOf({ house: name, db, write, committed, told }: Writing) {
  async function mutate<P extends object>(
    context: HouseContext,
    operation: string,
    input: { idempotencyKey?: string | null },
    run: (tx: Tx<unknown>) => Promise<string | null>,
    load: (id: string) => P | Promise<P>,
    { anonymous = false, before, opening }: MutateOptions = {},
  ): Promise<Partial<P> & { errors: PayloadError[] }> {
    const { principal } = context.viewer;
    if (principal === 'anonymous' && !anonymous) throw unauthenticated('Start a guest session or sign in first.');
    const key = input.idempotencyKey ?? null;
    try {
      if (key !== null && (key.length < 8 || key.length > 200)) {
        throw new Rejection('IDEMPOTENCY_CONFLICT', 'An idempotency key has between 8 and 200 characters.', [
          'input',
          'idempotencyKey',
        ]);
      }
      await before?.();
      const { result: id, evicted = [] } = await traced(`${name}.${operation}`, {}, context.viewer.trace, () =>
        key === null ? write(run, opening) : writeOnce({ principal, operation, key }, input, run),
      );
      for (const tag of evicted) context.evicted.add(tag);
      await told(context.viewer);
      clearLoaders(context.loaders);
      const loaded: Partial<P> = id === null ? {} : await load(id);
      return { ...loaded, errors: [] };
    } catch (error) {
      const rejections = rejectionsOf(error);
      if (!rejections) throw error;
      count('souk_rejections_total');
      return { errors: rejections.map(toPayloadError) } as unknown as Partial<P> & { errors: PayloadError[] };
    }
  }

  async function writeOnce(
    claim: { principal: string; operation: string; key: string },
    input: object,
    run: (tx: Tx<unknown>) => Promise<string | null>,
  ): Promise<Pick<Committed<string | null>, 'result' | 'evicted'>> {
    const hash = hashInput(input);
    const closing: Closing = { ...claim, resultId: null };
    let replayed: string | null = null;
    const opening: Opening<unknown> = async (trx) => {
      const claimed = await claimKey(trx, { ...claim, hash });
      if (claimed.fresh) return claimed.now;
      replayed = claimed.resultId;
      return undefined;
    };
    const done = await transact(db, { house: name, opening, closing }, async (tx) => {
      closing.resultId = await run(tx);
      return closing.resultId;
    });
    if (!done) return { result: replayed };
    await committed(done);
    return done;
  }

  return mutate;
}

const toPayloadError = ({ code, message, field, data }: Rejection): PayloadError => ({ ...data, code, message, field });

/** DataLoaders that a commit made stale start afresh. */
function clearLoaders(loaders: unknown): void {
  for (const loader of Object.values((loaders ?? {}) as Record<string, unknown>)) {
    (loader as { clearAll?: () => void }).clearAll?.();
  }
}
