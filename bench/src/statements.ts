/** One statement, or several sent as one, as PostgreSQL logged it. */
export interface LoggedStatement {
  /** Milliseconds since the epoch, by the database's clock. */
  readonly at: number;
  readonly application: string;
  readonly text: string;
  /** How many statements the text holds: a simple query may hold several. */
  readonly count: number;
}

/** Gives each line the time, process and application that `parseLog` reads. */
export const LOG_LINE_PREFIX = '%n|%p|%a|';

const LINE = /^(\d+\.\d+)\|\d+\|([^|]*)\|([A-Z0-9]+): {2}(.*)$/;
const STATEMENT = /^statement: ([\s\S]*)$/;
/** A portal that is fetched from again ("execute fetch from …") is no new statement. */
const EXECUTE = /^execute (?!fetch from )[^:]*: ([\s\S]*)$/;

/**
 * The statements of a log written with `log_statement = 'all'` and our prefix, in order. Parameters, errors and other
 * lines are left out; a message's further lines begin with a tab.
 */
export function parseLog(log: string): LoggedStatement[] {
  const messages: { at: number; application: string; level: string; text: string }[] = [];
  for (const line of log.split('\n')) {
    const found = LINE.exec(line);
    if (found) {
      const [, at, application, level, text] = found as unknown as [string, string, string, string, string];
      messages.push({ at: Number(at) * 1000, application, level, text });
    } else if (line.startsWith('\t')) {
      const last = messages.at(-1);
      if (last) last.text += `\n${line.slice(1)}`;
    }
  }
  return messages.flatMap(({ at, application, level, text }) => {
    if (level !== 'LOG') return [];
    const simple = STATEMENT.exec(text)?.[1];
    if (simple !== undefined) return [{ at, application, text: simple, count: countStatements(simple) }];
    const prepared = EXECUTE.exec(text)?.[1];
    return prepared === undefined ? [] : [{ at, application, text: prepared, count: 1 }];
  });
}

/** Quotes, dollar quotes, comments: inside them a semicolon ends nothing. */
const TOKEN =
  /\bE'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$|--[^\n]*|\/\*|;|\s+|\w+|[\s\S]/giy;

/** How many statements a text holds. SQL-standard function bodies (BEGIN ATOMIC) are not told apart. */
export function countStatements(sql: string): number {
  let count = 0;
  let open = false;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(sql); match; match = TOKEN.exec(sql)) {
    const [token] = match;
    if (token === '/*') TOKEN.lastIndex = endOfComment(sql, TOKEN.lastIndex);
    else if (token === ';') open = false;
    else if (!open && !token.startsWith('--') && token.trim() !== '') {
      open = true;
      count += 1;
    }
  }
  return count;
}

/** Comments nest in PostgreSQL. */
function endOfComment(sql: string, from: number): number {
  const edge = /\/\*|\*\//g;
  edge.lastIndex = from;
  for (let depth = 1; depth > 0; ) {
    const found = edge.exec(sql);
    if (!found) return sql.length;
    depth += found[0] === '/*' ? 1 : -1;
  }
  return edge.lastIndex;
}

export const sumOf = (statements: readonly LoggedStatement[]): number =>
  statements.reduce((sum, { count }) => sum + count, 0);

/** Statements that differ in nothing but blanks and the length of a list of parameters have one shape. */
const shapeOf = (text: string): string =>
  text
    .replace(/\s+/g, ' ')
    .replace(/\$\d+(, ?\$\d+)+/g, '$…')
    .trim();

const keyOf = ({ application, text }: Pick<LoggedStatement, 'application' | 'text'>): string =>
  `${application}|${shapeOf(text)}`;

/** Statements of one shape, most frequent first: what to look at when there are too many. */
export function shapesOf(
  statements: readonly LoggedStatement[],
): { readonly application: string; readonly shape: string; readonly count: number }[] {
  const shapes = new Map<string, { application: string; shape: string; count: number }>();
  for (const { application, text, count } of statements) {
    const key = keyOf({ application, text });
    const known = shapes.get(key) ?? { application, shape: shapeOf(text), count: 0 };
    known.count += count;
    shapes.set(key, known);
  }
  return [...shapes.values()].sort((a, b) => b.count - a.count || (a.application < b.application ? -1 : 1));
}

/** What was logged less every statement of a shape that the idle server sent too. */
export function withoutSweeps(
  statements: readonly LoggedStatement[],
  idle: readonly LoggedStatement[],
): LoggedStatement[] {
  const sweeps = new Set(idle.map(keyOf));
  return statements.filter((statement) => !sweeps.has(keyOf(statement)));
}
