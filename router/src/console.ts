import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { BuildMessage } from '../console/build.ts';

const SOURCES = fileURLToPath(new URL('../console/', import.meta.url));
const BUILDER = join(SOURCES, 'build.ts');
/** What the page shares with the router and with other clients. */
const SHARED = ['../src/admission/cost.ts', '../src/admission/cost-parts.ts', '../../clients/admin/gql/graphql.ts'];
/** What ends up in the bundle, or decides how it is made. */
const INGREDIENTS = [
  'vite',
  'graphiql',
  '@graphiql/react',
  '@graphiql/plugin-explorer',
  'graphql',
  'graphql-ws',
  'react',
  'react-dom',
];

export interface BuildConsole {
  /** The folder that keeps builds, such as `.souk`; it is made if it is missing. */
  outRoot: string;
  /** Told a whole sentence now and then while a build runs; never called when the build is already there. */
  onProgress?: (message: string) => void;
}

/**
 * The folder of the built console page, building it first where these sources in these versions were not built yet.
 * A build appears whole or not at all: it is made aside and renamed, and of two that run at once the first wins.
 */
export async function buildConsole({ outRoot, onProgress = () => {} }: BuildConsole): Promise<string> {
  const name = `console-${await fingerprint()}`;
  const finished = join(outRoot, name);
  if (await isFolder(finished)) return finished;

  await mkdir(outRoot, { recursive: true });
  const aside = await mkdtemp(join(outRoot, `building-console-${process.pid}-`));
  try {
    onProgress('Building the console page, once for this version.');
    await runBuilder(aside, onProgress);
    await rename(aside, finished).catch(async (error: unknown) => {
      if (!(await isFolder(finished))) throw error;
    });
    onProgress('The console page is built.');
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  await sweep(outRoot, name);
  return finished;
}

async function runBuilder(outDir: string, onProgress: (message: string) => void): Promise<void> {
  // The builder is plain erasable TypeScript, so it needs none of our loaders or conditions.
  const child = fork(BUILDER, [outDir], {
    execArgv: ['--experimental-strip-types', '--no-warnings'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const stop = () => child.kill();
  process.once('exit', stop);
  let told = '';
  let failure = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    told = (told + chunk.toString()).slice(-2000);
  });
  child.on('message', (message: BuildMessage) => {
    if ('failed' in message) failure = message.failed;
    else onProgress(`Building the console page: ${message.modules} modules read.`);
  });
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => {
        if (code === 0) resolve();
        else
          reject(
            new Error(
              `The console page could not be built: ${failure || told.trim() || `the builder ended with ${signal ?? code}`}`,
            ),
          );
      });
    });
  } finally {
    process.off('exit', stop);
  }
}

async function fingerprint(): Promise<string> {
  const hash = createHash('sha256');
  for (const file of [...(await listSources(SOURCES)), ...SHARED]) {
    hash
      .update(`${file}\0`)
      .update(await readFile(join(SOURCES, file)))
      .update('\0');
  }
  for (const name of INGREDIENTS) hash.update(`${name}@${await versionOf(name)}\0`);
  return hash.digest('hex').slice(0, 16);
}

async function listSources(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/'))
    .sort();
}

async function versionOf(name: string): Promise<string> {
  const manifest: unknown = JSON.parse(
    await readFile(createRequire(import.meta.url).resolve(`${name}/package.json`), 'utf8'),
  );
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error(`The package ${name} names no version; install the dependencies again.`);
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** Drops builds of older sources but the newest (someone may still be served from it), and what a killed build left. */
async function sweep(outRoot: string, current: string): Promise<void> {
  const names = await readdir(outRoot);
  const left = names.filter((name) => {
    const pid = /^building-console-(\d+)-/.exec(name)?.[1];
    return pid !== undefined && !isRunning(Number(pid));
  });
  const older = await Promise.all(
    names
      .filter((name) => /^console-[0-9a-f]{16}$/.test(name) && name !== current)
      .map(async (name) => ({
        name,
        at: await stat(join(outRoot, name)).then(
          (found) => found.mtimeMs,
          () => 0,
        ),
      })),
  );
  older.sort((a, b) => b.at - a.at);
  for (const name of [...left, ...older.slice(1).map((each) => each.name)]) {
    await rm(join(outRoot, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * What the page may do: load from its own origin only, and talk to its own origin only. The editor writes its styles
 * and embeds its fonts and icons, hence the inline styles and data addresses; its workers are files of their own.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Serves a built console under `/console/`. File names carry their content's hash, so only the page itself is asked for again.
 * `beside` adds what the page asks the router.
 */
export async function registerConsole(
  fastify: FastifyInstance,
  dir: string,
  beside: (scope: FastifyInstance) => void = () => undefined,
): Promise<void> {
  await fastify.register(async (scope) => {
    scope.addHook('onSend', async (_request, reply) => {
      reply.headers({
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
    });
    beside(scope);
    scope.get('/console', (_request, reply) => reply.redirect('/console/', 308));
    await scope.register(fastifyStatic, {
      root: dir,
      prefix: '/console/',
      decorateReply: false,
      cacheControl: false,
      setHeaders(reply: FastifyReply, path: string) {
        const hashed = path.slice(dir.length).replaceAll('\\', '/').startsWith('/assets/');
        reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  });
}
