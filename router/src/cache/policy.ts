import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  Kind,
  parse,
  type SelectionSetNode,
  type TypeNode,
} from 'graphql';

/** How long something may be kept, and whose it is. */
export interface Policy {
  readonly maxAgeMs: number;
  readonly scope: 'PUBLIC' | 'PRIVATE';
}

/** What a fetch brings, as far as keeping it goes. */
export interface Kept extends Policy {
  /** With a hidden name for the id of each entity in it, so that what is kept knows what it depends on. */
  readonly selection: SelectionSetNode;
  /** The tags of what came, and of lists that any new entity may join. Null where a root field found nothing. */
  readonly tagsOf: (value: unknown, type: string | null) => Set<string> | null;
}

/** What the supergraph lets caches keep: @cacheControl, with the rules of Apollo Server, but stricter for entities. */
export interface Policies {
  /** Of a fetch of entities, `_entities`' own selection; null where a part of it may not be kept. */
  ofEntities(selection: SelectionSetNode): Kept | null;
  /** Of a fetch of root fields of Query. */
  ofRoots(selection: SelectionSetNode): Kept | null;
}

interface Hint {
  readonly maxAgeMs: number | undefined;
  readonly scope: Policy['scope'] | undefined;
  readonly inherit: boolean;
}

interface Field {
  readonly type: string;
  readonly isList: boolean;
  readonly hint: Hint | undefined;
}

interface Type {
  readonly kind: 'object' | 'abstract';
  /** Whether its field `id` tells one from another, wherever it is. */
  readonly isEntity: boolean;
  readonly hint: Hint | undefined;
  readonly fields: ReadonlyMap<string, Field>;
}

type Tagger = (value: unknown, tags: Set<string>) => void;

const FOR_EVER: Policy = { maxAgeMs: Number.POSITIVE_INFINITY, scope: 'PUBLIC' };

/** The tag of a list that any entity of a type may join or leave. */
export const listTag = (type: string): string => `${type}*`;

/** All tags that an eviction is about: a commit names an entity, or the whole of a type. */
export const withLists = (evicted: readonly string[]): string[] => [
  ...new Set(evicted.flatMap((tag) => [tag, listTag(tag.split(':', 1)[0]!)])),
];

/** Reads a supergraph. `hidden` is a response name that no client and no planner uses. */
export function policiesOf(supergraphSdl: string, hidden: string): Policies {
  const types = typesOf(parse(supergraphSdl, { noLocation: true }));

  /** Null where it may not be kept. */
  function policyOf(owner: Type, { name }: FieldNode, parent: Policy | null): Policy | null {
    if (name.value === '__typename' || (owner.isEntity && name.value === 'id')) return parent ?? FOR_EVER;
    const field = owner.fields.get(name.value);
    if (!field) return null;
    const returned = types.get(field.type);
    // Any subgraph may add fields to an entity, so each of them speaks for itself; other types are as their fields are.
    const inherited: Hint | undefined = returned || owner.isEntity ? undefined : INHERIT;
    const hint = field.hint ?? returned?.hint ?? inherited;
    if (!hint) return null;
    const maxAgeMs = hint.maxAgeMs ?? (hint.inherit ? parent?.maxAgeMs : undefined);
    if (maxAgeMs === undefined || maxAgeMs <= 0) return null;
    return { maxAgeMs, scope: hint.scope ?? parent?.scope ?? 'PUBLIC' };
  }

  interface Part {
    readonly policy: Policy;
    readonly selection: SelectionSetNode;
    readonly tag: Tagger;
  }

  function partOf(typeName: string, set: SelectionSetNode, parent: Policy | null): Part | null {
    const type = types.get(typeName);
    // Of what is behind an abstract type nobody could tell here which it is.
    if (type?.kind !== 'object') return null;
    let policy = parent ?? FOR_EVER;
    const selections: SelectionSetNode['selections'][number][] = [];
    const taggers: Tagger[] = [];
    for (const node of set.selections) {
      if (node.kind === Kind.FRAGMENT_SPREAD) return null;
      if (node.kind === Kind.INLINE_FRAGMENT) {
        const condition = node.typeCondition?.name.value ?? typeName;
        const part = condition === typeName ? partOf(typeName, node.selectionSet, parent) : null;
        if (!part) return null;
        policy = stricter(policy, part.policy);
        selections.push({ ...node, selectionSet: part.selection });
        taggers.push(part.tag);
        continue;
      }
      const own = policyOf(type, node, parent);
      if (!own) return null;
      policy = stricter(policy, own);
      if (!node.selectionSet) {
        selections.push(node);
        continue;
      }
      const part = partOf(type.fields.get(node.name.value)!.type, node.selectionSet, own);
      if (!part) return null;
      policy = stricter(policy, part.policy);
      selections.push({ ...node, selectionSet: part.selection });
      const key = node.alias?.value ?? node.name.value;
      taggers.push((value, tags) => each((value as Record<string, unknown>)[key], (one) => part.tag(one, tags)));
    }
    if (type.isEntity) {
      selections.push(idAs(hidden));
      taggers.push((value, tags) => {
        tags.add(typeName);
        const id = (value as Record<string, unknown>)[hidden];
        tags.add(typeof id === 'string' ? `${typeName}:${id}` : UNKNOWN);
      });
    }
    const tag: Tagger = (value, tags) => {
      for (const one of taggers) one(value, tags);
    };
    return { policy, selection: { ...set, selections }, tag };
  }

  return {
    ofEntities(selection) {
      const parts = new Map<string, Part>();
      const selections: SelectionSetNode['selections'][number][] = [];
      let policy = FOR_EVER;
      for (const node of selection.selections) {
        if (node.kind === Kind.FIELD && node.name.value === '__typename') {
          selections.push(node);
          continue;
        }
        const type = node.kind === Kind.INLINE_FRAGMENT ? node.typeCondition?.name.value : undefined;
        const part =
          type && !parts.has(type) && node.kind === Kind.INLINE_FRAGMENT ? partOf(type, node.selectionSet, null) : null;
        if (!type || !part || !types.get(type)?.isEntity) return null;
        parts.set(type, part);
        policy = stricter(policy, part.policy);
        selections.push({ ...node, selectionSet: part.selection } as typeof node);
      }
      if (!Number.isFinite(policy.maxAgeMs)) return null;
      return {
        ...policy,
        selection: { ...selection, selections },
        tagsOf(value, type) {
          const tags = new Set<string>();
          parts.get(type ?? '')?.tag(value, tags);
          return tags.size > 0 && !tags.has(UNKNOWN) ? tags : null;
        },
      };
    },

    ofRoots(selection) {
      const part = partOf('Query', selection, null);
      if (!part || !Number.isFinite(part.policy.maxAgeMs)) return null;
      const roots = selection.selections as readonly FieldNode[];
      const lists = roots.flatMap((node) => {
        const field = types.get('Query')!.fields.get(node.name?.value ?? '');
        return field?.isList ? [listTag(field.type)] : [];
      });
      const names = roots.map((node) => node.alias?.value ?? node.name?.value ?? '');
      return {
        ...part.policy,
        selection: part.selection,
        tagsOf(value) {
          // What is not there has no id to be evicted by when it comes to be.
          if (names.some((name) => (value as Record<string, unknown>)[name] == null)) return null;
          const tags = new Set(lists);
          part.tag(value, tags);
          // Nobody could evict what hangs on nothing.
          return tags.size === 0 || tags.has(UNKNOWN) ? null : tags;
        },
      };
    },
  };
}

/** Of an entity that came without its id. */
const UNKNOWN = '';

const INHERIT: Hint = { maxAgeMs: undefined, scope: undefined, inherit: true };

const stricter = (one: Policy, other: Policy): Policy => ({
  maxAgeMs: Math.min(one.maxAgeMs, other.maxAgeMs),
  scope: one.scope === 'PRIVATE' || other.scope === 'PRIVATE' ? 'PRIVATE' : 'PUBLIC',
});

const idAs = (name: string): FieldNode => ({
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: name },
  name: { kind: Kind.NAME, value: 'id' },
});

function each(value: unknown, visit: (one: unknown) => void): void {
  if (Array.isArray(value)) for (const item of value) each(item, visit);
  else if (value !== null && value !== undefined) visit(value);
}

function typesOf(document: DocumentNode): ReadonlyMap<string, Type> {
  const types = new Map<string, Type>();
  for (const node of document.definitions) {
    if (node.kind === Kind.UNION_TYPE_DEFINITION) {
      types.set(node.name.value, {
        kind: 'abstract',
        isEntity: false,
        hint: hintOf(node.directives),
        fields: new Map(),
      });
    }
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    types.set(node.name.value, {
      kind: node.kind === Kind.OBJECT_TYPE_DEFINITION ? 'object' : 'abstract',
      isEntity: (node.directives ?? []).some((one) => one.name.value === 'join__type' && argument(one, 'key') === 'id'),
      hint: hintOf(node.directives),
      fields: new Map((node.fields ?? []).map((field) => [field.name.value, fieldOf(field)])),
    });
  }
  return types;
}

function fieldOf({ type, directives }: FieldDefinitionNode): Field {
  let inner: TypeNode = type;
  let isList = false;
  while (inner.kind !== Kind.NAMED_TYPE) {
    isList ||= inner.kind === Kind.LIST_TYPE;
    inner = inner.type;
  }
  return { type: inner.name.value, isList, hint: hintOf(directives) };
}

function hintOf(directives: readonly ConstDirectiveNode[] | undefined): Hint | undefined {
  const node = directives?.find(({ name }) => name.value === 'cacheControl');
  if (!node) return undefined;
  const maxAge = argument(node, 'maxAge');
  const scope = argument(node, 'scope');
  return {
    maxAgeMs: maxAge === undefined ? undefined : Number(maxAge) * 1_000,
    scope: scope === 'PUBLIC' || scope === 'PRIVATE' ? scope : undefined,
    inherit: argument(node, 'inheritMaxAge') === 'true',
  };
}

function argument(node: ConstDirectiveNode, name: string): string | undefined {
  const value = node.arguments?.find((one) => one.name.value === name)?.value;
  return value && 'value' in value ? String(value.value) : undefined;
}
