import { Cached, DateTime, IdField, Node, Staff, UserError } from '@souk/kit';
import type { MediaId } from '@souk/schema';
import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { KEPT_SECONDS } from './kept.ts';

export enum MediaStatus {
  PENDING = 'PENDING',
  READY = 'READY',
  FAILED = 'FAILED',
}
registerEnumType(MediaStatus, {
  name: 'MediaStatus',
  description: 'Whether a picture is stored.',
  valuesConfig: {
    PENDING: { description: 'Known by its address, not fetched yet.' },
    READY: { description: 'Stored and served by us.' },
    FAILED: { description: 'Could not be fetched.' },
  },
});

@Cached(KEPT_SECONDS)
@ObjectType({ implements: Node, description: 'A picture of a product.' })
@Directive('@key(fields: "id")')
export class Media extends Node {
  @IdField('Media')
  declare id: MediaId;
  @Field(() => String, { nullable: true, description: 'Where it is served; null until it is stored.' })
  url!: string | null;
  @Field(() => Int, { nullable: true, description: 'Pixels across.' })
  width!: number | null;
  @Field(() => Int, { nullable: true, description: 'Pixels down.' })
  height!: number | null;
  @Field(() => String, { description: 'What it shows, for those who cannot see it.' })
  alt!: string;
  @Field(() => String, { nullable: true, description: 'Media type of the file that is served.' })
  contentType!: string | null;
  @Field(() => Int, { description: 'Its place among the pictures of its product.' })
  position!: number;
  @Field(() => String, { nullable: true, description: 'Where an import said it is.' })
  sourceUrl!: string | null;
  @Field(() => MediaStatus, { description: 'Whether it is stored.' })
  status!: MediaStatus;
  @Staff('MERCHANDISER')
  @Field(() => String, { nullable: true, description: 'Why it could not be fetched.' })
  failure!: string | null;
}

export enum MediaErrorCode {
  INVALID = 'INVALID',
  NOT_FOUND = 'NOT_FOUND',
  NOT_AN_IMAGE = 'NOT_AN_IMAGE',
  TOO_LARGE = 'TOO_LARGE',
  LIMIT = 'LIMIT',
}
registerEnumType(MediaErrorCode, {
  name: 'MediaErrorCode',
  description: 'Why a picture was not changed.',
  valuesConfig: {
    INVALID: { description: 'A value is not of its form, too long or out of range.' },
    NOT_FOUND: { description: 'Something named in the input does not exist.' },
    NOT_AN_IMAGE: { description: 'Not a PNG, JPEG, WebP or AVIF that can be read.' },
    TOO_LARGE: { description: 'More than 8 MB or 40 million pixels.' },
    LIMIT: { description: 'The product has as many pictures as it may.' },
  },
});

@ObjectType({ implements: UserError, description: 'Why a picture was not changed.' })
export class MediaError extends UserError {
  @Field(() => MediaErrorCode, { description: 'For programs.' })
  code!: MediaErrorCode;
}

@ObjectType({ description: 'A picture after a change.' })
export class MediaPayload {
  @Field(() => Media, { nullable: true, description: 'The picture, if it was changed.' })
  media!: Media | null;
  @Field(() => [MediaError], { description: 'What to correct; empty if it was changed.' })
  errors!: MediaError[];
}

@ObjectType({ description: 'Pictures of a product after a change.' })
export class MediaListPayload {
  @Field(() => [Media], { description: 'All its pictures, in order; empty if nothing was changed.' })
  media!: Media[];
  @Field(() => [MediaError], { description: 'What to correct; empty if it was changed.' })
  errors!: MediaError[];
}

@ObjectType({ description: 'Where to send a file.' })
export class MediaUploadPayload {
  @Field(() => String, {
    nullable: true,
    description: 'PUT the file here: PNG, JPEG, WebP or AVIF of up to 8 MB. Answers its id as JSON.',
  })
  uploadUrl!: string | null;
  @Field(() => DateTime, { nullable: true, description: 'When the address stops working.' })
  expiresAt!: Date | null;
  @Field(() => [MediaError], { description: 'What to correct; empty if there is an address.' })
  errors!: MediaError[];
}

@InputType({ description: 'A picture in the request itself.' })
export class UploadMediaInput {
  @Field(() => ID, { description: 'The product it shows.' })
  productId!: string;
  @Field(() => String, {
    description: 'The file in base64, up to about 700 kB. For bigger ones see createMediaUpload.',
  })
  contentBase64!: string;
  @Field(() => String, { nullable: true, description: 'What it shows.' })
  alt?: string | null;
  @Field(() => Int, { nullable: true, description: 'Its place; last if unsaid.' })
  position?: number | null;
}

@InputType({ description: 'A picture that will be sent to an address of its own.' })
export class CreateMediaUploadInput {
  @Field(() => ID, { description: 'The product it shows.' })
  productId!: string;
  @Field(() => String, { nullable: true, description: 'What it shows.' })
  alt?: string | null;
  @Field(() => Int, { nullable: true, description: 'Its place; last if unsaid.' })
  position?: number | null;
}

@InputType({ description: 'A change to a picture.' })
export class UpdateMediaInput {
  @Field(() => ID, { description: 'The picture.' })
  id!: string;
  @Field(() => String, { nullable: true, description: 'What it shows.' })
  alt?: string | null;
}

@InputType({ description: 'A picture to remove.' })
export class RemoveMediaInput {
  @Field(() => ID, { description: 'The picture.' })
  id!: string;
}

@InputType({ description: 'Pictures in the order wanted.' })
export class ReorderMediaInput {
  @Field(() => ID, { description: 'The product.' })
  productId!: string;
  @Field(() => [ID], { description: 'All its pictures, first to last.' })
  mediaIds!: string[];
}
