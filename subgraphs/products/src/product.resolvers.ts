import { badInput, Cached, type Connection, forbidden, PageArgs, SortDirection } from '@souk/kit';
import { type CurrencyCode, decodeId, fromDecimal, isStaff, type Money, money } from '@souk/schema';
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { shownValue } from './attribute.ts';
import { Category, Collection } from './category.types.ts';
import { type ProductsContext, seesProduct } from './context.resolvers.ts';
import { KEPT_SECONDS } from './kept.ts';
import { BASE_LOCALE, localeChain } from './locale.ts';
import { Media } from './media.types.ts';
import {
  Product,
  ProductAttribute,
  ProductConnection,
  ProductFilter,
  ProductOption,
  ProductSort,
  ProductSortField,
  Seo,
} from './product.types.ts';
import { type ListFilter, type ListRequest, listBranches, pageProducts } from './product-list.repository.ts';
import {
  findProductBySlug,
  type MediaView,
  type OptionView,
  type ProductView,
  type VariantView,
} from './product-view.repository.ts';
import { findSearchQuery } from './search.repository.ts';
import { searchTerms, stemmerOf } from './search-text.ts';

const SEARCH_MAX = 200;
const FILTERS_MAX = 20;

/** The product where the viewer may see it. */
export const shown = (ctx: ProductsContext, product: ProductView | null | undefined): ProductView | null =>
  product && seesProduct(ctx.viewer, product) ? product : null;

/** The word in the reader's language, where it is known in it. */
export async function labelOf(ctx: ProductsContext, text: string): Promise<string> {
  if (localeChain(ctx.viewer.locale).length === 0) return text;
  return (await ctx.loaders.label.load(text))?.translated ?? text;
}

@Resolver(() => Product)
export class ProductResolver {
  @Cached(KEPT_SECONDS)
  @Query(() => Product, { nullable: true, description: 'A product by its id.' })
  async product(@Arg('id', () => ID, { description: 'The product.' }) id: string, @Ctx() ctx: ProductsContext) {
    const uuid = decodeId('Product', id);
    return uuid && shown(ctx, await ctx.loaders.productById.load(uuid));
  }

  @Cached(KEPT_SECONDS)
  @Query(() => Product, {
    nullable: true,
    description: 'A product by its slug, or by one it had before: look at the slug of what you get.',
  })
  async productBySlug(
    @Arg('slug', () => String, { description: 'The slug.' }) slug: string,
    @Ctx() ctx: ProductsContext,
  ) {
    return shown(ctx, await findProductBySlug(ctx.db, slug, localeChain(ctx.viewer.locale)));
  }

  @Query(() => ProductConnection, {
    description: 'Products for sale in the reader’s channel; for staff with a status filter, all of that status.',
  })
  products(
    @Arg('filter', () => ProductFilter, { nullable: true, description: 'Which ones.' }) filter: ProductFilter | null,
    @Arg('sort', () => ProductSort, {
      nullable: true,
      description: 'Newest first if unsaid, or best first where there is a search.',
    })
    sort: ProductSort | null,
    @Arg('search', () => String, {
      nullable: true,
      description: 'Words in any language the product is told in; typing errors are forgiven.',
    })
    search: string | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: ProductsContext,
  ) {
    return listProducts(ctx, { filter, sort, search }, page);
  }

  @FieldResolver(() => String)
  name(@Root() product: ProductView): string {
    return product.translation?.name ?? product.name;
  }

  @FieldResolver(() => String)
  description(@Root() product: ProductView): string {
    return product.translation?.description ?? product.description;
  }

  @FieldResolver(() => Seo)
  seo(@Root() { translation, seo_title, seo_description }: ProductView): Seo {
    return {
      title: translation?.seo_title ?? seo_title,
      description: translation?.seo_description ?? seo_description,
    };
  }

  @FieldResolver(() => Category, { nullable: true })
  category(@Root() product: ProductView, @Ctx() ctx: ProductsContext) {
    return product.category_id && ctx.loaders.categoryById.load(product.category_id);
  }

  @FieldResolver(() => [Collection])
  collections(@Root() product: ProductView, @Ctx() ctx: ProductsContext) {
    return ctx.loaders.collectionsOf.load(product.id);
  }

  @FieldResolver()
  async price(@Root() product: ProductView, @Ctx() ctx: ProductsContext): Promise<Money | null> {
    const lowest = await lowestOf(ctx, product);
    return lowest && money(lowest.price_minor, ctx.viewer.channel.currency);
  }

  @FieldResolver()
  async compareAtPrice(@Root() product: ProductView, @Ctx() ctx: ProductsContext): Promise<Money | null> {
    const before = (await lowestOf(ctx, product))?.compare_at_minor ?? null;
    return before === null ? null : money(before, ctx.viewer.channel.currency);
  }

  @FieldResolver(() => Boolean)
  async inStock(@Root() product: ProductView, @Ctx() ctx: ProductsContext): Promise<boolean> {
    if (product.listing) return product.listing.in_stock;
    return (await ctx.loaders.variantsOf.load(product.id)).some((variant) => variant.stock_quantity > 0);
  }

  @FieldResolver()
  variants(@Root() product: ProductView, @Ctx() ctx: ProductsContext): Promise<VariantView[]> {
    return ctx.loaders.variantsOf.load(product.id);
  }

  @FieldResolver(() => [ProductOption])
  async options(@Root() product: ProductView, @Ctx() ctx: ProductsContext): Promise<ProductOption[]> {
    const options: OptionView[] = (await ctx.loaders.detailsOf.load(product.id))?.options ?? [];
    return Promise.all(
      options.map(async ({ name, values }) => ({
        name,
        label: await labelOf(ctx, name),
        values: await Promise.all(values.map(async (value) => ({ value, label: await labelOf(ctx, value) }))),
      })),
    );
  }

  @FieldResolver(() => [ProductAttribute])
  async attributes(@Root() product: ProductView, @Ctx() ctx: ProductsContext): Promise<ProductAttribute[]> {
    const attributes = (await ctx.loaders.detailsOf.load(product.id))?.attributes ?? [];
    return Promise.all(
      attributes.map(async ({ code, name, type, unit, ...rest }) => {
        const value = shownValue({ attributeId: '', ...rest });
        const read =
          type === 'NUMBER'
            ? new Intl.NumberFormat(ctx.viewer.locale || BASE_LOCALE, { maximumFractionDigits: 6 }).format(
                Number(value),
              )
            : await labelOf(ctx, value);
        const label = unit === null ? read : `${read} ${unit}`;
        return { code, type: type as ProductAttribute['type'], unit, value, label, name: await labelOf(ctx, name) };
      }),
    );
  }

  @FieldResolver(() => [Media])
  media(@Root() product: ProductView, @Ctx() ctx: ProductsContext): Promise<MediaView[]> {
    return ctx.loaders.mediaOf.load(product.id);
  }

  @FieldResolver()
  cost(@Root() { cost, cost_currency }: ProductView): Money | null {
    return cost === null ? null : money(cost, cost_currency as CurrencyCode);
  }

  @FieldResolver(() => String, { nullable: true })
  productType(@Root() product: ProductView): string | null {
    return product.product_type;
  }

  @FieldResolver()
  publishedAt(@Root() product: ProductView): Date | null {
    return product.published_at;
  }

  @FieldResolver()
  createdAt(@Root() product: ProductView): Date {
    return product.created_at;
  }

  @FieldResolver()
  updatedAt(@Root() product: ProductView): Date {
    return product.updated_at;
  }
}

/** A list shows the price it was put in order by; one product alone shows what its variants cost at this moment. */
async function lowestOf(
  ctx: ProductsContext,
  product: ProductView,
): Promise<{ price_minor: number; compare_at_minor: number | null } | null> {
  const { listing } = product;
  if (listing && listing.price_minor !== null) return { ...listing, price_minor: listing.price_minor };
  const variants = await ctx.loaders.variantsOf.load(product.id);
  for (const variant of variants) ctx.holds(variant.prices_hold_ms);
  const priced = variants.filter((variant) => variant.amount_minor !== null);
  const lowest = priced.reduce<VariantView | null>(
    (low, one) => (low === null || one.amount_minor! < low.amount_minor! ? one : low),
    null,
  );
  return lowest && { price_minor: lowest.amount_minor!, compare_at_minor: lowest.compare_at_minor };
}

interface ListWish {
  readonly filter?: ProductFilter | null;
  readonly sort?: ProductSort | null;
  readonly search?: string | null;
}

/** Any list of products, in the reader's channel and language. */
export async function listProducts(
  ctx: ProductsContext,
  { filter, sort, search }: ListWish,
  page: PageArgs,
  within: { readonly collectionOrder?: string } = {},
): Promise<Connection<ProductView>> {
  const { viewer } = ctx;
  const statuses = filter?.status ?? null;
  if (statuses && !isStaff(viewer)) throw forbidden('Only staff can ask for products by their status.');
  if ((search?.length ?? 0) > SEARCH_MAX) throw badInput(`A search has at most ${SEARCH_MAX} characters.`);
  const named = checkFilter(filter ?? {});
  const branches = named.length === 0 ? new Map<string, string[]>() : await listBranches(ctx.db, named);
  const terms = search == null || search.trim() === '' ? null : searchTerms(search);
  const query = terms === null ? null : ((await findSearchQuery(ctx.db, terms, stemmerOf(viewer.locale))) ?? '');
  const field = sort?.field ?? ProductSortField.RELEVANCE;
  const isRanked = field === ProductSortField.RELEVANCE;
  const request: ListRequest = {
    channel: viewer.channel,
    locales: localeChain(viewer.locale),
    statuses,
    filter: toListFilter(filter ?? {}, viewer.channel.currency, branches),
    search: query,
    sort: isRanked && query === null ? 'CREATED_AT' : field,
    direction: isRanked ? 'desc' : sort?.direction === SortDirection.DESC ? 'desc' : 'asc',
    ...within,
  };
  return pageProducts(ctx.db, request, page);
}

/** Refuses a filter that is too much; answers the categories it names. */
function checkFilter(filter: ProductFilter): string[] {
  const parts: ProductFilter[] = [filter];
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index]!;
    parts.push(...(part.and ?? []), ...(part.or ?? []));
    if (parts.length > FILTERS_MAX) throw badInput(`A filter has at most ${FILTERS_MAX} parts.`);
    if (index > 0 && part.status) throw badInput('The status stands at the top of a filter.');
    const lists = [part.options, part.attributes, part.tags, part.vendors, part.productTypes];
    const values = [...(part.options ?? []), ...(part.attributes ?? [])].map((one) => one.values);
    if ([...lists, ...values].some((list) => (list?.length ?? 0) > 100)) {
      throw badInput('A list in a filter has at most 100 values.');
    }
  }
  return [...new Set(parts.flatMap((part) => part.category ?? []))];
}

function toListFilter(
  filter: ProductFilter,
  currency: CurrencyCode,
  branches: ReadonlyMap<string, string[]>,
): ListFilter {
  const inner = (one: ProductFilter) => toListFilter(one, currency, branches);
  return {
    categoryIds: filter.category == null ? null : (branches.get(filter.category) ?? []),
    collection: filter.collection,
    options: filter.options,
    attributes: filter.attributes,
    priceMin: amountOf(filter.price?.min, currency),
    priceMax: amountOf(filter.price?.max, currency),
    inStock: filter.inStock,
    tags: filter.tags,
    vendors: filter.vendors,
    productTypes: filter.productTypes,
    and: filter.and?.map(inner),
    or: filter.or?.map(inner),
  };
}

function amountOf(decimal: string | null | undefined, currency: CurrencyCode): number | null {
  if (decimal == null) return null;
  const amount = fromDecimal(decimal, currency);
  if (!amount) throw badInput('An amount has no more digits than its currency.');
  return amount.amountMinor;
}
