import { type Problems, requiredText } from './problems.ts';

export type AttributeType = 'TEXT' | 'NUMBER' | 'BOOLEAN';

/** What can be told of products, such as `capacity` in `ml`: one meaning and one type in the whole shop. */
export interface Attribute {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly type: AttributeType;
  readonly unit: string | null;
}

/** Exactly one of the three is set: the one of the attribute's type. */
export interface AttributeValue {
  readonly attributeId: string;
  readonly text: string | null;
  readonly number: number | null;
  readonly boolean: boolean | null;
}

export interface AttributeDraft {
  readonly code: string;
  readonly value: string;
  /** For an attribute that does not exist yet. */
  readonly name?: string | null;
  readonly type?: AttributeType | null;
  readonly unit?: string | null;
}

export const isAttributeCode = (code: string): boolean => /^[a-z][a-z0-9_]{0,59}$/.test(code);

/** `thread_count` → `Thread count`. */
const nameFromCode = (code: string): string => {
  const words = code.replaceAll('_', ' ');
  return words[0]!.toUpperCase() + words.slice(1);
};

/** A new attribute as a draft describes it; its type is TEXT if unsaid. */
export function newAttribute(problems: Problems, id: string, draft: AttributeDraft): Attribute {
  return {
    id,
    code: draft.code,
    name:
      draft.name == null
        ? nameFromCode(draft.code)
        : requiredText(problems.at('name'), draft.name, { what: 'The name of an attribute', max: 100 }),
    type: draft.type ?? 'TEXT',
    unit: draft.unit == null ? null : requiredText(problems.at('unit'), draft.unit, { what: 'A unit', max: 30 }),
  };
}

/** A value as written → the value meant, by the attribute's type; null where it was refused. */
export function readValue(problems: Problems, attribute: Attribute, draft: AttributeDraft): AttributeValue | null {
  const value = { attributeId: attribute.id, text: null, number: null, boolean: null };
  if (draft.type != null && draft.type !== attribute.type) {
    problems.at('type').no('WRONG_TYPE', 'This attribute is known with another type.');
    return null;
  }
  const written = draft.value.trim();
  if (attribute.type === 'TEXT') {
    const text = requiredText(problems.at('value'), written, { what: 'The value of an attribute', max: 500 });
    return text === '' ? null : { ...value, text };
  }
  if (attribute.type === 'BOOLEAN' && (written === 'true' || written === 'false')) {
    return { ...value, boolean: written === 'true' };
  }
  if (attribute.type === 'NUMBER' && /^-?\d{1,9}(\.\d{1,6})?$/.test(written))
    return { ...value, number: Number(written) };
  problems
    .at('value')
    .no(
      'WRONG_TYPE',
      attribute.type === 'NUMBER' ? 'This attribute takes a number.' : 'This attribute takes true or false.',
    );
  return null;
}

/** The value as people read it, without its unit. */
export const shownValue = ({ text, number, boolean }: AttributeValue): string => text ?? String(number ?? boolean);
