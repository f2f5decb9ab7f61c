import type { IncomingMessage } from 'node:http';
import type { BlockList } from 'node:net';
import { isWithin, plainAddress } from '@souk/kit';

/**
 * The address a request came from. Proxies append the address they saw to X-Forwarded-For, so it is read from its end, as long
 * as whoever wrote is one of ours; what stands before that anybody could have made up.
 */
export function addressOf(
  {
    headers,
    socket,
  }: Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly remoteAddress?: string | undefined } },
  trusted: BlockList,
): string | null {
  let address = plainAddress(socket.remoteAddress);
  const forwarded = headers['x-forwarded-for'];
  const hops = (typeof forwarded === 'string' ? forwarded : (forwarded ?? []).join())
    .split(',')
    .map((hop) => hop.trim());
  while (isWithin(trusted, address)) {
    const before = plainAddress(hops.pop()?.replace(/^\[(.*)\]$/, '$1'));
    // A proxy that names nobody stands for itself.
    if (before === null) return address;
    address = before;
  }
  return address;
}
