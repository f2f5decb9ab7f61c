import crypto from 'node:crypto';
import { registerHooks, syncBuiltinESMExports } from 'node:module';
import { type Chance, chanceOf } from './chance.ts';
import { type Life, tasks } from './lives.ts';

interface Timer {
  readonly id: number;
  readonly at: number;
  readonly life: Life | null;
  readonly fire: () => void;
}

/** Where a run's ids, time and chance come from while it runs. */
interface Source {
  ms: number;
  ids: number;
  lastMs: number;
  readonly idChance: Chance;
  readonly chance: Chance;
  timers: Timer[];
  timerIds: number;
}

/** Every run begins here: ids hold the time, and must not depend on the day of the run. */
const EPOCH = Date.UTC(2030, 0, 7, 9);
const later = (): Source => ({
  ms: EPOCH,
  ids: 0,
  lastMs: 0,
  idChance: chanceOf(0, 'ids'),
  chance: chanceOf(0, 'chance'),
  timers: [],
  timerIds: 0,
});

let source = later();

/** Begins a run: time, ids and chance start over. `from` is where its time begins, ms after that of the shop's base. */
export function begin(seed: number, from: number): void {
  source = { ...later(), ms: EPOCH + from, idChance: chanceOf(seed, 'ids'), chance: chanceOf(seed, 'chance') };
}

/** The run's time, ms since 1970. Only the simulation moves it. */
export const nowMs = (): number => source.ms;

/** Moves time on and lets timers that are due go off, in their order. */
export function advance(ms: number): void {
  source.ms += ms;
  for (;;) {
    const due = source.timers.filter(({ at }) => at <= source.ms).sort((a, b) => a.at - b.at || a.id - b.id)[0];
    if (!due) return;
    source.timers = source.timers.filter((timer) => timer !== due);
    due.fire();
  }
}

/** When the next timer goes off; undefined where none waits. */
export const nextTimer = (): number | undefined =>
  source.timers.length === 0 ? undefined : Math.min(...source.timers.map(({ at }) => at));

/** A crash takes a house's timers with it. */
export function dropTimers(life: Life): void {
  source.timers = source.timers.filter((timer) => timer.life !== life);
}

/** A UUIDv7 of the run's time; each sorts after those before it. */
export function nextId(): string {
  source.ids = source.ms > source.lastMs ? 0 : source.ids + 1;
  source.lastMs = Math.max(source.ms, source.lastMs);
  const time = (source.lastMs + Math.floor(source.ids / 4096)).toString(16).padStart(12, '0');
  const order = (source.ids % 4096).toString(16).padStart(3, '0');
  const part = () =>
    Math.floor(source.idChance.next() * 0x10000)
      .toString(16)
      .padStart(4, '0');
  const variant = (8 + source.idChance.below(4)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${order}-${variant}${part().slice(1)}-${part()}${part()}${part()}`;
}

let taken = false;

/**
 * Takes time, chance and ids of this process over, so that a run depends on its seed alone. Before any house is imported:
 * ids come from a package that is exchanged here.
 */
export function takeOver(): void {
  if (taken) return;
  taken = true;
  const ids = new URL('./uuid.simulated.ts', import.meta.url).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'uuid' ? { url: ids, shortCircuit: true } : next(specifier, context),
  });
  Date.now = () => source.ms;
  Math.random = () => source.chance.next();
  const fill = (bytes: Uint8Array): void => {
    for (let i = 0; i < bytes.length; i++) bytes[i] = source.chance.below(256);
  };
  const randomBytes = (size: number): Buffer => {
    const bytes = Buffer.alloc(size);
    fill(bytes);
    return bytes;
  };
  Object.assign(crypto, { randomUUID: nextId, randomBytes });
  syncBuiltinESMExports();
  const setTimer = (fire: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => {
    const id = ++source.timerIds;
    const life = tasks.getStore()?.life ?? null;
    source.timers.push({ id, at: source.ms + ms, life, fire: () => fire(...args) });
    return { id, ref: () => undefined, unref: () => undefined, hasRef: () => true, [Symbol.toPrimitive]: () => id };
  };
  const clearTimer = (timer: { readonly id: number } | undefined) => {
    source.timers = source.timers.filter(({ id }) => id !== timer?.id);
  };
  Object.assign(globalThis, { setTimeout: setTimer, clearTimeout: clearTimer });
}
