// Run as a child process of the router: a bundler's memory is given back when it is done.
import { build, type Plugin } from 'vite';
import { consoleConfig } from './vite.config.ts';

/** What the child says to its parent. */
export type BuildMessage = { modules: number } | { failed: string };

const outDir = process.argv[2];
const say = (message: BuildMessage) => process.send?.(message);

const progress = (every: number): Plugin => {
  let modules = 0;
  return {
    name: 'souk-progress',
    moduleParsed() {
      modules += 1;
      if (modules % every === 0) say({ modules });
    },
  };
};

try {
  if (!outDir) throw new Error('The folder to build into is missing.');
  const config = consoleConfig(outDir);
  await build({ ...config, plugins: [progress(250)] });
  process.disconnect?.();
} catch (error) {
  say({ failed: error instanceof Error ? error.message : String(error) });
  process.exitCode = 1;
  process.disconnect?.();
}
