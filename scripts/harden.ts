import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgres, startPostgres } from '@souk/kit/postgres';
import { cases } from './harden/cases.ts';
import { type HardenOptions, readHardenOptions } from './harden/options.ts';
import { describeRuns } from './harden/report.ts';
import { type Ran, runCase, sceneOf } from './harden/run.ts';
import { attach, type System, startSystem } from './harden/system.ts';
import { explain, whenToldToStop } from './lifetime.ts';
import { progressTo } from './run/progress.ts';

/** `npm run harden [-- CASE… --url URL --short]`: attacks a shop from outside while innocent clients go on, and tells what gave way. */
const progress = progressTo(process.stderr);
const ending: (() => Promise<unknown>)[] = [];
let cleaning: Promise<void> | undefined;
let over = false;

/** What was started last ends first. */
function clean(): Promise<void> {
  cleaning ??= (async () => {
    for (const end of ending.splice(0).reverse()) await end().catch(() => undefined);
  })();
  return cleaning;
}

whenToldToStop(async () => {
  over = true;
  progress.close();
  await clean();
});

try {
  process.exitCode = await main();
} catch (error) {
  progress.close();
  if (!over) explain(error, 'The hardening suite did not run');
  process.exitCode = 1;
} finally {
  await clean();
}
process.exit();

/** Where shops to attack come from: one that broke is followed by another. */
async function openSource({ url, short }: HardenOptions): Promise<() => Promise<System>> {
  if (url !== undefined) return async () => attach(url);
  progress.say('Starting PostgreSQL');
  const home = await mkdtemp(join(tmpdir(), 'souk-harden-'));
  ending.push(() => rm(home, { recursive: true, force: true }));
  // Under root the server is another user, who must get through.
  await chmod(home, 0o711);
  const dir = join(home, 'postgres');
  ending.push(() => removePostgres(dir));
  const server = await startPostgres({ dir });
  ending.push(() => server.stop());
  return async () => {
    progress.say('Starting the shop that is attacked');
    const system = await startSystem({ postgresUrl: server.url, console: !short });
    ending.push(() => system.stop());
    return system;
  };
}

async function main(): Promise<number> {
  const options = readHardenOptions(process.argv.slice(2), cases);
  const open = await openSource(options);
  let system = await open();
  let scene = await sceneOf(system, options.short);
  const runs: Ran[] = [];
  for (const one of options.cases) {
    if (system.inside && !system.inside.alive) {
      system = await open();
      scene = await sceneOf(system, options.short);
    }
    progress.say(`${one.name}: ${one.promise}`);
    const ran = await runCase(one, system, scene);
    progress.say(
      `${one.name}: ${ran.wrongs.length === 0 ? 'held' : `BROKEN, ${ran.wrongs.length}`}, ${ran.seconds.toFixed(1)} s`,
    );
    runs.push(ran);
  }
  progress.close();
  console.log(describeRuns(runs));
  const untold = [
    ...(system.inside ? [] : ['its memory and open connections could not be looked at']),
    ...(scene.frail ? [] : ['no subgraph of it could be told to answer nonsense']),
    ...(scene.rest ? [] : ['it has no REST routes']),
  ];
  if (untold.length > 0) console.log(`Not tried on this shop: ${untold.join('; ')}.\n`);
  return runs.every(({ wrongs }) => wrongs.length === 0) ? 0 : 1;
}
