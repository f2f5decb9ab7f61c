import { RESULTS, type RunningBench, startBench } from '../bench/src/bench.ts';
import { compareExecutors, describeCompared } from '../bench/src/executors.ts';
import { isWhole, readBenchOptions } from '../bench/src/options.ts';
import { describeResult, overBudget, writeResult } from '../bench/src/report.ts';
import { explain, whenToldToStop } from './lifetime.ts';
import { progressTo } from './run/progress.ts';
import { seed } from './seed.ts';

const progress = progressTo(process.stdout);
let bench: RunningBench | undefined;
let stopping = false;

whenToldToStop(async () => {
  stopping = true;
  progress.close();
  await bench?.stop();
});

try {
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
