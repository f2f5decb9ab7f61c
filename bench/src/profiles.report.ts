import { show, showBytes } from './figures.ts';
import type { ProfileFigures, ProfilesResult } from './profiles.ts';
import { table } from './report.ts';

/** What is promised of the way from a commit to a subscriber, ms, on a machine that does nothing else. */
export const DELAY_PROMISE_MS = 250;

const all = ({ souk, engines, postgres }: ProfileFigures['cpu']): number => souk + engines + postgres;
const rate = ({ facts, seconds }: ProfileFigures['drained'][number]): number => facts / seconds;

/** Both profiles side by side: the section of `results.md`, and what the terminal shows. */
export function describeProfiles({ machine, rounds, profiles }: ProfilesResult): string {
  const [few, many] = profiles[0]!.drained.map(({ facts }) => facts.toLocaleString('en-US')) as [string, string];
  const line = (title: string, figure: (of: ProfileFigures) => string): string[] => [title, ...profiles.map(figure)];
  const rows = [
    line('whole guest checkouts per s', (of) => show(of.perSecond)),
    line('checkout, p50 ms', (of) => show(of.p50)),
    line('checkout, p99 ms', (of) => show(of.p99)),
    line('CPU ms per checkout, all processes', (of) => show(all(of.cpu))),
    line('of it, Souk', (of) => show(of.cpu.souk)),
    line('of it, PostgreSQL', (of) => show(of.cpu.postgres)),
    line('of it, NATS and Redis', (of) => (of.cpu.engines === 0 ? '–' : show(of.cpu.engines))),
    line('commit to subscriber, p50 ms', (of) => show(of.delay.p50)),
    line(`commit to subscriber, p99 ms (promise: < ${DELAY_PROMISE_MS})`, (of) => show(of.delay.p99)),
    line(`backlog of ${many} facts, heard in s`, (of) => show(of.drained[1].seconds)),
    line('of it, facts per s', (of) => show(rate(of.drained[1]))),
    line(`peak memory of Souk, backlog of ${few}`, (of) => showBytes(of.drained[0].peak)),
    line(`peak memory of Souk, backlog of ${many}`, (of) => showBytes(of.drained[1].peak)),
    line('the one against the other', (of) => (of.drained[1].peak / of.drained[0].peak).toFixed(2)),
    line('memory of all processes at rest', (of) => showBytes(all(of.memory))),
    line('processes of Souk, NATS and Redis', (of) => String(of.processes)),
  ];
  return [
    '## profiles',
    '',
    `${profiles[0]!.shop}. ${machine}. ${rounds}`,
    '',
    table(['figure', ...profiles.map(({ name }) => name)], rows),
    '',
    '- A checkout: session, cart, address, shipping method, quote, order, card payment, the order watched over WebSocket until it is CONFIRMED; 8 shoppers at a time. The payment provider, in a process and on a database of its own, is not counted.',
    "- Commit to subscriber: one socket watches a variant's stock, one change after the other, from the commit in PostgreSQL's log to the event at the client.",
    "- Backlog: facts of inventory, put into its outbox at once as after an outage of the broker, until products and carts have heard each of them; relay, broker and ears are the shop's own.",
    '',
  ].join('\n');
}
