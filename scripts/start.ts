import { join } from 'node:path';
import { explain, whenToldToStop } from './lifetime.ts';
import { type App, describeApp, requireFreePort, startApp } from './run/app.ts';
import { blameDisk, type Database, keepDatabase, prepareDataDir } from './run/database.ts';
import { loadEnvFile, readOptions } from './run/options.ts';
import { progressTo } from './run/progress.ts';

const progress = progressTo(process.stdout);
let app: App | undefined;
let database: Database | undefined;
let dataDir: string | undefined;
let stopping = false;

whenToldToStop(async () => {
  stopping = true;
  progress.close();
  console.log('\nStopping Souk');
  await stopAll();
});

try {
  loadEnvFile();
  const options = readOptions(process.argv.slice(2), process.env);
  dataDir = options.dataDir;
  await prepareDataDir(options.dataDir, options.fresh, progress.say);
  await requireFreePort(options.host, options.port);
  database = await keepDatabase(options.dataDir, progress.say, (error) => void fail(error));
  app = await startApp(options, database.nearUrl, progress.say);
  progress.close();
  console.log(describeApp(app, options.dataDir));
} catch (error) {
  await fail(error);
}

async function fail(error: unknown): Promise<void> {
  // Whatever fails while things are being stopped was only interrupted.
  if (stopping) return;
  stopping = true;
  progress.close();
  const why = dataDir === undefined ? error : await blameDisk(error, dataDir);
  explain(why, app ? 'Souk had to stop' : 'Souk could not start', dataDir && join(dataDir, 'failure.log'));
  await stopAll().catch(() => undefined);
  process.exit(1);
}

/** Houses first, so that what is under way still finds its database. */
async function stopAll(): Promise<void> {
  try {
    await app?.stop();
  } finally {
    await database?.stop();
  }
}
