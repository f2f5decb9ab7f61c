import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removePostgres, startPostgres } from '@souk/kit/postgres';
import { explain, whenToldToStop } from './lifetime.ts';
import { progressTo } from './run/progress.ts';
import { readSimulateOptions } from './simulate/options.ts';
import { add, describeFailure, describeTally, newTally } from './simulate/report.ts';
import type { Outcome } from './simulate/run.ts';
import type { Order, Report } from './simulate/seeds.ts';

/** `npm run simulate`: whole lives of a shop, each from a seed, with everything going wrong that may; then the laws are read. */
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  track_activities: 'off',
  track_counts: 'off',
  update_process_title: 'off',
  max_connections: '80',
};

const progress = progressTo(process.stderr);
const workers: ChildProcess[] = [];
let over = false;
let clean = async (): Promise<void> => undefined;

whenToldToStop(async () => {
  over = true;
  await clean();
});

try {
  process.exitCode = await main();
} catch (error) {
  progress.close();
  if (!over) explain(error, 'The simulation did not run');
  process.exitCode = 1;
} finally {
  await clean();
}
process.exit();

async function main(): Promise<number> {
  const options = readSimulateOptions(process.argv.slice(2));
  progress.say('Starting PostgreSQL');
  const dir = await mkdtemp(join(tmpdir(), 'souk-simulation-'));
  // Under root the server is another user, who must get through.
  await chmod(dir, 0o711);
  let postgres: Awaited<ReturnType<typeof startPostgres>> | undefined;
  let cleaning: Promise<void> | undefined;
  // Whoever is told to stop while a run fails waits for the same end.
  clean = () => {
    cleaning ??= (async () => {
      for (const worker of workers) worker.kill('SIGTERM');
      await postgres?.stop();
      await removePostgres(dir);
    })();
    return cleaning;
  };
  postgres = await startPostgres({ dir, settings, socket: true });
  const tally = newTally();
  let next = options.from;
  const end = options.from + options.seeds;
  const began = performance.now();
  const passed = () => (performance.now() - began) / 1000;
  const limit = options.minutes === null ? Number.POSITIVE_INFINITY : options.minutes * 60;
  let running: number | undefined;

  async function work(number: number): Promise<void> {
    const url = new URL(postgres!.nearUrl);
    url.pathname = `/simulation_${number}`;
    const worker = startWorker();
    await worker.up();
    await worker.ask({ make: url.href });
    running ??= passed();
    while (!over && next < end && passed() < limit) {
      const seed = next++;
      const outcome = (await worker.ask({ seed, replay: options.verbose })) as Outcome;
      add(tally, outcome);
      if (options.verbose) console.log(outcome.trace.join('\n'));
      if (options.traces) console.log(`seed ${seed} trace ${outcome.fingerprint}`);
      if (outcome.wrongs.length > 0) {
        progress.close();
        console.log(describeFailure(outcome));
        await again(worker, outcome);
      }
      if (process.stderr.isTTY || tally.runs % 50 === 0 || tally.runs === options.seeds) {
        const of = options.minutes === null ? `/${options.seeds}` : '';
        progress.say(`${tally.runs}${of} seeds, ${tally.counts.steps} steps, ${tally.failed.length} failed`);
      }
    }
    worker.end();
  }

  progress.say(`Opening ${options.workers} shops`);
  await Promise.all(Array.from({ length: options.workers }, (_, number) => work(number)));
  progress.close();
  console.log(describeTally(tally, passed() - (running ?? 0)));
  if (tally.failed.length > 0) {
    console.log(`Failed: ${tally.failed.map(({ seed }) => seed).join(' ')}\n`);
  }
  return tally.failed.length === 0 ? 0 : 1;
}

/** A failure that cannot be had again is a fault of the simulation, and is told as such. */
async function again(worker: Worker, first: Outcome): Promise<void> {
  const second = (await worker.ask({ seed: first.seed, replay: true })) as Outcome;
  if (second.fingerprint === first.fingerprint) return;
  const at = first.trace.findIndex((line, index) => line !== second.trace[index]);
  console.log(`  The replay differs at:\n    ${first.trace[at]}\n    ${second.trace[at]}`);
}

interface Worker {
  /** Sends an order and waits for what came of it. Throws where the worker cannot go on. */
  ask(order: Order): Promise<Report>;
  /** Waits until it has come up. */
  up(): Promise<void>;
  end(): void;
}

/** A process of its own for each shop: the simulation takes over its time and chance. */
function startWorker(): Worker {
  const child = fork(fileURLToPath(new URL('./simulate/worker.ts', import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  workers.push(child);
  const answer = async (): Promise<Report> => {
    const gone = new AbortController();
    const report = await Promise.race([
      once(child, 'message', { signal: gone.signal }).then(([report]) => report as Report),
      once(child, 'exit', { signal: gone.signal }).then(([code]) => {
        throw new Error(`a worker ended with ${code}`);
      }),
    ]).finally(() => gone.abort());
    if (typeof report === 'object' && 'failed' in report) throw new Error(report.failed);
    return report;
  };
  return {
    ask(order) {
      const answered = answer();
      child.send(order);
      return answered;
    },
    async up() {
      await answer();
    },
    end: () => void child.send('end' satisfies Order),
  };
}
