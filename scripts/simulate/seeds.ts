import { SimulatedDatabase } from './database.ts';
import { Connections, Houses } from './houses.ts';
import { type Outcome, prepare, simulate } from './run.ts';

/** What the command tells a worker. */
export type Order = { readonly make: string } | { readonly seed: number; readonly replay: boolean } | 'end';
/** What a worker tells the command. */
export type Report = 'ready' | Outcome | { readonly failed: string };

/** Runs whose leavings one database bears before it is tidied. */
const TIDY_AFTER = 100;

let database: SimulatedDatabase;
let connections: Connections;
let houses: Houses;
let base: Awaited<ReturnType<typeof prepare>>;
let runs = 0;

async function make(url: string): Promise<void> {
  database = await SimulatedDatabase.make(url);
  connections = await Connections.open(url);
  houses = new Houses(connections);
  base = await prepare(database, houses);
  await database.remember();
}

async function run(seed: number, replay: boolean): Promise<Outcome> {
  runs += 1;
  await (runs % TIDY_AFTER === 0 ? database.recycle() : database.reset());
  const outcome = await simulate(seed, database, houses, base);
  // The trace is long; it is told where somebody will read it.
  return replay || outcome.wrongs.length > 0 ? outcome : { ...outcome, trace: [] };
}

const tell = (report: Report): void => void process.send?.(report);

process.on('message', (order: Order) => {
  void (async () => {
    try {
      if (order === 'end') {
        await connections?.close();
        await database?.close();
        process.exit(0);
      }
      if ('make' in order) {
        await make(order.make);
        tell('ready');
      } else tell(await run(order.seed, order.replay));
    } catch (error) {
      tell({ failed: error instanceof Error ? `${error.stack}` : String(error) });
    }
  })();
});
process.on('disconnect', () => process.exit(1));
tell('ready');
