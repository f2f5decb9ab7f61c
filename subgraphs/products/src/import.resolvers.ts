import { Staff } from '@souk/kit';
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { ProductsContext } from './context.resolvers.ts';
import { importProducts, type ImportResult as Result } from './import.service.ts';
import {
  ImportErrorPolicy,
  ImportProductsInput,
  ImportProductsPayload,
  ImportResult as ImportResultType,
} from './import.types.ts';
import { Product } from './product.types.ts';

@Resolver(() => ImportResultType)
export class ImportResolver {
  @Staff('MERCHANDISER')
  @Mutation(() => ImportProductsPayload, {
    description:
      'Creates products and brings known ones up to date, up to 100 in one go. Repeating it changes nothing.',
  })
  async importProducts(
    @Arg('input', () => ImportProductsInput, { description: 'The products.' }) input: ImportProductsInput,
    @Ctx() ctx: ProductsContext,
  ) {
    let results: Result[] = [];
    const { errors } = await ctx.mutate(
      'importProducts',
      {},
      async (tx) => {
        results = await importProducts(tx, ctx.viewer.channel, {
          products: input.products,
          errorPolicy: input.errorPolicy ?? ImportErrorPolicy.CONTINUE,
          dryRun: input.dryRun ?? false,
        });
        return null;
      },
      () => ({}),
    );
    return { results, errors };
  }

  @FieldResolver(() => Product, { nullable: true })
  product(@Root() { productId }: Result, @Ctx() ctx: ProductsContext) {
    return productId && ctx.loaders.productById.load(productId);
  }
}
