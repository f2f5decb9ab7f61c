import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from './config.ts';
import { StartupError } from './errors.ts';

export interface KeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The key pair of access tokens: given, or made once and kept beside the data with mode 0600. */
export function tokenKey(config: Config, dataDir: string): KeyPair {
  return config.SOUK_JWT_PRIVATE_KEY ? pairOf(config.SOUK_JWT_PRIVATE_KEY) : keptKey(join(dataDir, 'token-key.pem'));
}

/** A key pair made once and kept in a file with mode 0600, for what its house signs and proves itself. */
export function keptKey(file: string): KeyPair {
  mkdirSync(dirname(file), { recursive: true });
  const { privateKey } = generateKeyPairSync('ed25519');
  // A link appears whole or not at all: a start that is killed here leaves no half key, and of two first starts one wins.
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  chmodSync(file, 0o600);
  return pairOf(readFileSync(file, 'utf8'));
}

function pairOf(pem: string): KeyPair {
  try {
    const privateKey = createPrivateKey(pem.replaceAll('\\n', '\n'));
    if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
    return { privateKey, publicKey: createPublicKey(privateKey) };
  } catch (cause) {
    throw new StartupError(
      'The key that signs access tokens cannot be read.',
      'SOUK_JWT_PRIVATE_KEY takes an Ed25519 private key in PKCS #8 PEM, as `openssl genpkey -algorithm ed25519` prints it.',
      { cause },
    );
  }
}

/** What proves access tokens: the public key that was given, or the public half of the private one. */
export function accessTokenPublicKey(config: Config, dataDir: string): KeyObject {
  const pem = config.SOUK_JWT_PUBLIC_KEY;
  if (!pem) return tokenKey(config, dataDir).publicKey;
  try {
    const key = createPublicKey(pem.replaceAll('\\n', '\n'));
    if (key.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
    return key;
  } catch (cause) {
    throw new StartupError(
      'The key that proves access tokens cannot be read.',
      'SOUK_JWT_PUBLIC_KEY takes an Ed25519 public key in PEM, as `openssl pkey -pubout` prints it.',
      { cause },
    );
  }
}
