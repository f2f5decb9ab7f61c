// Runs on whatever Node the person has, before anything is installed: nothing but node:* may be imported here.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, realpathSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const pnpm = 'pnpm@12.21.0';

class Stop extends Error {
  constructor(message, advice) {
    super(message);
    this.advice = advice;
  }
}

/** `major.minor` of a version as two numbers. */
export function versionOf(text) {
  const [major = 0, minor = 0] = text.replace(/^v/, '').split('.').map(Number);
  return { major, minor };
}

/** The package that carries Node for this machine, or null where the Node on PATH must serve. */
export function nodePackageFor(platform, arch) {
  return platform === 'linux' && (arch === 'x64' || arch === 'arm64') ? `node-linux-${arch}` : null;
}

/** What an install depends on: the same stamp means that the installed packages are the right ones. */
export function stampOf(lockfile, workspace, machine) {
  return createHash('sha256')
    .update(lockfile)
    .update('\0')
    .update(workspace)
    .update('\0')
    .update(machine)
    .digest('hex');
}

/** What the last words of a failed install mean, and what to do. */
export function explainInstall(said) {
  if (/ENOSPC|no space left/i.test(said)) {
    return [
      'The disk is full: the packages could not be installed.',
      'Free at least 4 GB and run the same command again.',
    ];
  }
  if (/EACCES|EPERM|permission denied/i.test(said)) {
    return [
      'This user is not permitted to write the packages of this project.',
      'Run the same command as the user who owns this folder, or give the folder to this user with chown.',
    ];
  }
  if (/OUTDATED_LOCKFILE/.test(said)) {
    return [
      'pnpm-lock.yaml does not fit the package.json files.',
      `If you changed a package.json, run "npx --yes ${pnpm} install"; otherwise restore both files with git.`,
    ];
  }
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|FETCH|network/i.test(said)
  ) {
    return [
      'The npm registry could not be reached, so the packages could not be installed.',
      'Check the network connection (and "npm config get registry" behind a proxy), then run the same command again.',
    ];
  }
  return [
    'The packages could not be installed.',
    'The lines above say why; correct that and run the same command again.',
  ];
}

function requireNode() {
  const { major } = versionOf(process.version);
  if (major < 18) {
    throw new Stop(
      `Souk needs Node 18 or newer to start, and this is Node ${process.version}.`,
      'Install Node 20 or newer from https://nodejs.org and run the same command again.',
    );
  }
}

function currentStamp() {
  const read = (name) => readFileSync(join(root, name), 'utf8');
  return stampOf(read('pnpm-lock.yaml'), read('pnpm-workspace.yaml'), `${process.platform}-${process.arch}`);
}

const stampFile = join(root, 'node_modules', '.souk-stamp');

function isInstalled() {
  // Each workspace folder has links of its own, which a clean-up may have taken while the root's stayed.
  if (!['subgraphs/kit', 'router'].every((folder) => existsSync(join(root, folder, 'node_modules')))) return false;
  try {
    return readFileSync(stampFile, 'utf8') === currentStamp();
  } catch {
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Two commands begun at once on a bare clone must not install into the same folder together. */
async function oneAtATime(work) {
  const lock = join(root, '.souk-install.lock');
  for (let told = false; ; told = true) {
    try {
      const file = openSync(lock, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      break;
    } catch (error) {
      if (error.code === 'EACCES' || error.code === 'EPERM' || error.code === 'EROFS') {
        throw new Stop(...explainInstall('EACCES'));
      }
      if (error.code === 'ENOSPC') throw new Stop(...explainInstall('ENOSPC'));
      if (error.code !== 'EEXIST') throw error;
    }
    let holder = 0;
    try {
      holder = Number(readFileSync(lock, 'utf8'));
    } catch {
      continue;
    }
    if (holder > 0 && !isAlive(holder)) rmSync(lock, { force: true });
    else {
      if (!told) console.log('Another command is installing the packages; waiting for it.');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

async function install() {
  if (isInstalled()) return;
  await oneAtATime(async () => {
    if (isInstalled()) return;
    console.log('Installing the packages. The first time this takes about a minute.');
    const { code, said } = await runInstall();
    if (code !== 0) throw new Stop(...explainInstall(said));
    writeFileSync(stampFile, currentStamp());
  });
}

function runInstall() {
  const windows = process.platform === 'win32';
  const args = [
    '--yes',
    pnpm,
    'install',
    '--frozen-lockfile',
    '--reporter=append-only',
    '--config.confirmModulesPurge=false',
  ];
  const child = spawn(windows ? 'npx.cmd' : 'npx', args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: windows,
  });
  let said = '';
  const pass = (from, to) =>
    from.on('data', (chunk) => {
      to.write(chunk);
      said = (said + chunk).slice(-20_000);
    });
  pass(child.stdout, process.stdout);
  pass(child.stderr, process.stderr);
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      reject(
        error.code === 'ENOENT'
          ? new Stop(
              'npm is not installed beside Node.',
              'Install Node from https://nodejs.org, which brings npm, and run the same command again.',
            )
          : error,
      );
    });
    child.on('close', (code) => resolve({ code, said }));
  });
}

function projectNode() {
  const name = nodePackageFor(process.platform, process.arch);
  const own = name && join(root, 'node_modules', name, 'bin', 'node');
  if (own && existsSync(own)) return own;
  const { major, minor } = versionOf(process.version);
  if (major > 22 || (major === 22 && minor >= 15)) return process.execPath;
  throw new Stop(
    `Souk needs Node 22.15 or newer on this kind of machine, and this is Node ${process.version}.`,
    'Install Node 24 from https://nodejs.org and run the same command again.',
  );
}

/** The parent of a process, or 0 where that cannot be read. */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

/** npm puts a shell between itself and us; when either is killed, nobody can reach us by Ctrl-C any more. */
function whenNpmIsGone(act) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const grandparent = parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && parentOf(parent) === grandparent) return;
    clearInterval(timer);
    act();
  }, 200);
  timer.unref();
}

/** Runs `scripts/<command>.ts` with the project's own Node until it ends, and answers its exit code. */
function run(command, args) {
  const script = join(root, 'scripts', `${command}.ts`);
  if (!/^[a-z-]+$/.test(command) || !existsSync(script)) {
    throw new Stop(`There is no command "${command}".`, '"npm run" lists the commands.');
  }
  const flags = ['--conditions=source', '--import', '@oxc-node/core/register'];
  // The channel closes if this process is killed, and the command then ends by itself.
  const child = spawn(projectNode(), [...flags, script, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { INIT_CWD: process.cwd(), ...process.env },
    cwd: root,
  });
  // Ctrl-C reaches the whole group, so the child has got it already; a SIGINT sent to this process alone is passed on.
  process.on('SIGINT', () => setTimeout(() => child.kill('SIGINT'), 300));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  whenNpmIsGone(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

async function main([command = 'start', ...rest]) {
  try {
    requireNode();
    await install();
    const args = rest[0] === '--' ? rest.slice(1) : rest;
    process.exitCode = await run(command, args);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    console.error(`\n✗ ${error.message}\n  ${error.advice}`);
    process.exitCode = 1;
  }
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  await main(process.argv.slice(2));
