import { facts as registry } from '@souk/schema';
import type { Bus, Ear, Mouth } from '../../subgraphs/kit/src/bus.ts';
import { isOutage } from '../../subgraphs/kit/src/outage.ts';
import type { StoredFact } from '../../subgraphs/kit/src/tx.ts';
import { type Chance, chanceOf } from './chance.ts';
import { Crash, type Life, tasks } from './lives.ts';

/** Tries of an ear before a fact is set aside. Only what was made poison is: any other dead letter is a fault that was found. */
const TRIES = 5;

interface Delivery {
  readonly fact: StoredFact;
  readonly from: string;
  tries: number;
  /** Its ear fails at it until staff drives it again. */
  isPoison?: boolean;
}

/** What the ear of a fact that was made poison throws. */
export class Poison extends Error {
  override readonly name = 'Poison';
}

interface Attached {
  readonly mouth: Mouth;
  readonly ear: Ear;
  readonly life: Life;
  /** Whether its outbox was read in this life: a nudge before that could overtake what an earlier life left there. */
  isRead: boolean;
}

/** What the bus could do now. */
export interface BusMove {
  readonly weight: number;
  readonly label: string;
  readonly run: () => void;
}

export interface BusCounts {
  deliveries: number;
  duplicates: number;
  drops: number;
  deadLetters: number;
}

/**
 * The bus of a simulation: it carries nothing by itself, but tells what could be delivered now and does what is chosen. Per
 * ear and key facts come in the order they were said; they come again, late, long after newer ones, or are lost
 * on the way there or on the way back.
 */
export class SimulatedBus implements Bus {
  readonly counts: BusCounts = { deliveries: 0, duplicates: 0, drops: 0, deadLetters: 0 };
  private readonly houses = new Map<string, Attached>();
  /** Queues by ear and key, their heads first. */
  private lanes = new Map<string, Map<string, Delivery[]>>();
  private busy = new Set<string>();
  /** Ears still to settle, by fact. */
  private open = new Map<string, { house: string; left: number }>();
  private carried = new Map<string, string[]>();
  /** Ever settled at an ear: what can come again. */
  private readonly settledAt: { readonly fact: StoredFact; readonly house: string }[] = [];
  private marking = new Set<string>();
  private reading = new Set<string>();
  private readonly chance: Chance;
  private readonly onParked: (house: string, fact: StoredFact, error: unknown) => void;

  constructor(seed: number, onParked: (house: string, fact: StoredFact, error: unknown) => void) {
    this.chance = chanceOf(seed, 'bus');
    this.onParked = onParked;
  }

  /** Only a house in a life: what the port's `attach` cannot say. */
  join(mouth: Mouth, ear: Ear, life: Life): void {
    this.houses.set(mouth.house, { mouth, ear, life, isRead: false });
  }

  attach(): void {
    throw new Error('the simulated bus takes houses with their lives');
  }
  async start(): Promise<void> {
    for (const house of this.houses.keys()) await this.sweep(house);
  }
  async drained(): Promise<void> {}
  async stop(): Promise<void> {}

  /** The broker's memory is gone: what is not marked in the outboxes is read again. */
  forget(): void {
    this.lanes = new Map();
    this.busy = new Set();
    this.open = new Map();
    this.carried = new Map();
    this.marking = new Set();
    for (const house of this.houses.values()) house.isRead = false;
  }

  /** A house cannot know what it committed last: nudges wait until its outbox was read. */
  doubt(house: string): void {
    const attached = this.houses.get(house);
    if (attached) attached.isRead = false;
  }

  /** A house's process is gone, and its side of the connection with it. */
  leave(house: string): void {
    this.houses.delete(house);
    for (const key of [...this.busy]) if (key.startsWith(`${house}/`)) this.busy.delete(key);
    this.marking.delete(house);
    this.reading.delete(house);
  }

  nudge(house: string, facts: readonly StoredFact[]): void {
    if (this.houses.get(house)?.isRead) this.take(house, facts);
  }

  private take(house: string, facts: readonly StoredFact[]): void {
    for (const fact of facts) {
      if (this.open.has(fact.id)) continue;
      const ears = registry[fact.type as keyof typeof registry].heardBy;
      this.open.set(fact.id, { house, left: Math.max(1, ears.length) });
      for (const ear of ears) this.queue(ear, { fact, from: house, tries: 0 });
      if (ears.length === 0) this.settle(fact);
    }
  }

  /** True while something is to be delivered or marked. */
  get unsettled(): boolean {
    return this.open.size > 0;
  }

  private queue(ear: string, delivery: Delivery): void {
    const lane = this.lanes.get(ear) ?? new Map<string, Delivery[]>();
    this.lanes.set(ear, lane);
    const key = keyOf(delivery.fact);
    const line = lane.get(key) ?? [];
    lane.set(key, line);
    // A fact that was swept up can be older than one that was nudged; the head may be on its way already.
    let at = line.length;
    const first = this.busy.has(`${ear}/${key}`) ? 1 : 0;
    while (at > first && line[at - 1]!.fact.seq > delivery.fact.seq) at -= 1;
    line.splice(at, 0, delivery);
  }

  private settle(fact: StoredFact): void {
    const open = this.open.get(fact.id);
    if (!open) return;
    open.left -= 1;
    if (open.left > 0) return;
    this.carried.set(open.house, [...(this.carried.get(open.house) ?? []), fact.id]);
  }

  /** What could happen next. `calm` leaves out every fault. */
  moves(calm: boolean): BusMove[] {
    const moves: BusMove[] = [];
    for (const [ear, lane] of this.lanes) {
      const attached = this.houses.get(ear);
      if (!attached) continue;
      for (const [key, line] of lane) {
        const head = line[0];
        if (!head || this.busy.has(`${ear}/${key}`)) continue;
        moves.push({
          weight: 4,
          label: `deliver ${head.fact.type} to ${ear}`,
          run: () => this.deliver(attached, head, calm),
        });
      }
    }
    for (const [house, ids] of this.carried) {
      const attached = this.houses.get(house);
      if (!attached || ids.length === 0 || this.marking.has(house)) continue;
      moves.push({ weight: 1, label: `mark ${ids.length} of ${house}`, run: () => this.mark(attached, ids) });
    }
    for (const [house, { isRead }] of this.houses) {
      if ((calm && isRead) || this.reading.has(house)) continue;
      const run = () => void this.sweep(house).catch(ignorePlanned);
      moves.push({ weight: isRead ? 0.1 : 1, label: `sweep ${house}`, run });
    }
    const again = calm ? undefined : this.repeatable();
    if (again) moves.push({ weight: 1, label: again.label, run: again.run });
    return moves;
  }

  private deliver(to: Attached, head: Delivery, calm: boolean): void {
    const { ear, life } = to;
    const batch = [head];
    if (ear.batches.includes(head.fact.type) && this.chance.flip(calm ? 1 : 0.5)) {
      for (const [key, [other]] of this.lanes.get(ear.house)!) {
        if (!other || other === head || this.busy.has(`${ear.house}/${key}`)) continue;
        if (other.fact.type === head.fact.type && other.tries === 0) batch.push(other);
      }
    }
    if (!calm && this.chance.flip(0.05)) {
      this.counts.drops += 1;
      return;
    }
    const lost = !calm && this.chance.flip(0.07);
    if (!calm && this.chance.flip(0.004)) head.isPoison = true;
    const isPoison = !calm && batch.some((delivery) => delivery.isPoison);
    const keys = batch.map(({ fact }) => `${ear.house}/${keyOf(fact)}`);
    for (const key of keys) this.busy.add(key);
    this.counts.deliveries += batch.length;
    const label = `${ear.house} hears ${head.fact.type}${batch.length > 1 ? ` ×${batch.length}` : ''}`;
    void tasks.run({ label, life }, async () => {
      try {
        if (isPoison) throw new Poison('the ear cannot bear it');
        await ear.deliver(plain(batch.map(({ fact }) => fact)));
        if (life.over) return;
        for (const key of keys) this.busy.delete(key);
        if (lost) this.counts.duplicates += batch.length;
        else for (const delivery of batch) this.done(ear.house, delivery);
      } catch (error) {
        if (life.over || error instanceof Crash) return;
        for (const key of keys) this.busy.delete(key);
        if (isOutage(error)) return;
        if (batch.length > 1) for (const delivery of batch) delivery.tries = 1;
        else await this.failed(to, head, error);
      }
    });
  }

  private async failed({ ear, life }: Attached, delivery: Delivery, error: unknown): Promise<void> {
    delivery.tries += 1;
    if (delivery.tries < TRIES) return;
    const key = `${ear.house}/${keyOf(delivery.fact)}`;
    this.busy.add(key);
    try {
      await ear.park(delivery.fact, delivery.tries, error);
      this.counts.deadLetters += 1;
      this.onParked(ear.house, delivery.fact, error);
      this.done(ear.house, delivery);
    } catch (parkError) {
      if (!life.over && !isPlanned(parkError)) throw parkError;
    } finally {
      this.busy.delete(key);
    }
  }

  private done(house: string, delivery: Delivery): void {
    const line = this.lanes.get(house)?.get(keyOf(delivery.fact));
    // The memory may have been lost while it was under way: then it is not in line any more, or is there anew.
    if (line?.[0] !== delivery) return;
    line.shift();
    this.settledAt.push({ fact: delivery.fact, house });
    this.settle(delivery.fact);
  }

  /** A fact that an ear has long settled comes once more, past everything newer. */
  private repeatable(): { label: string; run: () => void } | undefined {
    if (this.settledAt.length === 0) return undefined;
    const { fact, house } = this.chance.pick(this.settledAt);
    const attached = this.houses.get(house);
    const key = `${house}/${keyOf(fact)}`;
    if (!attached || this.busy.has(key)) return undefined;
    const { ear, life } = attached;
    return {
      label: `repeat ${fact.type} to ${house}`,
      run: () => {
        this.busy.add(key);
        this.counts.duplicates += 1;
        void tasks.run({ label: `${house} hears again ${fact.type}`, life }, async () => {
          try {
            await ear.deliver(plain([fact]));
          } catch (error) {
            if (!life.over && !isPlanned(error)) this.onParked(house, fact, error);
          } finally {
            if (!life.over) this.busy.delete(key);
          }
        });
      },
    };
  }

  private mark({ mouth, life }: Attached, ids: readonly string[]): void {
    this.marking.add(mouth.house);
    void tasks.run({ label: `${mouth.house} marks`, life }, async () => {
      try {
        await mouth.markPublished(ids);
        if (life.over) return;
        const left = (this.carried.get(mouth.house) ?? []).filter((id) => !ids.includes(id));
        this.carried.set(mouth.house, left);
        for (const id of ids) this.open.delete(id);
        this.marking.delete(mouth.house);
      } catch (error) {
        this.marking.delete(mouth.house);
        ignorePlanned(error);
      }
    });
  }

  /** Reads an outbox for what nobody nudged. */
  async sweep(house: string): Promise<void> {
    const attached = this.houses.get(house);
    if (!attached) return;
    const { mouth, life } = attached;
    this.reading.add(house);
    try {
      const label = `${house} sweeps`;
      const facts = await tasks.run({ label, life }, () => mouth.listUnpublished(1_000));
      if (life.over) return;
      this.take(house, facts);
      attached.isRead = true;
    } finally {
      if (!life.over) this.reading.delete(house);
    }
  }
}

/** Keys are the speaker's: two speakers may use one text for two things. */
const keyOf = (fact: StoredFact): string => `${fact.type.split('.')[0]}/${fact.key}`;

/** As it is on the wire: nothing but JSON. */
const plain = (facts: readonly StoredFact[]): StoredFact[] => JSON.parse(JSON.stringify(facts));

/** What the simulation did itself. */
const isPlanned = (error: unknown): boolean => error instanceof Crash || isOutage(error);

function ignorePlanned(error: unknown): void {
  if (!isPlanned(error)) throw error;
}
