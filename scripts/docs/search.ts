import type { FactDoc } from './facts.ts';
import type { Reference } from './model.ts';
import { hrefOf } from './pages.ts';

const SUMMARY = 110;

const short = (text: string): string => {
  const first = text.split('\n')[0]!.replaceAll('`', '');
  return first.length > SUMMARY ? `${first.slice(0, SUMMARY - 1)}…` : first;
};

/** What the search box looks through: name, kind, where, what. A script, for a page from a folder may load nothing else. */
export function searchScript(reference: Reference, facts: readonly FactDoc[]): string {
  const rows: [string, string, string, string][] = [];
  for (const type of reference.types.values()) {
    const href = hrefOf(reference, type.name)!;
    rows.push([type.name, type.kind, href, short(type.description)]);
    for (const member of type.members) {
      const coordinate = `${type.name}.${member.name}`;
      rows.push([
        coordinate,
        type.kind === 'enum' ? 'value' : 'field',
        hrefOf(reference, coordinate)!,
        short(member.description),
      ]);
    }
  }
  for (const { type, meaning } of facts) rows.push([type, 'fact', `events.html#${type}`, short(meaning)]);
  return `window.soukIndex = [\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n];\n`;
}
