import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgres, startPostgres } from '@souk/kit/postgres';
import { readChaosOptions } from './chaos/options.ts';
import { describeRuns, type Ran } from './chaos/report.ts';
import { rows } from './chaos/rows.ts';
import { runRow } from './chaos/run.ts';
import { explain, whenToldToStop } from './lifetime.ts';
import { progressTo } from './run/progress.ts';

/** `npm run chaos [-- ROW… --seed N --short --keep]`: a whole shop on its engines, things going wrong on purpose, and what must hold all the same. */
const progress = progressTo(process.stderr);
let clean = async (): Promise<void> => undefined;
let over = false;

whenToldToStop(async () => {
  over = true;
  progress.close();
  await clean();
});

try {
  process.exitCode = await main();
} catch (error) {
  progress.close();
  if (!over) explain(error, 'The chaos suite did not run');
  process.exitCode = 1;
} finally {
  await clean();
}
process.exit();

async function main(): Promise<number> {
  const { rows: chosen, seed, short, keep } = readChaosOptions(process.argv.slice(2), rows, Date.now() % 1_000_000);
  progress.say('Starting PostgreSQL');
  const home = await mkdtemp(join(tmpdir(), 'souk-chaos-'));
  // Under root the server is another user, who must get through.
  await chmod(home, 0o711);
  const dir = join(home, 'postgres');
  let server: Awaited<ReturnType<typeof startPostgres>> | undefined;
  let cleaning: Promise<void> | undefined;
  clean = () => {
    cleaning ??= (async () => {
      await server?.stop();
      await removePostgres(dir);
      if (!keep) await rm(home, { recursive: true, force: true });
    })();
    return cleaning;
  };
  server = await startPostgres({ dir });
  const runs: Ran[] = [];
  for (const row of chosen) {
    progress.say(`${row.name} (seed ${seed}): ${row.promise}`);
    const ran = await runRow(row, {
      seed,
      short,
      postgresUrl: server.url,
      home,
      keep,
      say: (line) => progress.say(`  ${row.name}: ${line}`),
    });
    progress.say(
      `${row.name}: ${ran.wrongs.length === 0 ? 'held' : 'BROKEN'}, ${ran.seconds.toFixed(1)} s. ${ran.done}`,
    );
    runs.push(ran);
  }
  progress.close();
  console.log(describeRuns(runs, short));
  if (keep) console.log(`What the rows left, logs too, is in ${home}.\n`);
  return runs.every(({ wrongs }) => wrongs.length === 0) ? 0 : 1;
}
