export { hasNats, startNats, type TestNats } from './nats.testing.ts';
export { hasRedis, startRedis, type TestRedis } from './redis.testing.ts';
