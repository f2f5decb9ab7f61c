import { generateKeyPairSync } from 'node:crypto';
import { hasNats, hasRedis, startNats, startRedis, type TestNats, type TestRedis } from '@souk/kit/engines.testing';
import { houses } from './houses.ts';
import type { Reach } from './souk.distributed.testing.ts';

/** Whether stories can run on the distributed profile here. */
export const hasEngines = hasNats && hasRedis;

export interface TestEngines {
  readonly nats: TestNats;
  readonly redis: TestRedis;
  readonly reach: Reach;
  stop(): Promise<void>;
}

/** NATS and Redis for one shop, and the keys that its processes know each other by. */
export async function openEngines(): Promise<TestEngines> {
  const names = houses.map(({ name }) => name);
  const [nats, redis] = await Promise.all([
    startNats({ users: names }),
    startRedis({ args: () => ['--requirepass', 'secret'], adminPassword: 'secret' }),
  ]);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    nats,
    redis,
    reach: {
      natsUrls: Object.fromEntries(names.map((name) => [name, nats.url(name)])),
      redisUrl: redis.url(':secret'),
      viewerKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      viewerPublicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    },
    async stop() {
      await Promise.all([nats.stop(), redis.stop()]);
    },
  };
}
