import { readFileSync } from 'node:fs';
import {
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { askerOf, prepare, viewers } from './admission.testing.ts';
import { authorization } from './authorization.ts';
import { buildSupergraph, readLinks } from './links.ts';
import { meets, readRules } from './rules.ts';

const sdl = readFileSync(new URL('../../../schema/supergraph.graphql', import.meta.url), 'utf8');
const linked = readLinks(sdl);
const rules = readRules(linked);
const schema = buildSupergraph(sdl).apiSchema().toGraphQLJSSchema();
const stage = authorization(() => rules);

type Who = keyof typeof viewers;
const everybody = Object.keys(viewers) as Who[];

/** The way from a root to a type, over fields that everybody may see. */
function wayTo(type: string): readonly { readonly field: string; readonly on: string }[] | null {
  const ways = new Map<string, readonly { field: string; on: string }[]>();
  const queue: string[] = [];
  for (const root of ['Query', 'Mutation', 'Subscription']) {
    ways.set(root, []);
    queue.push(root);
  }
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (name === type) return ways.get(name)!;
    const from = schema.getType(name);
    if (!isObjectType(from)) continue;
    for (const field of Object.values(from.getFields())) {
      const next = getNamedType(field.type);
      if (!isObjectType(next) || ways.has(next.name) || rules.of(name, field.name).length > 0) continue;
      ways.set(next.name, [...ways.get(name)!, { field: field.name, on: name }]);
      queue.push(next.name);
    }
  }
  return null;
}

interface Protected {
  readonly coordinate: string;
  readonly text: string;
  readonly path: string;
  readonly isRefusedWhole: boolean;
}

const ROOTS: Readonly<Record<string, string>> = { Query: 'query', Mutation: 'mutation', Subscription: 'subscription' };

/** The smallest operation that asks for a field. */
function askFor(coordinate: string): Protected {
  const [type, name] = coordinate.split('.') as [string, string];
  const way = wayTo(type) ?? [{ field: 'node', on: 'Query' }];
  const isByNode = wayTo(type) === null;
  const steps = [...way, { field: name, on: type }];
  const variables: string[] = [];
  const call = (field: GraphQLField<unknown, unknown>): string => {
    const given = field.args.filter(isRequiredArgument).map((arg) => {
      variables.push(`$v${variables.length}: ${arg.type}`);
      return `${arg.name}: $v${variables.length - 1}`;
    });
    return given.length > 0 ? `${field.name}(${given.join(', ')})` : field.name;
  };
  const fieldAt = ({ field, on }: { field: string; on: string }) => fieldsOf(schema, on)[field]!;
  const last = fieldAt(steps.at(-1)!);
  const leaf = isCompositeType(getNamedType(last.type)) ? ' { __typename }' : '';
  const text = steps.reduceRight((inner, step, at) => {
    if (at === steps.length - 1) return `${call(fieldAt(step))}${leaf}`;
    return `${call(fieldAt(step))} { ${isByNode && at === 0 ? `... on ${type} { ${inner} }` : inner} }`;
  }, '');
  const kind = ROOTS[steps[0]!.on]!;
  const isRoot = type in ROOTS;
  return {
    coordinate,
    text: `${kind}${variables.length > 0 ? ` (${variables.join(', ')})` : ''} { ${text} }`,
    path: steps.map(({ field }) => field).join('.'),
    isRefusedWhole: isRoot && (kind === 'subscription' || isNonNullType(last.type)),
  };
}

function fieldsOf(of: GraphQLSchema, type: string): Readonly<Record<string, GraphQLField<unknown, unknown>>> {
  const found = of.getType(type);
  return isObjectType(found) ? found.getFields() : {};
}

const fields = rules.coordinates.filter((coordinate) => {
  const [type, name] = coordinate.split('.') as [string, string];
  // Of an interface, each type that is one has its own.
  return name in fieldsOf(schema, type);
});

/** Whom the roles of a guard let in, reckoned from the table of roles alone. */
const rolesOf: Readonly<Record<Who, readonly string[]>> = {
  anonymous: [],
  guest: [],
  customer: ['in'],
  support: ['in', 'support:read', 'support:write'],
  merchandiser: ['in', 'merchandiser:read', 'merchandiser:write'],
  warehouse: ['in', 'warehouse:read', 'warehouse:write'],
  finance: ['in', 'finance:read', 'finance:write'],
  admin: ['in', 'all'],
  app: ['merchandiser:read', 'finance:write'],
};

describe('every protected field, for everybody', () => {
  it('is found in the graph', () => {
    expect(fields).toContain('Query.users');
    expect(fields).toContain('Mutation.refundOrder');
    expect(fields).toContain('Refund.failure');
    expect(fields.length).toBeGreaterThan(80);
  });

  describe.each(fields)('%s', (coordinate) => {
    const [type, name] = coordinate.split('.') as [string, string];
    const demands = rules.of(type, name);
    const { text, path, isRefusedWhole } = askFor(coordinate);

    it.each(everybody)('is shown to %s or not, as its directives say', async (who) => {
      const mine = rolesOf[who];
      const allowed = demands.every((demand) => {
        if (demand.kind === 'authenticated') return mine.includes('in');
        if (demand.kind === 'policies') return mine.includes('in');
        return mine.includes('all') || demand.oneOf.some((all) => all.every((scope) => mine.includes(scope)));
      });
      expect(meets(viewers[who], demands)).toBe(allowed);
      const prepared = prepare(schema, text);
      const admitted = await Promise.resolve()
        .then(() => stage(prepared, {}, askerOf(viewers[who])))
        .catch((error: { extensions: { code: string }; path: readonly string[] }) => error);
      const code = ['anonymous', 'guest'].includes(who) ? 'UNAUTHENTICATED' : 'FORBIDDEN';
      if (allowed) expect(admitted).toBeUndefined();
      else if (isRefusedWhole) expect(admitted).toMatchObject({ path: [name], extensions: { code } });
      else {
        if (!admitted || !('narrowed' in admitted)) throw new Error(`${path} was not taken out`);
        // Nothing is left of it that a house could be asked for.
        const asked = JSON.stringify(admitted.narrowed!.document.definitions);
        expect(asked).not.toContain(`"name":{"kind":"Name","value":"${name}"`);
      }
    });
  });
});
