import { operationFromDocument } from '@apollo/federation-internals';
import {
  type FetchNode,
  type PlanNode,
  QueryPlanner,
  type QueryPlanSelectionNode,
  type SubscriptionNode,
} from '@apollo/query-planner';
import { StartupError } from '@souk/kit';
import {
  buildASTSchema,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionSetNode,
  type TypeDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { buildSupergraph, readLinks } from './admission/links.ts';
import { appliedTo } from './directives.ts';
import { type Way, waysTo } from './lints.ways.ts';
import { fetchesOf } from './supergraph.ts';

/** Something that composes and would still go wrong. */
export interface Lint {
  readonly rule: 'requires-arguments' | 'entered-key' | 'unenforced-directive';
  /** Schema coordinate, or the directive. */
  readonly where: string;
  /** What is wrong, in whole sentences. */
  readonly message: string;
  readonly advice: string;
}

/** What composition lets pass although the planner, or this router, would do the wrong thing with it. */
export function lint(supergraphSdl: string): Lint[] {
  const supergraph = parse(supergraphSdl);
  const unenforced = unenforcedIn(supergraphSdl);
  // Apollo's own builder refuses such a supergraph, in words that tell nobody what to do.
  return [
    ...unenforced,
    ...requiredTwice(supergraph),
    ...(unenforced.length > 0 ? [] : enteredKeys(supergraph, supergraphSdl)),
  ];
}

const typesOf = (supergraph: DocumentNode): TypeDefinitionNode[] =>
  supergraph.definitions.filter(
    (node): node is TypeDefinitionNode =>
      node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION,
  );

const fieldsOf = (node: TypeDefinitionNode) =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION ? (node.fields ?? []) : [];

function unenforcedIn(supergraphSdl: string): Lint[] {
  try {
    readLinks(supergraphSdl);
    return [];
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    return [{ rule: 'unenforced-directive', where: '@link', message: error.message, advice: error.advice }];
  }
}

/** Apollo's planner asks for a required field once per object, whichever arguments the other requirement has. */
function requiredTwice(supergraph: DocumentNode): Lint[] {
  const schema = buildASTSchema(supergraph, { assumeValidSDL: true });
  const required = new Map<string, Map<string, string[]>>();
  for (const type of typesOf(supergraph)) {
    for (const field of fieldsOf(type)) {
      for (const { requires } of appliedTo(field, 'join__field')) {
        if (typeof requires !== 'string') continue;
        const by = `${type.name.value}.${field.name.value}`;
        for (const { coordinate, args } of fieldsIn(requires, type.name.value, schema)) {
          const sets = required.get(coordinate) ?? new Map<string, string[]>();
          required.set(coordinate, sets.set(args, [...(sets.get(args) ?? []), by]));
        }
      }
    }
  }
  return [...required].flatMap(([coordinate, sets]): Lint[] => {
    if (sets.size < 2) return [];
    const uses = [...sets].map(([args, by]) => `${by.join(' and ')} as ${coordinate.split('.')[1]}${args}`).join(', ');
    return [
      {
        rule: 'requires-arguments',
        where: coordinate,
        message: `${coordinate} is required with different arguments: by ${uses}. The planner asks for it once and hands both the same answer.`,
        advice:
          'Let its owner offer a field without arguments for each of them, and require those; or require both of one field and choose in the resolver.',
      },
    ];
  });
}

function fieldsIn(requires: string, type: string, schema: GraphQLSchema): { coordinate: string; args: string }[] {
  const operation = operationIn(`{ ${requires} }`);
  const info = new TypeInfo(schema, schema.getType(type) as never);
  const found: { coordinate: string; args: string }[] = [];
  visit(
    operation.selectionSet,
    visitWithTypeInfo(info, {
      Field({ name, arguments: given = [] }) {
        const args = given.map(print).sort().join(', ');
        found.push({ coordinate: `${info.getParentType()}.${name.value}`, args: args && `(${args})` });
      },
    }),
  );
  return found;
}

interface Closed {
  readonly graph: string;
  readonly type: string;
  /** That the subgraph answers. */
  readonly fields: readonly string[];
  /** The keys by which it may be entered all the same, as the paths each is made of. */
  readonly open: readonly (readonly string[])[];
}

/** Types of a subgraph that have a key by which nobody may enter. */
function closedTypes(supergraph: DocumentNode): Closed[] {
  return typesOf(supergraph).flatMap((type) => {
    const joined = appliedTo(type, 'join__type');
    return [...new Set(joined.map(({ graph }) => String(graph)))].flatMap((graph) => {
      const keys = joined.filter((one) => one.graph === graph && one.key !== undefined);
      const open = keys.filter(({ resolvable }) => resolvable !== false);
      if (open.length === keys.length) return [];
      const fields = fieldsOf(type).filter((field) => {
        const at = appliedTo(field, 'join__field');
        return at.length === 0 || at.some((one) => one.graph === graph && one.external !== true);
      });
      return [
        {
          graph,
          type: type.name.value,
          fields: fields.map(({ name }) => name.value),
          open: open.map(({ key }) => pathsOf(operationIn(`{ ${key} }`).selectionSet)),
        },
      ];
    });
  });
}

/** Plans a query for each field of a type that its subgraph does not let everybody enter, from everywhere, and looks how it is entered. */
function enteredKeys(supergraph: DocumentNode, sdl: string): Lint[] {
  const closed = closedTypes(supergraph);
  if (closed.length === 0) return [];
  const built = buildSupergraph(sdl);
  const names = new Map([...built.subgraphNameToGraphEnumValue()].map(([name, value]) => [value, name]));
  const api = built.apiSchema();
  const schema = api.toGraphQLJSSchema();
  const planner = new QueryPlanner(built);

  function judge({ graph, type, open }: Closed, field: string, { text, from }: Way): Lint | null {
    const subgraph = names.get(graph)!;
    const common = { rule: 'entered-key', where: `${type}.${field}` } as const;
    let plan: PlanNode | SubscriptionNode | undefined;
    try {
      plan = planner.buildQueryPlan(operationFromDocument(api, parse(text))).node;
    } catch {
      plan = undefined;
    }
    if (!plan) {
      return {
        ...common,
        message: `${type}.${field} may be asked for from ${from}, and there is no plan for it: ${subgraph} hands ${type} out for a key by which nobody can enter.`,
        advice: `Make the key of ${type} in ${subgraph} resolvable, or let a subgraph that can be entered implement ${type}.`,
      };
    }
    const wrong = fetchesOf(plan).some(
      (fetch) => fetch.serviceName === names.get(graph) && fetch.requires && entersWrongly(fetch, type, open),
    );
    if (!wrong) return null;
    return {
      ...common,
      message: `For ${type}.${field} behind ${from} the planner enters ${subgraph} by a key of ${type} that is not resolvable: ${subgraph} fails or answers the wrong thing.`,
      advice: `Make the key of ${type} in ${subgraph} resolvable, or move ${field} to a subgraph that can be entered.`,
    };
  }

  return closed.flatMap((one) =>
    one.fields.flatMap((field) => {
      for (const way of waysTo(schema, one.type, field)) {
        const found = judge(one, field, way);
        if (found) return [found];
      }
      return [];
    }),
  );
}

/** Whether a fetch of entities asks for the type without what one of its open keys is made of. */
function entersWrongly({ operation, requires = [] }: FetchNode, type: string, open: Closed['open']): boolean {
  if (!typesEntered(operation).includes(type)) return false;
  const given = new Set(
    requires.flatMap((one) => (one.kind === 'InlineFragment' ? requiredPaths(one.selections) : [])),
  );
  return !open.some((paths) => paths.every((path) => given.has(path)));
}

function requiredPaths(selections: readonly QueryPlanSelectionNode[], above = ''): string[] {
  return selections.flatMap((one) => {
    if (one.kind === 'InlineFragment') return requiredPaths(one.selections, above);
    const path = `${above}${one.name}`;
    return one.selections ? requiredPaths(one.selections, `${path}.`) : [path];
  });
}

function pathsOf(set: SelectionSetNode, above = ''): string[] {
  return set.selections.flatMap((one) => {
    if (one.kind === Kind.INLINE_FRAGMENT) return pathsOf(one.selectionSet, above);
    if (one.kind === Kind.FRAGMENT_SPREAD) return [];
    const path = `${above}${one.name.value}`;
    return one.selectionSet ? pathsOf(one.selectionSet, `${path}.`) : [path];
  });
}

const operationIn = (text: string): OperationDefinitionNode =>
  parse(text, { noLocation: true }).definitions[0] as OperationDefinitionNode;

function typesEntered(operation: string): string[] {
  const types: string[] = [];
  visit(parse(operation), {
    Field({ name, selectionSet }) {
      if (name.value !== '_entities') return undefined;
      for (const selection of selectionSet?.selections ?? []) {
        if (selection.kind === Kind.INLINE_FRAGMENT && selection.typeCondition)
          types.push(selection.typeCondition.name.value);
      }
      return false;
    },
  });
  return types;
}
