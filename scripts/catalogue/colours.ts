/** Every colour a product can be chosen in: what the option says → what the picture shows. */
export const colours = {
  Sea: '#3f7a80',
  Sand: '#dcc39a',
  Charcoal: '#45464c',
  Terracotta: '#c9764f',
  Chalk: '#efe7d8',
  Indigo: '#3d4b74',
  Olive: '#7d8a4e',
  Ochre: '#d9a441',
  Rose: '#cf8f88',
  Sage: '#93a98a',
  Rust: '#a9512f',
  Pine: '#37594a',
  Plum: '#6e4560',
  Sky: '#8fb3c7',
  Tan: '#b9793f',
  Cognac: '#8f4f2c',
  Black: '#34322f',
  Natural: '#d8c09a',
  Brass: '#c99f4e',
  Copper: '#b96f45',
  Cream: '#f2e8d2',
  Red: '#b8433a',
  Mustard: '#cf9a32',
  Teal: '#2f6f73',
  White: '#f4f0e6',
  Grey: '#9a9a96',
} as const satisfies Record<string, string>;

export type ColourName = keyof typeof colours;

export const isColour = (name: string): name is ColourName => Object.hasOwn(colours, name);
