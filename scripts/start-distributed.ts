import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readOwner, takeFolder } from '@souk/kit/distributed';
import { StartupError } from '@souk/kit/startup-error';
import { type Engines, openEngines } from './distributed/engines.ts';
import { takeReplicas } from './distributed/replicas.ts';
import { keepSecrets } from './distributed/secrets.ts';
import { type Shop, startShop } from './distributed/shop.ts';
import { tableOf } from './distributed/table.ts';
import { explain, whenToldToStop } from './lifetime.ts';
import { describeApp, requireFreePort } from './run/app.ts';
import { blameDisk, prepareDataDir } from './run/database.ts';
import { loadEnvFile, readOptions } from './run/options.ts';
import { progressTo } from './run/progress.ts';

const progress = progressTo(process.stdout);
let shop: Shop | undefined;
let stopShop: (() => Promise<void>) | undefined;
let engines: Engines | undefined;
let release: (() => Promise<void>) | undefined;
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
  const { words, wanted } = takeReplicas(process.argv.slice(2));
  const options = readOptions(words, process.env, '.souk-distributed');
  dataDir = options.dataDir;
  const owner = join(dataDir, 'supervisor.json');
  const other = await readOwner(owner);
  if (other) {
    throw new StartupError(
      `Another Souk (process ${other.pid}) is already running on ${dataDir}.`,
      'Stop it first with Ctrl-C in its window, or use that one.',
    );
  }
  if (options.fresh && options.config.SOUK_POSTGRES_URL) {
    throw new StartupError(
      'A fresh start empties the data folder, and the data is in the database that SOUK_POSTGRES_URL names.',
      'Empty that database yourself, or leave SOUK_POSTGRES_URL unset.',
    );
  }
  await prepareDataDir(dataDir, options.fresh, progress.say);
  await mkdir(dataDir, { recursive: true });
  release = await takeFolder(owner, dataDir);
  await requireFreePort(options.host, options.port);
  const { houses: all } = await import('@souk/router');
  const houses = all.map(({ name }) => name);
  const replicas = wanted(houses);
  const secrets = await keepSecrets(dataDir);
  const common = { houses, secrets, onProgress: progress.say };
  engines = await openEngines({ ...common, dataDir, config: options.config, onLost: (error) => void fail(error) });
  shop = await startShop({
    ...common,
    options,
    engines,
    replicas,
    onStarting: (stop) => {
      stopShop = stop;
    },
  });
  progress.close();
  const rows = [
    ...engines.list().map(({ name, version, pid, where }) => ({ name, pid, where, what: version })),
    ...shop.processes.map(({ name, pid, url }) => ({ name, pid, where: url, what: '' })),
  ];
  console.log(`\n${tableOf(rows)}`);
  console.log(describeApp(shop, dataDir).replace('npm start --', 'npm run start:distributed --'));
} catch (error) {
  await fail(error);
}

async function fail(error: unknown): Promise<void> {
  // Whatever fails while things are being stopped was only interrupted.
  if (stopping) return;
  stopping = true;
  progress.close();
  const why = dataDir === undefined ? error : await blameDisk(error, dataDir);
  explain(why, shop ? 'Souk had to stop' : 'Souk could not start', dataDir && join(dataDir, 'failure.log'));
  await stopAll().catch(() => undefined);
  process.exit(1);
}

/** Processes first, so that what is under way still finds its engines. */
async function stopAll(): Promise<void> {
  try {
    await stopShop?.();
  } finally {
    await engines?.stop();
    await release?.();
  }
}
