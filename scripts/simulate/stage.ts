import { isOutage } from '../../subgraphs/kit/src/outage.ts';
import { Poison, SimulatedBus } from './bus.simulated.ts';
import { type Chance, chanceOf, weighted } from './chance.ts';
import { nextDue, whatIsOpen } from './checks.ts';
import type { SimulatedDatabase } from './database.ts';
import { type Houses, simulated } from './houses.ts';
import { Crash, type Life, type Point, Points, tasks } from './lives.ts';
import { advance, dropTimers, nextTimer, nowMs } from './own.ts';
import { Provider } from './provider.ts';

export interface Counts {
  steps: number;
  crashes: number;
  lostAnswers: number;
  restarts: number;
  deliveries: number;
  duplicates: number;
  drops: number;
  providerFaults: number;
  webhooks: number;
  webhookRepeats: number;
  ticks: number;
  /** Dead letters that staff drove again. */
  redriven: number;
  /** Minutes of the run's own time. */
  minutes: number;
}

/** Rounds of rest: each lets everything happen that can, then moves time to what is due next. */
const ROUNDS = 120;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

interface Move {
  readonly weight: number;
  readonly label: string;
  /** Somebody outside the houses goes on by it. */
  readonly isTurn?: boolean;
  readonly run: () => void | Promise<void>;
}

/** Shoppers go on by themselves; whoever looks after their orders finds them later. */
const patienceOf = ({ label }: Point): number => (label.startsWith('shopper') ? 4 : 0.5);

/** Where a run happens: knows all that could happen next, and lets one of it happen after the other. */
export class Stage {
  readonly points = new Points();
  readonly bus: SimulatedBus;
  readonly provider: Provider;
  readonly trace: string[] = [];
  readonly complaints: string[] = [];
  private readonly chance: Chance;
  private readonly accidentChance: Chance;
  /** True while nothing goes wrong: before the run, and when it comes to rest. */
  calm = true;
  private readonly began = nowMs();
  private readonly counts = {
    steps: 0,
    crashes: 0,
    lostAnswers: 0,
    restarts: 0,
    webhooks: 0,
    webhookRepeats: 0,
    ticks: 0,
    redriven: 0,
  };
  /** Ticks that were asked for and have not ended. */
  private ticking = new Set<string>();
  private sending = new Set<number>();
  /** Dead letters that staff has not driven again. */
  private parked: { readonly house: string; readonly id: string; readonly type: string }[] = [];
  private driving = new Set<string>();

  constructor(
    seed: number,
    private readonly database: SimulatedDatabase,
    private readonly houses: Houses,
  ) {
    this.chance = chanceOf(seed, 'scheduler');
    this.accidentChance = chanceOf(seed, 'accidents');
    this.bus = new SimulatedBus(seed, (house, { id, type }, error) => {
      this.note(`  ${house} parks ${type}`);
      if (error instanceof Poison) this.parked.push({ house, id, type });
      else this.wrong(`${house} could not hear ${type}: ${error instanceof Error ? error.message : error}`);
    });
    this.provider = new Provider(seed, this.points);
    houses.begin({
      points: this.points,
      bus: this.bus,
      complain: (house, message, fields) => {
        const error = (fields as { error?: unknown }).error;
        this.wrong(`${house} complains: ${message}${error instanceof Error ? `: ${error.message}` : ''}`);
      },
      gatewayOf: (life) => this.provider.gatewayOf(life),
      losesAnswer: (house) => this.losesAnswer(house),
    });
  }

  private losesAnswer(house: string): boolean {
    if (this.calm || !this.accidentChance.flip(0.012)) return false;
    this.counts.lostAnswers += 1;
    this.note(`  ${house} loses the answer to a commit`);
    this.bus.doubt(house);
    return true;
  }

  get sound(): boolean {
    return this.complaints.length === 0;
  }

  wrong(line: string): void {
    if (!this.complaints.includes(line)) this.complaints.push(line);
    this.note(`! ${line}`);
  }

  note(line: string): void {
    const at = ((nowMs() - this.began) / SECOND).toFixed(3);
    this.trace.push(`${String(this.counts.steps).padStart(5)} +${at}s ${line}`);
  }

  total(): Counts {
    const { deliveries, duplicates, drops } = this.bus.counts;
    const minutes = (nowMs() - this.began) / MINUTE;
    return { ...this.counts, deliveries, duplicates, drops, providerFaults: this.provider.faults, minutes };
  }

  async startAll(): Promise<void> {
    for (const house of simulated) this.startHouse(house);
    await this.quieten();
  }

  private startHouse(house: (typeof simulated)[number]): void {
    void this.houses.start(house).catch((error: unknown) => {
      if (isOutage(error)) this.houses.crash(house);
      else if (!(error instanceof Crash)) this.wrong(`${house} does not start: ${(error as Error).message}`);
    });
  }

  /** One step: whatever is chosen among all that could happen now. */
  async step(calm: boolean): Promise<void> {
    const moves = this.moves(calm);
    if (moves.length === 0) return;
    const options = moves.map((of) => ({ weight: of.weight, of }));
    await this.take(weighted(this.chance, options));
  }

  private async take(move: Move): Promise<void> {
    this.counts.steps += 1;
    this.note(move.label);
    await move.run();
    advance(1);
    await this.points.settled();
  }

  private moves(calm: boolean): Move[] {
    const moves: Move[] = this.points.pending.map((point) => ({
      weight: point.kind === 'turn' ? patienceOf(point) : 8,
      label: point.label,
      isTurn: point.kind === 'turn',
      run: () => {
        this.points.take(point);
        point.go();
      },
    }));
    moves.push(...this.bus.moves(calm));
    const payments = this.houses.find('payments');
    if (payments) {
      for (const number of this.provider.waiting) {
        if (!this.sending.has(number)) moves.push(this.webhook(number, 2));
      }
      const again = calm ? undefined : this.provider.repeat(this.chance);
      if (again !== undefined && !this.sending.has(again)) {
        const { run } = this.webhook(again, 0.5);
        moves.push({
          weight: 0.5,
          label: `repeat webhook ${again + 1}`,
          run: () => {
            this.counts.webhookRepeats += 1;
            return run();
          },
        });
      }
    }
    for (const letter of this.parked) {
      const of = `${letter.house}/${letter.id}`;
      if (!this.houses.find(letter.house) || this.driving.has(of)) continue;
      moves.push({ weight: 0.5, label: `re-drive ${letter.type} at ${letter.house}`, run: () => this.redrive(letter) });
    }
    if (!calm) moves.push(...this.ticks(0.1), ...this.accidents());
    return moves;
  }

  /** An administrator drives a dead letter, and all that waits behind it, again; until it is told to have been heard. */
  private redrive(letter: Stage['parked'][number]): void {
    const { house, id, type } = letter;
    const of = `${house}/${id}`;
    const life = this.houses.lifeOf(house)!;
    this.driving.add(of);
    this.counts.redriven += 1;
    void tasks
      .run({ label: `re-drives ${type}`, life }, () => this.houses.find(house)!.redrive(id))
      .then((done) => {
        if (done?.failed) this.wrong(`${house} failed again at ${type}: ${done.failed.error}`);
        this.parked = this.parked.filter((one) => one !== letter);
      })
      .catch((error: unknown) => {
        if (!life.over && !isOutage(error)) this.wrong(`a re-drive failed: ${(error as Error).message}`);
      })
      .finally(() => this.driving.delete(of));
  }

  private webhook(number: number, weight: number): Move {
    return {
      weight,
      label: `webhook ${number + 1}`,
      run: () => {
        const house = this.houses.find('payments');
        const life = this.houses.lifeOf('payments')!;
        const route = house!.routes.find(({ path }) => path === '/webhooks/stripe')!;
        this.counts.webhooks += 1;
        this.sending.add(number);
        const post = async (body: Buffer, signature: string) => {
          const headers = { 'stripe-signature': signature };
          const viewer = {} as never;
          return (await route.handle({ params: {}, query: {}, headers, body, viewer })).status;
        };
        void this.provider
          .send(number, post, life)
          .catch((error: unknown) => {
            if (!life.over && !(error instanceof Crash) && !isOutage(error))
              this.wrong(`a webhook failed: ${(error as Error).message}`);
          })
          .finally(() => this.sending.delete(number));
      },
    };
  }

  private ticks(weight: number): Move[] {
    return duties
      .filter(([house, tick]) => this.houses.find(house) && !this.ticking.has(`${house}.${tick}`))
      .map(([house, tick]) => ({ weight, label: `tick ${house}.${tick}`, run: () => this.tick(house, tick) }));
  }

  private tick(house: string, tick: string): void {
    const name = `${house}.${tick}`;
    const life = this.houses.lifeOf(house)!;
    this.ticking.add(name);
    this.counts.ticks += 1;
    void tasks
      .run({ label: `tick ${name}`, life }, () => this.houses.find(house)!.runTick(tick))
      .catch((error: unknown) => {
        if (!life.over) this.wrong(`tick ${name} failed: ${(error as Error).message}`);
      })
      .finally(() => this.ticking.delete(name));
  }

  /** Time that passes, and houses that crash and come back. */
  private accidents(): Move[] {
    const moves: Move[] = [
      { weight: 1.5, label: 'time: a moment', run: () => advance(1 + this.chance.below(400)) },
      { weight: 0.3, label: 'time: seconds', run: () => advance(SECOND * (1 + this.chance.below(40))) },
      { weight: 0.12, label: 'time: minutes', run: () => advance(MINUTE * (1 + this.chance.below(20))) },
      { weight: 0.12, label: 'time: what is due', run: () => this.toTheBrink() },
      { weight: 0.05, label: 'crash of everything', run: () => this.crashAll() },
    ];
    for (const house of simulated) {
      if (this.houses.find(house)) {
        moves.push({ weight: 0.05, label: `crash of ${house}`, run: () => this.crash(house) });
      } else if (this.houses.lifeOf(house)?.over) {
        moves.push({ weight: 2, label: `start of ${house}`, run: () => this.restart(house) });
      }
    }
    return moves;
  }

  /** To just before or just after the next deadline, where mistakes live. */
  private async toTheBrink(): Promise<void> {
    const due = Math.min(...(await nextDue(this.database)).values());
    const ahead = (Number.isFinite(due) ? due : nowMs()) - nowMs() + this.chance.pick([-SECOND, -1, 0, 1, 1, SECOND]);
    if (ahead > 0) advance(ahead);
  }

  private crash(house: string): void {
    const life = this.houses.lifeOf(house);
    if (!life || life.over) return;
    this.counts.crashes += 1;
    this.houses.crash(house);
    this.forgetTicks(life);
  }

  private forgetTicks(life: Life): void {
    dropTimers(life);
    for (const name of [...this.ticking]) if (name.startsWith(`${life.house}.`)) this.ticking.delete(name);
  }

  private crashAll(): void {
    for (const house of simulated) this.crash(house);
    this.bus.forget();
    this.houses.forget();
  }

  private restart(house: (typeof simulated)[number]): void {
    this.counts.restarts += 1;
    this.startHouse(house);
  }

  /** Nothing goes wrong any more: everything that can happen does, in order; people wait until the houses are done. */
  async quieten(): Promise<void> {
    for (let n = 0; n < 20_000; n++) {
      await this.points.settled();
      const moves = this.moves(true);
      const move = moves.find(({ isTurn }) => !isTurn) ?? moves[0];
      if (!move) return;
      await this.take(move);
    }
    throw new Error('it does not come to rest');
  }

  /** Lets everything end: what is wrong is what has not. */
  async rest(clientsLeft: () => number): Promise<string[]> {
    this.note('from here on nothing goes wrong');
    this.provider.calm = true;
    this.calm = true;
    for (const house of simulated) if (this.houses.lifeOf(house)?.over) this.restart(house);
    let patience = SECOND;
    for (let round = 0; round < ROUNDS; round++) {
      await this.quieten();
      this.provider.bank.settleRefunds();
      const ready = [...(await nextDue(this.database))].filter(([, at]) => at <= nowMs());
      for (const [name] of ready) {
        const [house, tick] = name.split('.') as [string, string];
        if (!this.ticking.has(name)) this.tick(house, tick);
        await this.points.settled();
      }
      await this.quieten();
      const open =
        clientsLeft() > 0 || this.bus.unsettled || this.parked.length > 0 || this.provider.waiting.length > 0;
      const due = Math.min(...(await nextDue(this.database)).values(), nextTimer() ?? Number.POSITIVE_INFINITY);
      if (!Number.isFinite(due)) {
        if (!open && (await whatIsOpen(this.database)).length === 0) return [];
        // Nothing is due, and yet something is open: nobody will ever look after it.
        if (round > 8) break;
      }
      // What was due and is still there waits for more than time, and is looked at ever more seldom.
      patience = due > nowMs() ? SECOND : Math.min(patience * 2, 6 * 60 * MINUTE);
      advance(due > nowMs() && Number.isFinite(due) ? due - nowMs() : patience);
    }
    const left = await whatIsOpen(this.database);
    if (clientsLeft() > 0) left.push(`${clientsLeft()} clients wait for an answer`);
    if (this.bus.unsettled) left.push('facts wait to be heard');
    return left.map((what) => `still open at rest: ${what}`);
  }
}

/** What runs by time in the houses of the simulation, and bears upon a sale. */
const duties: readonly (readonly [house: string, tick: string])[] = [
  ['orders', 'expireCheckouts'],
  ['inventory', 'expireHolds'],
  ['payments', 'settlePayments'],
  ['payments', 'settleRefunds'],
  ['payments', 'readmitRefunds'],
  ['notifications', 'sendMessages'],
  ['users', 'publishRevocations'],
];
