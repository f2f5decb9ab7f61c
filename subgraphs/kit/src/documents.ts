import { type DocumentNode, parse } from 'graphql';

const MOST = 2_000;
const documents = new Map<string, DocumentNode>();

/** Plans repeat their texts: a bounded memory of parsed ones, the oldest forgotten first. */
export function parseOnce(text: string): DocumentNode {
  const known = documents.get(text);
  if (known) return known;
  const document = parse(text, { noLocation: true });
  documents.set(text, document);
  if (documents.size > MOST) documents.delete(documents.keys().next().value!);
  return document;
}
