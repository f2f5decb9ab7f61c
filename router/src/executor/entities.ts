import type { FetchNode } from '@apollo/query-planner';
import { type Mark, monotonicMs, systemError } from '@souk/kit';
import {
  type FieldNode,
  type GraphQLError,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
  stripIgnoredCharacters,
  type VariableDefinitionNode,
} from 'graphql';
import type { Policies } from '../cache/policy.ts';
import { Bare, copy, type Fetched, isFetched } from './data.ts';
import { type Caching, type Keeping, keepingOf, prefixOf, ttlOf } from './keeping.ts';
import { clientPath, merge, type Shape, shapeOf, visitAt } from './merge.ts';
import { compileRepresentation, compileRewrites, type IsOfType, type Represent, renamings } from './representation.ts';
import { type Called, call, isShareable, type Run, subgraphError } from './run.ts';

/** What compiling knows of the operation as a whole. */
export interface Compiling {
  readonly isOfType: IsOfType;
  /** Private response name → the client's. */
  readonly clientNames: ReadonlyMap<string, string>;
  /** Private name of a variable → the client's, where they differ. */
  readonly variables: ReadonlyMap<string, string>;
  readonly policies: Policies;
}

/** A fetch that adds to the entities at a path. */
export interface EntityFetch {
  readonly service: string;
  /** The planner's own text, for when it goes alone. */
  readonly text: string;
  readonly path: readonly string[];
  readonly represent: Represent;
  readonly variables: readonly VariableDefinitionNode[];
  readonly selection: SelectionSetNode;
  /** Fetches of one kind ask the same of an entity: their entities share one list. */
  readonly kind: string;
  /** Null where a part of it may not be kept. */
  readonly keeping: Keeping | null;
  readonly shape: Shape;
  readonly rewrite: ((value: unknown) => void) | undefined;
  readonly clientName: (key: string) => string;
  /** Names of what it brings to each entity, in the client's words. */
  readonly brings: readonly string[];
  /** True if a later fetch writes into what this one brings. */
  writtenInto: boolean;
}

export function operationOf(text: string): OperationDefinitionNode {
  const { definitions } = parse(text, { noLocation: true });
  const [operation, ...others] = definitions;
  if (operation?.kind !== Kind.OPERATION_DEFINITION || others.length > 0) {
    throw new Error('the planner made a text that is not one operation');
  }
  return operation;
}

export const clientNamer = (
  clientNames: ReadonlyMap<string, string>,
  renamed: ReadonlyMap<string, string>,
): ((key: string) => string) => {
  return (key) => {
    const planned = renamed.get(key) ?? key;
    return clientNames.get(planned) ?? planned;
  };
};

const ENTITIES = '_entities';
const REPRESENTATIONS = 'representations';

export function compileEntityFetch(node: FetchNode, path: readonly string[], compiling: Compiling): EntityFetch {
  const { isOfType, clientNames } = compiling;
  const operation = operationOf(node.operation);
  const entities = operation.selectionSet.selections[0] as FieldNode;
  const selection = entities.selectionSet!;
  const shape = shapeOf(selection, node.outputRewrites);
  const clientName = clientNamer(clientNames, renamings(node.outputRewrites));
  const kind = `${print(selection)}\n${JSON.stringify(node.outputRewrites ?? [])}`;
  return {
    service: node.serviceName,
    text: node.operation,
    path,
    represent: compileRepresentation(node.requires!, node.inputRewrites, isOfType),
    variables: (operation.variableDefinitions ?? []).filter(({ variable }) => variable.name.value !== REPRESENTATIONS),
    selection,
    kind,
    keeping: keepingOf(node.serviceName, kind, compiling.policies.ofEntities(selection)),
    shape,
    rewrite: compileRewrites(node.outputRewrites, isOfType),
    clientName,
    brings: shape.keys.map(({ name }) => clientName(name)).filter((name) => name !== '__typename'),
    writtenInto: false,
  };
}

/** The client's values for the variables a text names. */
export function pickVariables(
  run: Pick<Run, 'variables'>,
  names: readonly string[],
  renamed: ReadonlyMap<string, string>,
): Fetched {
  const picked = new Bare();
  for (const name of names) {
    const given = renamed.get(name) ?? name;
    if (Object.hasOwn(run.variables, given) && run.variables[given] !== undefined) picked[name] = run.variables[given];
  }
  return picked;
}

interface Target {
  readonly fetch: EntityFetch;
  readonly entity: Fetched;
  readonly indexes: readonly number[];
}

/** Entities of which the same is asked, each once, and every place that waits for it. */
interface Unit {
  readonly fetch: EntityFetch;
  readonly representations: Fetched[];
  /** Of each representation, as JSON. */
  readonly texts: string[];
  readonly targets: Target[][];
}

function unitsOf(run: Run, fetches: readonly EntityFetch[]): Unit[] {
  const units = new Map<string, { unit: Unit; places: Map<string, number> }>();
  for (const fetch of fetches) {
    visitAt(run.data, fetch.path, (entity, indexes) => {
      const representation = fetch.represent(entity);
      if (!representation) return;
      let known = units.get(fetch.kind);
      if (!known) {
        known = { unit: { fetch, representations: [], texts: [], targets: [] }, places: new Map() };
        units.set(fetch.kind, known);
      }
      const { unit, places } = known;
      const key = JSON.stringify(representation);
      let place = places.get(key);
      if (place === undefined) {
        place = unit.representations.push(representation) - 1;
        places.set(key, place);
        unit.texts.push(key);
        unit.targets.push([]);
      }
      unit.targets[place]!.push({ fetch, entity, indexes });
    });
  }
  return [...units.values()].map(({ unit }) => unit);
}

/** A text for several lists of entities at once, each under a name of its own. */
interface Text {
  readonly text: string;
  readonly variables: readonly string[];
  readonly shareable: boolean;
  /** Per unit: response name and variable. */
  readonly lists: readonly { readonly name: string; readonly representations: string }[];
}

/** `keep` asks for the ids by which what comes can be evicted. */
function textOf(units: readonly Unit[], keep: boolean): Text {
  const [only] = units;
  const selectionOf = ({ keeping, selection }: EntityFetch): SelectionSetNode =>
    keep && keeping ? keeping.selection : selection;
  if (units.length === 1 && selectionOf(only!.fetch) === only!.fetch.selection) {
    const variables = only!.fetch.variables.map(({ variable }) => variable.name.value);
    const { text } = only!.fetch;
    return {
      text,
      variables,
      shareable: isShareable(text),
      lists: [{ name: ENTITIES, representations: REPRESENTATIONS }],
    };
  }
  const definitions = new Map<string, string>();
  for (const { fetch } of units) {
    for (const definition of fetch.variables) definitions.set(definition.variable.name.value, print(definition));
  }
  const lists =
    units.length === 1
      ? [{ name: ENTITIES, representations: REPRESENTATIONS }]
      : units.map((_, index) => ({ name: `_e${index}`, representations: `_r${index}` }));
  const declared = [...lists.map(({ representations }) => `$${representations}:[_Any!]!`), ...definitions.values()];
  const asked = units.map(
    ({ fetch }, index) =>
      `${lists[index]!.name}:${ENTITIES}(representations:$${lists[index]!.representations})${print(selectionOf(fetch))}`,
  );
  const text = stripIgnoredCharacters(`query(${declared.join(',')}){${asked.join(' ')}}`);
  return {
    text,
    shareable: isShareable(text),
    variables: [...definitions.keys()],
    lists,
  };
}

/** Fetches for all entities that are there by now, in one call. */
export type EntityCall = (run: Run, ready: readonly EntityFetch[]) => Promise<void>;

/** A plan has few sets of fetches that find something to ask; what data makes of them has a bound all the same. */
const MOST_TEXTS = 64;

/** Runs entity fetches to one subgraph as one call. A text is made once for each set of fetches that had something to ask. */
export function compileEntityCall(fetches: readonly EntityFetch[], compiling: Compiling): EntityCall {
  const texts = new Map<string, Text>();
  const numbers = new Map(fetches.map((fetch, index) => [fetch, index]));

  function textFor(units: readonly Unit[], keep: boolean): Text {
    const which = `${keep} ${units.map(({ fetch }) => numbers.get(fetch)).join()}`;
    const known = texts.get(which);
    if (known) return known;
    const made = textOf(units, keep);
    if (texts.size >= MOST_TEXTS) texts.clear();
    texts.set(which, made);
    return made;
  }

  return async (run, ready) => {
    const wanted = unitsOf(run, ready);
    const kept = run.caching && (await takeKept(run, run.caching, wanted, compiling.variables));
    const units = kept?.left ?? wanted;
    if (units.length === 0) return;
    const { text, variables: names, lists, shareable } = textFor(units, run.caching !== undefined);
    const variables = pickVariables(run, names, compiling.variables);
    for (const [index, { representations }] of units.entries())
      variables[lists[index]!.representations] = representations;
    const { service } = units[0]!.fetch;
    const writes = units.some(({ fetch, targets }) => fetch.rewrite || targets.flat().some(isWrittenInto));
    const called = await call(run, { service, query: text, variables, writes, shareable });
    const { data, errors } = called;
    const byName = new Map(units.map((unit, index) => [lists[index]!.name, unit]));
    for (const error of errors) run.errors.push(...place(error, service, byName));
    if (!data) return;
    for (const [name, unit] of byName) {
      const received = data[name];
      if (Array.isArray(received) && received.length === unit.targets.length) {
        if (kept) keep(run.caching!, kept, unit, received, called);
        receive(unit, received);
      } else if (errors.length === 0) run.errors.push(subgraphError(strange, service, null));
    }
  };
}

const strange = systemError('INTERNAL', 'A subgraph answered with something else than what it was asked for.');

const isWrittenInto = ({ fetch }: Target): boolean => fetch.writtenInto;

/** What a cache had, and what is still to be asked for. */
interface Taken {
  readonly left: readonly Unit[];
  /** Of those that may be kept, what their keys begin with. */
  readonly prefixes: ReadonlyMap<EntityFetch, string>;
  readonly mark: Mark;
  readonly since: number;
}

async function takeKept(
  run: Run,
  caching: Caching,
  units: readonly Unit[],
  renamed: ReadonlyMap<string, string>,
): Promise<Taken> {
  const since = monotonicMs();
  const prefixes = new Map<EntityFetch, string>();
  const keys: string[] = [];
  for (const { fetch, texts } of units) {
    const names = fetch.variables.map(({ variable }) => variable.name.value);
    const prefix = prefixOf(fetch.keeping, caching, pickVariables(run, names, renamed));
    if (prefix === null) continue;
    prefixes.set(fetch, prefix);
    for (const text of texts) keys.push(prefix + text);
  }
  if (keys.length === 0) return { left: units, prefixes, mark: null, since };
  const { mark, found } = await caching.cache.look(keys);
  let at = 0;
  const left = units.flatMap((unit): Unit[] => {
    if (!prefixes.has(unit.fetch)) return [unit];
    const known = found.slice(at, at + unit.texts.length);
    at += unit.texts.length;
    if (known.every((one) => one === undefined)) return [unit];
    const writes = unit.fetch.rewrite || unit.targets.flat().some(isWrittenInto);
    receive(unit, writes ? known.map(copy) : known);
    const missing = (_: unknown, index: number): boolean => known[index] === undefined;
    if (known.every((one) => one !== undefined)) return [];
    return [
      {
        fetch: unit.fetch,
        representations: unit.representations.filter(missing),
        texts: unit.texts.filter(missing),
        targets: unit.targets.filter(missing),
      },
    ];
  });
  return { left, prefixes, mark, since };
}

/** Before anything is written into it. What came with an error is not kept. */
function keep(
  { cache }: Caching,
  { prefixes, mark, since }: Taken,
  { fetch, texts, representations, targets }: Unit,
  received: readonly unknown[],
  { errors, holdsMs }: Called,
): void {
  const { keeping, rewrite } = fetch;
  const prefix = prefixes.get(fetch);
  if (!keeping || prefix === undefined || errors.length > 0) return;
  const ttlMs = ttlOf(keeping, holdsMs, since);
  const writes = rewrite !== undefined || targets.flat().some(isWrittenInto);
  const entries = received.flatMap((value, index) => {
    const tags = isFetched(value) ? keeping.tagsOf(value, String(representations[index]!.__typename)) : null;
    return tags ? [{ key: prefix + texts[index]!, tags: [...tags], value: writes ? copy(value) : value, ttlMs }] : [];
  });
  if (entries.length > 0) cache.put(mark, entries);
}

function receive({ fetch: { shape, rewrite }, targets }: Unit, received: readonly unknown[]): void {
  for (const [index, places] of targets.entries()) {
    const entity = received[index];
    if (!isFetched(entity)) continue;
    if (rewrite) {
      entity.__typename ??= places[0]!.entity.__typename;
      rewrite(entity);
    }
    const apart = places.some(isWrittenInto);
    for (const [which, place] of places.entries())
      merge(place.entity, apart && which > 0 ? copy(entity) : entity, shape);
  }
}

/** An error once for each place of the entity it is about; once and without a place where it is about many. */
function place(error: GraphQLError, service: string, units: ReadonlyMap<string, Unit>): GraphQLError[] {
  const [list, index, ...below] = error.path ?? [];
  const targets = typeof index === 'number' ? units.get(list as string)?.targets[index] : undefined;
  if (targets) {
    return targets.map(({ fetch, indexes }) =>
      subgraphError(error, service, clientPath(fetch.path, indexes, below, fetch.clientName)),
    );
  }
  const all = [...units.values()].flatMap((unit) => unit.targets.flat());
  const [only] = all;
  const isOneHole = all.length === 1 && only!.fetch.brings.length === 1;
  const hole = isOneHole ? clientPath(only!.fetch.path, only!.indexes, [], only!.fetch.clientName) : null;
  return [subgraphError(error, service, hole && [...hole, only!.fetch.brings[0]!])];
}
