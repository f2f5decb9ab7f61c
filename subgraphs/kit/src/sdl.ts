import { astFromValueUntyped } from '@graphql-tools/utils';
import {
  type ConstArgumentNode,
  type ConstDirectiveNode,
  type GraphQLArgument,
  type GraphQLField,
  Kind,
} from 'graphql';

const named = (value: string) => ({ kind: Kind.NAME, value }) as const;

/** `@name(arg: value)`. */
export const directive = (name: string, args: Readonly<Record<string, unknown>> = {}): ConstDirectiveNode => ({
  kind: Kind.DIRECTIVE,
  name: named(name),
  arguments: Object.entries(args).map(
    ([argument, value]): ConstArgumentNode => ({
      kind: Kind.ARGUMENT,
      name: named(argument),
      value: astFromValueUntyped(value) as ConstArgumentNode['value'],
    }),
  ),
});

/** Adds a directive to what a built schema prints of a field. */
export function withDirectives(field: GraphQLField<unknown, unknown>, ...directives: ConstDirectiveNode[]): void {
  field.astNode = {
    kind: Kind.FIELD_DEFINITION,
    name: named(field.name),
    type: { kind: Kind.NAMED_TYPE, name: named(String(field.type)) },
    ...field.astNode,
    directives: [...(field.astNode?.directives ?? []), ...directives],
  };
}

/** The same of an argument. */
export function argumentWithDirectives(argument: GraphQLArgument, ...directives: ConstDirectiveNode[]): void {
  argument.astNode = {
    kind: Kind.INPUT_VALUE_DEFINITION,
    name: named(argument.name),
    type: { kind: Kind.NAMED_TYPE, name: named(String(argument.type)) },
    ...argument.astNode,
    directives: [...(argument.astNode?.directives ?? []), ...directives],
  };
}
