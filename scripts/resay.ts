import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '@souk/kit/config';
import {
  createLog,
  memoryKv,
  openPostgres,
  placesAt,
  placesOf,
  resayFacts,
  resaySnapshot,
} from '@souk/kit/distributed';
import { inspectPostgres } from '@souk/kit/postgres';
import { StartupError } from '@souk/kit/startup-error';
import { houses } from '@souk/router';
import { loadEnvFile } from './run/options.ts';

const usage = `npm run resay -- [HOUSE…] [--facts DAYS]

Says the present state of all houses, or of those named, again: for a house that is new to a shop with data, or after a broker
or an index was lost. Whoever knows it already ignores it. It goes out through the running shop.

  --facts DAYS   also carries again what was said in so many days (30 are kept)`;

/** Says state and facts again, in the running embedded shop or in the one that SOUK_POSTGRES_URL names. */
async function main(): Promise<void> {
  const { named, days } = readWords(process.argv.slice(2));
  loadEnvFile();
  const config = readConfig(process.env);
  const chosen = houses.filter(({ name }) => named.length === 0 || named.includes(name));
  const running = await inspectPostgres(join(config.SOUK_DATA_DIR ?? join(process.cwd(), '.souk'), 'postgres'));
  const url = running.url?.replace(/\/postgres$/, '/souk');
  if (!config.SOUK_POSTGRES_URL && !url) {
    throw new StartupError('No running shop was found.', 'Start it with npm start, or set SOUK_POSTGRES_URL.');
  }
  const postgres = await openPostgres({
    places: config.SOUK_POSTGRES_URL
      ? placesOf(
          config,
          houses.map(({ name }) => name),
        )
      : placesAt(url!, houses),
    houses: chosen,
    share: 2,
    kv: memoryKv(),
    log: createLog('warn'),
  });
  for (const definition of chosen) {
    const db = await postgres.openDb(definition.name);
    const show = (facts: number) => process.stdout.write(`\r${definition.name}: ${facts} facts of its state`);
    show(await resaySnapshot({ definition, db, onProgress: show }));
    if (days !== null) {
      const since = new Date(Date.now() - days * 86_400_000);
      process.stdout.write(`, ${await resayFacts(definition.name, db, since)} said before`);
    }
    process.stdout.write('\n');
    await postgres.closeDb(definition.name);
  }
  console.log('They travel now; the running shop carries them within seconds.');
}

function readWords(words: readonly string[]): { named: readonly string[]; days: number | null } {
  const wrong = (message: string) => new StartupError(message, `Use ${usage}`);
  let parsed: { values: { facts?: string; help?: boolean }; positionals: string[] };
  try {
    parsed = parseArgs({
      args: [...words],
      options: { facts: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      allowPositionals: true,
    });
  } catch (cause) {
    throw new StartupError(`The arguments "${words.join(' ')}" are not understood.`, `Use ${usage}`, { cause });
  }
  if (parsed.values.help) {
    console.log(usage);
    process.exit(0);
  }
  const unknown = parsed.positionals.find((word) => !houses.some(({ name }) => name === word));
  if (unknown)
    throw wrong(`There is no subgraph "${unknown}": choose among ${houses.map(({ name }) => name).join(', ')}.`);
  const days = parsed.values.facts === undefined ? null : Number(parsed.values.facts);
  if (days !== null && !(days > 0 && days <= 30)) throw wrong('--facts takes a number of days, up to 30.');
  return { named: parsed.positionals, days };
}

try {
  await main();
  process.exit(0);
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  console.error(`✗ ${error.message}\n  ${error.advice}`);
  process.exit(1);
}
