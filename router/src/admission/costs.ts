import {
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  Kind,
  type NamedTypeNode,
  type TypeNode,
} from 'graphql';
import { appliedTo } from '../directives.ts';
import type { Linked } from './links.ts';

/** What a field costs and how long its list is, as @cost and @listSize of the IBM specification say it. */
export interface FieldCost {
  /** Of each thing it answers. */
  readonly weight: number;
  readonly isList: boolean;
  /** Whether nothing can be selected in it. */
  readonly isLeaf: boolean;
  /** Null where the SDL says nothing of it. */
  readonly size: ListSize | null;
  readonly args: ReadonlyMap<string, InputCost>;
  /** Arguments that are lists: what is answered of them is no longer than they are. */
  readonly lists: readonly string[];
}

export interface ListSize {
  readonly assumed: number | null;
  readonly slicing: readonly string[];
  /** The fields of the answer that are so long, where the answer itself is no list. */
  readonly sized: ReadonlySet<string>;
}

export interface InputCost {
  readonly weight: number;
  readonly isLeaf: boolean;
  readonly type: string;
}

/** The costs of a supergraph. */
export interface Costs {
  field(type: string, field: string): FieldCost | undefined;
  /** The fields of an input type. */
  input(type: string): ReadonlyMap<string, InputCost> | undefined;
}

export function readCosts({ document, directiveOf }: Linked): Costs {
  const names = { cost: directiveOf('cost'), listSize: directiveOf('cost', 'listSize') };
  const leaves = new Set(['Int', 'Float', 'String', 'Boolean', 'ID']);
  const weights = new Map<string, number>();
  const weightOf = (node: Parameters<typeof appliedTo>[0]): number | undefined => {
    const [applied] = appliedTo(node, names.cost);
    return applied && Number(applied.weight);
  };
  for (const node of document.definitions) {
    if (!isTypeDefinitionNode(node)) continue;
    if (node.kind === Kind.SCALAR_TYPE_DEFINITION || node.kind === Kind.ENUM_TYPE_DEFINITION)
      leaves.add(node.name.value);
    const weight = weightOf(node);
    if (weight !== undefined) weights.set(node.name.value, weight);
  }
  const usual = (type: string): number => weights.get(type) ?? (leaves.has(type) ? 0 : 1);

  const inputOf = (node: InputValueDefinitionNode): InputCost => {
    const type = namedType(node.type).name.value;
    // An argument costs nothing unless something says so.
    return { weight: weightOf(node) ?? weights.get(type) ?? 0, isLeaf: leaves.has(type), type };
  };
  const inputsOf = (nodes: readonly InputValueDefinitionNode[] = []): Map<string, InputCost> =>
    new Map(nodes.map((node) => [node.name.value, inputOf(node)]));

  const fieldOf = (node: FieldDefinitionNode): FieldCost => {
    const type = namedType(node.type).name.value;
    const [sized] = appliedTo(node, names.listSize);
    return {
      weight: weightOf(node) ?? usual(type),
      isList: isList(node.type),
      isLeaf: leaves.has(type),
      size: sized
        ? {
            assumed: sized.assumedSize == null ? null : Number(sized.assumedSize),
            slicing: (sized.slicingArguments as string[] | undefined) ?? [],
            sized: new Set((sized.sizedFields as string[] | undefined) ?? []),
          }
        : null,
      args: inputsOf(node.arguments),
      lists: (node.arguments ?? []).filter(({ type: of }) => isList(of)).map(({ name }) => name.value),
    };
  };

  const fields = new Map<string, ReadonlyMap<string, FieldCost>>();
  const inputs = new Map<string, ReadonlyMap<string, InputCost>>();
  for (const node of document.definitions) {
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION)
      fields.set(node.name.value, new Map((node.fields ?? []).map((field) => [field.name.value, fieldOf(field)])));
    if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) inputs.set(node.name.value, inputsOf(node.fields));
  }
  return {
    field: (type, field) => fields.get(type)?.get(field),
    input: (type) => inputs.get(type),
  };
}

const namedType = (type: TypeNode): NamedTypeNode => (type.kind === Kind.NAMED_TYPE ? type : namedType(type.type));
const isList = (type: TypeNode): boolean =>
  type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type));
