import { createHash } from 'node:crypto';
import type { Fact } from '@souk/schema';
import type { JsMsg } from 'nats';
import { PARTITIONS } from './nats.ts';
import type { StoredFact } from './tx.ts';

/** A message carries one partition's next facts: one when it is quiet, as many as these when there is a backlog. */
const FACTS_PER_MESSAGE = 100;
const BYTES_PER_MESSAGE = 256 * 1024;

export function partitionOf(key: string): number {
  return createHash('sha1').update(key).digest().readUInt32BE(0) % PARTITIONS;
}

/** Facts of one partition, in order, as messages. */
export function* messagesOf(
  facts: readonly StoredFact[],
): Generator<{ id: string; body: string; facts: readonly string[] }> {
  let texts: string[] = [];
  let ids: string[] = [];
  let bytes = 0;
  const message = () => ({
    // One fact goes under its own id; several under one that the same several give again.
    id: ids.length === 1 ? ids[0]! : createHash('sha1').update(ids.join()).digest('hex'),
    body: `[${texts.join()}]`,
    facts: ids,
  });
  for (const { seq: _, ...fact } of facts) {
    const text = JSON.stringify(fact);
    if (texts.length > 0 && (texts.length === FACTS_PER_MESSAGE || bytes + text.length > BYTES_PER_MESSAGE)) {
      yield message();
      texts = [];
      ids = [];
      bytes = 0;
    }
    texts.push(text);
    ids.push(fact.id);
    bytes += text.length;
  }
  if (texts.length > 0) yield message();
}

/** The facts of a message, or undefined where it is not one of ours. */
export function read(message: JsMsg): readonly Fact[] | undefined {
  try {
    const facts = JSON.parse(message.string()) as unknown;
    return Array.isArray(facts) && facts.every(isFact) ? facts : undefined;
  } catch {
    return undefined;
  }
}

const isFact = (value: unknown): value is Fact => {
  const { id, type, key, version } = (value ?? {}) as Record<string, unknown>;
  return typeof id === 'string' && typeof type === 'string' && typeof key === 'string' && typeof version === 'number';
};
