import { type DocumentNode, Kind, parse } from 'graphql';
import { appliedTo } from '../directives.ts';

/**
 * Throws for arguments that a subgraph wants filled in by `@fromContext`: neither Apollo's executor nor ours does, and without
 * them a field would quietly be asked something else.
 */
export function refuseContexts(supergraphSdl: string): void {
  if (!supergraphSdl.includes('contextArguments:')) return;
  const fields = fieldsWithContext(parse(supergraphSdl, { noLocation: true }));
  if (fields.length === 0) return;
  throw new Error(
    `${fields.join(', ')}: an argument by @fromContext, which this router does not fill in. Take the value from a field by @requires.`,
  );
}

const fieldsWithContext = ({ definitions }: DocumentNode): string[] =>
  definitions.flatMap((type) =>
    type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.INTERFACE_TYPE_DEFINITION
      ? (type.fields ?? [])
          .filter((field) => appliedTo(field, 'join__field').some(({ contextArguments }) => contextArguments))
          .map((field) => `${type.name.value}.${field.name.value}`)
      : [],
  );
