import { Staff, type Tx } from '@souk/kit';
import type { ProductId, VariantId } from '@souk/schema';
import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { setLabels } from './attribute.service.ts';
import type { ProductsContext } from './context.resolvers.ts';
import {
  archiveVariant,
  changeStatus,
  createProduct,
  createVariant,
  editProduct,
  editVariant,
  setPrices,
  setTranslations,
} from './product.service.ts';
import type { ProductsDb } from './product.tables.ts';
import {
  ProductIdInput,
  ProductPayload,
  ProductVariantPayload,
  SetLabelsPayload,
  SetPricesPayload,
} from './product.types.ts';
import {
  ArchiveVariantInput,
  CreateProductInput,
  CreateVariantInput,
  SetLabelsInput,
  SetPricesInput,
  SetTranslationsInput,
  UpdateProductInput,
  UpdateVariantInput,
} from './product-input.types.ts';

type Work = (tx: Tx<ProductsDb>) => Promise<string>;

const changeProduct = (ctx: ProductsContext, operation: string, work: Work) =>
  ctx.mutate(operation, {}, work, (id) => ({ product: ctx.loaders.productById.load(id as ProductId) }));

const changeVariant = (ctx: ProductsContext, operation: string, work: Work) =>
  ctx.mutate(operation, {}, work, (id) => ({ variant: ctx.loaders.variantById.load(id as VariantId) }));

@Resolver()
export class ProductMutations {
  @Staff('MERCHANDISER')
  @Mutation(() => ProductPayload, {
    description: 'Creates a product as a draft, with its variants and prices if they are given.',
  })
  createProduct(
    @Arg('input', () => CreateProductInput, { description: 'What it is.' }) input: CreateProductInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return changeProduct(ctx, 'createProduct', (tx) => createProduct(tx, ctx.viewer.channel, input));
  }

  @Staff('MERCHANDISER')
  @Mutation(() => ProductPayload, { description: 'Changes a product.' })
  updateProduct(
    @Arg('input', () => UpdateProductInput, { description: 'What changes.' }) input: UpdateProductInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return changeProduct(ctx, 'updateProduct', (tx) => editProduct(tx, ctx.viewer.channel, input));
  }

  @Staff('MERCHANDISER')
  @Mutation(() => ProductPayload, { description: 'Puts a product on sale. It needs a variant with a price.' })
  publishProduct(
    @Arg('input', () => ProductIdInput, { description: 'Which one.' }) input: ProductIdInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return changeProduct(ctx, 'publishProduct', (tx) => changeStatus(tx, input, 'PUBLISHED'));
  }

  @Staff('MERCHANDISER')
  @Mutation(() => ProductPayload, { description: 'Takes a product off sale, or out of the archive, as a draft.' })
  unpublishProduct(
    @Arg('input', () => ProductIdInput, { description: 'Which one.' }) input: ProductIdInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return changeProduct(ctx, 'unpublishProduct', (tx) => changeStatus(tx, input, 'DRAFT'));
  }

  @Staff('MERCHANDISER')
  @Mutation(() => ProductPayload, { description: 'Puts a product away for good. Orders go on showing it.' })
  archiveProduct(
    @Arg('input', () => ProductIdInput, { description: 'Which one.' }) input: ProductIdInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return changeProduct(ctx, 'archiveProduct', (tx) => changeStatus(tx, input, 'ARCHIVED'));
  }

  @Staff('MERCHANDISER')
  @Mutation(() => ProductVariantPayload, { description: 'Adds a variant to a product.' })
  createVariant(
    @Arg('input', () => CreateVariantInput, { description: 'What it is.' }) input: CreateVariantInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return changeVariant(ctx, 'createVariant', (tx) => createVariant(tx, ctx.viewer.channel, input));
  }

  @Staff('MERCHANDISER')
  @Mutation(() => ProductVariantPayload, { description: 'Changes a variant.' })
  updateVariant(
    @Arg('input', () => UpdateVariantInput, { description: 'What changes.' }) input: UpdateVariantInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return changeVariant(ctx, 'updateVariant', (tx) => editVariant(tx, ctx.viewer.channel, input));
  }

  @Staff('MERCHANDISER')
  @Mutation(() => ProductVariantPayload, { description: 'Puts a variant away: it can no longer be bought.' })
  archiveVariant(
    @Arg('input', () => ArchiveVariantInput, { description: 'Which one.' }) input: ArchiveVariantInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return changeVariant(ctx, 'archiveVariant', (tx) => archiveVariant(tx, input));
  }

  @Staff('MERCHANDISER')
  @Mutation(() => SetPricesPayload, { description: 'Sets prices of many variants, all or nothing.' })
  async setPrices(
    @Arg('input', () => SetPricesInput, { description: 'The prices.' }) input: SetPricesInput,
    @Ctx() ctx: ProductsContext,
  ) {
    let ids: VariantId[] = [];
    const { errors } = await ctx.mutate(
      'setPrices',
      {},
      async (tx) => {
        ids = await setPrices(tx, ctx.viewer.channel, { entries: input.entries, dryRun: input.dryRun ?? false });
        return null;
      },
      () => ({}),
    );
    return { variants: errors.length > 0 ? [] : await ctx.loaders.variantById.loadMany(ids), errors };
  }

  @Staff('MERCHANDISER')
  @Mutation(() => ProductPayload, { description: 'Tells a product in other languages.' })
  setTranslations(
    @Arg('input', () => SetTranslationsInput, { description: 'The texts.' }) input: SetTranslationsInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return changeProduct(ctx, 'setTranslations', (tx) => setTranslations(tx, input));
  }

  @Staff('MERCHANDISER')
  @Mutation(() => SetLabelsPayload, {
    description: 'Tells the words of options, their values and attributes in another language.',
  })
  setLabels(
    @Arg('input', () => SetLabelsInput, { description: 'The words.' }) input: SetLabelsInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return ctx.mutate(
      'setLabels',
      {},
      (tx) => setLabels(tx, input),
      () => ({}),
    );
  }
}
