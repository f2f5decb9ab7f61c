import { sleep } from './clock.ts';
import type { Duty, Tick } from './house.ts';
import type { Log } from './log.ts';
import { traced } from './telemetry.ts';

/** A house's ticks at work in this process. */
export interface Ticks {
  /** True while one is running or asked for. */
  readonly busy: boolean;
  /** Runs one as soon as it is free; undefined where there is none of that name. Resolves when it ran. */
  run(name: string): Promise<void> | undefined;
  /** Sweeps each at its interval until `signal`. */
  start(): void;
}

/** One run of each tick at a time; asked for while it runs, it runs once more. */
export function ticksOf(
  house: string,
  duties: Readonly<Record<string, Tick<never, unknown>>>,
  duty: () => Duty<never, unknown>,
  log: Log,
  signal: AbortSignal,
): Ticks {
  const runners = new Map(Object.entries(duties).map(([name, tick]) => [name, runnerOf(name, tick)]));

  function runnerOf(name: string, tick: Tick<never, unknown>) {
    let running: Promise<void> | undefined;
    let again = false;
    const once = async (): Promise<void> => {
      do {
        again = false;
        await traced(`tick ${house}.${name}`, {}, null, () => tick.run(duty())).catch((error) => {
          if (!signal.aborted) log.error({ tick: name, error }, 'a tick failed and will run again');
        });
      } while (again && !signal.aborted);
    };
    return {
      everySeconds: tick.everySeconds,
      get busy() {
        return running !== undefined;
      },
      run(): Promise<void> {
        again = true;
        running ??= once().finally(() => {
          running = undefined;
        });
        return running;
      },
    };
  }

  async function repeat(name: string, runner: { everySeconds: number; run(): Promise<void> }): Promise<void> {
    while (!signal.aborted) {
      await runner.run();
      log.debug({ tick: name }, 'tick ran');
      await sleep(runner.everySeconds * 1000, signal);
    }
  }

  return {
    get busy() {
      return [...runners.values()].some((runner) => runner.busy);
    },
    run: (name) => runners.get(name)?.run(),
    start() {
      for (const [name, runner] of runners) void repeat(name, runner);
    },
  };
}
