import { type FSWatcher, watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type Log, StartupError, sleep, unixSeconds } from '@souk/kit';
import type { GraphQLSchema } from 'graphql';
import type { Engine } from './engine.ts';
import { digestOf, judgeSupergraph, type Supergraph, SupergraphRefusal } from './supergraph.ts';

export interface SupergraphStatus {
  /** SHA-256 of the supergraph that serves, hex. */
  readonly digest: string;
  /** Unix seconds at which it began to serve. */
  readonly since: number;
  /** How many were taken after the first. */
  readonly reloads: number;
  /** What the file holds instead and why that cannot serve; null where the file is what serves. */
  readonly refused: { readonly digest: string; readonly reason: string; readonly at: number } | null;
}

/** The supergraph of a file, served by an engine that follows the file. */
export interface ServedSupergraph {
  /** What was found to fit one supergraph runs on that one, also where a newer one serves by then. */
  readonly engine: Engine;
  status(): SupergraphStatus;
  /** Tells of each new supergraph once it serves; the answer ends that. */
  onReload(listener: (digest: string) => void): () => void;
  /** Looks at the file now; resolves when what it holds serves or was refused. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

interface Options {
  readonly path: string;
  readonly open: (supergraph: Supergraph) => Promise<Engine>;
  /** Names of the subgraphs that can be asked. */
  readonly subgraphs: ReadonlySet<string>;
  readonly log: Log;
  /** How often the file is read where nobody tells of its changes, such as on a network drive. */
  readonly pollSeconds: number;
}

/** Whoever writes a file may be seen half-way: it counts once two readings this far apart agree. */
const SETTLE_MS = 60;

/** Serves the supergraph of a file and takes a new one as soon as the file holds it. Throws a StartupError where the first cannot serve. */
export async function serveSupergraph({ path, open, subgraphs, log, pollSeconds }: Options): Promise<ServedSupergraph> {
  const engines = new WeakMap<GraphQLSchema, Engine>();
  const listeners = new Set<(digest: string) => void>();
  const first = await openFirst();
  let current = first.engine;
  let status: SupergraphStatus = { digest: first.digest, since: unixSeconds(), reloads: 0, refused: null };
  engines.set(current.schema(), current);

  async function openFirst(): Promise<{ engine: Engine; digest: string }> {
    try {
      const supergraph = await judgeSupergraph(await readFile(path, 'utf8'), subgraphs);
      return { engine: await open(supergraph), digest: supergraph.digest };
    } catch (error) {
      throw new StartupError(
        `The supergraph ${path} cannot serve. ${reasonOf(error)}`,
        'Run "npm run compose", or name another file in SOUK_SUPERGRAPH.',
        { cause: error },
      );
    }
  }

  async function consider(): Promise<void> {
    let digest = '';
    try {
      const sdl = await readSettled(path);
      digest = digestOf(sdl);
      if (digest === status.digest) status = { ...status, refused: null };
      if (digest === (status.refused?.digest ?? status.digest)) return;
      const supergraph = await judgeSupergraph(sdl, subgraphs);
      const engine = await open(supergraph);
      engines.set(engine.schema(), engine);
      current = engine;
      status = { digest, since: unixSeconds(), reloads: status.reloads + 1, refused: null };
      log.info({ digest }, 'a new supergraph serves');
    } catch (error) {
      if (status.refused?.digest === digest) return;
      const reason = reasonOf(error);
      status = { ...status, refused: { digest, reason, at: unixSeconds() } };
      log.error(
        { refused: digest, serving: status.digest, reason },
        'a new supergraph was refused; the old one keeps serving',
      );
      return;
    }
    for (const listener of listeners) {
      try {
        listener(digest);
      } catch (error) {
        log.error({ error }, 'a listener of the new supergraph failed');
      }
    }
  }

  let looking: Promise<void> | null = null;
  let again: Promise<void> | null = null;
  /** One at a time, and once more for whoever asked meanwhile: what they know of may have come after the reading. */
  function look(): Promise<void> {
    if (looking) {
      again ??= looking.then(() => {
        again = null;
        return look();
      });
      return again;
    }
    looking = consider().finally(() => {
      looking = null;
    });
    return looking;
  }

  const watcher = watchFile(path, () => void look(), log);
  const poll = setInterval(() => void look(), pollSeconds * 1_000);
  poll.unref();
  const engineOf = (schema: GraphQLSchema): Engine => engines.get(schema) ?? current;

  return {
    engine: {
      schema: () => current.schema(),
      execute: (request) => engineOf(request.schema).execute(request),
      subscribe: (request) => engineOf(request.schema).subscribe(request),
      stop: () => current.stop(),
    },
    status: () => status,
    onReload(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    look,
    async stop() {
      watcher?.close();
      clearInterval(poll);
      await looking;
      await current.stop();
    },
  };
}

/**
 * Watches the folder, for many editors write a new file and give it the old one's name; and Kubernetes swaps a link beside it.
 * Where that cannot be had, the file is read by time alone.
 */
function watchFile(path: string, changed: () => void, log: Log): FSWatcher | null {
  const unwatched = (error: unknown): null => {
    log.warn({ error }, 'the supergraph’s folder cannot be watched; the file is read by time instead');
    return null;
  };
  try {
    const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
      if (name === null || name === basename(path) || name.startsWith('..')) changed();
    });
    watcher.on('error', (error) => {
      watcher.close();
      unwatched(error);
    });
    return watcher;
  } catch (error) {
    return unwatched(error);
  }
}

async function readSettled(path: string): Promise<string> {
  const read = (): Promise<string> => readFile(path, 'utf8').catch(() => '');
  for (let before = await read(); ; ) {
    await sleep(SETTLE_MS);
    const now = await read();
    if (now === before) return now;
    before = now;
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof SupergraphRefusal) return error.message;
  const { code, message } = error as { code?: string; message: string };
  return code === 'ENOENT' ? 'There is no such file.' : message;
}
