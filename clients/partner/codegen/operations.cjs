const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { getNamedType, isInputObjectType, Kind, typeFromAST } = require('graphql');

/**
 * A plugin of @graphql-codegen: each operation by the id that the manifest has for it, with its types. Whoever changes an
 * operation writes the manifest first (npm run codegen does).
 */
module.exports.plugin = (schema, documents, { manifest }) => {
  const { operations } = JSON.parse(readFileSync(join(process.cwd(), manifest), 'utf8'));
  const known = new Map(operations.map((one) => [one.name, one]));
  const definitions = documents
    .flatMap(({ document }) => document.definitions)
    .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
    .sort((a, b) => (a.name.value < b.name.value ? -1 : 1));
  const lines = definitions.map((definition) => {
    const name = definition.name.value;
    const registered = known.get(name);
    if (!registered) throw new Error(`${manifest} has no operation ${name}`);
    const kind = definition.operation;
    const types = `${name}${kind[0].toUpperCase()}${kind.slice(1)}`;
    const says = [
      `id: '${registered.id}'`,
      `kind: '${kind}'`,
      `cached: ${registered.maxAge !== undefined}`,
      `keyed: ${takesKey(definition, schema)}`,
    ];
    return `  ${name[0].toLowerCase()}${name.slice(1)}: { ${says.join(', ')} } as Operation<'${kind}', ${types}, ${types}Variables>,`;
  });
  return {
    prepend: ["import type { Operation } from '../operation.ts';"],
    content: `/** Every operation of the manifest. */\nexport const operations = {\n${lines.join('\n')}\n} as const;\n`,
  };
};

/** Whether its input takes an idempotency key: then it may be sent again. */
function takesKey({ variableDefinitions = [] }, schema) {
  return variableDefinitions.some(({ type }) => {
    const input = getNamedType(typeFromAST(schema, type));
    return isInputObjectType(input) && 'idempotencyKey' in input.getFields();
  });
}
