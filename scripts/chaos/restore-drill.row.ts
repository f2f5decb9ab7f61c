import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, startPostgres } from '@souk/kit/postgres';
import { parseId } from '@souk/schema';
import { type KillableSouk, startKillable } from '../../router/src/killable.testing.ts';
import { openShop, type Shop } from '../../router/src/shop.testing.ts';
import { brokenWords, type Crowd, sendShoppers } from '../../router/src/shoppers.testing.ts';
import { archiveTo, connect, lastLogIsArchived, restore, takeBaseBackup } from './point-in-time.ts';
import { inspection, until, wrongsAtRest } from './rest.ts';
import type { Row, Scene } from './row.ts';

/** What a server may at most lose with its disk: its log leaves it at least this often. */
const ARCHIVE_SECONDS = 60;
const RPO_SECONDS = 300;

export const restoreDrill: Row = {
  name: 'restore-drill',
  promise:
    'after a wrong DELETE the shop is restored to the second before, from a base backup and the archived log: every law holds and what was acknowledged until then is there',
  async run(scene) {
    const archive = join(scene.folder, 'archive');
    const settings = await archiveTo(archive, ARCHIVE_SECONDS);
    const primary = await startPostgres({ dir: join(scene.folder, 'primary'), settings });
    const servers = [primary];
    let souk: KillableSouk | undefined;
    try {
      souk = await startKillable(primary.url, { SOUK_PAYMENT_DEADLINE_MINUTES: '0.75' });
      return await drill(scene, { souk, servers, archive });
    } finally {
      await souk?.end();
      for (const server of servers) await server.stop();
    }
  },
};

interface Drill {
  readonly souk: KillableSouk;
  /** The one that serves last. */
  readonly servers: EmbeddedPostgres[];
  readonly archive: string;
}

async function drill({ folder, say, short, chance }: Scene, { souk, servers, archive }: Drill) {
  const { wrongs, expect } = inspection();
  const primary = servers[0]!;
  const shop = await openShop(souk, { A: { amount: '10.00', stock: 5_000 }, B: { amount: '20.00', stock: 5_000 } });
  const count = short ? 12 : 120;

  say('taking the base backup under load');
  const first = sendShoppers(souk, shop, { count });
  const base = join(folder, 'base');
  await takeBaseBackup(primary.url, join(folder, 'primary', 'data'), base);
  await first.done;
  wrongs.push(...first.stranded);

  say('selling on, until somebody forgets a WHERE');
  const second = sendShoppers(souk, shop, { count: 100_000 });
  const enough = second.acknowledged() + 20 + chance.below(20);
  await until(
    async () => second.acknowledged(),
    (now) => now >= enough,
  );
  const disaster = await forgetTheWhere(souk.databaseUrl, second);
  second.close();

  say('restoring');
  const decided = performance.now();
  await souk.kill();
  await lastLogIsArchived(primary.url);
  await primary.stop();
  const restored = await restore({
    base,
    archive,
    dir: join(folder, 'restored'),
    from: join(folder, 'primary'),
    port: primary.port,
    until: disaster.target,
  });
  servers.push(restored);
  const kept = await souk.sql<{ id: string }>('select id from orders.orders');
  expect('reservations after the restore', (await souk.sql('select from inventory.reservations limit 1')).length, 1);
  await souk.start();
  await souk.caller(null).run('{ products { nodes { id } } }');
  const rto = (performance.now() - decided) / 1000;
  await second.done;

  say('looking whether all is there');
  wrongs.push(...(await wrongsAtRest(souk)), ...(await brokenWords(first.logs)));
  const ids = new Set(kept.map(({ id }) => id));
  const gone = disaster.acknowledged.filter((id) => !ids.has(id));
  expect('orders acknowledged before that second that are gone', gone, []);
  expect('sales go on', (await brokenWords((await sellOne(souk, shop)).logs)).length, 0);
  const late = await longestWaitForArchive(archive);
  expect(`the log left the server within ${RPO_SECONDS} s (longest ${late.toFixed(0)} s)`, late <= RPO_SECONDS, true);
  const lost = disaster.lostSeconds;
  expect(`what was lost is less than ${RPO_SECONDS} s (${lost.toFixed(1)} s)`, lost <= RPO_SECONDS, true);
  return {
    done: `${ids.size} orders restored, ${disaster.deleted} rows undeleted; RTO ${rto.toFixed(1)} s, RPO ${lost.toFixed(1)} s (with the disk gone at most ${late.toFixed(0)} s)`,
    wrongs,
  };
}

interface Disaster {
  /** The second before, as recovery_target_time takes it. */
  readonly target: string;
  readonly deleted: number;
  readonly lostSeconds: number;
  /** Orders, by the houses' ids, that clients were told of until the second before. */
  readonly acknowledged: readonly string[];
}

async function forgetTheWhere(url: string, crowd: Crowd): Promise<Disaster> {
  const client = await connect(url);
  try {
    const acknowledged = crowd.logs.map(({ orderId }) => parseId(orderId)!.uuid);
    const {
      rows: [now],
    } = await client.query<{ at: string }>('select clock_timestamp()::text as at');
    await sleep(1_000);
    const { rowCount } = await client.query('delete from inventory.reservations');
    const {
      rows: [then],
    } = await client.query<{ lost: number }>(
      'select extract(epoch from clock_timestamp() - $1::timestamptz)::float8 as lost',
      [now!.at],
    );
    return { target: now!.at, deleted: rowCount ?? 0, lostSeconds: then!.lost, acknowledged };
  } finally {
    await client.end();
  }
}

async function sellOne(souk: KillableSouk, shop: Shop): Promise<Crowd> {
  const crowd = sendShoppers(souk, shop, { count: 1 });
  await crowd.done;
  await wrongsAtRest(souk);
  return crowd;
}

/** Seconds between two segments of the log, the longest: so long something was on one disk only. */
async function longestWaitForArchive(archive: string): Promise<number> {
  const times = await Promise.all(
    (await readdir(archive)).map(async (name) => (await stat(join(archive, name))).mtimeMs),
  );
  times.sort((a, b) => a - b);
  return Math.max(0, ...times.slice(1).map((time, at) => (time - times[at]!) / 1000));
}
