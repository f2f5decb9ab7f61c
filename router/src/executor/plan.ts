import type { FetchNode, PlanNode } from '@apollo/query-planner';
import { monotonicMs } from '@souk/kit';
import { Kind, print, stripIgnoredCharacters } from 'graphql';
import { copy, type Fetched, isFetched } from './data.ts';
import {
  type Compiling,
  clientNamer,
  compileEntityCall,
  compileEntityFetch,
  type EntityFetch,
  operationOf,
  pickVariables,
} from './entities.ts';
import { keepingOf, prefixOf, ttlOf } from './keeping.ts';
import { type Group, meet } from './meeting.ts';
import { clientPath, merge, shapeOf, visitAt } from './merge.ts';
import { compileRewrites, renamings } from './representation.ts';
import { type Called, call, isShareable, type Run, type Step, subgraphError } from './run.ts';

/** Compiles a plan's tree to steps. Entity fetches of one subgraph that may run together become one call. */
export function compilePlan(node: PlanNode, compiling: Compiling): Step {
  const paths = entityPaths(node, []);
  const twice = keysBroughtTwice(node);
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
    const operation = operationOf(query);
    const shape = shapeOf(operation.selectionSet, fetchNode.outputRewrites);
    const rewrite = compileRewrites(fetchNode.outputRewrites, compiling.isOfType);
    const clientName = clientNamer(compiling.clientNames, renamings(fetchNode.outputRewrites));
    const [brings, ...more] = shape.keys;
    const isOneHole = brings !== undefined && more.length === 0;
    const writes =
      rewrite !== undefined ||
      paths.some((other) => startsWith(other, path)) ||
      shape.keys.some(({ name }) => twice.has(name));
    const shareable = isShareable(query);
    const isQuery = operation.operation === 'query' && path.length === 0;
    const keeping = keepingOf(service, query, isQuery ? compiling.policies.ofRoots(operation.selectionSet) : null);
    const keptText =
      keeping &&
      stripIgnoredCharacters(print({ ...operation, kind: Kind.OPERATION_DEFINITION, selectionSet: keeping.selection }));

    /** From the cache, or from the subgraph and then into the cache. */
    async function fetch(run: Run, variables: Fetched): Promise<Called> {
      const { caching } = run;
      const key = caching ? prefixOf(keeping, caching, variables) : null;
      if (!caching || key === null) return call(run, { service, query, variables, writes, shareable });
      const since = monotonicMs();
      const {
        mark,
        found: [known],
      } = await caching.cache.look([key]);
      if (known !== undefined) return { data: (writes ? copy(known) : known) as Fetched, errors: [] };
      const called = await call(run, { service, query: keptText!, variables, writes, shareable });
      const { data, errors, holdsMs } = called;
      const tags = data && errors.length === 0 ? keeping!.tagsOf(data, null) : null;
      if (tags) {
        const ttlMs = ttlOf(keeping!, holdsMs, since);
        caching.cache.put(mark, [{ key, tags: [...tags], value: writes ? copy(data) : data, ttlMs }]);
      }
      return called;
    }

    return async (run) => {
      const { data, errors } = await fetch(run, pickVariables(run, variableUsages, compiling.variables));
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

/** Root fields that several fetches bring parts of: what the first brought is written into by the next. */
function keysBroughtTwice(node: PlanNode): ReadonlySet<string> {
  const once = new Set<string>();
  const twice = new Set<string>();
  const visit = (part: PlanNode): void => {
    if (part.kind === 'Sequence' || part.kind === 'Parallel') part.nodes.forEach(visit);
    if (part.kind !== 'Fetch' || part.requires) return;
    for (const { name } of shapeOf(operationOf(part.operation).selectionSet, part.outputRewrites).keys) {
      if (once.has(name)) twice.add(name);
      once.add(name);
    }
  };
  visit(node);
  return twice;
}

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
