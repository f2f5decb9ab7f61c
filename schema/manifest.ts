/** An operation as a manifest names it. */
export interface ManifestEntry {
  /** How clients ask for it: most often the SHA-256 of its text. */
  readonly id: string;
  readonly body: string;
  /** Seconds for which everybody may be shown the same answer; null for not at all. */
  readonly maxAge: number | null;
}

/** What is wrong with a manifest: a sentence that names operations by their place, and never repeats their text. */
export class ManifestMistake extends Error {
  override readonly name = 'ManifestMistake';
}

export const MOST_OPERATIONS = 1_000;
const LONGEST_BODY = 100_000;
const MOST_SECONDS = 31_536_000;
/** What goes into a path as it is. */
const DOCUMENT_ID = /^[\w:.-]{1,128}$/;
const CLIENT = /^[a-z][a-z0-9-]{0,39}$/;

/** True for the name of a client: lower-case letters, digits and hyphens, beginning with a letter, 40 at most. */
export const isClientName = (text: string): boolean => CLIENT.test(text);

/**
 * Reads a manifest in Apollo's format (`apollo-persisted-query-manifest`, whose operations may say a `maxAge` besides) or in
 * Relay's (an object of ids and texts). Throws a ManifestMistake. The texts are not parsed.
 */
export function readManifest(text: string): readonly ManifestEntry[] {
  const entries = entriesOf(parsed(text)).map(readEntry);
  if (entries.length === 0) throw new ManifestMistake('The manifest names no operation.');
  if (entries.length > MOST_OPERATIONS) {
    throw new ManifestMistake(`A manifest names ${MOST_OPERATIONS} operations at most.`);
  }
  const seen = new Set<string>();
  for (const [index, { id }] of entries.entries()) {
    if (seen.has(id)) throw new ManifestMistake(`Operation ${index + 1} has the id of an earlier one.`);
    seen.add(id);
  }
  return entries;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ManifestMistake('The manifest is not JSON.');
  }
}

type Raw = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);

function entriesOf(manifest: unknown): readonly Raw[] {
  if (!isRecord(manifest)) throw new ManifestMistake('The manifest is a JSON object.');
  if (!('format' in manifest)) return Object.entries(manifest).map(([id, body]) => ({ id, body }));
  const { format, version, operations } = manifest;
  if (format !== 'apollo-persisted-query-manifest' || version !== 1 || !Array.isArray(operations)) {
    throw new ManifestMistake(
      'The manifest is of no known format: Apollo’s of version 1, or an object of ids and texts as Relay’s.',
    );
  }
  return operations.map((one: unknown) => (isRecord(one) ? one : {}));
}

function readEntry({ id, body, maxAge = null }: Raw, index: number): ManifestEntry {
  const place = `Operation ${index + 1}`;
  if (typeof id !== 'string' || !DOCUMENT_ID.test(id)) {
    throw new ManifestMistake(`${place} has no id of 1 to 128 letters, digits, dots, colons, hyphens and underscores.`);
  }
  if (typeof body !== 'string' || body === '' || Buffer.byteLength(body) > LONGEST_BODY) {
    throw new ManifestMistake(`${place} has no text of at most ${LONGEST_BODY} bytes.`);
  }
  const kept = maxAge === null || (Number.isInteger(maxAge) && Number(maxAge) >= 1 && Number(maxAge) <= MOST_SECONDS);
  if (!kept) throw new ManifestMistake(`${place} is kept for whole seconds, 1 to ${MOST_SECONDS}, or not at all.`);
  return { id, body, maxAge: maxAge as number | null };
}
