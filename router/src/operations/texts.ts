import type { Kv } from '@souk/kit';
import { Recent } from '../executor/recent.ts';
import { sha256 } from '../pipeline.ts';

/** Longer texts are not kept: their clients are told to send them again. */
const LONGEST_TEXT = 16_000;
const MOST_HERE = 1_000;
/** Three hexadecimal digits of a text's hash choose its place, so that there are never more than this many: 64 MB. */
const PLACE_DIGITS = 3;
const KEEP_SECONDS = 86_400;

interface Kept {
  readonly hash: string;
  readonly text: string;
}

/** Texts that clients sent together with their hashes (Apollo's automatic persisted queries), for all routers of a shop. */
export interface Texts {
  get(hash: string): string | undefined | Promise<string | undefined>;
  put(hash: string, text: string): void;
}

const placeOf = (hash: string): string => `router:text:${hash.slice(0, PLACE_DIGITS)}`;

/**
 * Each text has one place in the kv, and the later takes it from the earlier: however many are sent, no more are kept. A text
 * that is gone is sent again by its client. Where the kv is away each router knows what was sent to it.
 */
export function keptTexts(kv: Kv): Texts {
  const here = new Recent<string>(MOST_HERE);

  async function look(hash: string): Promise<string | undefined> {
    const kept = await kv.get<Kept>(placeOf(hash)).catch(() => undefined);
    // Whoever could write there must not decide what runs under a hash.
    if (kept?.hash !== hash || sha256(kept.text) !== hash) return undefined;
    here.set(hash, kept.text);
    return kept.text;
  }

  return {
    get: (hash) => here.get(hash) ?? look(hash),
    put(hash, text) {
      if (text.length > LONGEST_TEXT || here.get(hash) === text) return;
      here.set(hash, text);
      kv.set(placeOf(hash), { hash, text } satisfies Kept, KEEP_SECONDS).catch(() => undefined);
    },
  };
}
