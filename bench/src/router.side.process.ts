import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { obeyParent } from './child.ts';
import { type SideStart, type StartedSide, startSide } from './router.sides.ts';

export type SideAsk =
  | ({ readonly kind: 'start' } & SideStart)
  /** Processor time so far, ms, and memory, bytes. */
  | { readonly kind: 'usage' }
  | { readonly kind: 'counters' }
  | { readonly kind: 'collect' }
  | { readonly kind: 'profile' }
  | { readonly kind: 'save-profile'; readonly file: string }
  | { readonly kind: 'stop' };

export interface Usage {
  readonly cpuMs: number;
  readonly rss: number;
}

let side: StartedSide | undefined;
let session: Session | undefined;

obeyParent<SideAsk>(async (ask) => {
  switch (ask.kind) {
    case 'start':
      side = await startSide(ask);
      return { url: side.url };
    case 'usage': {
      const { user, system } = process.cpuUsage();
      return { cpuMs: (user + system) / 1_000, rss: process.memoryUsage.rss() } satisfies Usage;
    }
    case 'counters':
      return side?.counters() ?? null;
    case 'collect':
      globalThis.gc?.();
      return undefined;
    case 'profile':
      session = new Session();
      session.connect();
      await session.post('Profiler.enable');
      await session.post('Profiler.setSamplingInterval', { interval: 500 });
      return session.post('Profiler.start').then(() => undefined);
    case 'save-profile': {
      const { profile } = await session!.post('Profiler.stop');
      session!.disconnect();
      return writeFile(ask.file, JSON.stringify(profile));
    }
    case 'stop':
      return side?.stop();
  }
});
