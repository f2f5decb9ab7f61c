import { Cached, PageArgs, Staff, Uncached } from '@souk/kit';
import { type CollectionId, decodeId } from '@souk/schema';
import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import {
  Collection,
  CollectionConnection,
  CollectionPayload,
  CreateCollectionInput,
  SetCollectionProductsInput,
  UpdateCollectionInput,
} from './category.types.ts';
import { createCollection, editCollection, setCollectionProducts } from './collection.service.ts';
import type { ProductsContext } from './context.resolvers.ts';
import { KEPT_SECONDS } from './kept.ts';
import { localeChain } from './locale.ts';
import { listProducts } from './product.resolvers.ts';
import { ProductConnection, ProductFilter } from './product.types.ts';
import { type CollectionView, findCollectionIdBySlug, pageCollections } from './product-view.repository.ts';

@Resolver(() => Collection)
export class CollectionResolver {
  @Cached(KEPT_SECONDS)
  @Query(() => Collection, { nullable: true, description: 'A collection by its id.' })
  collection(@Arg('id', () => ID, { description: 'The collection.' }) id: string, @Ctx() ctx: ProductsContext) {
    const uuid = decodeId('Collection', id);
    return uuid && ctx.loaders.collectionById.load(uuid);
  }

  @Cached(KEPT_SECONDS)
  @Query(() => Collection, { nullable: true, description: 'A collection by its slug, or by one it had before.' })
  async collectionBySlug(
    @Arg('slug', () => String, { description: 'The slug.' }) slug: string,
    @Ctx() ctx: ProductsContext,
  ) {
    const id = await findCollectionIdBySlug(ctx.db, slug);
    return id ? ctx.loaders.collectionById.load(id) : null;
  }

  @Query(() => CollectionConnection, { description: 'All collections by name.' })
  collections(@Args(() => PageArgs) page: PageArgs, @Ctx() ctx: ProductsContext) {
    return pageCollections(ctx.db, localeChain(ctx.viewer.locale), page);
  }

  @FieldResolver(() => String)
  name(@Root() collection: CollectionView): string {
    return collection.translation?.name ?? collection.name;
  }

  @FieldResolver(() => String)
  description(@Root() collection: CollectionView): string {
    return collection.translation?.description ?? collection.description;
  }

  @Uncached()
  @FieldResolver(() => ProductConnection, { description: 'Its products in the merchant’s order.' })
  products(
    @Root() collection: CollectionView,
    @Arg('filter', () => ProductFilter, { nullable: true, description: 'Which of them.' }) filter: ProductFilter | null,
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() ctx: ProductsContext,
  ) {
    return listProducts(ctx, { filter }, page, { collectionOrder: collection.id });
  }

  @Staff('MERCHANDISER')
  @Mutation(() => CollectionPayload, { description: 'Creates a collection.' })
  createCollection(
    @Arg('input', () => CreateCollectionInput, { description: 'What it is.' }) input: CreateCollectionInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return ctx.mutate('createCollection', {}, (tx) => createCollection(tx, input), payload(ctx));
  }

  @Staff('MERCHANDISER')
  @Mutation(() => CollectionPayload, { description: 'Changes a collection.' })
  updateCollection(
    @Arg('input', () => UpdateCollectionInput, { description: 'What changes.' }) input: UpdateCollectionInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return ctx.mutate('updateCollection', {}, (tx) => editCollection(tx, input), payload(ctx));
  }

  @Staff('MERCHANDISER')
  @Mutation(() => CollectionPayload, { description: 'Sets what a collection holds, in order.' })
  setCollectionProducts(
    @Arg('input', () => SetCollectionProductsInput, { description: 'What it holds.' })
    input: SetCollectionProductsInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return ctx.mutate('setCollectionProducts', {}, (tx) => setCollectionProducts(tx, input), payload(ctx));
  }
}

const payload = (ctx: ProductsContext) => (id: string) => ({
  collection: ctx.loaders.collectionById.load(id as CollectionId),
});
