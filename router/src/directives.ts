import { type ConstDirectiveNode, valueFromASTUntyped } from 'graphql';

/** The arguments of each application of a directive, in order, as plain values. */
export const appliedTo = (
  node: { readonly directives?: readonly ConstDirectiveNode[] | undefined },
  directive: string,
): Readonly<Record<string, unknown>>[] =>
  (node.directives ?? [])
    .filter(({ name }) => name.value === directive)
    .map(({ arguments: given = [] }) =>
      Object.fromEntries(given.map(({ name, value }) => [name.value, valueFromASTUntyped(value)])),
    );
