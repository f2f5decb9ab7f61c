import { type Viewer } from '@souk/schema';
import { type Chance, chanceOf } from './chance.ts';
import { type Answer, ask } from './graph.ts';
import type { HouseName, Houses } from './houses.ts';
import { type Points, tasks } from './lives.ts';
import type { Provider } from './provider.ts';
import type { Base } from './shop.ts';

/** What clients were told, kept by themselves: it must hold whatever happened to the houses. */
export interface Acknowledged {
  /** Orders by the key they were asked for with, wire ids. */
  readonly orders: Map<string, string>;
  readonly cancelled: Set<string>;
  /** Attempts that were taken, by order. */
  readonly paid: Map<string, Set<string>>;
  readonly stock: Map<string, { readonly level: string; readonly delta: number }>;
  /** The last price each variant was given, major unit. */
  readonly prices: Map<string, string>;
  readonly parcels: Map<string, 'PACKED' | 'SHIPPED'>;
  readonly delivered: Set<string>;
  readonly refunds: Map<string, string>;
  /** Guests who turned out to have an account, and which: UUIDs. */
  readonly identified: Map<string, string>;
  /** Accounts, wire ids. */
  readonly registered: Set<string>;
  readonly suspended: Set<string>;
  /** Where the same key had two results. */
  readonly contradictions: string[];
}

export const nothingAcknowledged = (): Acknowledged => ({
  orders: new Map(),
  cancelled: new Set(),
  paid: new Map(),
  stock: new Map(),
  prices: new Map(),
  parcels: new Map(),
  delivered: new Set(),
  refunds: new Map(),
  identified: new Map(),
  registered: new Set(),
  suspended: new Set(),
  contradictions: [],
});

export interface Scene {
  readonly seed: number;
  readonly houses: Houses;
  readonly points: Points;
  readonly provider: Provider;
  readonly base: Base;
  readonly told: Acknowledged;
  /** Writes a line into the trace. */
  note(line: string): void;
}

/** Whose session was ended is refused by the router from then on. */
export class SignedOut extends Error {}

/** One person who uses the shop: each of its moves waits for its turn. */
export class Client {
  readonly chance: Chance;
  private keys = 0;

  constructor(
    readonly scene: Scene,
    readonly name: string,
    public viewer: Viewer,
  ) {
    this.chance = chanceOf(scene.seed, name);
  }

  key(what: string): string {
    this.keys += 1;
    return `${this.name.replaceAll(' ', '-')}-${what}-${this.keys}`;
  }

  turn(what: string): Promise<void> {
    return tasks.run({ label: this.name, life: null }, () => this.scene.points.wait('turn', what, null));
  }

  /** Asks until there is an answer; a read may be asked as often as one likes. */
  async read(house: HouseName, what: string, text: string, variables?: Record<string, unknown>): Promise<Answer> {
    for (;;) {
      await this.turn(what);
      const data = await this.once(house, what, text, variables);
      if (data !== undefined) return data;
    }
  }

  /** Undefined where there was no answer. Throws SignedOut where the router lets the session in no more. */
  private async once(house: HouseName, what: string, text: string, variables?: Record<string, unknown>) {
    const { viewer, scene } = this;
    if (viewer.sessionId !== null && (await scene.houses.isEnded(viewer.sessionId))) throw new SignedOut();
    return tasks.run({ label: `${this.name} ${what}`, life: null }, () =>
      ask(scene.houses, house, viewer, text, variables),
    );
  }

  /**
   * Sends a mutation until it is answered, under one key: now and then twice at once, or again although it was answered.
   * Answers are compared by `resultOf`: one key, one result.
   */
  async mutate(
    house: HouseName,
    name: string,
    input: Readonly<Record<string, unknown>>,
    selection: string,
    resultOf: (payload: Answer) => string | null = () => null,
  ): Promise<Answer> {
    const type = name === 'suspendUser' ? 'UserStatusInput' : `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
    const text = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} errors { code message } } }`;
    const results = new Set<string>();
    const answers: Answer[] = [];
    // Of two sent at once one may be refused and the other, whose answer is lost, have worked.
    let unknown = false;
    const send = async () => {
      const data = await this.once(house, name, text, { input });
      const payload = data?.[name];
      if (payload === undefined) {
        unknown = true;
        return;
      }
      answers.push(payload);
      if (payload.errors.length === 0) {
        const result = resultOf(payload);
        if (result !== null) results.add(result);
      }
      const codes = payload.errors.map(({ code }: Answer) => code).join(' ');
      this.scene.note(`  ${this.name} ${name}: ${codes || 'ok'}`);
    };
    const keyed = input.idempotencyKey !== undefined;
    for (;;) {
      await this.turn(name);
      unknown = false;
      if (keyed && this.chance.flip(0.12)) await Promise.all([send(), send()]);
      else await send();
      if (!unknown && !(keyed && answers.length < 3 && this.chance.flip(0.12))) break;
    }
    if (results.size > 1) this.scene.told.contradictions.push(`${name} under one key had ${results.size} results`);
    return answers.find(({ errors }) => errors.length === 0) ?? answers.at(-1);
  }
}

export const failed = (payload: Answer): boolean => payload.errors.length > 0;
