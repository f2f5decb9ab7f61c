import {
  BreakingChangeType,
  DangerousChangeType,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
} from 'graphql';

export type Severity = 'breaking' | 'dangerous' | 'safe';

export interface Change {
  readonly severity: Severity;
  /** What changed, as in `Type.field(arg:)`. */
  readonly coordinate: string;
  /** A whole sentence. */
  readonly message: string;
}

interface Member {
  readonly deprecationReason: string | null | undefined;
}

/** Every member of a schema by its coordinate; types too. */
function membersOf(schema: GraphQLSchema): Map<string, Member> {
  const members = new Map<string, Member>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith('__') || isSpecifiedScalarType(type)) continue;
    members.set(type.name, { deprecationReason: undefined });
    if (isEnumType(type)) for (const value of type.getValues()) members.set(`${type.name}.${value.name}`, value);
    if (isUnionType(type)) continue;
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      members.set(`${type.name}.${field.name}`, field);
      if (!('args' in field)) continue;
      for (const arg of field.args) members.set(`${type.name}.${field.name}(${arg.name}:)`, arg);
    }
  }
  return members;
}

/** How a deprecation says what takes its place and until when it stays. */
const DEPRECATION = /^Use [\s\S]+\. Removal after (\d{4}-\d\d-\d\d)\.?$/;

/** The day after which something may go, as `YYYY-MM-DD`; null where its reason names none. */
export function removalAfter(reason: string | null | undefined): string | null {
  const day = reason ? DEPRECATION.exec(reason)?.[1] : undefined;
  return day && !Number.isNaN(Date.parse(day)) ? day : null;
}

/**
 * What differs between a released schema and the one at hand, by what it means for clients. What was deprecated long enough, by a
 * reason of the form `Use X. Removal after DATE`, may go: then it is dangerous, no longer breaking. `today` is `YYYY-MM-DD`.
 */
export function changesBetween(released: GraphQLSchema, current: GraphQLSchema, today: string): Change[] {
  const before = membersOf(released);
  const after = membersOf(current);
  const changes: Change[] = [];
  const uses = usesIn(released);
  const ledOnlyFromExpired = (type: string): boolean =>
    (uses.get(type) ?? []).every(
      (use) => expired(before.get(use), today) || (!after.has(ownerOf(use)) && ownerOf(use) !== type),
    );

  for (const { type, description } of findBreakingChanges(released, current)) {
    const coordinate = breakingCoordinate(type, description);
    const isRemoval = REMOVALS.has(type);
    const known = isRemoval ? before.get(coordinate) : undefined;
    const day = removalAfter(known?.deprecationReason);
    const mayGo = isRemoval ? expired(known, today) : type === TYPE_REMOVED && ledOnlyFromExpired(coordinate);
    if (mayGo) {
      const message = `${description} ${day ? `It was deprecated until ${day}.` : 'What led to it was deprecated long enough.'}`;
      changes.push({ severity: 'dangerous', coordinate, message });
      continue;
    }
    changes.push({ severity: 'breaking', coordinate, message: `${description}${whyNot(isRemoval, known, day)}` });
  }
  for (const { type, description } of findDangerousChanges(released, current)) {
    changes.push({ severity: 'dangerous', coordinate: dangerousCoordinate(type, description), message: description });
  }
  changes.push(...defaultChanges(released, current));
  changes.push(...safeChanges(before, after, changes));
  return changes.sort((a, b) => a.coordinate.localeCompare(b.coordinate));
}

const expired = (member: Member | undefined, today: string): boolean => {
  const day = removalAfter(member?.deprecationReason);
  return day !== null && day < today;
};

/** `Type.field(arg:)` → `Type.field` → `Type`. */
const ownerOf = (coordinate: string): string => coordinate.replace(/\(.*$|\.\w+$/, '');

/** The fields and arguments that name each type. */
function usesIn(schema: GraphQLSchema): Map<string, string[]> {
  const uses = new Map<string, string[]>();
  const note = (type: string, by: string): void => void uses.set(type, [...(uses.get(type) ?? []), by]);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      note(getNamedType(field.type as GraphQLType).name, `${type.name}.${field.name}`);
      if (!('args' in field)) continue;
      for (const arg of field.args)
        note(getNamedType(arg.type as GraphQLType).name, `${type.name}.${field.name}(${arg.name}:)`);
    }
  }
  return uses;
}

function whyNot(isRemoval: boolean, member: Member | undefined, day: string | null): string {
  if (!isRemoval || !member) return '';
  if (day) return ` It was promised until ${day}.`;
  const said = typeof member.deprecationReason === 'string';
  return said
    ? ' Its deprecation named no date: "Use X. Removal after YYYY-MM-DD".'
    : ' Nothing goes before it was deprecated: "Use X. Removal after YYYY-MM-DD".';
}

const { TYPE_REMOVED } = BreakingChangeType;

const REMOVALS: ReadonlySet<BreakingChangeType> = new Set([
  BreakingChangeType.FIELD_REMOVED,
  BreakingChangeType.ARG_REMOVED,
  BreakingChangeType.VALUE_REMOVED_FROM_ENUM,
]);

/** graphql-js says what changed in words alone. */
function breakingCoordinate(type: BreakingChangeType, description: string): string {
  const words = (pattern: RegExp): string[] => pattern.exec(description)?.slice(1) ?? [];
  switch (type) {
    case BreakingChangeType.TYPE_REMOVED_FROM_UNION:
      return words(/from union type (\w+)\./)[0] ?? '';
    case BreakingChangeType.VALUE_REMOVED_FROM_ENUM: {
      const [value, of] = words(/^(\w+) was removed from enum type (\w+)\./);
      return `${of}.${value}`;
    }
    case BreakingChangeType.REQUIRED_INPUT_FIELD_ADDED:
      return words(/on input type (\w+) was added/)[0] ?? '';
    case BreakingChangeType.REQUIRED_ARG_ADDED:
      return words(/ on (\w+\.\w+) was added/)[0] ?? '';
    case BreakingChangeType.ARG_REMOVED:
    case BreakingChangeType.ARG_CHANGED_KIND: {
      const [field, arg] = words(/^(\w+\.\w+) arg (\w+) /);
      return `${field}(${arg}:)`;
    }
    default:
      return words(/^(?:Standard scalar )?([\w.]+)/)[0] ?? '';
  }
}

function dangerousCoordinate(type: DangerousChangeType, description: string): string {
  const words = (pattern: RegExp): string[] => pattern.exec(description)?.slice(1) ?? [];
  switch (type) {
    case DangerousChangeType.VALUE_ADDED_TO_ENUM: {
      const [value, of] = words(/^(\w+) was added to enum type (\w+)\./);
      return `${of}.${value}`;
    }
    case DangerousChangeType.OPTIONAL_INPUT_FIELD_ADDED: {
      const [field, of] = words(/^An optional field (\w+) on input type (\w+) was added\./);
      return `${of}.${field}`;
    }
    case DangerousChangeType.OPTIONAL_ARG_ADDED: {
      const [arg, field] = words(/^An optional arg (\w+) on (\w+\.\w+) was added\./);
      return `${field}(${arg}:)`;
    }
    case DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE: {
      const [field, arg] = words(/^(\w+\.\w+) arg (\w+) /);
      return `${field}(${arg}:)`;
    }
    default:
      return words(/(?:to union type|implemented by) (\w+)\.$/)[0] ?? '';
  }
}

/** A default of an input field that changed means another thing to whoever leaves it out; graphql-js looks at arguments alone. */
function defaultChanges(released: GraphQLSchema, current: GraphQLSchema): Change[] {
  return Object.values(released.getTypeMap()).flatMap((type) => {
    const now = current.getType(type.name);
    if (!isInputObjectType(type) || !isInputObjectType(now)) return [];
    return Object.values(type.getFields()).flatMap((field): Change[] => {
      const same = now.getFields()[field.name];
      if (!same || JSON.stringify(same.defaultValue) === JSON.stringify(field.defaultValue)) return [];
      const coordinate = `${type.name}.${field.name}`;
      return [{ severity: 'dangerous', coordinate, message: `${coordinate} has another default than before.` }];
    });
  });
}

function safeChanges(
  before: ReadonlyMap<string, Member>,
  after: ReadonlyMap<string, Member>,
  told: readonly Change[],
): Change[] {
  const known = new Set(told.map(({ coordinate }) => coordinate));
  const safe = (coordinate: string, message: string): Change => ({ severity: 'safe', coordinate, message });
  const changes: Change[] = [];
  for (const [coordinate, member] of after) {
    const old = before.get(coordinate);
    // What comes with its type is no news of its own.
    const owner = ownerOf(coordinate);
    const isNew = !old && (owner === coordinate || before.has(owner)) && !known.has(coordinate);
    if (isNew) changes.push(safe(coordinate, `${coordinate} was added.`));
    if (old && member.deprecationReason && !old.deprecationReason) {
      changes.push(safe(coordinate, `${coordinate} is deprecated: ${member.deprecationReason}`));
    }
    if (old?.deprecationReason && !member.deprecationReason) {
      changes.push(safe(coordinate, `${coordinate} is no longer deprecated.`));
    }
  }
  return changes;
}

/** What is deprecated in a way that tells nobody what to use instead, or until when. */
export function badDeprecations(schema: GraphQLSchema): Change[] {
  return [...membersOf(schema)].flatMap(([coordinate, { deprecationReason: reason }]): Change[] =>
    reason === null || reason === undefined || removalAfter(reason)
      ? []
      : [
          {
            severity: 'breaking',
            coordinate,
            message: `${coordinate} is deprecated without saying what to use and until when: give the reason "Use X. Removal after YYYY-MM-DD".`,
          },
        ],
  );
}
