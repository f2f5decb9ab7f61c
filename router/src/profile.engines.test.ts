import { it } from 'vitest';
import { hasEngines } from './souk.profile.testing.ts';

// Where they are missing, this is the only file of the project `distributed`, so that nobody takes silence for success.
it('finds nats-server and redis-server, on which the stories run once more', ({ task, skip }) => {
  if (hasEngines) return;
  task.meta.absentServer = 'the engines of the distributed profile: install the packages nats-server and redis-server';
  if (process.env.CI === 'true') throw new Error('nats-server or redis-server is not installed');
  skip('nats-server or redis-server is not installed');
});
