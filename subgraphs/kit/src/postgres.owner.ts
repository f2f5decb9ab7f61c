import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { StartupError, systemCode } from './startup-error.ts';

/** A process, told apart from a later one that got the same number. */
export interface ProcessMark {
  readonly pid: number;
  readonly born: string;
}

/** The mark of a living process, or null if there is none of that number. */
export function markOf(pid: number): ProcessMark | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      // A zombie holds its number but nothing else.
      if (fields[0] === 'Z' || fields[0] === 'X') return null;
      return { pid, born: `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}` };
    }
    const born = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: 'pipe' }).trim();
    return born === '' ? null : { pid, born };
  } catch {
    return null;
  }
}

export function isAlive(mark: ProcessMark): boolean {
  return markOf(mark.pid)?.born === mark.born;
}

/** The command line of a living process as a list of words, or empty. */
export function commandOf(pid: number): readonly string[] {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const command = execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return command.trim().split(' ');
  } catch {
    return [];
  }
}

/** Who holds the folder, as its owner file says; null if nobody alive does. */
export async function readOwner(file: string): Promise<ProcessMark | null> {
  const text = await readFile(file, 'utf8').catch(() => '');
  try {
    const { pid, born } = JSON.parse(text) as ProcessMark;
    const mark = { pid, born };
    return isAlive(mark) ? mark : null;
  } catch {
    return null;
  }
}

/**
 * Makes this process the one holder of the folder that `file` guards, taking over from a dead holder.
 * Returns how to give it back. Throws a StartupError while another holder lives.
 */
export async function takeFolder(file: string, folder: string): Promise<() => Promise<void>> {
  const mine = JSON.stringify(markOf(process.pid));
  const draft = `${file}.${randomUUID()}`;
  const taken = (owner: ProcessMark): StartupError =>
    new StartupError(
      `Another Souk (process ${owner.pid}) is already running on ${folder}.`,
      'Stop it first with Ctrl-C in its window, or use that one.',
    );
  try {
    await writeFile(draft, mine, { mode: 0o600 });
    for (;;) {
      try {
        // A link appears whole or not at all, so nobody ever reads a half-written owner.
        await link(draft, file);
        break;
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw error;
      }
      const owner = await readOwner(file);
      if (owner) throw taken(owner);
      const aside = `${draft}.dead`;
      await rename(file, aside).catch(() => undefined);
      // Between the look and the rename another start may have taken over: then it is put back.
      const quick = await readOwner(aside);
      if (quick) {
        await link(aside, file).catch(() => undefined);
        await rm(aside, { force: true });
        throw taken(quick);
      }
      await rm(aside, { force: true });
    }
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    if ((await readFile(file, 'utf8').catch(() => '')) === mine) await rm(file, { force: true });
  };
}
