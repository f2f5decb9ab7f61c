/**
 * A fact as it travels: JSON only. `version` is the aggregate's own and rises by one with each of its facts' writes;
 * `key` orders: facts of one key reach an ear in order. `subject` names whose personal data it carries, if any.
 * `trace` is a W3C traceparent or null.
 */
export interface Fact<Type extends string = string, Data = unknown> {
  readonly id: string;
  readonly type: Type;
  readonly at: string;
  readonly key: string;
  readonly version: number;
  readonly subject: string | null;
  readonly trace: string | null;
  readonly data: Data;
}

/** What a service says inside its transaction; the kit adds id, time and trace. */
export interface Saying<F extends Fact = Fact> {
  readonly type: F['type'];
  readonly key: string;
  readonly version: number;
  readonly subject?: string | null;
  readonly data: F['data'];
}

/** How an ear treats facts of a type: `state` ones replace what is known, `delta` ones add up and must not be missed. */
export type FactKind = 'state' | 'delta';

/** What the registry knows of a fact: its kind, the data fields that are personal, and who listens. */
export interface FactInfo {
  readonly kind: FactKind;
  readonly personal: readonly string[];
  readonly heardBy: readonly string[];
}
