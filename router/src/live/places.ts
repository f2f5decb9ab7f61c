import { systemError } from '@souk/kit';
import type { Viewer } from '@souk/schema';

/** How many streams, or sockets, may be open at a time. */
export interface PlaceLimits {
  /** Of one viewer who is somebody. */
  readonly perViewer: number;
  /** Of one address, which may be that of many. */
  readonly perAddress: number;
  /** Of this process. */
  readonly total: number;
}

export const streamPlaces: PlaceLimits = { perViewer: 100, perAddress: 2_000, total: 20_000 };
export const socketPlaces: PlaceLimits = { perViewer: 100, perAddress: 500, total: 20_000 };

export interface Places {
  /** Takes a place; the answer gives it back, once. Throws RATE_LIMITED, or OVERLOADED where this process is full. */
  take(viewer: Pick<Viewer, 'principal' | 'clientAddress'>): () => void;
  readonly taken: number;
}

const RETRY_AFTER_MS = 5_000;

/** `what` is what is counted, in the plural, for the sentence. */
export function placesFor(what: string, { perViewer, perAddress, total }: PlaceLimits): Places {
  const counts = new Map<string, number>();
  let taken = 0;

  const refuse = (code: 'RATE_LIMITED' | 'OVERLOADED', message: string) => {
    const seconds = String(RETRY_AFTER_MS / 1_000);
    const http = { status: code === 'OVERLOADED' ? 503 : 429, headers: { 'retry-after': seconds } };
    return systemError(code, message, { retryAfterMs: RETRY_AFTER_MS, http });
  };

  return {
    get taken() {
      return taken;
    },
    take({ principal, clientAddress }) {
      if (taken >= total)
        throw refuse('OVERLOADED', `Too many ${what} are open here right now. Please try again shortly.`);
      const bounds = new Map<string, number>();
      if (principal !== 'anonymous') bounds.set(`viewer ${principal}`, perViewer);
      if (clientAddress !== null) bounds.set(`address ${clientAddress}`, perAddress);
      for (const [key, most] of bounds) {
        if ((counts.get(key) ?? 0) >= most)
          throw refuse('RATE_LIMITED', `You have ${most} ${what} open. Close one to open another.`);
      }
      taken++;
      for (const key of bounds.keys()) counts.set(key, (counts.get(key) ?? 0) + 1);
      let here = true;
      return () => {
        if (!here) return;
        here = false;
        taken--;
        for (const key of bounds.keys()) {
          const left = counts.get(key)! - 1;
          if (left === 0) counts.delete(key);
          else counts.set(key, left);
        }
      };
    },
  };
}
