import type { FetchNode, PlanNode, QueryPlanSelectionNode, SubscriptionNode } from '@apollo/query-planner';
import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  valueFromASTUntyped,
} from 'graphql';
import { applyConditions, chooseOperation, conditionVariables } from './executor/document.ts';

/** How an operation will be fetched, for a person to look at. */
export interface PlanView {
  /** Null where nothing is fetched: the schema alone answers. */
  readonly root: PlanStep | null;
  /** How often subgraphs are asked, where every step has something to ask for. */
  readonly calls: number;
  /** Fetches of the plan: more than calls where some go together. */
  readonly fetches: number;
  /** Subgraphs in the order they are first asked, with how often. */
  readonly services: readonly { readonly name: string; readonly calls: number }[];
  /** Values of variables that decide by @skip and @include what is fetched. */
  readonly conditions: Readonly<Record<string, boolean>>;
}

export type PlanStep = PlanTurns | PlanFetch | PlanEvents;

export interface PlanTurns {
  readonly kind: 'SEQUENCE' | 'PARALLEL';
  readonly steps: readonly PlanStep[];
}

/** Each event of `source`, completed by `rest`. */
export interface PlanEvents {
  readonly kind: 'SUBSCRIPTION';
  readonly source: PlanFetch;
  readonly rest: PlanStep | null;
}

export interface PlanFetch {
  readonly kind: 'FETCH';
  readonly service: string;
  /** Fetches of one number go as one call. */
  readonly call: number;
  /** Where in the answer, `@` for each of a list; empty at the root. */
  readonly path: readonly string[];
  /** What must be known of the entities first, or null where it asks root fields. */
  readonly needs: string | null;
  /** What it asks for: an operation, or what is selected in the entities. */
  readonly asks: string;
  readonly variables: readonly string[];
}

type Plan = PlanNode | SubscriptionNode | undefined;

interface Asked {
  readonly document: DocumentNode;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Plans an operation as these variables would have it run, without running it. Throws GraphQLErrors. */
export function viewPlan(
  { document, operationName, variables }: Asked,
  plan: (document: DocumentNode) => Plan,
): PlanView {
  const chosen = chooseOperation(document, operationName);
  const conditions = conditionsOf(chosen.operation, conditionVariables(chosen), variables);
  const { operation, fragments } = applyConditions(chosen, new Map(Object.entries(conditions)));
  const node = plan({ kind: Kind.DOCUMENT, definitions: [operation, ...fragments.values()] });
  return { ...drawPlan(node), conditions };
}

/** What is not given has its default, or does not hold. */
function conditionsOf(
  { variableDefinitions = [] }: OperationDefinitionNode,
  names: readonly string[],
  given: Readonly<Record<string, unknown>>,
): Record<string, boolean> {
  return Object.fromEntries(
    names.map((name) => {
      const definition = variableDefinitions.find(({ variable }) => variable.name.value === name);
      const usual = definition?.defaultValue && valueFromASTUntyped(definition.defaultValue);
      return [name, (given[name] ?? usual) === true];
    }),
  );
}

/** Which fetches go together is decided as `executor/plan.ts` decides it. */
export function drawPlan(plan: Plan): Omit<PlanView, 'conditions'> {
  const calls = new Map<string, number>();
  const asked: PlanFetch[] = [];
  const numberOf = (key: string): number => {
    const known = calls.get(key) ?? calls.size + 1;
    calls.set(key, known);
    return known;
  };

  function fetchOf(node: FetchNode, path: readonly string[], level: number): PlanFetch {
    const { serviceName: service, requires, operation, variableUsages = [] } = node;
    const fetch: PlanFetch = {
      kind: 'FETCH',
      service,
      call: numberOf(requires ? `${service} ${level}` : `${service} ${level} alone ${asked.length}`),
      path,
      needs: requires ? printNeeds(requires) : null,
      asks: printAsked(operation, requires !== undefined),
      variables: variableUsages,
    };
    asked.push(fetch);
    return fetch;
  }

  function draw(node: PlanNode, path: readonly string[], level: number): { step: PlanStep; levels: number } {
    switch (node.kind) {
      case 'Fetch':
        return { step: fetchOf(node, path, level), levels: 1 };
      case 'Flatten':
        return draw(node.node, [...path, ...node.path.map(String)], level);
      case 'Sequence': {
        let levels = 0;
        const steps = node.nodes.map((child) => {
          const drawn = draw(child, path, level + levels);
          levels += drawn.levels;
          return drawn.step;
        });
        return { step: inTurn('SEQUENCE', steps), levels };
      }
      case 'Parallel': {
        const drawn = node.nodes.map((child) => draw(child, path, level));
        return {
          step: inTurn(
            'PARALLEL',
            drawn.map(({ step }) => step),
          ),
          levels: Math.max(...drawn.map(({ levels }) => levels)),
        };
      }
      default:
        throw new Error(`a plan holds a ${node.kind} node, which nothing here asked for`);
    }
  }

  function drawRoot(): PlanStep | null {
    if (!plan) return null;
    if (plan.kind !== 'Subscription') return draw(plan, [], 0).step;
    const source = fetchOf(plan.primary, [], 0);
    return { kind: 'SUBSCRIPTION', source, rest: plan.rest ? draw(plan.rest, [], 1).step : null };
  }

  const root = drawRoot();
  const services = new Map<string, Set<number>>();
  for (const { service, call } of asked) services.set(service, (services.get(service) ?? new Set()).add(call));
  return {
    root,
    calls: calls.size,
    fetches: asked.length,
    services: [...services].map(([name, numbers]) => ({ name, calls: numbers.size })),
  };
}

const inTurn = (kind: PlanTurns['kind'], steps: readonly PlanStep[]): PlanStep =>
  steps.length === 1 ? steps[0]! : { kind, steps };

function printNeeds(requires: readonly QueryPlanSelectionNode[]): string {
  const printed = (nodes: readonly QueryPlanSelectionNode[], indent: string): string =>
    nodes
      .filter((node) => node.kind === 'InlineFragment' || node.name !== '__typename')
      .map((node) => {
        const name = node.kind === 'Field' ? node.name : `… on ${node.typeCondition ?? 'the same'}`;
        const within = node.selections?.length ? ` {\n${printed(node.selections, `${indent}  `)}\n${indent}}` : '';
        return `${indent}${name}${within}`;
      })
      .join('\n');
  return printed(requires, '');
}

/** Of an entity fetch, what is selected in `_entities` says it all. */
function printAsked(text: string, isEntities: boolean): string {
  const document = parse(text, { noLocation: true });
  const [operation] = document.definitions;
  if (!isEntities || operation?.kind !== Kind.OPERATION_DEFINITION) return print(document);
  const selected = operation.selectionSet.selections.flatMap((node): readonly SelectionNode[] =>
    node.kind === Kind.FIELD ? (node.selectionSet?.selections ?? []) : [],
  );
  return selected.map(print).join('\n');
}
