import { Cached, PageArgs, Staff, Uncached, wireId } from '@souk/kit';
import { type CategoryId, decodeId } from '@souk/schema';
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { createCategory, editCategory, moveCategory } from './category.service.ts';
import {
  Category,
  CategoryPayload,
  CreateCategoryInput,
  MoveCategoryInput,
  UpdateCategoryInput,
} from './category.types.ts';
import type { ProductsContext } from './context.resolvers.ts';
import { KEPT_SECONDS } from './kept.ts';
import { listProducts } from './product.resolvers.ts';
import { ProductConnection, ProductFilter, ProductSort } from './product.types.ts';
import { type CategoryView, type CategoryWithAncestors, findCategoryIdBySlug } from './product-view.repository.ts';

@Resolver(() => Category)
export class CategoryResolver {
  @Cached(KEPT_SECONDS)
  @Query(() => Category, { nullable: true, description: 'A category by its id.' })
  category(@Arg('id', () => ID, { description: 'The category.' }) id: string, @Ctx() ctx: ProductsContext) {
    const uuid = decodeId('Category', id);
    return uuid && ctx.loaders.categoryById.load(uuid);
  }

  @Cached(KEPT_SECONDS)
  @Query(() => Category, { nullable: true, description: 'A category by its slug, or by one it had before.' })
  async categoryBySlug(
    @Arg('slug', () => String, { description: 'The slug.' }) slug: string,
    @Ctx() ctx: ProductsContext,
  ) {
    const id = await findCategoryIdBySlug(ctx.db, slug);
    return id ? ctx.loaders.categoryById.load(id) : null;
  }

  @Cached(KEPT_SECONDS)
  @Query(() => [Category], { description: 'The categories right below one, or the first level.' })
  async categories(
    @Arg('parentId', () => ID, { nullable: true, description: 'The category above.' }) parentId: string | null,
    @Ctx() ctx: ProductsContext,
  ) {
    const parent = parentId == null ? 'root' : decodeId('Category', parentId);
    return parent ? childrenOf(ctx, parent) : [];
  }

  @FieldResolver(() => String)
  name(@Root() category: CategoryView): string {
    return category.translation?.name ?? category.name;
  }

  @FieldResolver(() => String)
  description(@Root() category: CategoryView): string {
    return category.translation?.description ?? category.description;
  }

  @FieldResolver(() => Category, { nullable: true })
  parent(@Root() category: CategoryWithAncestors, @Ctx() ctx: ProductsContext) {
    return category.ancestors?.at(-1) ?? (category.parent_id && ctx.loaders.categoryById.load(category.parent_id));
  }

  @FieldResolver(() => [Category])
  children(@Root() category: CategoryView, @Ctx() ctx: ProductsContext) {
    return childrenOf(ctx, category.id);
  }

  @FieldResolver(() => [Category])
  async ancestors(@Root() category: CategoryWithAncestors, @Ctx() ctx: ProductsContext) {
    return category.ancestors ?? (await ctx.loaders.categoryById.load(category.id))?.ancestors ?? [];
  }

  @Uncached()
  @FieldResolver(() => ProductConnection, { description: 'Products in it or below it.' })
  products(
    @Root() category: CategoryView,
    @Arg('filter', () => ProductFilter, { nullable: true, description: 'Which of them.' }) filter: ProductFilter | null,
    @Arg('sort', () => ProductSort, { nullable: true, description: 'Newest first if unsaid.' })
    sort: ProductSort | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: ProductsContext,
  ) {
    const within = { category: wireId('Category', category.id) };
    const status = filter?.status;
    return listProducts(
      ctx,
      { filter: { ...within, status, and: filter ? [{ ...filter, status: null }] : null }, sort },
      page,
    );
  }

  @Staff('MERCHANDISER')
  @Mutation(() => CategoryPayload, { description: 'Creates a category.' })
  createCategory(
    @Arg('input', () => CreateCategoryInput, { description: 'What it is.' }) input: CreateCategoryInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return ctx.mutate('createCategory', {}, (tx) => createCategory(tx, input), payload(ctx));
  }

  @Staff('MERCHANDISER')
  @Mutation(() => CategoryPayload, { description: 'Changes a category.' })
  updateCategory(
    @Arg('input', () => UpdateCategoryInput, { description: 'What changes.' }) input: UpdateCategoryInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return ctx.mutate('updateCategory', {}, (tx) => editCategory(tx, input), payload(ctx));
  }

  @Staff('MERCHANDISER')
  @Mutation(() => CategoryPayload, {
    description: 'Hangs a category, with everything below it, elsewhere in the tree.',
  })
  moveCategory(
    @Arg('input', () => MoveCategoryInput, { description: 'Where it goes.' }) input: MoveCategoryInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return ctx.mutate('moveCategory', {}, (tx) => moveCategory(tx, input), payload(ctx));
  }
}

const payload = (ctx: ProductsContext) => (id: string) => ({
  category: ctx.loaders.categoryById.load(id as CategoryId),
});

async function childrenOf(ctx: ProductsContext, parent: CategoryId | 'root') {
  const children = await ctx.loaders.childrenOf.load(parent);
  const found = await ctx.loaders.categoryById.loadMany(children.map((child) => child.id));
  return found.filter((one) => one !== null && !(one instanceof Error));
}
