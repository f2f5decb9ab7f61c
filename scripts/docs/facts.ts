import type { FactInfo } from '@souk/schema';

/** A fact as the catalogue tells it. */
export interface FactDoc extends FactInfo {
  /** `orders.OrderCreated`. */
  readonly type: string;
  readonly house: string;
  /** What it means, in a sentence or two. */
  readonly meaning: string;
  /** What orders it: facts of one key are heard in order. */
  readonly key: string;
  /** Its data as TypeScript has it. */
  readonly data: string;
  /** The types of the same file that its data names. */
  readonly parts: readonly Part[];
  readonly example: string;
}

export interface Part {
  readonly name: string;
  readonly meaning: string;
  readonly source: string;
}

interface Declared {
  readonly name: string;
  readonly comment: string;
  readonly source: string;
}

/** A source does not declare a fact in the form that the catalogue reads. */
export class FactSourceError extends Error {
  override readonly name = 'FactSourceError';
}

const DECLARATION = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?^export (?:type|interface) (\w+)\b/gm;

/** The exported types of a source with the comment before each. */
function declaredIn(source: string): Declared[] {
  const starts = [...source.matchAll(DECLARATION)];
  return starts.map((match, index) => {
    const from = match.index + match[0].indexOf('export ');
    const to = starts[index + 1]?.index ?? source.length;
    // A comment that belongs to what comes next is no part of this one.
    const text = source.slice(from, to).trimEnd();
    return { name: match[2]!, comment: plain(match[1] ?? ''), source: endOf(text) };
  });
}

/** Up to where the declaration ends: its braces are closed and a line ends. */
function endOf(text: string): string {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index]!;
    if ('{(<['.includes(char)) depth += 1;
    if ('})]'.includes(char) || (char === '>' && text[index - 1] !== '=')) depth -= 1;
    if (depth === 0 && (char === ';' || (char === '}' && text.startsWith('export interface'))))
      return text.slice(0, index + 1);
  }
  return text;
}

const plain = (comment: string): string =>
  comment
    .split('\n')
    .map((line) => line.replace(/^\s*\*?\s?/, ''))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();

/** Reads the facts that a house says from the source that declares them. Throws a FactSourceError. */
export function readFacts(
  house: string,
  source: string,
  registry: Readonly<Record<string, FactInfo>>,
  exampleOf: (type: string) => string,
): FactDoc[] {
  const declared = declaredIn(source);
  const facts = declared.flatMap(({ name, comment, source: text }): FactDoc[] => {
    const match = /= Fact<\s*'([\w.]+)',\s*([\s\S]*?)>;$/.exec(text);
    if (!match) return [];
    const [, type, data] = match as unknown as [string, string, string];
    const info = registry[type];
    if (!info) throw new FactSourceError(`${type} is declared and not in schema/events/index.ts.`);
    if (type !== `${house}.${name}`) throw new FactSourceError(`The fact ${type} of ${house} is called ${name}.`);
    const key = /Keyed by ([^.]+)\./.exec(comment)?.[1];
    if (!key) throw new FactSourceError(`The comment of ${type} does not say what it is keyed by.`);
    const meaning = comment.replace(/\s*(State|Delta)\..*$/, '').trim();
    if (!meaning) throw new FactSourceError(`The comment of ${type} does not say what it means.`);
    return [
      {
        ...info,
        type,
        house,
        meaning,
        key,
        data: dedent(data),
        parts: partsOf(data, declared, name),
        example: exampleOf(type).trim(),
      },
    ];
  });
  const missing = Object.keys(registry).filter(
    (type) => type.startsWith(`${house}.`) && !facts.some((fact) => fact.type === type),
  );
  if (missing.length > 0) throw new FactSourceError(`No declaration was found of ${missing.join(', ')}.`);
  return facts;
}

/** The other types of the file that some text names, and those that they name. */
function partsOf(text: string, declared: readonly Declared[], self: string): Part[] {
  const found = new Map<string, Part>();
  const look = (within: string): void => {
    for (const { name, comment, source } of declared) {
      if (name === self || found.has(name) || /= Fact</.test(source)) continue;
      if (!new RegExp(`\\b${name}\\b`).test(within)) continue;
      found.set(name, { name, meaning: comment, source });
      look(source);
    }
  };
  look(text);
  return [...found.values()];
}

function dedent(text: string): string {
  const lines = text.trim().replace(/,$/, '').split('\n');
  const last = /^\s*/.exec(lines.at(-1)!)![0].length;
  return lines
    .map((line, index) => (index === 0 ? line : line.slice(Math.min(last, line.length - line.trimStart().length))))
    .join('\n');
}
