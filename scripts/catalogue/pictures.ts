import { distance, lightness, mix, tone } from './colour.ts';
import { bags } from './drawings/bags.ts';
import { bath } from './drawings/bath.ts';
import { clothes } from './drawings/clothes.ts';
import { desk } from './drawings/desk.ts';
import { garden } from './drawings/garden.ts';
import { light } from './drawings/light.ts';
import { pantry } from './drawings/pantry.ts';
import type { Motif, Recipe } from './drawings/recipe.ts';
import { table } from './drawings/table.ts';
import { textiles } from './drawings/textiles.ts';
import { toys } from './drawings/toys.ts';
import { disc, group, inks, line, Pen, path } from './pen.ts';

const shapes = {
  ...table,
  ...light,
  ...pantry,
  ...textiles,
  ...desk,
  ...bath,
  ...bags,
  ...toys,
  ...garden,
  ...clothes,
};

export type Shape = keyof typeof shapes;
export const shapeNames = Object.keys(shapes) as Shape[];

/** What a picture shows. The same drawing is always the same SVG, byte for byte. */
export interface Drawing {
  shape: Shape;
  /** The product's own colour, `#rrggbb`. */
  main: string;
  /** Handles, lids, trims, prints. */
  accent?: string;
  motif?: Motif;
  backdrop?: Backdrop;
}

const backdrops = {
  sand: { wall: '#eadcc5', niche: '#f5ebdb', floor: '#d8c3a3' },
  sage: { wall: '#ccd6c1', niche: '#e0e7d7', floor: '#b2c1a3' },
  blush: { wall: '#efd3c5', niche: '#f8e6dc', floor: '#ddb6a2' },
  sky: { wall: '#c9dbe2', niche: '#e0ecf0', floor: '#aac4cf' },
  honey: { wall: '#f0d69b', niche: '#f8e8c2', floor: '#dcb969' },
  clay: { wall: '#d99f7d', niche: '#e8bb9f', floor: '#bd7f5d' },
  mauve: { wall: '#d9cbd8', niche: '#e9dfe8', floor: '#bfabbd' },
  teal: { wall: '#7fa7a4', niche: '#9cc0bc', floor: '#5f8885' },
  dusk: { wall: '#333f52', niche: '#42506a', floor: '#262f3f' },
} as const;

export type Backdrop = keyof typeof backdrops;

/** Things that hang or lie flat are shown against a wall; all others stand before a niche. */
const flat: ReadonlySet<Shape> = new Set([
  'board',
  'spoons',
  'teaTowel',
  'apron',
  'runner',
  'rug',
  'mitts',
  'notebook',
  'notebooks',
  'fountainPen',
  'pencils',
  'envelopes',
  'wrap',
  'hammamTowel',
  'bathBrush',
  'wallet',
  'keyFob',
  'belt',
  'backgammon',
  'puzzle',
  'kite',
  'trowel',
  'seeds',
  'snips',
  'giftBox',
  'birdhouse',
  'shirt',
  'tee',
  'jumper',
  'choreJacket',
  'scarf',
  'socks',
  'trousers',
  'paperLantern',
  'pendant',
] satisfies Shape[]);
const glowing: ReadonlySet<Shape> = new Set([
  'paperLantern',
  'mosaicLamp',
  'tinLantern',
  'candles',
  'candlestick',
  'pendant',
  'deskLamp',
] satisfies Shape[]);

/** A small stable number from a text: the choice of a backdrop must not change from run to run. */
function chance(text: string): number {
  let hash = 2166136261;
  for (const char of text) hash = Math.imul(hash ^ char.codePointAt(0)!, 16777619) >>> 0;
  return hash;
}

function chooseBackdrop(drawing: Drawing): Backdrop {
  if (drawing.backdrop) return drawing.backdrop;
  if (glowing.has(drawing.shape)) return 'dusk';
  const names = (Object.keys(backdrops) as Backdrop[]).filter((name) => name !== 'dusk');
  const away = (name: Backdrop): number => distance(backdrops[name].niche, drawing.main);
  const wanted = lightness(drawing.main) > 0.8 ? 0.16 : 0.24;
  const fitting = names.filter((name) => away(name) > wanted);
  const from = fitting.length > 0 ? fitting : names.sort((a, b) => away(b) - away(a)).slice(0, 2);
  return from[chance(`${drawing.shape}${drawing.main}`) % from.length]!;
}

function standing(pen: Pen, { wall, niche, floor }: (typeof backdrops)[Backdrop]): string {
  return [
    path('M0 0 H800 V800 H0 Z', wall),
    path('M120 800 V400 A280 280 0 0 1 680 400 V800 Z', pen.blend(tone(niche, 0.015), niche)),
    line('M96 800 V400 A304 304 0 0 1 704 400 V800', niche, 4, 'opacity="0.7"'),
    path('M0 588 H800 V800 H0 Z', pen.blend(floor, tone(floor, -0.04))),
    path('M0 588 H800 V594 H0 Z', tone(floor, -0.05), 'opacity="0.6"'),
  ].join('');
}

function wall(pen: Pen, colours: (typeof backdrops)[Backdrop]): string {
  return [
    path('M0 0 H800 V800 H0 Z', pen.blend(tone(colours.wall, 0.015), colours.wall)),
    disc(400, 400, 318, mix(colours.wall, colours.niche, 0.75)),
    disc(400, 400, 342, 'none', `stroke="${colours.niche}" stroke-width="4" opacity="0.6"`),
  ].join('');
}

/** Draws a product as an SVG of 800 × 800 units. No text and no fonts, so that it looks the same everywhere. */
export function draw(drawing: Drawing, pixels = 800): string {
  const pen = new Pen();
  const ink = inks(drawing.main, drawing.accent ?? mix(tone(drawing.main, -0.22), '#b5763f', 0.35));
  const colours = backdrops[chooseBackdrop(drawing)];
  const recipe: Recipe = shapes[drawing.shape];
  const lies = flat.has(drawing.shape);
  const thing = recipe(pen, ink, drawing.motif ?? 'plain');
  const scene = lies
    ? wall(pen, colours) + thing
    : standing(pen, colours) + group('translate(400 664) scale(1.1) translate(-400 -640)', thing);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${pixels}" height="${pixels}" viewBox="0 0 800 800">${pen.defs}${scene}</svg>`;
}
