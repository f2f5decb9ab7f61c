import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { type RunningSouk, startEmbedded } from '@souk/router/embedded';
import type { Ask, Order, Report } from './server.ts';

/** The measured process: the embedded profile and nothing else, ordered about over the channel to its parent. */
let souk: RunningSouk | undefined;
let session: Session | undefined;

const tell = (report: Report): void => void process.send?.(report);

async function obey(ask: Ask): Promise<unknown> {
  switch (ask.kind) {
    case 'start': {
      souk = await startEmbedded({
        postgresUrl: ask.postgresUrl,
        dataDir: ask.dataDir,
        port: 0,
        env: process.env,
        console: false,
        ticks: ask.ticks,
        onProgress: (line) => tell({ progress: line }),
      });
      return { url: souk.urls.graph, logins: souk.logins };
    }
    case 'quiet':
      return souk?.embedded.quiet();
    case 'profile': {
      session = new Session();
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: 500 });
      return session.post('Profiler.start').then(() => undefined);
    }
    case 'save-profile': {
      const { profile } = await session!.post('Profiler.stop');
      session!.disconnect();
      return writeFile(ask.file, JSON.stringify(profile));
    }
    case 'collect':
      globalThis.gc?.();
      return undefined;
    case 'stop':
      return souk?.stop();
  }
}

process.on('message', ({ id, ask }: Order) => {
  obey(ask).then(
    (result) => tell({ id, result: result ?? null }),
    (error: unknown) =>
      tell({ id, error: error instanceof Error ? (error.stack ?? error.message) : 'the server failed' }),
  );
});
// A bench that is killed takes its server along.
process.on('disconnect', () => process.exit());
// A signal to the whole group is for the parent, which stops things in order.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
