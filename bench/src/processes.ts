import { readdirSync, readFileSync } from 'node:fs';

/** Linux tells processor time to programs in hundredths of a second, on every machine it runs on. */
const MS_PER_TICK = 10;

export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** Of its own threads, ms. */
  readonly own: number;
  /** Of its children that have ended and were waited for, ms. */
  readonly reaped: number;
}

/** `/proc/<pid>/stat`. The name stands in brackets and may hold brackets and blanks itself. */
export function parseStat(text: string): ProcessTimes {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // Counted from the state, which is the third field of the file.
  const ticks = (field: number): number => Number(fields[field - 3]) * MS_PER_TICK;
  return {
    pid: Number.parseInt(text, 10),
    parent: Number(fields[1]),
    own: ticks(14) + ticks(15),
    reaped: ticks(16) + ticks(17),
  };
}

/** A field in kB of `/proc/<pid>/smaps_rollup` or `/proc/<pid>/status`, in bytes; undefined where it is not told. */
export function parseKilobytes(text: string, field: string): number | undefined {
  const found = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : Number(found) * 1024;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // A process may end while it is looked at, and some files are not for every user.
    return undefined;
  }
}

function timesOf(pid: number): ProcessTimes | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text === undefined ? undefined : parseStat(text);
}

function childrenOf(pid: number): ProcessTimes[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => timesOf(Number(name)) ?? [])
    .filter(({ parent }) => parent === pid);
}

/** False where there is no `/proc`: processor time and memory are then not told. */
export const canMeasure = timesOf(process.pid) !== undefined;

/** Processor time of one process, ms since its start. */
export const cpuOf = (pid: number): number => timesOf(pid)?.own ?? 0;

/** Processor time of a process and its children, living and ended, ms: PostgreSQL has a process per connection. */
export function cpuOfFamily(pid: number): number {
  const self = timesOf(pid);
  if (!self) return 0;
  return childrenOf(pid).reduce((sum, { own, reaped }) => sum + own + reaped, self.own + self.reaped);
}

/** Memory of a process, bytes. */
export const memoryOf = (pid: number): number => parseKilobytes(read(`/proc/${pid}/status`) ?? '', 'VmRSS') ?? 0;

/**
 * Memory of a process and its children, bytes: shared pages once where the system tells the proportional size (PSS),
 * else the sum of what is resident, in which they count for each.
 */
export function memoryOfFamily(pid: number): number {
  const pids = [pid, ...childrenOf(pid).map((child) => child.pid)];
  return pids.reduce(
    (sum, one) => sum + (parseKilobytes(read(`/proc/${one}/smaps_rollup`) ?? '', 'Pss') ?? memoryOf(one)),
    0,
  );
}
