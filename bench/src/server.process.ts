import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { type RunningSouk, startEmbedded } from '@souk/router/embedded';
import { obeyParent } from './child.ts';
import type { ServerAsk } from './server.ts';

/** The measured process: the embedded profile and nothing else. */
let souk: RunningSouk | undefined;
let session: Session | undefined;

const { progress } = obeyParent<ServerAsk>(async (ask) => {
  switch (ask.kind) {
    case 'start': {
      souk = await startEmbedded({
        postgresUrl: ask.postgresUrl,
        dataDir: ask.dataDir,
        port: 0,
        env: process.env,
        console: false,
        ticks: ask.ticks,
        onProgress: (line) => progress(line),
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
});
