import { lookup } from 'node:dns';
import { type IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isFetchable, isPublicAddress } from './image-address.ts';
import type { ImageSource, NotFetched } from './image-source.ts';
import { UPLOAD_BYTES_MAX } from './media.ts';

const REDIRECTS_MAX = 3;
const MILLISECONDS_MAX = 15_000;

class RefusedAddress extends Error {}

/** What a test may loosen to reach a server of its own. */
export interface Loosened {
  readonly isFetchable?: (url: string) => boolean;
  readonly isPublicAddress?: (address: string) => boolean;
  readonly request?: typeof secureRequest;
}

/**
 * Fetches over https. The name is resolved once, every address it has must be public, and the connection goes to the
 * address that was judged, so that a name cannot change its mind in between. Redirects are judged like the first address.
 */
export function httpsImageSource(loosened: Loosened = {}): ImageSource {
  const mayFetch = loosened.isFetchable ?? isFetchable;
  const mayConnect = loosened.isPublicAddress ?? isPublicAddress;
  const request = loosened.request ?? secureRequest;

  const judgedLookup: LookupFunction = (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, []);
      if (addresses.length === 0 || addresses.some(({ address }) => !mayConnect(address))) {
        return done(new RefusedAddress('not a public address'), []);
      }
      return options.all ? done(null, addresses) : done(null, addresses[0]!.address, addresses[0]!.family);
    });
  };

  const get = (url: string, signal: AbortSignal) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { accept: 'image/avif,image/webp,image/png,image/jpeg', 'user-agent': 'Souk' };
      request(url, { headers, lookup: judgedLookup, agent: false, signal }, resolve).on('error', reject).end();
    });

  async function read(message: IncomingMessage): Promise<Buffer | NotFetched> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of message as AsyncIterable<Buffer>) {
      size += chunk.length;
      // A stated length may lie; what arrives is counted.
      if (size > UPLOAD_BYTES_MAX) return 'TOO_LARGE';
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  return {
    async fetch(first, outer) {
      const signal = AbortSignal.any([outer, AbortSignal.timeout(MILLISECONDS_MAX)]);
      let url = first;
      try {
        for (let hop = 0; hop <= REDIRECTS_MAX; hop++) {
          if (!mayFetch(url)) return 'ADDRESS_REFUSED';
          const message = await get(url, signal);
          const status = message.statusCode ?? 0;
          const { location } = message.headers;
          if (status >= 300 && status < 400 && location && URL.canParse(location, url)) {
            message.destroy();
            url = new URL(location, url).href;
            continue;
          }
          if (status === 200) return await read(message);
          message.destroy();
          return status >= 400 && status < 500 && status !== 408 && status !== 429 ? 'NOT_FOUND' : 'UNREACHABLE';
        }
        return 'NOT_FOUND';
      } catch (error) {
        return error instanceof RefusedAddress ? 'ADDRESS_REFUSED' : 'UNREACHABLE';
      }
    },
  };
}
