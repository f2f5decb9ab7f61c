import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What the processes of a local start know each other by, made once and kept with mode 0600. */
export interface Secrets {
  /** Ed25519, PKCS #8 PEM: signs who asks. */
  readonly viewerPrivateKey: string;
  readonly viewerPublicKey: string;
  readonly redisPassword: string;
  /** Each house has a user of its own at NATS, by its name. */
  natsPassword(house: string): Promise<string>;
}

export async function keepSecrets(dataDir: string): Promise<Secrets> {
  const folder = join(dataDir, 'secrets');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const keep = (name: string, make: () => string): Promise<string> => keepFile(join(folder, name), make);
  const password = (): string => randomBytes(24).toString('base64url');
  const viewerPrivateKey = await keep('viewer.pem', () =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  );
  return {
    viewerPrivateKey,
    viewerPublicKey: publicHalf(viewerPrivateKey),
    redisPassword: await keep('redis', password),
    natsPassword: (house) => keep(`nats-${house}`, password),
  };
}

export const publicHalf = (privatePem: string): string =>
  createPublicKey(createPrivateKey(privatePem.replaceAll('\\n', '\n')))
    .export({ type: 'spki', format: 'pem' })
    .toString();

async function keepFile(file: string, make: () => string): Promise<string> {
  const draft = `${file}.${randomUUID()}`;
  try {
    // A link appears whole or not at all: a start that is killed here leaves no half secret.
    await writeFile(draft, make(), { mode: 0o600 });
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  await chmod(file, 0o600);
  return readFile(file, 'utf8');
}
