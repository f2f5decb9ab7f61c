import type { TestProject } from 'vitest/node';
import { hasPgbouncer, startPgbouncer } from './pgbouncer.testing.ts';
import startPostgres from './testing.global.ts';

/** As testing.global.ts, with PgBouncer between the houses and their database. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let adminUrl = '';
  const stop = await startPostgres({
    provide(key: string, value: string) {
      adminUrl = value;
      project.provide(key as 'postgresUrl', value);
    },
  } as unknown as TestProject);
  // Without it pgbouncer.int.test.ts says so, and CI fails there.
  const pooler = hasPgbouncer ? await startPgbouncer(adminUrl) : undefined;
  if (pooler) project.provide('poolerUrl', pooler.url);
  return async () => {
    await pooler?.stop();
    await stop();
  };
}
