import type { HouseContext } from '@souk/kit';
import {
  type CategoryId,
  type CollectionId,
  isStaff,
  type MediaId,
  type ProductId,
  type VariantId,
  type Viewer,
} from '@souk/schema';
import type DataLoader from 'dataloader';
import type { MediaPorts } from './media.service.ts';
import type { ProductsDb } from './product.tables.ts';
import type {
  AttributeView,
  CategoryWithAncestors,
  CollectionView,
  listMediaByIds,
  MediaView,
  OptionView,
  ProductView,
  VariantView,
} from './product-view.repository.ts';

export interface ProductsLoaders {
  productById: DataLoader<ProductId, ProductView | null>;
  variantById: DataLoader<VariantId, VariantView | null>;
  variantsOf: DataLoader<ProductId, VariantView[]>;
  detailsOf: DataLoader<ProductId, { options: OptionView[]; attributes: AttributeView[] } | null>;
  mediaOf: DataLoader<ProductId, MediaView[]>;
  mediaById: DataLoader<MediaId, Awaited<ReturnType<typeof listMediaByIds>>[number] | null>;
  categoryById: DataLoader<CategoryId, CategoryWithAncestors | null>;
  childrenOf: DataLoader<CategoryId | 'root', { id: CategoryId }[]>;
  collectionById: DataLoader<CollectionId, CollectionView | null>;
  collectionsOf: DataLoader<ProductId, CollectionView[]>;
  label: DataLoader<string, { translated: string } | null>;
}

export type ProductsContext = HouseContext<ProductsDb, ProductsLoaders, MediaPorts>;

/** Products that are not for sale are staff's business alone: for all others they do not exist. */
export const seesProduct = (viewer: Viewer, product: { readonly status: string }): boolean =>
  product.status === 'PUBLISHED' || isStaff(viewer);

/** A variant stays known to all once its product was for sale: carts and orders show it. */
export const seesVariant = (viewer: Viewer, publishedAt: Date | null): boolean =>
  publishedAt !== null || isStaff(viewer);
