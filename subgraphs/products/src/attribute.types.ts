import { registerEnumType } from 'type-graphql';

export enum AttributeType {
  TEXT = 'TEXT',
  NUMBER = 'NUMBER',
  BOOLEAN = 'BOOLEAN',
}
registerEnumType(AttributeType, {
  name: 'AttributeType',
  description: 'What kind of value an attribute has.',
  valuesConfig: {
    TEXT: { description: 'Words.' },
    NUMBER: { description: 'A number, perhaps with a unit.' },
    BOOLEAN: { description: 'Yes or no.' },
  },
});
