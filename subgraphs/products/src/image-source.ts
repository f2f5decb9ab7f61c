export type NotFetched = 'ADDRESS_REFUSED' | 'NOT_FOUND' | 'TOO_LARGE' | 'UNREACHABLE';

/** Gets the bytes behind an address a stranger named. Never reaches into our own network. */
export interface ImageSource {
  fetch(url: string, signal: AbortSignal): Promise<Buffer | NotFetched>;
}
