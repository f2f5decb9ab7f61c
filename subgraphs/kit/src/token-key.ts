import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from './config.ts';
import { StartupError } from './errors.ts';

/** The key pair of access tokens: given, or made once and kept beside the data with mode 0600. */
export async function tokenKey(
  config: Config,
  dataDir: string,
): Promise<{ privateKey: KeyObject; publicKey: KeyObject }> {
  let pem = config.SOUK_JWT_PRIVATE_KEY;
  if (!pem) {
    const file = join(dataDir, 'token-key.pem');
    await mkdir(dataDir, { recursive: true });
    const { privateKey } = generateKeyPairSync('ed25519');
    // A link appears whole or not at all: a start that is killed here leaves no half key, and of two first starts one wins.
    const draft = `${file}.${randomUUID()}`;
    try {
      await writeFile(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
      await link(draft, file).catch((error) => {
        if (error.code !== 'EEXIST') throw error;
      });
    } finally {
      await rm(draft, { force: true });
    }
    await chmod(file, 0o600);
    pem = await readFile(file, 'utf8');
  }
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
export async function accessTokenPublicKey(config: Config, dataDir: string): Promise<KeyObject> {
  const pem = config.SOUK_JWT_PUBLIC_KEY;
  if (!pem) return (await tokenKey(config, dataDir)).publicKey;
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
