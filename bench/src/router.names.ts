/** Who is measured. */
export const SIDES = ['souk', 'souk-cached', 'stock', 'hive', 'hive-rust'] as const;
export type SideName = (typeof SIDES)[number];

export const titles: Readonly<Record<SideName, string>> = {
  souk: 'Souk',
  'souk-cached': 'Souk, entity cache warm',
  stock: '@apollo/gateway with Apollo Server',
  hive: '@graphql-hive/gateway',
  'hive-rust': '@graphql-hive/gateway, Rust planner',
};
