import { setMaxListeners } from 'node:events';
import { type Client, createClient } from 'graphql-ws';
import { Pool } from 'undici';
import { WebSocket } from 'ws';
import { sleep } from './clock.ts';
import type { Log } from './log.ts';
import type { MutualTls } from './tls.ts';

/** One process of a house. */
export interface Member {
  readonly url: string;
  /** Kept connections to it; another pool after it went. */
  readonly pool: Pool;
  /** The one socket for all streams. */
  readonly sockets: Client;
  /** Requests and streams under way. */
  busy: number;
  /** Rings when it has been silent for so long that waiting for it is vain. */
  readonly hung: AbortSignal;
}

/** The processes of a house, and which of them can be asked. */
export interface Members {
  readonly size: number;
  /** The one to ask: of those that were not tried the least busy that is ready, or whichever there is. */
  choose(tried: ReadonlySet<Member>): Member;
  /** It was told to stop: nothing new goes there, what is under way ends. */
  leave(member: Member): void;
  /** It cannot be reached: the others are asked until it answers again. */
  lose(member: Member): void;
  /** Whether any of them says that it is ready, asked now. */
  isReady(): Promise<boolean>;
  close(): Promise<void>;
}

interface MembersOptions {
  readonly name: string;
  readonly urls: readonly string[];
  readonly tls: MutualTls | undefined;
  readonly log: Log;
}

const CONNECTIONS = 32;
const LOOK_EVERY_MS = 500;
const LOOK_TIMEOUT_MS = 2_000;
/** Looks that a process may leave unanswered before it counts as hung: a busy one answers late, a stopped one never. */
const SILENT_LOOKS = 2;

/** In the order in which they are asked. UNREADY answers, but says that it cannot work. */
const STATES = ['READY', 'UNREADY', 'LEAVING', 'AWAY'] as const;
type State = (typeof STATES)[number];

/** Follows the readiness of a house's processes from the first time it is asked for anything. */
export function membersOf({ name, urls, tls, log }: MembersOptions): Members {
  const stopping = new AbortController();
  const all = urls.map(openMember);
  let next = 0;
  let following = false;

  function openMember(url: string) {
    const { origin } = new URL(url);
    const connect = { ...tls, timeout: 2_000 };
    const open = (connections: number) => new Pool(origin, { connections, keepAliveTimeout: 30_000, connect });
    // Of its own, or what is asked would wait behind what makes a process late.
    const looks = open(1);
    let pool = open(CONNECTIONS);
    let sockets: Client | undefined;
    let state: State = 'READY';
    let hung = newSignal();
    let silent = 0;

    function become(now: State): void {
      if (state === now) return;
      if (now === 'AWAY' || now === 'LEAVING')
        log.info({ subgraph: name, url, state: now }, 'a process of a subgraph goes');
      state = now;
      if (now !== 'LEAVING') return;
      // Ends when all is answered that was asked through it; what is asked later opens connections of its own.
      const old = pool;
      pool = open(CONNECTIONS);
      old.close().catch(() => undefined);
    }

    function giveUp(): void {
      become('AWAY');
      // Where there is no other, waiting for this one is all there is.
      if (urls.length === 1) return;
      hung.abort();
      hung = newSignal();
      // A socket to a process that does not run says nothing, and does not end either.
      sockets?.terminate();
    }

    async function look(): Promise<State> {
      try {
        const { statusCode, body } = await looks.request({
          method: 'GET',
          path: '/health/ready',
          headersTimeout: LOOK_TIMEOUT_MS,
          bodyTimeout: LOOK_TIMEOUT_MS,
        });
        silent = 0;
        if (statusCode === 200) {
          await body.dump();
          return 'READY';
        }
        const { status } = (await body.json()) as { status?: string };
        return status === 'draining' ? 'LEAVING' : 'UNREADY';
      } catch (error) {
        if (!isSilence(error)) return 'AWAY';
        silent += 1;
        return silent >= SILENT_LOOKS ? 'AWAY' : state;
      }
    }

    const member: Member & { state(): State; look(): Promise<boolean>; close(): Promise<void> } = {
      url,
      busy: 0,
      get pool() {
        return pool;
      },
      get hung() {
        return hung.signal;
      },
      get sockets() {
        sockets ??= createClient({
          url: `${origin.replace(/^http/, 'ws')}/graphql`,
          webSocketImpl: tls ? withTls(tls) : WebSocket,
          retryAttempts: 0,
          keepAlive: 10_000,
          lazyCloseTimeout: 5_000,
        });
        return sockets;
      },
      state: () => state,
      async look() {
        const seen = await look();
        if (seen === 'AWAY' && silent >= SILENT_LOOKS) giveUp();
        else become(seen);
        return seen === 'READY';
      },
      async close() {
        await sockets?.dispose();
        await Promise.all([pool.destroy(), looks.destroy()]);
      },
    };
    return Object.assign(member, { become });
  }

  type Opened = ReturnType<typeof openMember>;
  const own = (member: Member): Opened => all.find((one) => one === member)!;

  function follow(): void {
    if (following) return;
    following = true;
    for (const member of all) void followOne(member);
  }

  async function followOne(member: Opened): Promise<void> {
    for (;;) {
      await sleep(LOOK_EVERY_MS, stopping.signal);
      if (stopping.signal.aborted) return;
      await member.look();
    }
  }

  return {
    size: all.length,
    choose(tried) {
      follow();
      const rank = (member: Opened): number => STATES.indexOf(member.state());
      // Begins elsewhere each time, so that the first of equals is not always the same.
      const from = next++;
      const turned = all.map((_, at) => all[(from + at) % all.length]!);
      const order = (a: Opened, b: Opened): number =>
        Number(tried.has(a)) - Number(tried.has(b)) || rank(a) - rank(b) || a.busy - b.busy;
      return turned.sort(order)[0]!;
    },
    leave: (member) => own(member).become('LEAVING'),
    lose: (member) => own(member).become('AWAY'),
    isReady: async () => (await Promise.all(all.map((member) => member.look()))).some((ready) => ready),
    async close() {
      stopping.abort();
      await Promise.all(all.map((member) => member.close()));
    },
  };
}

/** As many may wait for it as requests are under way. */
function newSignal(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

const isSilence = (error: unknown): boolean =>
  ['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT'].includes(
    String((error as { code?: unknown } | null)?.code),
  );

const withTls = (tls: MutualTls) =>
  class extends WebSocket {
    constructor(address: string, protocols: string | string[]) {
      super(address, protocols, { ...tls });
    }
  };
