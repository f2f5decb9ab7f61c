import { databaseNow } from '@souk/kit';
import type { MediaId, ProductId } from '@souk/schema';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { ProductsDb } from './product.tables.ts';

type Db = Kysely<ProductsDb>;

/** A file that will be removed in an hour unless a picture takes it: said before it is written. */
export async function insertOrphan(db: Db, key: string): Promise<void> {
  await sql`insert into media_orphans (key, remove_at) values (${key}, ${databaseNow} + interval '1 hour')`.execute(db);
}

/** Takes a file out of the list of those to be removed; false where it is too late. */
export async function takeOrphan(db: Transaction<ProductsDb>, key: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('media_orphans')
    .where('key', '=', key)
    .where('removing', '=', false)
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

/** Orphans whose time has come; from now on nobody can take them. */
export async function claimOrphans(db: Transaction<ProductsDb>, now: Date, limit: number): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`
    update media_orphans set removing = true
    where key in (select key from media_orphans where remove_at <= ${now} order by remove_at limit ${limit})
    returning key`.execute(db);
  return rows.map((row) => row.key);
}

export async function deleteOrphans(db: Transaction<ProductsDb>, keys: readonly string[]): Promise<void> {
  await db.deleteFrom('media_orphans').where('key', 'in', keys).execute();
}

export interface Claimed {
  readonly id: MediaId;
  readonly productId: ProductId;
  readonly sourceUrl: string;
  readonly tries: number;
}

/** Takes pictures that wait to be fetched, for the time of the lease. */
export async function claimPending(
  db: Transaction<ProductsDb>,
  now: Date,
  leaseUntil: Date,
  limit: number,
): Promise<Claimed[]> {
  const { rows } = await sql<Claimed>`
    update media set lease_until = ${leaseUntil}, tries = tries + 1
    where id in (
      select id from media where status = 'PENDING' and source_url is not null and (lease_until is null or lease_until <= ${now})
      order by lease_until nulls first, id limit ${limit} for update skip locked
    )
    returning id, product_id as "productId", source_url as "sourceUrl", tries`.execute(db);
  return rows;
}

export async function findProductOfMedia(db: Db, id: MediaId): Promise<ProductId | undefined> {
  const row = await db.selectFrom('media').select('product_id').where('id', '=', id).executeTakeFirst();
  return row?.product_id;
}
