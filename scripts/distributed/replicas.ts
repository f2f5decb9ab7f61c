import { StartupError } from '@souk/kit/startup-error';

const MOST = 8;
const HOW = `Use --replicas 2 for all subgraphs, --replicas orders=2,router=2 for some, or both: --replicas 2,orders=3. Each has 1 to ${MOST}.`;

/**
 * Takes `--replicas` out of the words of a command: how many processes of each subgraph, once it is known which there are. Throws
 * a StartupError that says how it is used.
 */
export function takeReplicas(words: readonly string[]): {
  readonly words: readonly string[];
  wanted(houses: readonly string[]): ReadonlyMap<string, number>;
} {
  const rest: string[] = [];
  let text = '';
  for (let at = 0; at < words.length; at++) {
    const [, joined] = /^--replicas(?:=(.*))?$/.exec(words[at]!) ?? [];
    if (joined === undefined && words[at] !== '--replicas') rest.push(words[at]!);
    else text += `,${joined ?? words[++at] ?? 'nothing'}`;
  }
  // What is said of all comes first, whatever the order.
  const parts = text
    .split(',')
    .slice(1)
    .sort((a, b) => Number(a.includes('=')) - Number(b.includes('=')));
  return {
    words: rest,
    wanted(houses) {
      const found = new Map<string, number>();
      for (const part of parts) {
        const [, name, many] = /^(?:([a-z]+)=)?(\d+)$/.exec(part.trim()) ?? [];
        if (many === undefined || Number(many) < 1 || Number(many) > MOST) {
          throw new StartupError(`"${part}" does not say how many processes to start.`, HOW);
        }
        if (name !== undefined && name !== 'router' && !houses.includes(name)) {
          throw new StartupError(`There is no subgraph "${name}".`, `There are ${houses.join(', ')}, and the router.`);
        }
        for (const house of name === undefined ? houses : [name]) found.set(house, Number(many));
      }
      return found;
    },
  };
}
