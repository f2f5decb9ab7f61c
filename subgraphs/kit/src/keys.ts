import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { Config } from './config.ts';
import { StartupError } from './errors.ts';

const HOW = 'as `openssl genpkey -algorithm ed25519` prints it';

/** Signs who asks: the router's, and the platform subgraph's where it asks the others. */
export function viewerKey(config: Config): KeyObject {
  const pem = config.SOUK_VIEWER_PRIVATE_KEY;
  if (!pem) {
    throw new StartupError(
      'This process has no key with which to sign who asks.',
      `Set SOUK_VIEWER_PRIVATE_KEY to an Ed25519 private key in PKCS #8 PEM, ${HOW}.`,
    );
  }
  return parseKey('SOUK_VIEWER_PRIVATE_KEY', pem, createPrivateKey);
}

/** Whose word about who asks is believed. */
export function viewerPublicKeys(config: Config): readonly KeyObject[] {
  const pems = config.SOUK_VIEWER_PUBLIC_KEYS?.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? [];
  if (pems.length === 0) {
    throw new StartupError(
      "This subgraph knows no router's key, so it could believe nobody.",
      'Set SOUK_VIEWER_PUBLIC_KEYS to the public half of SOUK_VIEWER_PRIVATE_KEY, as `openssl pkey -pubout` prints it.',
    );
  }
  return pems.map((pem) => parseKey('SOUK_VIEWER_PUBLIC_KEYS', pem, createPublicKey));
}

function parseKey(name: string, pem: string, make: (pem: string) => KeyObject): KeyObject {
  try {
    // Container settings and .env files often hold line breaks as \n.
    const key = make(pem.replaceAll('\\n', '\n'));
    if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
    return key;
  } catch (cause) {
    throw new StartupError(`${name} is no Ed25519 key.`, `It takes PEM, ${HOW}.`, { cause });
  }
}

const HOW_ADDRESSES =
  'It takes users=http://host:4101,products=http://host:4102 and so on, and more addresses of one subgraph one after the other: users=http://one:4101,http://two:4101,products=http://host:4102.';

/** Where the houses listen, by name: each at one address, or at several where it runs as several processes. */
export function subgraphUrls(config: Config): ReadonlyMap<string, readonly string[]> {
  const urls = new Map<string, string[]>();
  let name: string | undefined;
  for (const entry of (config.SOUK_SUBGRAPH_URLS ?? '').split(',')) {
    if (entry.trim() === '') continue;
    const [, named = name, url] = /^\s*(?:([a-z][a-z0-9_]*)=)?(https?:\/\/\S+?)\s*$/.exec(entry) ?? [];
    if (!named || !url || !URL.canParse(url))
      throw new StartupError('SOUK_SUBGRAPH_URLS cannot be read.', HOW_ADDRESSES);
    name = named;
    const known = urls.get(name) ?? [];
    // Asked twice as often, an address would be spared half the load by nobody.
    if (!known.includes(url)) known.push(url);
    urls.set(name, known);
  }
  return urls;
}
