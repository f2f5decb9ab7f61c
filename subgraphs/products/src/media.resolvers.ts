import { Staff } from '@souk/kit';
import type { MediaId, ProductId } from '@souk/schema';
import { Arg, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import type { ProductsContext } from './context.resolvers.ts';
import {
  addPicture,
  editPicture,
  grantUpload,
  type Prepared,
  prepareImage,
  readBase64,
  removePicture,
  reorderPictures,
} from './media.service.ts';
import { pathOf, type MediaStatus as Status } from './media.ts';
import {
  CreateMediaUploadInput,
  Media,
  MediaListPayload,
  MediaPayload,
  MediaUploadPayload,
  RemoveMediaInput,
  ReorderMediaInput,
  UpdateMediaInput,
  UploadMediaInput,
} from './media.types.ts';
import type { MediaView } from './product-view.repository.ts';
import type { UploadGrant } from './upload-token.ts';

@Resolver(() => Media)
export class MediaResolver {
  @FieldResolver(() => String, { nullable: true })
  url(
    @Root() media: MediaView,
    @Arg('width', () => Int, {
      nullable: true,
      description: 'Wanted width in pixels: the narrowest copy that is as wide.',
    })
    width: number | null,
    @Ctx() ctx: ProductsContext,
  ): string | null {
    if ((media.status as Status) !== 'READY') return null;
    const { key, content_type, width: full, height, widths } = media;
    const image = { key: key!, contentType: content_type!, width: full!, height: height!, widths: widths! };
    return `${ctx.platform.publicUrl}${pathOf(image, width ?? null)}`;
  }

  @FieldResolver(() => String, { nullable: true })
  contentType(@Root() media: MediaView): string | null {
    return media.content_type;
  }

  @FieldResolver(() => String, { nullable: true })
  sourceUrl(@Root() media: MediaView): string | null {
    return media.source_url;
  }

  @Staff('MERCHANDISER')
  @Mutation(() => MediaPayload, {
    description: 'Adds a picture to a product. The same file again is the same picture.',
  })
  uploadMedia(
    @Arg('input', () => UploadMediaInput, { description: 'The picture.' }) input: UploadMediaInput,
    @Ctx() ctx: ProductsContext,
  ) {
    let prepared: Prepared | undefined;
    return ctx.mutate('uploadMedia', {}, (tx) => addPicture(tx, input, prepared!), payload(ctx), {
      // Encoding and writing files takes its time: no connection waits for it.
      before: async () => {
        prepared = await prepareImage(ctx, readBase64(input.contentBase64), ['input', 'contentBase64']);
      },
    });
  }

  @Staff('MERCHANDISER')
  @Mutation(() => MediaUploadPayload, { description: 'Gives an address to send a bigger picture to.' })
  async createMediaUpload(
    @Arg('input', () => CreateMediaUploadInput, { description: 'What it will be.' }) input: CreateMediaUploadInput,
    @Ctx() ctx: ProductsContext,
  ) {
    let grant: UploadGrant | undefined;
    return ctx.mutate(
      'createMediaUpload',
      {},
      async (tx) => {
        grant = await grantUpload(tx, input);
        return grant.productId;
      },
      () => ({
        uploadUrl: `${ctx.platform.publicUrl}/media/upload/${ctx.ports.signGrant(grant!)}`,
        expiresAt: new Date(grant!.expiresAt),
      }),
    );
  }

  @Staff('MERCHANDISER')
  @Mutation(() => MediaPayload, { description: 'Changes how a picture is described.' })
  updateMedia(
    @Arg('input', () => UpdateMediaInput, { description: 'What changes.' }) input: UpdateMediaInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return ctx.mutate('updateMedia', {}, (tx) => editPicture(tx, input), payload(ctx));
  }

  @Staff('MERCHANDISER')
  @Mutation(() => MediaListPayload, { description: 'Removes a picture and its files.' })
  removeMedia(
    @Arg('input', () => RemoveMediaInput, { description: 'Which one.' }) input: RemoveMediaInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return listed(ctx.mutate('removeMedia', {}, (tx) => removePicture(tx, input), list(ctx)));
  }

  @Staff('MERCHANDISER')
  @Mutation(() => MediaListPayload, { description: 'Puts the pictures of a product in order.' })
  reorderMedia(
    @Arg('input', () => ReorderMediaInput, { description: 'The order.' }) input: ReorderMediaInput,
    @Ctx() ctx: ProductsContext,
  ) {
    return listed(ctx.mutate('reorderMedia', {}, (tx) => reorderPictures(tx, input), list(ctx)));
  }
}

const payload = (ctx: ProductsContext) => (id: string) => ({ media: ctx.loaders.mediaById.load(id as MediaId) });
const list = (ctx: ProductsContext) => async (id: string) => ({
  media: await ctx.loaders.mediaOf.load(id as ProductId),
});
const listed = async <T extends { media?: MediaView[] }>(answer: Promise<T>) => {
  const { media = [], ...rest } = await answer;
  return { ...rest, media };
};
