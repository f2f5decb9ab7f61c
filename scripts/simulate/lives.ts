import { AsyncLocalStorage } from 'node:async_hooks';

/** One life of one house's process: from a start to a crash. */
export interface Life {
  readonly house: string;
  over: boolean;
}

/** What a piece of work is called in the trace, and in whose life it runs; null for those outside of every house. */
export interface Task {
  readonly label: string;
  readonly life: Life | null;
}

/** Ends what a house was doing when it crashed: nothing of it can reach a table any more. */
export class Crash extends Error {
  override readonly name = 'Crash';
  constructor() {
    super('the house crashed');
  }
}

export const tasks = new AsyncLocalStorage<Task>();

export type PointKind = 'tx' | 'call' | 'answer' | 'turn';

/** A place where work waits until the simulation lets it go on: before a transaction, around a call, before a client's move. */
export interface Point {
  readonly kind: PointKind;
  readonly label: string;
  readonly life: Life | null;
  /** Lets it go on. */
  readonly go: () => void;
  readonly fail: (error: Error) => void;
}

const immediate = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A house that neither ends its transaction nor asks for anything is stuck; time of the machine, not of the simulation. */
const STUCK_MS = 60_000;
const realTimeout = setTimeout;
const realClear = clearTimeout;

/** Everything that waits, and whether a transaction is under way. */
export class Points {
  pending: Point[] = [];
  private holder: string | undefined;
  private released: (() => void) | undefined;

  /** Waits to be let go on. Rejects with a Crash where the life is over, or ends meanwhile. */
  wait(kind: PointKind, what: string, life: Life | null): Promise<void> {
    if (life?.over) return Promise.reject(new Crash());
    const task = tasks.getStore();
    const label = task ? `${task.label} ${what}` : what;
    return new Promise<void>((go, fail) => {
      this.pending.push({ kind, label, life, go, fail });
    });
  }

  take(point: Point): void {
    this.pending = this.pending.filter((one) => one !== point);
  }

  /** Ends everything that waits in a life. */
  end(life: Life): void {
    const dead = this.pending.filter((point) => point.life === life);
    this.pending = this.pending.filter((point) => point.life !== life);
    for (const point of dead) point.fail(new Crash());
  }

  begin(holder: string): void {
    this.holder = holder;
  }

  release(): void {
    this.holder = undefined;
    this.released?.();
  }

  /** Resolves when no transaction is under way and everything in the process waits for the simulation. */
  async settled(): Promise<void> {
    for (;;) {
      await immediate();
      if (this.holder === undefined) {
        // A payload is loaded in several turns of the loop after its transaction.
        await immediate();
        if (this.holder === undefined) return;
      }
      await new Promise<void>((resolve, reject) => {
        const timer = realTimeout(() => reject(new Error(`a transaction does not end: ${this.holder}`)), STUCK_MS);
        this.released = () => {
          realClear(timer);
          this.released = undefined;
          resolve();
        };
      });
    }
  }
}
