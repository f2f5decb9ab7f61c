import { Cached } from '@souk/kit';
import { type CurrencyCode, decodeId, type Money, money } from '@souk/schema';
import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { type ProductsContext, seesVariant } from './context.resolvers.ts';
import { KEPT_SECONDS } from './kept.ts';
import { Media } from './media.types.ts';
import { labelOf, shown } from './product.resolvers.ts';
import { Product, ProductVariant, SelectedOption } from './product.types.ts';
import { findVariantIdBySku, type VariantView } from './product-view.repository.ts';

/** The variant where the viewer may see it. */
export const shownVariant = (ctx: ProductsContext, variant: VariantView | null): VariantView | null =>
  variant && seesVariant(ctx.viewer, variant.product_published_at) ? variant : null;

@Resolver(() => ProductVariant)
export class VariantResolver {
  @Cached(KEPT_SECONDS)
  @Query(() => ProductVariant, { nullable: true, description: 'A variant by its id.' })
  async variant(@Arg('id', () => ID, { description: 'The variant.' }) id: string, @Ctx() ctx: ProductsContext) {
    const uuid = decodeId('ProductVariant', id);
    return uuid && shownVariant(ctx, await ctx.loaders.variantById.load(uuid));
  }

  @Cached(KEPT_SECONDS)
  @Query(() => ProductVariant, { nullable: true, description: 'A variant by its stock keeping unit.' })
  async variantBySku(@Arg('sku', () => String, { description: 'The SKU.' }) sku: string, @Ctx() ctx: ProductsContext) {
    const id = await findVariantIdBySku(ctx.db, sku);
    return id ? shownVariant(ctx, await ctx.loaders.variantById.load(id)) : null;
  }

  @FieldResolver(() => String)
  async name(@Root() variant: VariantView, @Ctx() ctx: ProductsContext): Promise<string> {
    const values = variant.option_names.flatMap((name) => variant.attributes[name] ?? []);
    if (values.length === 0) return this.productName(variant);
    return (await Promise.all(values.map((value) => labelOf(ctx, value)))).join(' / ');
  }

  @FieldResolver(() => String)
  productName(@Root() variant: VariantView): string {
    return variant.product_translation?.name ?? variant.product_name;
  }

  @FieldResolver(() => Product, { nullable: true })
  async product(@Root() variant: VariantView, @Ctx() ctx: ProductsContext) {
    return shown(ctx, await ctx.loaders.productById.load(variant.product_id));
  }

  @FieldResolver(() => Boolean)
  availableForSale(@Root() variant: VariantView, @Ctx() ctx: ProductsContext): boolean {
    ctx.holds(variant.prices_hold_ms);
    return variant.product_status === 'PUBLISHED' && variant.archived_at === null && variant.amount_minor !== null;
  }

  @FieldResolver()
  price(@Root() variant: VariantView, @Ctx() ctx: ProductsContext): Money | null {
    ctx.holds(variant.prices_hold_ms);
    return variant.amount_minor === null ? null : money(variant.amount_minor, ctx.viewer.channel.currency);
  }

  @FieldResolver()
  compareAtPrice(@Root() variant: VariantView, @Ctx() ctx: ProductsContext): Money | null {
    ctx.holds(variant.prices_hold_ms);
    return variant.compare_at_minor === null ? null : money(variant.compare_at_minor, ctx.viewer.channel.currency);
  }

  @FieldResolver(() => [SelectedOption])
  selectedOptions(@Root() variant: VariantView, @Ctx() ctx: ProductsContext): Promise<SelectedOption[]> {
    return Promise.all(
      variant.option_names.map(async (name) => {
        const value = variant.attributes[name] ?? '';
        return { name, value, label: await labelOf(ctx, value) };
      }),
    );
  }

  @FieldResolver()
  weightGrams(@Root() variant: VariantView): number {
    return variant.weight_grams;
  }

  @FieldResolver()
  requiresShipping(@Root() variant: VariantView): boolean {
    return variant.requires_shipping;
  }

  @FieldResolver()
  taxClass(@Root() variant: VariantView): string {
    return variant.tax_class;
  }

  @FieldResolver()
  maxPerOrder(@Root() variant: VariantView): number | null {
    return variant.max_per_order;
  }

  @FieldResolver()
  stockQuantity(@Root() variant: VariantView): number {
    return variant.stock_quantity;
  }

  @FieldResolver(() => Media, { nullable: true })
  media(@Root() variant: VariantView, @Ctx() ctx: ProductsContext) {
    return variant.media_id && ctx.loaders.mediaById.load(variant.media_id);
  }

  /** Its own cost, or what its product costs where it says none. */
  @FieldResolver()
  async cost(@Root() variant: VariantView, @Ctx() ctx: ProductsContext): Promise<Money | null> {
    if (variant.cost !== null) return money(variant.cost, variant.cost_currency as CurrencyCode);
    const product = await ctx.loaders.productById.load(variant.product_id);
    return product?.cost == null ? null : money(product.cost, product.cost_currency as CurrencyCode);
  }
}
