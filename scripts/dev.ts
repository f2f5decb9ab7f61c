import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, type FSWatcher, readdirSync, watch } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explain, whenToldToStop } from './lifetime.ts';
import { requireFreePort } from './run/app.ts';
import { type Database, keepDatabase, prepareDataDir } from './run/database.ts';
import { loadEnvFile, readOptions, root } from './run/options.ts';
import { progressTo } from './run/progress.ts';

const words = process.argv.slice(2);
const progress = progressTo(process.stdout);
const runFlags = ['--conditions=source', '--import', '@oxc-node/core/register'];
let database: Database | undefined;
let child: ChildProcess | undefined;
let stopping = false;
let turn: Promise<void> = Promise.resolve();

whenToldToStop(async () => {
  stopping = true;
  progress.close();
  console.log('\nStopping Souk');
  await stopChild();
  await database?.stop();
});

try {
  loadEnvFile();
  const options = readOptions(words, process.env);
  await prepareDataDir(options.dataDir, options.fresh, progress.say);
  await requireFreePort(options.host, options.port);
  database = await keepDatabase(options.dataDir, progress.say, (error) => void fail(error));
  progress.close();
  await startChild(false);
  watchSources((changed) => {
    turn = turn.then(() => restart(changed)).catch((error: unknown) => explain(error, 'The restart failed'));
  });
} catch (error) {
  await fail(error);
}

async function fail(error: unknown): Promise<void> {
  if (stopping) return;
  stopping = true;
  progress.close();
  explain(error, 'Souk could not start');
  await stopChild();
  await database?.stop().catch(() => undefined);
  process.exit(1);
}

async function restart(changed: readonly string[]): Promise<void> {
  if (stopping) return;
  const more = changed.length > 3 ? ` and ${changed.length - 3} more` : '';
  console.log(`\nChanged: ${changed.slice(0, 3).join(', ')}${more}`);
  await stopChild();
  await startChild(true);
}

async function startChild(quiet: boolean): Promise<void> {
  if (stopping || !database) return;
  const script = fileURLToPath(new URL('./run/child.ts', import.meta.url));
  const args = words.filter((word) => word !== '--fresh');
  const started = spawn(process.execPath, [...runFlags, script, ...args], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, ...(quiet ? { SOUK_DEV_QUIET: '1' } : {}) },
    // Ctrl-C must reach the child through us only, after which it is stopped before the database.
    detached: true,
  });
  child = started;
  const { nearUrl } = database;
  started.on('message', (message) => {
    if (message === 'listening') started.send(nearUrl);
  });
  started.on('exit', (code) => {
    if (child !== started) return;
    child = undefined;
    if (!stopping) console.log(`\nSouk ended (exit code ${code ?? 'none'}). It starts again when a file changes.`);
  });
}

async function stopChild(): Promise<void> {
  const old = child;
  if (!old) return;
  child = undefined;
  const gone = once(old, 'exit');
  old.kill('SIGTERM');
  const hard = setTimeout(() => old.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(hard);
}

/** Tells what changed in the sources, gathered for a moment, as an editor writes several files at once. */
function watchSources(onChange: (changed: readonly string[]) => void): void {
  const changed = new Set<string>();
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  const note = (path: string): void => {
    // Generated files follow from the sources, and tests run elsewhere.
    if (!/\.(ts|graphql|json)$/.test(path) || /\.test\.ts$/.test(path)) return;
    if (path.startsWith('schema/subgraphs/') || path === 'schema/supergraph.graphql') return;
    changed.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const all = [...changed].sort();
      changed.clear();
      onChange(all);
    }, 200);
  };
  const follow = (folder: string): void => {
    if (watchers.has(folder) || !existsSync(folder)) return;
    const watcher = watch(folder, { recursive: true }, (_event, name) => {
      if (name !== null) note(relative(root, join(folder, name)));
    });
    watcher.on('error', () => {
      watchers.delete(folder);
      watcher.close();
    });
    watchers.set(folder, watcher);
  };
  const followAll = (): void => {
    for (const house of readdirSync(join(root, 'subgraphs'))) follow(join(root, 'subgraphs', house, 'src'));
  };
  // schema/ and subgraphs/ themselves hold node_modules, so only what lies directly in them is watched.
  watch(join(root, 'schema'), (_event, name) => note(`schema/${name}`));
  watch(join(root, 'subgraphs'), followAll);
  for (const folder of ['schema/events', 'router/src']) follow(join(root, folder));
  followAll();
}
