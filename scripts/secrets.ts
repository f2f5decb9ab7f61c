import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { explainFileError, StartupError, systemCode } from '@souk/kit/startup-error';
import { publicHalf } from './distributed/secrets.ts';
import { explain } from './lifetime.ts';

/** Every secret that docker-compose.yml asks for, new each time. */
export function newSecrets(houses: readonly string[]): Readonly<Record<string, string>> {
  const password = (): string => randomBytes(24).toString('base64url');
  const key = (): string =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  // One line each: an .env file has no other lines.
  const oneLine = (pem: string): string => pem.trim().replaceAll('\n', '\\n');
  const [viewer, token] = [key(), key()];
  return {
    SOUK_VIEWER_PRIVATE_KEY: oneLine(viewer),
    SOUK_VIEWER_PUBLIC_KEYS: oneLine(publicHalf(viewer)),
    SOUK_JWT_PRIVATE_KEY: oneLine(token),
    SOUK_JWT_PUBLIC_KEY: oneLine(publicHalf(token)),
    SOUK_ADMIN_PASSWORD: password(),
    POSTGRES_PASSWORD: password(),
    REDIS_PASSWORD: password(),
    ...Object.fromEntries(houses.map((house) => [`NATS_PASSWORD_${house.toUpperCase()}`, password()])),
  };
}

if (process.argv[1]?.endsWith('secrets.ts')) {
  try {
    const [name = '.env.docker'] = process.argv.slice(2);
    const file = resolve(process.env.INIT_CWD ?? '.', name);
    const { houses } = await import('@souk/router');
    const lines = Object.entries(newSecrets(houses.map((house) => house.name))).map(
      ([key, value]) => `${key}=${value}`,
    );
    await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw explainFileError(error, file);
      throw new StartupError(
        `${file} is there already, and who uses its keys would lose them.`,
        'Name another file, or remove that one yourself.',
      );
    });
    console.log(`Wrote ${file}. Next: docker compose --env-file ${name} --profile distributed up --build`);
  } catch (error) {
    explain(error, 'The secrets could not be made');
    process.exit(1);
  }
}
