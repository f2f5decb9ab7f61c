import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getOperationAST,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isObjectType,
  parse,
} from 'graphql';
import { costOf } from '../src/admission/cost.ts';
import { type CostPart, partsOf } from '../src/admission/cost-parts.ts';
import type { Costs, FieldCost, InputCost } from '../src/admission/costs.ts';
import type { CostTable } from '../src/explain.ts';
import { isRecord } from './store.ts';

/** What the router will ask for an operation, found here while it is typed. */
export interface TypedCost {
  readonly requested: number;
  readonly parts: readonly CostPart[];
}

/** The costs as the router reads them from its supergraph: what the schema says by itself, and what the table says besides. */
export function costsFrom(schema: GraphQLSchema, { weights, sizes, inputs }: CostTable): Costs {
  const fields = new Map<string, FieldCost>();

  const inputCost = (coordinate: string, type: Parameters<typeof getNamedType>[0]): InputCost => {
    const named = getNamedType(type)!;
    return { weight: inputs[coordinate] ?? 0, isLeaf: isLeafType(named), type: named.name };
  };

  function fieldCost(typeName: string, name: string): FieldCost | undefined {
    const type = schema.getType(typeName);
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    if (!field) return undefined;
    const coordinate = `${typeName}.${name}`;
    const isLeaf = isLeafType(getNamedType(field.type));
    const size = sizes[coordinate];
    return {
      weight: weights[coordinate] ?? (isLeaf ? 0 : 1),
      isList: isListType(getNullableType(field.type)),
      isLeaf,
      size: size ? { ...size, sized: new Set(size.sized) } : null,
      args: new Map(field.args.map((arg) => [arg.name, inputCost(`${coordinate}.${arg.name}`, arg.type)])),
      lists: field.args.filter((arg) => isListType(getNullableType(arg.type))).map((arg) => arg.name),
    };
  }

  return {
    field(type, name) {
      const coordinate = `${type}.${name}`;
      const known = fields.get(coordinate) ?? fieldCost(type, name);
      if (known) fields.set(coordinate, known);
      return known;
    },
    input(name) {
      const type = schema.getType(name);
      if (!isInputObjectType(type)) return undefined;
      return new Map(
        Object.values(type.getFields()).map((field) => [field.name, inputCost(`${name}.${field.name}`, field.type)]),
      );
    },
  };
}

/** Null while what is typed is not an operation yet. Variables that are not JSON yet count as not given. */
export function costOfTyped(
  { query, variables, operationName }: { query: string; variables: string; operationName: string | null },
  schema: GraphQLSchema,
  costs: Costs,
): TypedCost | null {
  const document = parsed(query);
  const operation = document && (getOperationAST(document, operationName) ?? getOperationAST(document));
  if (!document || !operation) return null;
  const cost = costOf({ document, operation, schema }, costs);
  const given = variablesIn(variables);
  return { requested: cost.requested(given), parts: partsOf(cost, given, costs) };
}

function parsed(query: string): DocumentNode | null {
  try {
    return parse(query, { noLocation: true, maxTokens: 2_000 });
  } catch {
    return null;
  }
}

export function variablesIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
