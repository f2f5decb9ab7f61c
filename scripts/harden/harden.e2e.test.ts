import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Scene } from './case.ts';
import { cases } from './cases.ts';
import { runCase, sceneOf } from './run.ts';
import { type System, startSystem } from './system.ts';

/** Some of each family: those that show most for their time. */
const CHOSEN = new Set([
  'nesting',
  'introspection',
  'variables',
  'json',
  'cross-site',
  'tokens',
  'smuggling',
  'frames',
  'slow-readers',
  'garbage',
  'mutations-once',
]);

const chosen = cases.filter(({ name }) => CHOSEN.has(name));
let system: System;
let scene: Scene;

beforeAll(async () => {
  system = await startSystem({ postgresUrl: inject('postgresUrl') });
  scene = await sceneOf(system, true);
});

afterAll(async () => {
  await system?.stop();
  const left = cases.filter((one) => !chosen.includes(one)).map(({ name }) => name);
  console.warn(`\n!!! Cases of the hardening suite that "npm run harden" alone runs: ${left.join(', ')}\n`);
});

describe('the shop, attacked from outside while innocent clients go on', () => {
  it.each(chosen.map((one) => [one.name, one] as const))('holds against %s', async (name, one) => {
    const { wrongs, innocent } = await runCase(one, system, scene);
    expect(wrongs, `Again: npm run harden -- ${name} --short`).toEqual([]);
    expect(innocent.answered).toBeGreaterThan(0);
  });
});
