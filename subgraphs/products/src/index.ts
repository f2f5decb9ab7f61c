import { join } from 'node:path';
import { batchBy, batchById, batchManyBy, defineSubgraph, owned } from '@souk/kit';
import type { CategoryId, CollectionId, MediaId, ProductId, VariantId } from '@souk/schema';
import { CategoryResolver } from './category.resolvers.ts';
import { CategoryError, CollectionError } from './category.types.ts';
import { CollectionResolver } from './collection.resolvers.ts';
import { type ProductsContext, type ProductsLoaders, seesProduct, seesVariant } from './context.resolvers.ts';
import { sharpEncoder } from './image-encoder.sharp.ts';
import { httpsImageSource } from './image-source.https.ts';
import { ImportResolver } from './import.resolvers.ts';
import { localeChain } from './locale.ts';
import { MediaResolver } from './media.resolvers.ts';
import { routes } from './media.routes.ts';
import { fetchImages, type MediaPorts, removeFiles } from './media.service.ts';
import { MediaError } from './media.types.ts';
import { localMediaStorage } from './media-storage.local.ts';
import { migrations } from './migrations/0001_products.ts';
import { searchMatches } from './migrations/0002_search_matches.ts';
import { ProductResolver } from './product.resolvers.ts';
import type { ProductsDb } from './product.tables.ts';
import { ProductError } from './product.types.ts';
import { ProductMutations } from './product-mutation.resolvers.ts';
import {
  listCategoriesByIds,
  listChildCategories,
  listCollectionsByIds,
  listCollectionsOfProducts,
  listDetailsOfProducts,
  listLabels,
  listMediaByIds,
  listMediaOfProducts,
  listProductsByIds,
  listVariantsByIds,
  listVariantsOfProducts,
} from './product-view.repository.ts';
import { hears } from './stock.events.ts';
import { refreshPrices, refreshSearch, snapshot } from './upkeep.service.ts';
import { readGrant, signGrant } from './upload-token.ts';
import { VariantResolver } from './variant.resolvers.ts';

/** Products, variants, prices, categories, collections, pictures: what the shop sells, and how it is found. */
export const products = defineSubgraph<ProductsDb, ProductsLoaders, MediaPorts>({
  name: 'products',
  resolvers: [
    ProductResolver,
    ProductMutations,
    VariantResolver,
    CategoryResolver,
    CollectionResolver,
    MediaResolver,
    ImportResolver,
  ],
  orphans: [ProductError, CategoryError, CollectionError, MediaError],
  entities: {
    Product: owned(async (id: ProductId, ctx: ProductsContext) => {
      const product = await ctx.loaders.productById.load(id);
      return product && seesProduct(ctx.viewer, product) ? product : null;
    }),
    ProductVariant: owned(async (id: VariantId, ctx: ProductsContext) => {
      const variant = await ctx.loaders.variantById.load(id);
      return variant && seesVariant(ctx.viewer, variant.product_published_at) ? variant : null;
    }),
    Category: owned((id: CategoryId, ctx: ProductsContext) => ctx.loaders.categoryById.load(id)),
    Collection: owned((id: CollectionId, ctx: ProductsContext) => ctx.loaders.collectionById.load(id)),
    Media: owned(async (id: MediaId, ctx: ProductsContext) => {
      const media = await ctx.loaders.mediaById.load(id);
      return media && seesVariant(ctx.viewer, media.product_published_at) ? media : null;
    }),
  },
  migrations: { ...migrations, ...searchMatches },
  hears,
  ticks: {
    refreshPrices: { everySeconds: 5, run: refreshPrices },
    refreshSearch: { everySeconds: 60, run: refreshSearch },
    fetchImages: { everySeconds: 300, run: fetchImages },
    removeFiles: { everySeconds: 600, run: removeFiles },
  },
  loaders: ({ db, viewer }) => {
    const { channel } = viewer;
    const locales = localeChain(viewer.locale);
    return {
      productById: batchById((ids) => listProductsByIds(db, ids, locales)),
      variantById: batchById((ids) => listVariantsByIds(db, ids, channel, locales)),
      variantsOf: batchManyBy(
        (ids) => listVariantsOfProducts(db, ids, channel, locales),
        (row) => row.product_id,
      ),
      detailsOf: batchBy(
        (ids) => listDetailsOfProducts(db, ids),
        (row) => row.product_id,
      ),
      mediaOf: batchManyBy(
        (ids) => listMediaOfProducts(db, ids),
        (row) => row.product_id,
      ),
      mediaById: batchById((ids) => listMediaByIds(db, ids)),
      categoryById: batchById((ids) => listCategoriesByIds(db, ids, locales)),
      childrenOf: batchManyBy(
        (parents) => listChildCategories(db, parents),
        (row) => row.parent,
      ),
      collectionById: batchById((ids) => listCollectionsByIds(db, ids, locales)),
      collectionsOf: batchManyBy(
        (ids) => listCollectionsOfProducts(db, ids, locales),
        (row) => row.product_id,
      ),
      label: batchBy(
        (labels) => listLabels(db, labels, locales),
        (row) => row.label,
      ),
    };
  },
  ports: ({ config, dataDir, tokenKey }) => ({
    storage: localMediaStorage(join(dataDir, 'media')),
    encoder: sharpEncoder(),
    source: config.SOUK_FETCH_IMAGES ? httpsImageSource() : null,
    signGrant: (grant) => signGrant(grant, tokenKey.privateKey),
    readGrant: (token, now) => readGrant(token, tokenKey.publicKey, now),
  }),
  routes,
  snapshot,
});
