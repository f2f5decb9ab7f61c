import { join } from 'node:path';
import { RESULTS, ROOT, type RunningBench, startBench } from '../bench/src/bench.ts';
import { compareExecutors, describeCompared } from '../bench/src/executors.ts';
import { isWhole, readBenchOptions } from '../bench/src/options.ts';
import { readProfilesOptions } from '../bench/src/profiles.options.ts';
import { describeProfiles } from '../bench/src/profiles.report.ts';
import { startProfiles } from '../bench/src/profiles.ts';
import { describeResult, overBudget, writeResult, writeSection } from '../bench/src/report.ts';
import { readRouterOptions } from '../bench/src/router.options.ts';
import { explain, whenToldToStop } from './lifetime.ts';
import { progressTo } from './run/progress.ts';
import { seed } from './seed.ts';

const progress = progressTo(process.stdout);
let bench: RunningBench | undefined;
let stopBench: (() => Promise<void>) | undefined;
let stopping = false;

whenToldToStop(async () => {
  stopping = true;
  progress.close();
  await bench?.stop();
  await stopBench?.();
});

try {
  const routers = readRouterOptions(process.argv.slice(2));
  if (routers) {
    const { startRouterBench } = await import('../bench/src/router.ts');
    const { describeRouter } = await import('../bench/src/router.report.ts');
    const profileTo = routers.profile ? join(ROOT, '.souk', 'bench') : null;
    const running = startRouterBench({ ...routers, profileTo, onProgress: progress.say });
    stopBench = running.stop;
    const section = describeRouter(await running.done);
    progress.close();
    console.log(`\n${section}`);
    if (routers.whole) await writeSection(RESULTS, 'router', section);
    process.exit(0);
  }
  const both = readProfilesOptions(process.argv.slice(2));
  if (both) {
    const { startDistributedSide } = await import('./bench/distributed.ts');
    const running = startProfiles({ ...both, seed, startDistributed: startDistributedSide, onProgress: progress.say });
    stopBench = running.stop;
    const section = describeProfiles(await running.done);
    progress.close();
    console.log(`\n${section}`);
    if (both.whole) await writeSection(RESULTS, 'profiles', section);
    process.exit(0);
  }
  const options = readBenchOptions(process.argv.slice(2));
  if (options.executors) {
    const compared = await compareExecutors({ ...options, seed, onProgress: progress.say });
    progress.close();
    console.log(`\n${describeCompared(compared)}`);
    process.exit(0);
  }
  bench = startBench({ ...options, seed, onProgress: progress.say });
  const result = await bench.done;
  progress.close();
  console.log(`\n${describeResult(result)}`);
  // A part of the table, or one measured beside a profiler, must not pass for the whole.
  if (isWhole(options)) await writeResult(RESULTS, result);
  const over = overBudget(result);
  for (const { title, statements, budget } of over) {
    console.error(`✗ ${title} takes ${statements} SQL statements, and ${budget} is the most it may take.`);
  }
  process.exit(over.length > 0 ? 1 : 0);
} catch (error) {
  progress.close();
  // What fails while things are being stopped was only interrupted.
  if (!stopping) {
    explain(error, 'The bench could not be finished');
    process.exit(1);
  }
}
