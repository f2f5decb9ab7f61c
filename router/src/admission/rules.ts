import { policies, StartupError } from '@souk/kit';
import { isSignedIn, scopes as knownScopes, type Scope, scopesOf, type Viewer } from '@souk/schema';
import {
  type ConstDirectiveNode,
  type FieldDefinitionNode,
  Kind,
  type NamedTypeNode,
  parse,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';
import { appliedTo } from '../directives.ts';
import type { Linked } from './links.ts';

/** One thing that is asked of whoever wants a field: all of one of the lists, or to be signed in. */
export type Demand =
  | { readonly kind: 'authenticated' }
  | { readonly kind: 'scopes' | 'policies'; readonly oneOf: readonly (readonly string[])[] };

/** Everything that is asked of whoever wants a field. */
export type Demands = readonly Demand[];

const nothing: Demands = [];

/** Who may see what, as the directives of a supergraph say it. */
export interface Rules {
  /** What a field demands, by itself, by its types, and by the fields it is computed from. */
  of(type: string, field: string): Demands;
  /** Each field that demands anything, `Type.field`. */
  readonly coordinates: readonly string[];
}

interface TypeRules {
  readonly own: Demands;
  readonly interfaces: readonly string[];
  readonly fields: Map<string, FieldRules>;
}

interface FieldRules {
  readonly own: Demands;
  readonly returns: string;
  /** Selections of the same type that have to be fetched first. */
  readonly requires: readonly SelectionSetNode[];
}

/** Throws a StartupError where a scope or a policy is asked for that nobody can have. */
export function readRules(supergraph: Linked): Rules {
  const types = readTypes(supergraph);
  const implementers = new Map<string, string[]>();
  for (const [name, { interfaces }] of types)
    for (const one of interfaces) implementers.set(one, [...(implementers.get(one) ?? []), name]);

  const known = new Map<string, Demands>();
  const open = new Set<string>();

  function of(type: string, field: string): Demands {
    const coordinate = `${type}.${field}`;
    const found = known.get(coordinate);
    if (found) return found;
    // A circle of fields that need each other demands what is met on the way round.
    if (open.has(coordinate)) return nothing;
    open.add(coordinate);
    const demands = distinct(gather(type, field));
    open.delete(coordinate);
    if (open.size === 0) known.set(coordinate, demands);
    return demands;
  }

  function gather(type: string, field: string): Demand[] {
    const rules = types.get(type);
    const definition = rules?.fields.get(field);
    if (!rules || !definition) return [];
    return [
      ...rules.own,
      ...definition.own,
      ...(types.get(definition.returns)?.own ?? []),
      ...definition.requires.flatMap((set) => within(type, set)),
      // Which of the types comes is not known before: whoever may not see one of them names the types they may see.
      ...(implementers.get(type) ?? []).flatMap((one) => of(one, field)),
    ];
  }

  function within(type: string, set: SelectionSetNode): Demand[] {
    return set.selections.flatMap((node) => {
      if (node.kind === Kind.INLINE_FRAGMENT) return within(node.typeCondition?.name.value ?? type, node.selectionSet);
      if (node.kind !== Kind.FIELD) return [];
      const returns = types.get(type)?.fields.get(node.name.value)?.returns;
      return [
        ...of(type, node.name.value),
        ...(node.selectionSet && returns ? within(returns, node.selectionSet) : []),
      ];
    });
  }

  const coordinates = [...types].flatMap(([type, { fields }]) =>
    [...fields.keys()].filter((field) => of(type, field).length > 0).map((field) => `${type}.${field}`),
  );
  return { of, coordinates };
}

const keyOf = (demand: Demand): string => JSON.stringify(demand);
const distinct = (demands: readonly Demand[]): Demands =>
  demands.length === 0 ? nothing : [...new Map(demands.map((demand) => [keyOf(demand), demand])).values()];

function readTypes(supergraph: Linked): Map<string, TypeRules> {
  const names = {
    authenticated: supergraph.directiveOf('authenticated'),
    requiresScopes: supergraph.directiveOf('requiresScopes'),
    policy: supergraph.directiveOf('policy'),
    joinField: supergraph.directiveOf('join', 'field'),
  };

  const demandsOf = (node: { readonly directives?: readonly ConstDirectiveNode[] | undefined }): Demand[] => [
    ...appliedTo(node, names.authenticated).map((): Demand => ({ kind: 'authenticated' })),
    ...appliedTo(node, names.requiresScopes).map(
      ({ scopes }): Demand => ({ kind: 'scopes', oneOf: askable(scopes, isScope, 'scope') }),
    ),
    ...appliedTo(node, names.policy).map(
      ({ policies: asked }): Demand => ({ kind: 'policies', oneOf: askable(asked, isPolicy, 'policy') }),
    ),
  ];

  const fieldOf = (node: FieldDefinitionNode): FieldRules => ({
    own: demandsOf(node),
    returns: namedType(node.type).name.value,
    requires: appliedTo(node, names.joinField)
      .map(({ requires }) => requires)
      .filter((requires) => typeof requires === 'string')
      .map(selectionOf),
  });

  const types = new Map<string, TypeRules>();
  for (const node of supergraph.document.definitions) {
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION) {
      types.set(node.name.value, {
        own: demandsOf(node),
        interfaces: (node.interfaces ?? []).map(({ name }) => name.value),
        fields: new Map((node.fields ?? []).map((field) => [field.name.value, fieldOf(field)])),
      });
    } else if (node.kind === Kind.SCALAR_TYPE_DEFINITION || node.kind === Kind.ENUM_TYPE_DEFINITION) {
      types.set(node.name.value, { own: demandsOf(node), interfaces: [], fields: new Map() });
    }
  }
  return types;
}

const namedType = (type: TypeNode): NamedTypeNode => (type.kind === Kind.NAMED_TYPE ? type : namedType(type.type));

function selectionOf(text: string): SelectionSetNode {
  const [definition] = parse(`{ ${text} }`, { noLocation: true }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) throw new Error('a selection parses as an operation');
  return definition.selectionSet;
}

const isScope = (name: string): boolean => knownScopes.includes(name as Scope);
const isPolicy = (name: string): boolean => Object.hasOwn(policies, name);

function askable(lists: unknown, exists: (name: string) => boolean, what: string): readonly (readonly string[])[] {
  const oneOf = lists as readonly (readonly string[])[];
  for (const name of oneOf.flat()) {
    if (exists(name)) continue;
    throw new StartupError(
      `The supergraph asks for the ${what} "${name}", and nothing here tells who has it.`,
      `Name one that exists, or say who has it (${what === 'scope' ? 'schema/scopes.ts' : 'subgraphs/kit/src/guards.ts'}).`,
    );
  }
  return oneOf;
}

/** Whether the viewer meets every demand. */
export function meets(viewer: Viewer, demands: Demands): boolean {
  return demands.every((demand) => {
    if (demand.kind === 'authenticated') return isSignedIn(viewer);
    if (demand.kind === 'policies')
      return demand.oneOf.some((all) => all.every((name) => policies[name as keyof typeof policies](viewer)));
    const mine: ReadonlySet<string> = scopesOf(viewer);
    return demand.oneOf.some((all) => all.every((scope) => mine.has(scope)));
  });
}

/** Viewers of the same standing may see the same fields. */
export const standingOf = (viewer: Viewer): string =>
  [
    isSignedIn(viewer) ? 'in' : 'out',
    ...[...scopesOf(viewer)].sort(),
    ...Object.entries(policies).flatMap(([name, holds]) => (holds(viewer) ? [name] : [])),
  ].join(' ');
