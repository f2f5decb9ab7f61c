export { subgraphUrls, viewerKey } from './keys.ts';
export { createLog } from './log.ts';
export { openRedis } from './redis.ts';
export { type RemoteHouse, remoteHouse } from './remote.ts';
export { readTls } from './tls.ts';
export { accessTokenPublicKey } from './token-key.ts';
