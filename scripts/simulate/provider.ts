import { type MemoryProvider, memoryProvider } from '../../subgraphs/payments/src/payment-gateway.memory.ts';
import { GatewayFault, type PaymentGateway } from '../../subgraphs/payments/src/payment-gateway.ts';
import { type Chance, chanceOf } from './chance.ts';
import { type Life, type Points, tasks } from './lives.ts';
import { nowMs } from './own.ts';

const calls: ReadonlySet<string> = new Set([
  'createIntent',
  'confirm',
  'capture',
  'cancel',
  'refund',
  'retrieve',
  'listRefunds',
]);

/** The payment provider beyond an unreliable line: each call is a step, and its answer may be late or never come. */
export class Provider {
  readonly bank: MemoryProvider = memoryProvider({ clock: () => new Date(nowMs()) });
  /** True while nothing goes wrong on the line. */
  calm = false;
  faults = 0;
  /** Webhooks up to here were delivered at least once, in whatever order. */
  private readonly delivered = new Set<number>();
  private readonly chance: Chance;

  constructor(
    seed: number,
    private readonly points: Points,
  ) {
    this.chance = chanceOf(seed, 'provider');
  }

  gatewayOf(life: Life): PaymentGateway {
    const gateway = this.bank.gateway();
    return new Proxy(gateway, {
      get: (target, name) => {
        const method = target[name as keyof PaymentGateway] as (...args: unknown[]) => unknown;
        if (!calls.has(String(name))) return method;
        return (...args: unknown[]) => this.call(life, String(name), async () => method(...args));
      },
    });
  }

  private async call(life: Life, name: string, work: () => Promise<unknown>): Promise<unknown> {
    await this.points.wait('call', `calls ${name}`, life);
    const fate = this.calm ? 1 : this.chance.next();
    if (fate < 0.06) return this.lose('The call was lost on its way.');
    const answer = await Promise.allSettled([work()]).then(([done]) => done!);
    if (fate < 0.14) return this.lose('The answer was lost on its way.');
    if (fate < 0.4) await this.points.wait('answer', `is answered ${name}`, life);
    if (answer.status === 'rejected') throw answer.reason;
    return answer.value;
  }

  private lose(message: string): never {
    this.faults += 1;
    throw new GatewayFault('NETWORK', message);
  }

  /** Webhooks that were never delivered, by their number. */
  get waiting(): number[] {
    return this.bank.webhooks.map((_, number) => number).filter((number) => !this.delivered.has(number));
  }

  /** One that was delivered before, for it to come again; undefined where there is none. */
  repeat(chance: Chance): number | undefined {
    return this.delivered.size === 0 ? undefined : chance.pick([...this.delivered]);
  }

  /** Sends a webhook to the house's route; it counts as delivered when it is answered with 200. */
  async send(number: number, route: (body: Buffer, signature: string) => Promise<number>, life: Life): Promise<void> {
    const { body, sign } = this.bank.webhooks[number]!;
    await tasks.run({ label: `webhook ${number + 1}`, life }, async () => {
      const status = await route(Buffer.from(body), sign(Math.floor(nowMs() / 1000)));
      if (status === 200) this.delivered.add(number);
    });
  }
}
