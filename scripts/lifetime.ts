import { writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { StartupError } from '@souk/kit/startup-error';

/**
 * Runs `stop` once when the person or the system wants this command to end: Ctrl-C, SIGTERM, a closed terminal, or the
 * death of the process that started it. A second Ctrl-C does not wait.
 */
export function whenToldToStop(stop: (reason: string) => Promise<void>): void {
  let since: number | undefined;
  const end = (reason: string): void => {
    // One Ctrl-C may arrive twice: from the terminal, and passed on by our parent.
    if (since !== undefined && performance.now() - since < 1000) return;
    if (since !== undefined) process.exit(130);
    since = performance.now();
    stop(reason).then(
      () => process.exit(0),
      (error: unknown) => {
        explain(error, 'Souk did not stop cleanly');
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal));
  process.on('disconnect', () => end('the parent process is gone'));
  process.channel?.unref();
  // A terminal that is gone must not keep us from stopping what we started.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/**
 * Prints why something failed, as a sentence and what to do; never a stack. What nobody foresaw goes with its stack to
 * `detailsFile`.
 */
export function explain(error: unknown, what: string, detailsFile?: string): void {
  if (error instanceof StartupError) {
    console.error(`\n✗ ${error.message}\n  ${error.advice}`);
    return;
  }
  console.error(`\n✗ ${what}: ${error instanceof Error ? error.message : String(error)}`);
  if (detailsFile === undefined) return;
  try {
    writeFileSync(detailsFile, `${inspect(error, { depth: 6 })}\n`);
    console.error(`  The details are in ${detailsFile}; "npm run doctor" looks for what is wrong with the machine.`);
  } catch {
    console.error('  Run "npm run doctor" to look for what is wrong with the machine.');
  }
}
