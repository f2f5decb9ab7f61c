import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StatementTime } from './database.ts';

/** The parts of a V8 CPU profile that are read here. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export interface HotSpots {
  /** Where processor time went by itself, by package or folder; shares of the busy time. */
  readonly packages: readonly { readonly name: string; readonly share: number }[];
  readonly functions: readonly { readonly name: string; readonly share: number }[];
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Nobody's work, or the profiler's own. */
const isIdle = ({ functionName, url }: Profile['nodes'][number]['callFrame']): boolean =>
  ['(idle)', '(program)', '(root)'].includes(functionName) || url === 'node:inspector';

/** The package of a source: a folder of ours, an npm package, Node itself or the engine. */
export function packageOf(url: string, functionName: string): string {
  const packaged = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  if (packaged) return packaged;
  if (url.startsWith('node:')) return 'node';
  if (url === '') return functionName === '(garbage collector)' ? 'garbage collector' : 'engine';
  const path = relative(ROOT, url.startsWith('file:') ? fileURLToPath(url) : url);
  return /^(subgraphs\/[^/]+|[^/]+)/.exec(path)?.[1] ?? path;
}

/** Reads a profile and sums the time each function spent in itself. */
export function findHotSpots({ nodes, samples, timeDeltas }: Profile, most: number): HotSpots {
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const packages = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  for (const [index, id] of samples.entries()) {
    const frame = byId.get(id)!;
    if (isIdle(frame)) continue;
    const { functionName, url, lineNumber } = frame;
    const spent = Math.max(0, timeDeltas[index]!);
    busy += spent;
    const from = packageOf(url, functionName);
    const place = url === '' ? '' : ` ${url.split('/').slice(-2).join('/')}:${lineNumber + 1}`;
    const name = `${functionName || '(anonymous)'} (${from}${place})`;
    packages.set(from, (packages.get(from) ?? 0) + spent);
    functions.set(name, (functions.get(name) ?? 0) + spent);
  }
  const top = (sums: Map<string, number>) =>
    [...sums]
      .sort((a, b) => b[1] - a[1])
      .slice(0, most)
      .map(([name, spent]) => ({ name, share: spent / busy }));
  return { packages: top(packages), functions: top(functions) };
}

export const readHotSpots = async (file: string, most = 12): Promise<HotSpots> =>
  findHotSpots(JSON.parse(await readFile(file, 'utf8')) as Profile, most);

export function describeHotSpots(title: string, { packages, functions }: HotSpots): string {
  const lines = (spots: HotSpots['packages']): string[] =>
    spots.map(({ name, share }) => `  ${(share * 100).toFixed(1).padStart(5)} %  ${name}`);
  return [`${title}: where the server's time goes`, ...lines(packages), '', ...lines(functions), ''].join('\n');
}

/** Where PostgreSQL's time goes, statement by statement. */
export function describeTimes(times: readonly StatementTime[], operations: number): string {
  const each = (ms: number): string => (ms / operations).toFixed(2).padStart(8);
  return [
    'Of one operation, ms in PostgreSQL: planning, execution; calls; statement',
    ...times.map(
      ({ role, calls, planning, execution, text }) =>
        `${each(planning)} ${each(execution)} ${(calls / operations).toFixed(1).padStart(6)}  ${role}  ${text.slice(0, 300)}`,
    ),
    '',
  ].join('\n');
}
