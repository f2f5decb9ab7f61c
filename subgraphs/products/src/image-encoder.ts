export interface EncodedImage {
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
  /** Narrower copies, ascending by width. */
  readonly copies: readonly { readonly width: number; readonly bytes: Buffer }[];
}

export type NotEncoded = 'NOT_AN_IMAGE' | 'TOO_LARGE';

/** Makes our own picture of whatever bytes a stranger sent: nothing of the file but its pixels comes through. */
export interface ImageEncoder {
  encode(bytes: Buffer, copyWidths: readonly number[]): Promise<EncodedImage | NotEncoded>;
}
