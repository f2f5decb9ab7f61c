import { setTimeout as sleep } from 'node:timers/promises';
import type { Case, Scene } from './case.ts';
import { doorsOf } from './doors.ts';
import { type Innocent, sendInnocent } from './innocent.ts';
import type { Inside, System } from './system.ts';

/** A case that was run. */
export interface Ran {
  readonly one: Case;
  readonly wrongs: readonly string[];
  readonly seconds: number;
  readonly innocent: Innocent;
  /** What its process held at most, MB; null where nobody could look. */
  readonly peakMb: number | null;
}

const MB = 1024 * 1024;
/** What may stay after a case: caches fill, nothing more. */
const MOST_KEPT = 64 * MB;
/** What a case may take while it runs. */
const MOST_TAKEN = 768 * MB;
/** How long what was left open may take to be noticed. */
const SETTLE_MS = 20_000;

export async function sceneOf(system: System, short: boolean): Promise<Scene> {
  const { origin, frail } = system;
  const graph = `${origin}/graphql`;
  const rest = (await fetch(`${origin}/api/v1/openapi.json`)).status === 200;
  return { origin, graph, doors: doorsOf(graph), rest, frail, short };
}

/** Runs a case while innocent clients go on, and looks at what it left behind. */
export async function runCase(one: Case, system: System, scene: Scene): Promise<Ran> {
  const { inside } = system;
  const before = inside && (await inside.look());
  inside?.peak();
  const since = performance.now();
  const innocents = sendInnocent(scene.graph);
  const wrongs: string[] = [];
  try {
    wrongs.push(...(await one.run(scene)));
  } catch (error) {
    wrongs.push(`The case did not come to its end: ${error instanceof Error ? error.stack : String(error)}`);
  }
  const innocent = await innocents.stop();
  const seconds = (performance.now() - since) / 1_000;
  for (const failure of new Set(innocent.failures)) wrongs.push(`An innocent client was refused: ${failure}`);
  if (innocent.answered === 0) wrongs.push('No innocent client was answered.');
  const peak = inside?.peak() ?? null;
  if (inside && before) {
    wrongs.push(...(await leftBehind(inside, before).catch((error: Error) => [`The shop gave way: ${error.message}`])));
  }
  if (peak !== null && peak > MOST_TAKEN) wrongs.push(`The shop took ${Math.round(peak / MB)} MB of memory.`);
  return { one, wrongs, seconds, innocent, peakMb: peak === null ? null : Math.round(peak / MB) };
}

async function leftBehind(inside: Inside, before: { heldBytes: number; handles: number }): Promise<string[]> {
  if (!inside.alive) return ['The shop has ended.'];
  const since = performance.now();
  for (;;) {
    const { heldBytes, handles } = await inside.look();
    const wrongs: string[] = [];
    if (handles > before.handles + ALLOWED_HANDLES) {
      wrongs.push(`${handles - before.handles} connections are still open.`);
    }
    if (heldBytes > before.heldBytes + MOST_KEPT) {
      wrongs.push(`${Math.round((heldBytes - before.heldBytes) / MB)} MB are still held.`);
    }
    if (wrongs.length === 0 || performance.now() - since > SETTLE_MS) return wrongs;
    await sleep(250);
  }
}

/** Connections that this process keeps for its next requests, and those of the shop to its database. */
const ALLOWED_HANDLES = 40;
