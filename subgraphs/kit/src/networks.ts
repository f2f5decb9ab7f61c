import { BlockList, isIP } from 'node:net';

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 4 ? 'ipv4' : 'ipv6');

/** Addresses and networks (`10.0.0.0/8`), with commas between them; null where one of them is none. */
export function parseNetworks(text: string): BlockList | null {
  const networks = new BlockList();
  for (const item of text.split(',').map((one) => one.trim())) {
    if (item === '') continue;
    const [address = '', bits, more] = item.split('/');
    if (isIP(address) === 0 || more !== undefined) return null;
    if (bits === undefined) networks.addAddress(address, familyOf(address));
    else {
      if (!/^\d{1,3}$/.test(bits) || Number(bits) > (isIP(address) === 4 ? 32 : 128)) return null;
      networks.addSubnet(address, Number(bits), familyOf(address));
    }
  }
  return networks;
}

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** An address as it is compared: an IPv4 one that came over IPv6 is an IPv4 one. Null for what is no address. */
export function plainAddress(text: string | undefined): string | null {
  if (text === undefined) return null;
  const address = MAPPED.exec(text)?.[1] ?? text;
  return isIP(address) === 0 ? null : address;
}

export const isWithin = (networks: BlockList, address: string | null): boolean =>
  address !== null && networks.check(address, familyOf(address));
