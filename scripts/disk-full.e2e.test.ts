import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspectPostgres, removePostgres } from '@souk/kit/postgres';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { diskFull } from './chaos/disk-full.row.ts';
import { runRow } from './chaos/run.ts';
import { NO_DISK, openSmallDisk } from './chaos/small-disk.ts';
import { freePort, killLaunched, lastWords, launch } from './run/command.testing.ts';

const home = await mkdtemp(join(tmpdir(), 'souk-disk-'));
// Under root PostgreSQL is another user, who must get through; else its data would lie elsewhere, on a disk with room.
await chmod(home, 0o711);
const disk = await openSmallDisk(join(home, 'disk'), '100m');
const dataDir = join(home, 'disk', 'data');

afterAll(async () => {
  await killLaunched();
  while ((await inspectPostgres(join(dataDir, 'postgres'))).holder !== null) await sleep(20);
  if (disk) {
    await disk.free();
    await removePostgres(join(dataDir, 'postgres'));
    await disk.close();
  }
  await rm(home, { recursive: true, force: true });
});

describe('a disk that is full', () => {
  if (!disk) {
    it('is told in a sentence, and harms nothing', (test) => {
      test.task.meta.absentServer = NO_DISK;
      test.skip(NO_DISK);
    });
    return;
  }

  const sentence = (folder: string): string[] => [
    `✗ The disk that holds ${folder} is full.`,
    '  Free at least 500 MB on it and start again; nothing that was stored is lost.',
  ];
  const startHere = async () => {
    const start = launch('start', ['--port', String(await freePort())], { SOUK_DATA_DIR: dataDir });
    return { code: await start.ended, words: lastWords(start) };
  };

  it('is one sentence at the start where there is too little room for a database', async () => {
    expect(await startHere()).toEqual({ code: 1, words: sentence(join(dataDir, 'postgres')) });
  });

  it('is the same sentence where not a byte is left', async () => {
    await rm(dataDir, { recursive: true });
    await disk.fill();
    expect(await startHere()).toEqual({ code: 1, words: sentence(dataDir) });
    await disk.free();
  });

  it(`while the shop runs: ${diskFull.promise}`, async () => {
    const options = { seed: 1, short: true, postgresUrl: inject('postgresUrl'), home, say: () => undefined };
    expect(await runRow(diskFull, options)).toMatchObject({ wrongs: [] });
  });
});
