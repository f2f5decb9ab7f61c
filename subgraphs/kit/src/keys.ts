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

/** Where the houses listen, by name. */
export function subgraphUrls(config: Config): ReadonlyMap<string, string> {
  const entries = (config.SOUK_SUBGRAPH_URLS ?? '').split(',').filter((entry) => entry.trim() !== '');
  return new Map(
    entries.map((entry) => {
      const [, name, url] = /^\s*([a-z][a-z0-9_]*)=(https?:\/\/\S+?)\s*$/.exec(entry) ?? [];
      if (!name || !url || !URL.canParse(url)) {
        throw new StartupError(
          'SOUK_SUBGRAPH_URLS cannot be read.',
          'It takes users=http://host:4101,products=http://host:4102 and so on.',
        );
      }
      return [name, url];
    }),
  );
}
