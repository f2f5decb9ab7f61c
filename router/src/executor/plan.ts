import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { isFetched } from './data.ts';
import {
  type Compiling,
  clientNamer,
  compileEntityCall,
  compileEntityFetch,
  type EntityFetch,
  operationOf,
  pickVariables,
} from './entities.ts';
import { type Group, meet } from './meeting.ts';
import { clientPath, merge, shapeOf, visitAt } from './merge.ts';
import { compileRewrites, renamings } from './representation.ts';
import { call, isShareable, type Step, subgraphError } from './run.ts';

/** Compiles a plan's tree to steps. Entity fetches of one subgraph that may run together become one call. */
export function compilePlan(node: PlanNode, compiling: Compiling): Step {
  const paths = entityPaths(node, []);
  const groups = new Map<string, Group>();

  /** `level` counts the fetches before it, so that two of one level never wait for each other's data. */
  function compile(part: PlanNode, path: readonly string[], level: number): { step: Step; levels: number } {
    switch (part.kind) {
      case 'Fetch':
        return { step: part.requires ? entityStep(part, path, level) : plainStep(part, path), levels: 1 };
      case 'Flatten':
        return compile(part.node, [...path, ...part.path.map(String)], level);
      case 'Sequence': {
        const steps: Step[] = [];
        let levels = 0;
        for (const child of part.nodes) {
          const compiled = compile(child, path, level + levels);
          steps.push(compiled.step);
          levels += compiled.levels;
        }
        return { step: inTurn(steps), levels };
      }
      case 'Parallel': {
        const compiled = part.nodes.map((child) => compile(child, path, level));
        return {
          step: together(compiled.map(({ step }) => step)),
          levels: Math.max(...compiled.map(({ levels }) => levels)),
        };
      }
      default:
        throw new Error(`a plan holds a ${part.kind} node, which nothing here asked for`);
    }
  }

  function entityStep(fetchNode: FetchNode, path: readonly string[], level: number): Step {
    const fetch: EntityFetch = compileEntityFetch(fetchNode, path, compiling);
    // The fetch itself is one of those at its own path.
    fetch.writtenInto = paths.filter((other) => startsWith(other, path)).length > 1;
    const key = `${fetchNode.serviceName} ${level}`;
    const group: Group = groups.get(key) ?? { members: [], call: async () => undefined };
    groups.set(key, group);
    group.members.push(fetch);
    return (run) => meet(run, group, fetch);
  }

  function plainStep(fetchNode: FetchNode, path: readonly string[]): Step {
    const { serviceName: service, operation: query, variableUsages = [] } = fetchNode;
    const shape = shapeOf(operationOf(query).selectionSet, fetchNode.outputRewrites);
    const rewrite = compileRewrites(fetchNode.outputRewrites, compiling.isOfType);
    const clientName = clientNamer(compiling.clientNames, renamings(fetchNode.outputRewrites));
    const [brings, ...more] = shape.keys;
    const isOneHole = brings !== undefined && more.length === 0;
    const writes = rewrite !== undefined || paths.some((other) => startsWith(other, path));
    const shareable = isShareable(query);
    return async (run) => {
      const variables = pickVariables(run, variableUsages, compiling.variables);
      const { data, errors } = await call(run, { service, query, variables, writes, shareable });
      for (const error of errors) {
        const below = error.path ?? (isOneHole ? [brings.name] : null);
        // Below a list the one answer serves many places.
        const at = below && !path.includes('@') ? clientPath(path, [], below, clientName) : null;
        run.errors.push(subgraphError(error, service, at));
      }
      if (!data) return;
      rewrite?.(data);
      visitAt(run.data, path, (object) => isFetched(object) && merge(object, data, shape));
    };
  }

  const { step } = compile(node, [], 0);
  for (const group of groups.values()) group.call = compileEntityCall(group.members, compiling);
  return step;
}

const inTurn = (steps: readonly Step[]): Step => {
  if (steps.length === 1) return steps[0]!;
  return async (run) => {
    for (const step of steps) await step(run);
  };
};

const together = (steps: readonly Step[]): Step => {
  if (steps.length === 1) return steps[0]!;
  return async (run) => {
    await Promise.all(steps.map((step) => step(run)));
  };
};

const startsWith = (path: readonly string[], start: readonly string[]): boolean =>
  path.length >= start.length && start.every((part, index) => path[index] === part);

/** Paths of all entity fetches of a plan, each as often as it is fetched at. */
function entityPaths(node: PlanNode, path: readonly string[]): (readonly string[])[] {
  switch (node.kind) {
    case 'Fetch':
      return node.requires || path.length > 0 ? [path] : [];
    case 'Flatten':
      return entityPaths(node.node, [...path, ...node.path.map(String)]);
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap((child) => entityPaths(child, path));
    default:
      return [];
  }
}
