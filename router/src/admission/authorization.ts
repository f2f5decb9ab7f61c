import { refusalOf } from '@souk/kit';
import type { Viewer } from '@souk/schema';
import {
  type DocumentNode,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  separateOperations,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Admit } from '../pipeline.ts';
import { restore } from './restore.ts';
import { type Demands, meets, type Rules, standingOf } from './rules.ts';

/** What is left of an operation for those who may not see all of it. */
export interface Narrowed {
  readonly document: DocumentNode;
  /** The fields that were taken away: in their place the document asks for `__typename`. */
  readonly holes: ReadonlyMap<FieldNode, Hole>;
}

export interface Hole {
  /** Whether the schema lets it be null. */
  readonly nullable: boolean;
}

/** Response names from the operation down, as far as they are known. */
export interface Refused {
  readonly refused: readonly string[];
}

/** What of an operation is worth a look, found once. */
interface Analysis {
  readonly demands: readonly Demands[];
  readonly byStanding: Map<string, Narrowed | Refused | null>;
}

/** Ways in which viewers of one operation stand: roles by scopes of keys. */
const MOST_STANDINGS = 64;

type Asked = {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly schema: GraphQLSchema;
};

/**
 * Takes what a viewer may not see out of an operation before it is planned. What can be null is null with an error at its
 * path; an operation that would have to leave out what cannot be null, or that subscribes to it, is refused and nothing of
 * it runs.
 */
export function authorization(rules: (schema: GraphQLSchema) => Rules): Admit {
  // By its operation: one that is understood anew, for another schema, is another.
  const analysed = new WeakMap<OperationDefinitionNode, Analysis>();
  return ({ document, operation, schema }, _variables, { viewer }) => {
    const current = rules(schema);
    const asked = { document, operation, schema };
    const analysis = analysed.get(operation) ?? analyse(asked, current);
    analysed.set(operation, analysis);
    if (analysis.demands.length === 0) return undefined;
    const standing = standingOf(viewer);
    let narrowed = analysis.byStanding.get(standing);
    if (narrowed === undefined) {
      narrowed = analysis.demands.every((demands) => meets(viewer, demands)) ? null : narrow(asked, current, viewer);
      if (analysis.byStanding.size < MOST_STANDINGS) analysis.byStanding.set(standing, narrowed);
    }
    if (narrowed === null) return undefined;
    if ('refused' in narrowed) throw refusal(viewer, narrowed.refused);
    const { document: allowed, holes } = narrowed;
    return {
      narrowed: { document: allowed, key: standing },
      reshape: (result: ExecutionResult) =>
        restore(result, { document: allowed, holes, schema, operation }, refusalOf(viewer)),
    };
  };
}

function refusal(viewer: Viewer, path: readonly string[]): GraphQLError {
  const { message, extensions } = refusalOf(viewer);
  const status = extensions.code === 'UNAUTHENTICATED' ? 401 : 403;
  return new GraphQLError(message, { path, extensions: { ...extensions, http: { status } } });
}

/** The fragments that an operation reaches, and itself. */
function reached({ document, operation }: Asked): DocumentNode {
  return separateOperations(document)[operation.name?.value ?? ''] ?? document;
}

function analyse(asked: Asked, rules: Rules): Analysis {
  const info = new TypeInfo(asked.schema);
  const demands = new Set<Demands>();
  visit(
    reached(asked),
    visitWithTypeInfo(info, {
      Field(node) {
        const found = demandsOf(info, node, rules);
        if (found.length > 0) demands.add(found);
      },
    }),
  );
  return { demands: [...demands], byStanding: new Map() };
}

const demandsOf = (info: TypeInfo, node: FieldNode, rules: Rules): Demands => {
  const parent = info.getParentType();
  return parent ? rules.of(parent.name, node.name.value) : [];
};

const responseName = ({ alias, name }: FieldNode): string => alias?.value ?? name.value;

/** Pure. Null where the viewer may see all of it. */
export function narrow(asked: Asked, rules: Rules, viewer: Viewer): Narrowed | Refused | null {
  const info = new TypeInfo(asked.schema);
  const root = asked.schema.getRootType(asked.operation.operation);
  const holes = new Map<FieldNode, Hole>();
  let refused: readonly string[] | null = null;
  const document = visit(
    reached(asked),
    visitWithTypeInfo(info, {
      Field(node) {
        if (refused || meets(viewer, demandsOf(info, node, rules))) return undefined;
        const nullable = !isNonNullType(info.getType());
        const isRoot = info.getParentType() === root;
        if (isRoot && (!nullable || asked.operation.operation === 'subscription')) {
          refused = [responseName(node)];
          return undefined;
        }
        const hole: FieldNode = {
          kind: Kind.FIELD,
          alias: { kind: Kind.NAME, value: responseName(node) },
          name: { kind: Kind.NAME, value: '__typename' },
          // A condition may take it away altogether.
          directives: (node.directives ?? []).filter(({ name }) => name.value === 'skip' || name.value === 'include'),
        };
        holes.set(hole, { nullable });
        return hole;
      },
    }),
  );
  if (refused) return { refused };
  return holes.size === 0 ? null : { document: tidy(document, asked.operation), holes };
}

/** Without the fragments and variables that nothing uses any more: they would make it invalid. */
function tidy(document: DocumentNode, { name }: OperationDefinitionNode): DocumentNode {
  const left = separateOperations(document)[name?.value ?? ''] ?? document;
  const used = new Set<string>();
  for (const definition of left.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION || definition.kind === Kind.FRAGMENT_DEFINITION)
      collectVariables(definition, used);
  }
  return {
    ...left,
    definitions: left.definitions.map((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? {
            ...definition,
            variableDefinitions: (definition.variableDefinitions ?? []).filter(({ variable }) =>
              used.has(variable.name.value),
            ),
          }
        : definition,
    ),
  };
}

function collectVariables(node: OperationDefinitionNode | FragmentDefinitionNode, used: Set<string>): void {
  visit(node, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
}
