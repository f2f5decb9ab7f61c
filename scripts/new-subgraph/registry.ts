import { StartupError } from '@souk/kit/startup-error';
import type { Names } from './names.ts';

/** One change to a file that is there already: text in, text out. */
export interface Edit {
  readonly path: string;
  readonly change: (text: string, names: Names) => string;
}

/** Puts text at an anchor. A file that lost its anchor was rearranged: better refuse than write into the wrong place. */
function insert(text: string, anchor: RegExp, addition: (found: RegExpExecArray) => string, what: string): string {
  const found = anchor.exec(text);
  if (!found) {
    throw new StartupError(
      `${what} could not be found, so nothing was written.`,
      'If it was moved on purpose, teach scripts/new-subgraph/registry.ts its new place.',
    );
  }
  const end = found.index + found[0].length;
  return text.slice(0, end) + addition(found) + text.slice(end);
}

const ids: Edit = {
  path: 'schema/ids.ts',
  change(text, { Thing, prefix }) {
    const typed = insert(
      text,
      /(?:export type \w+Id = Id<'\w+'>;\n)+/,
      () => `export type ${Thing}Id = Id<'${Thing}'>;\n`,
      'The list of id types in schema/ids.ts',
    );
    return insert(
      typed,
      /export const prefixes = \{\n(?: {2}\w+: '[a-z]+',\n)+/,
      () => `  ${Thing}: '${prefix}',\n`,
      'The table of prefixes in schema/ids.ts',
    );
  },
};

const factIndex: Edit = {
  path: 'schema/events/index.ts',
  change(text, { house, House, Thing }) {
    const where = (what: string) => `${what} in schema/events/index.ts`;
    const imported = insert(
      text,
      /(?:import type \{ \w+ \} from '.+';\n)+/,
      () => `import type { ${House}Fact } from './${house}.ts';\n`,
      where('The imports'),
    );
    const exported = insert(
      imported,
      /(?:export \* from '.+';\n)+/,
      () => `export * from './${house}.ts';\n`,
      where('The exports'),
    );
    const joined = insert(
      exported,
      /export type AnyFact =(?:\s*\|? ?\w+Fact)+(?=;)/,
      () => `\n  | ${House}Fact`,
      where('The union AnyFact'),
    );
    const heard = insert(
      joined,
      /'platform\.ChannelChanged': state\(\[(?:'\w+'(?:, )?)*/,
      ([before]) => `${before.endsWith('[') ? '' : ', '}'${house}'`,
      where('The hearers of platform.ChannelChanged'),
    );
    return insert(
      heard,
      /export const facts[^{]*\{[^}]*\} = \{\n(?: {2}'[\w.]+': .+,\n)+/,
      () => `  '${house}.${Thing}Created': state([]),\n`,
      where('The table of facts'),
    );
  },
};

const houses: Edit = {
  path: 'router/src/houses.ts',
  change(text, { house }) {
    const imported = insert(
      text,
      /(?:import .+ from '.+';\n)+/,
      () => `import { ${house} } from '@souk/${house}';\n`,
      'The imports of router/src/houses.ts',
    );
    return insert(
      imported,
      /export const houses: readonly AnySubgraph\[\] = \[[\s\w,]*?(?=,?\s*\])/,
      () => `,\n  ${house}`,
      'The list of houses in router/src/houses.ts',
    );
  },
};

const routerPackage: Edit = {
  path: 'router/package.json',
  change(text, { house }) {
    const manifest = JSON.parse(text) as { dependencies: Record<string, string> };
    const dependencies = { ...manifest.dependencies, [`@souk/${house}`]: 'workspace:*' };
    const sorted = Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => (a < b ? -1 : 1)));
    return `${JSON.stringify({ ...manifest, dependencies: sorted }, null, 2)}\n`;
  },
};

const supergraph: Edit = {
  path: 'supergraph.yaml',
  change(text, { house }) {
    const ports = [...text.matchAll(/^ {4}routing_url: http:\/\/127\.0\.0\.1:(\d+)\//gm)].map((match) =>
      Number(match[1]),
    );
    return insert(
      text,
      /^subgraphs:\n(?:(?: {2,}.+)?\n)+$/m,
      () =>
        `  ${house}:\n    routing_url: http://127.0.0.1:${Math.max(4100, ...ports) + 1}/graphql\n` +
        `    schema:\n      file: schema/subgraphs/${house}.graphql\n`,
      'The list of subgraphs in supergraph.yaml',
    );
  },
};

const nodes: Edit = {
  path: 'subgraphs/platform/src/node.types.ts',
  change: (text, { Thing }) =>
    insert(
      text,
      /export const nodeKinds = \[[\s\w',]*?(?=,?\s*\])/,
      () => `,\n  '${Thing}'`,
      'The list nodeKinds in subgraphs/platform/src/node.types.ts',
    ),
};

const glossary: Edit = {
  path: 'schema/GLOSSARY.md',
  change: (text, { word, house }) =>
    insert(
      text,
      /\| word \| means \|\n\|[-|]+\|\n(?:\|.*\|\n)+/,
      () => `| **${word}** | what the house ${house} keeps: a name in one channel, archived rather than deleted |\n`,
      'The table in schema/GLOSSARY.md',
    ),
};

/** Everywhere a house is named beside its own folder. */
export const edits: readonly Edit[] = [ids, factIndex, houses, routerPackage, supergraph, nodes, glossary];
