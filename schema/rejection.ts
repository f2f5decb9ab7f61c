/** Data a client may need to act on a Rejection, such as `availableQuantity`. JSON values only, never personal data. */
export type RejectionData = Readonly<Record<string, unknown>>;

/**
 * An expected "no": it rolls the transaction back and becomes a typed payload error.
 * `code` is a member of the payload's error enum, `message` a whole sentence a person can act on,
 * `field` the path into the mutation's input that caused it.
 */
export class Rejection extends Error {
  override readonly name = 'Rejection';
  constructor(
    readonly code: string,
    message: string,
    readonly field: readonly string[] | null = null,
    readonly data: RejectionData = {},
  ) {
    super(message);
  }
}

/** Several expected "no"s found in one input: every one is told at once, so that a form is corrected in one go. */
export class Rejections extends Error {
  override readonly name = 'Rejections';
  constructor(readonly all: readonly Rejection[]) {
    super(all.map((r) => r.message).join(' '));
  }
}
