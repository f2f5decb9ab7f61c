import { withoutSecrets } from './secrets.ts';
import { isRecord } from './store.ts';

/** An operation as a link, a file or a colleague hands it on: never with headers. */
export interface Handed {
  readonly name: string;
  readonly query: string;
  readonly variables: string;
}

const PREFIX = '#operation=';
/** Longer addresses are cut by some programs. */
const LONGEST_LINK = 30_000;

/** The address that opens an operation in another's console. It lies behind `#`, which no server is told. */
export function linkTo({ name, query, variables }: Handed, page: string): string {
  const text = JSON.stringify({ name, query: withoutSecrets(query), variables: withoutSecrets(variables) });
  const bytes = new TextEncoder().encode(text);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  const link = `${page}${PREFIX}${btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')}`;
  if (link.length > LONGEST_LINK) throw new Error('This operation is too long for a link. Share it instead.');
  return link;
}

/** What a link hands on, or null where it is none. It is shown and never run by itself. */
export function readLink(hash: string): Handed | null {
  if (!hash.startsWith(PREFIX) || hash.length > LONGEST_LINK) return null;
  try {
    const binary = atob(hash.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/'));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(binary, (character) => character.charCodeAt(0)),
    );
    const handed: unknown = JSON.parse(text);
    return isHanded(handed) ? handed : null;
  } catch {
    return null;
  }
}

export const isHanded = (value: unknown): value is Handed =>
  isRecord(value) && [value.name, value.query, value.variables].every((part) => typeof part === 'string');
