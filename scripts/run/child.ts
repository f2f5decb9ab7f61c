import { once } from 'node:events';
import { StartupError } from '@souk/kit/startup-error';
import { explain, whenToldToStop } from '../lifetime.ts';
import { type App, describeApp, startApp } from './app.ts';
import { readOptions } from './options.ts';
import { progressTo } from './progress.ts';

/** The houses and the router under `npm run dev`: a process of their own, so that a change restarts it whole. */
const progress = progressTo(process.stdout);
let app: App | undefined;
let stopping = false;

whenToldToStop(async () => {
  stopping = true;
  await app?.stop();
});

try {
  const options = readOptions(process.argv.slice(2), process.env);
  process.channel?.ref();
  const message = once(process, 'message');
  process.send?.('listening');
  const [postgresUrl] = (await message) as [string];
  process.channel?.unref();
  // A changed type must be in the graph, and a graph that does not compose is told before anything starts.
  await import('../compose.ts');
  app = await startApp(options, postgresUrl, progress.say);
  progress.close();
  if (process.env.SOUK_DEV_QUIET) console.log(`Running again: ${app.urls.console}`);
  else console.log(describeApp(app, options.dataDir));
} catch (error) {
  progress.close();
  if (!stopping) {
    // A developer wants the stack of a mistake in the code.
    if (error instanceof StartupError) explain(error, 'Souk could not start');
    else console.error(error);
    process.exit(1);
  }
}
