import { type GraphQLSchema, parse, validate } from 'graphql';
import { useEffect, useState } from 'react';
import type { PlanFetch, PlanStep, PlanView } from '../src/plan-view.ts';
import { sendConsole } from './about.ts';
import { sentenceOf } from './ask.ts';
import { variablesIn } from './costs.ts';
import type { Typed } from './open-operation.ts';
import { isRecord } from './store.ts';

export type Planned =
  | { readonly state: 'NOTHING' }
  | { readonly state: 'PLANNING'; readonly plan: PlanView | null }
  | { readonly state: 'PLANNED'; readonly plan: PlanView }
  | { readonly state: 'FAILED'; readonly sentence: string };

/** What is typed counts once it has stood so long, in milliseconds. */
const SETTLED_AFTER = 350;

const isPlan = (value: unknown): value is PlanView => isRecord(value) && typeof value.calls === 'number';

/** The router's plan of what is typed; nothing runs. `who` asks again: another person may be planned for otherwise. */
export function usePlan(
  { query, variables, operationName }: Typed,
  schema: GraphQLSchema | null | undefined,
  who: string,
): Planned {
  const [planned, setPlanned] = useState<Planned>({ state: 'NOTHING' });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another person asks anew
  useEffect(() => {
    if (!query.trim()) {
      setPlanned({ state: 'NOTHING' });
      return;
    }
    const abort = new AbortController();
    setPlanned((before) => ({ state: 'PLANNING', plan: 'plan' in before ? before.plan : null }));
    const timer = setTimeout(async () => {
      try {
        checkTyped(query, schema);
        const body = { query, operationName, variables: variablesIn(variables) };
        const answer = await sendConsole('plan', body, abort.signal);
        if (!isRecord(answer) || !isPlan(answer.plan)) throw new Error('The router gave no plan.');
        if (!abort.signal.aborted) setPlanned({ state: 'PLANNED', plan: answer.plan });
      } catch (error) {
        if (!abort.signal.aborted) setPlanned({ state: 'FAILED', sentence: sentenceOf(error) });
      }
    }, SETTLED_AFTER);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query, variables, operationName, schema, who]);
  return planned;
}

/** What cannot be planned yet is told here, and not asked of the router at every key press. */
function checkTyped(query: string, schema: GraphQLSchema | null | undefined): void {
  const document = parse(query, { maxTokens: 2_000 });
  const [mistake] = schema ? validate(schema, document, undefined, { maxErrors: 1 }) : [];
  if (mistake) throw mistake;
}

/** Fetches in the plan's order. */
export function fetchesOf(step: PlanStep | null): PlanFetch[] {
  if (!step) return [];
  if (step.kind === 'FETCH') return [step];
  if (step.kind === 'SUBSCRIPTION') return [step.source, ...fetchesOf(step.rest)];
  return step.steps.flatMap(fetchesOf);
}

/** How many fetches go as each call. */
export function callSizes(root: PlanStep | null): ReadonlyMap<number, number> {
  const sizes = new Map<number, number>();
  for (const { call } of fetchesOf(root)) sizes.set(call, (sizes.get(call) ?? 0) + 1);
  return sizes;
}

/** A colour for each subgraph, the same in every plan: a hue in degrees. */
export function hueOf(service: string): number {
  let sum = 7;
  for (const character of service) sum = (sum * 31 + character.charCodeAt(0)) % 3_600;
  return (sum * 137) % 360;
}

/** The plan as a text to take along. */
export function textOfPlan({ root, calls, fetches }: PlanView): string {
  const printed = (step: PlanStep, indent: string): string => {
    const deeper = `${indent}  `;
    if (step.kind === 'FETCH') {
      const at = step.path.length > 0 ? ` at ${step.path.join('.')}` : '';
      const body = step.asks.replaceAll('\n', `\n${deeper}`);
      return `${indent}${step.service}, call ${step.call}${at}\n${deeper}${body}`;
    }
    if (step.kind === 'SUBSCRIPTION') {
      const rest = step.rest ? `\n${indent}then for each event\n${printed(step.rest, deeper)}` : '';
      return `${indent}subscribe\n${printed(step.source, deeper)}${rest}`;
    }
    const word = step.kind === 'SEQUENCE' ? 'one after the other' : 'together';
    return `${indent}${word}\n${step.steps.map((each) => printed(each, deeper)).join('\n')}`;
  };
  return `${calls} calls, ${fetches} fetches\n${root ? printed(root, '') : 'Nothing is fetched.'}\n`;
}
