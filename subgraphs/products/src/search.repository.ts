import type { ProductId } from '@souk/schema';
import { type Kysely, sql, type Transaction } from 'kysely';
import type { ProductsDb } from './product.tables.ts';
import type { SearchPart, SearchTerm } from './search-text.ts';

/** Replaces the search documents of products and learns their words. Category names come from the tree itself. */
export async function saveSearch(
  db: Transaction<ProductsDb>,
  documents: readonly { readonly productId: ProductId; readonly parts: readonly SearchPart[] }[],
): Promise<void> {
  if (documents.length === 0) return;
  const parts = JSON.stringify(
    documents.flatMap(({ productId, parts }) => parts.map((part) => ({ product_id: productId, ...part }))),
  );
  const texts = sql`
    select product_id, config, weight, text
    from jsonb_to_recordset(${parts}::jsonb) as d(product_id uuid, config text, weight text, text text)
    union all
    select p.id, stemmer, 'B', above.name
    from products as p
    join categories as own on own.id = p.category_id
    join categories as above on above.path @> own.path
    cross join unnest(array['simple', 'english']) as stemmer
    where p.id = any(${documents.map((one) => one.productId)}::uuid[])`;
  await sql`
    with merged as (
      select product_id, merge_documents(setweight(to_tsvector(config::regconfig, unaccent(text)), weight::"char")) as document
      from (${texts}) as t group by product_id
    )
    insert into product_search (product_id, document, headline)
    select product_id, document, ts_filter(document, '{a,b}') from merged order by product_id
    on conflict (product_id) do update set document = excluded.document, headline = excluded.headline`.execute(db);
  // In order of the words, so that two writers that learn the same ones do not wait for each other in a circle.
  await sql`
    insert into search_words (word)
    select distinct word from (${texts}) as t, unnest(tsvector_to_array(to_tsvector('simple', unaccent(text)))) as word
    where config = 'simple' and weight in ('A', 'B') and word ~ '^[[:alpha:]]{4,40}$'
      and not exists (select from search_words as known where known.word = word)
    order by word
    on conflict do nothing`.execute(db);
}

/**
 * What was typed as a tsquery: every word must match, by its stem in English or in the reader's language, or as it is; the
 * last also as the beginning of a word; one that no product has also as the most similar word known. Null where nothing
 * is left to look for.
 */
export async function findSearchQuery(
  db: Kysely<ProductsDb>,
  terms: readonly SearchTerm[],
  stemmer: string,
): Promise<string | null> {
  if (terms.length === 0) return null;
  const { rows } = await sql<{ query: string | null }>`
    with typed as (
      select ordinality as n, unaccent(word) as word, open, correctable
      from rows from (jsonb_to_recordset(${JSON.stringify(terms)}::jsonb) as (word text, open boolean, correctable boolean)) with ordinality
    ), queried as (
      select n,
        to_tsquery('simple', quote_literal(word) || case when open then ':*' else '' end)
          || plainto_tsquery('english', word) || plainto_tsquery(${stemmer}::regconfig, word)
          || plainto_tsquery('simple', coalesce(correction, '')) || plainto_tsquery('english', coalesce(correction, '')) as query,
        numnode(plainto_tsquery('english', word)) = 0 as is_stop_word
      from typed left join lateral (
        select known.word as correction from search_words as known
        where typed.correctable and known.word % typed.word
          and not exists (select from search_words as same where same.word like typed.word || '%')
        order by similarity(known.word, typed.word) desc, known.word limit 1
      ) as corrected on true
    )
    select string_agg('(' || query::text || ')', ' & ' order by n) as query
    from queried where numnode(query) > 0 and not (is_stop_word and (select count(*) from typed) > 1)`.execute(db);
  return rows[0]?.query ?? null;
}
