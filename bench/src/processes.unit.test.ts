import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { canMeasure, cpuOf, cpuOfFamily, memoryOf, memoryOfFamily, parseKilobytes, parseStat } from './processes.ts';

describe('what /proc tells', () => {
  it('is read behind a name with blanks and brackets', () => {
    const text =
      '4242 (postgres: a) (b) S 17 4242 4242 0 -1 4194560 5000 900 3 0 120 34 560 7 20 0 1 0 90210 248000000 6000 18446744073709551615';
    expect(parseStat(text)).toEqual({ pid: 4242, parent: 17, own: 1_540, reaped: 5_670 });
  });

  it('is memory in kB', () => {
    const text =
      '56004a4b9000-7ffd9b45e000 ---p 00000000 00:00 0   [rollup]\nRss:      1772 kB\nPss:       305 kB\nPss_Dirty:  1 kB\n';
    expect(parseKilobytes(text, 'Pss')).toBe(312_320);
    expect(parseKilobytes(text, 'Swap')).toBeUndefined();
  });
});

describe.runIf(canMeasure)('a family of processes', () => {
  it('counts the work of a child that is alive and of one that has ended', async () => {
    const burn = 'const end = process.cpuUsage().user + 100000; while (process.cpuUsage().user < end);';
    // Both end by themselves when this test's pipe to them closes.
    const living = `${burn} console.log('burnt'); process.stdin.resume();`;
    const parent = spawn(process.execPath, [
      '-e',
      `const { spawnSync, spawn } = require('node:child_process');
       spawnSync(process.execPath, ['-e', ${JSON.stringify(burn)}]);
       spawn(process.execPath, ['-e', ${JSON.stringify(living)}], { stdio: 'inherit' });`,
    ]);
    try {
      await once(parent.stdout, 'data');
      const alone = cpuOf(parent.pid!);
      const together = cpuOfFamily(parent.pid!);
      expect(together - alone).toBeGreaterThanOrEqual(200);
      expect(memoryOf(parent.pid!)).toBeGreaterThan(0);
      expect(memoryOfFamily(parent.pid!)).toBeGreaterThan(0);
    } finally {
      parent.stdin.end();
      await once(parent, 'exit');
    }
  });

  it('is nothing for a process that is not there', () => {
    expect([cpuOf(4_999_999), cpuOfFamily(4_999_999), memoryOf(4_999_999)]).toEqual([0, 0, 0]);
  });
});
