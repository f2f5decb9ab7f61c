import { registerEnumType } from 'type-graphql';

/** An enum of the graph from a list of codes with their meanings, so that code and schema cannot differ. */
export function enumFrom<K extends string>(name: string, description: string, codes: Readonly<Record<K, string>>) {
  const values = Object.fromEntries(Object.keys(codes).map((code) => [code, code])) as { [P in K]: P };
  const valuesConfig = Object.fromEntries(
    Object.entries<string>(codes).map(([code, meaning]) => [code, { description: meaning }]),
  ) as { [P in K]: { description: string } };
  registerEnumType(values, { name, description, valuesConfig });
  return values;
}
