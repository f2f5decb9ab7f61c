import { existsSync } from 'node:fs';
import { StartupError } from './errors.ts';
import { isOutage } from './outage.ts';

const STOP_MS = 9_500;

/**
 * A process of the distributed profile: starts, says so, ends in order on SIGTERM, SIGINT or the end of its parent. A start
 * that fails for a reason somebody can change prints that reason and no stack.
 */
export async function runProcess(
  start: (
    env: Readonly<Record<string, string | undefined>>,
  ) => Promise<{ readonly url: string; stop(): Promise<void> }>,
): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  // Whoever started us by a channel and is gone, even by SIGKILL, leaves nobody to stop us later.
  let orphaned = (): void => process.exit(0);
  process.once('disconnect', () => orphaned());
  try {
    const running = await start(process.env);
    process.stdout.write(`ready ${running.url}\n`);
    let stopping = false;
    const stop = (): void => {
      if (stopping) return;
      stopping = true;
      // Whoever started us counts to ten and then kills; what is cut now is what a crash would cut.
      setTimeout(() => {
        process.stderr.write('Not everything ended in time.\n');
        process.exit(1);
      }, STOP_MS).unref();
      running.stop().then(
        () => process.exit(0),
        (error) => {
          process.stderr.write(`${String(error)}\n`);
          process.exit(1);
        },
      );
    };
    orphaned = stop;
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  } catch (error) {
    const known = error instanceof StartupError ? error : isOutage(error) ? interrupted(error) : undefined;
    if (!known) throw error;
    process.stderr.write(`✗ ${known.message}\n  ${known.advice}\n`);
    process.exit(1);
  }
}

/** It was there when it was looked for, and left before the house stood. */
const interrupted = (cause: unknown): StartupError =>
  new StartupError(
    `A database or engine went away during the start: ${cause instanceof Error ? cause.message : String(cause)}.`,
    'Start this again when it is back.',
    { cause },
  );
