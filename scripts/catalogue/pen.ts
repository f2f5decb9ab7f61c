import { tone } from './colour.ts';

/** The colours a drawing is made of. `main` is the product's own; `accent` belongs to handles, lids, trims and prints. */
export interface Inks {
  main: string;
  light: string;
  dark: string;
  deep: string;
  accent: string;
  accentLight: string;
  accentDark: string;
  paper: string;
}

export function inks(main: string, accent: string): Inks {
  return {
    main,
    light: tone(main, 0.07),
    dark: tone(main, -0.08),
    deep: tone(main, -0.16),
    accent,
    accentLight: tone(accent, 0.08),
    accentDark: tone(accent, -0.1),
    paper: '#fbf6ec',
  };
}

export const path = (d: string, fill: string, rest = ''): string => `<path d="${d}" fill="${fill}" ${rest}/>`;
export const oval = (cx: number, cy: number, rx: number, ry: number, fill: string, rest = ''): string =>
  `<ellipse cx="${cx}" cy="${cy}" rx="${rx}" ry="${ry}" fill="${fill}" ${rest}/>`;
export const disc = (cx: number, cy: number, r: number, fill: string, rest = ''): string =>
  oval(cx, cy, r, r, fill, rest);
export const box = (x: number, y: number, w: number, h: number, r: number, fill: string, rest = ''): string =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" rx="${r}" fill="${fill}" ${rest}/>`;
export const line = (d: string, stroke: string, width: number, rest = ''): string =>
  `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round" ${rest}/>`;
export const group = (transform: string, ...parts: string[]): string =>
  `<g transform="${transform}">${parts.join('')}</g>`;
export const dashed = (d: string, stroke: string, width: number, gap: string): string =>
  line(d, stroke, width, `stroke-dasharray="${gap}"`);

/** `count` times, with the step's number: rows of fringe, slats, beads. */
export const times = (count: number, draw: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => draw(index)).join('');

/** Rounded to a tenth, so that the same drawing is the same text on every machine. */
export const n = (value: number): number => Math.round(value * 10) / 10;

/**
 * Collects what an SVG must define before it can be used: gradients, patterns, clips. Names are counted per drawing,
 * so one drawing is always the same text; two drawings inlined in one page would clash, so show them as images.
 */
export class Pen {
  readonly #defs: string[] = [];

  #define(draw: (id: string) => string): string {
    const id = `d${this.#defs.length}`;
    this.#defs.push(draw(id));
    return id;
  }

  get defs(): string {
    return `<defs>${this.#defs.join('')}</defs>`;
  }

  #gradient(stops: readonly (readonly [number, string, number?])[], x2: number, y2: number): string {
    const marks = stops
      .map(
        ([at, colour, opacity]) =>
          `<stop offset="${at}" stop-color="${colour}"${opacity === undefined ? '' : ` stop-opacity="${opacity}"`}/>`,
      )
      .join('');
    return `url(#${this.#define((id) => `<linearGradient id="${id}" x1="0" y1="0" x2="${x2}" y2="${y2}">${marks}</linearGradient>`)})`;
  }

  /** A body that is round from left to right, lit from the upper left. */
  round(colour: string, depth = 1): string {
    return this.#gradient(
      [
        [0, tone(colour, -0.02 * depth)],
        [0.24, tone(colour, 0.055 * depth)],
        [0.5, colour],
        [1, tone(colour, -0.13 * depth)],
      ],
      1,
      0,
    );
  }

  /** A surface lit from above. */
  fall(colour: string, depth = 1): string {
    return this.#gradient(
      [
        [0, tone(colour, 0.045 * depth)],
        [1, tone(colour, -0.07 * depth)],
      ],
      0.25,
      1,
    );
  }

  /** From one colour to another, top to bottom. */
  blend(top: string, bottom: string): string {
    return this.#gradient(
      [
        [0, top],
        [1, bottom],
      ],
      0,
      1,
    );
  }

  /** Polished metal or glass: a bright band beside a dark one. */
  metal(colour: string): string {
    return this.#gradient(
      [
        [0, tone(colour, -0.1)],
        [0.18, tone(colour, 0.05)],
        [0.32, tone(colour, 0.16)],
        [0.46, tone(colour, 0.02)],
        [0.8, tone(colour, -0.13)],
        [1, tone(colour, -0.04)],
      ],
      1,
      0,
    );
  }

  ball(colour: string): string {
    return `url(#${this.#define(
      (id) =>
        `<radialGradient id="${id}" cx="0.36" cy="0.3" r="0.75"><stop offset="0" stop-color="${tone(colour, 0.09)}"/><stop offset="0.45" stop-color="${colour}"/><stop offset="1" stop-color="${tone(colour, -0.14)}"/></radialGradient>`,
    )})`;
  }

  /** A colour that fades to nothing from its middle: glows and shadows. */
  fade(colour: string, strength: number): string {
    return `url(#${this.#define(
      (id) =>
        `<radialGradient id="${id}"><stop offset="0" stop-color="${colour}" stop-opacity="${strength}"/><stop offset="0.55" stop-color="${colour}" stop-opacity="${n(strength * 6) / 10}"/><stop offset="1" stop-color="${colour}" stop-opacity="0"/></radialGradient>`,
    )})`;
  }

  /** A repeated tile as a fill. */
  tile(width: number, height: number, content: string, turn = 0): string {
    return `url(#${this.#define(
      (id) =>
        `<pattern id="${id}" width="${width}" height="${height}" patternUnits="userSpaceOnUse" patternTransform="rotate(${turn})">${content}</pattern>`,
    )})`;
  }

  stripes(colour: string, band: number, gap: number, turn = 0): string {
    return this.tile(band + gap, 20, box(0, 0, band, 20, 0, colour), turn);
  }

  dots(colour: string, radius: number, step: number): string {
    const half = step / 2;
    return this.tile(
      step,
      step,
      disc(half / 2, half / 2, radius, colour) + disc(half * 1.5, half * 1.5, radius, colour),
    );
  }

  /** Rows of small V stitches. */
  knit(colour: string, size = 16): string {
    return this.tile(
      size,
      size,
      line(
        `M${size * 0.15} ${size * 0.2} L${size / 2} ${size * 0.75} L${size * 0.85} ${size * 0.2}`,
        colour,
        size * 0.14,
      ),
    );
  }

  /** Crossing threads, hardly seen: linen and canvas. */
  weave(colour: string): string {
    return this.tile(
      9,
      9,
      line('M0 2 H9', colour, 1.2, 'opacity="0.45"') + line('M2 0 V9', colour, 1.2, 'opacity="0.3"'),
    );
  }

  /** Sparse flecks of a glaze or of a natural fibre. */
  speckle(colour: string): string {
    const flecks = [
      [8, 12, 2.2],
      [31, 6, 1.4],
      [52, 25, 2.6],
      [20, 38, 1.6],
      [66, 50, 1.8],
      [40, 62, 2.3],
      [9, 66, 1.3],
      [75, 10, 1.5],
    ] as const;
    return this.tile(83, 79, flecks.map(([x, y, r]) => disc(x, y, r, colour, 'opacity="0.55"')).join(''));
  }

  /** Grain lines of timber. */
  grain(colour: string, turn = 0): string {
    return this.tile(
      200,
      46,
      line('M0 8 C50 2 90 14 200 8', colour, 2, 'opacity="0.5"') +
        line('M0 24 C70 32 120 18 200 24', colour, 1.6, 'opacity="0.4"') +
        line('M0 38 C40 34 150 44 200 38', colour, 1.4, 'opacity="0.35"'),
      turn,
    );
  }

  /** Whatever is drawn, cut to an outline. */
  inside(outline: string, ...parts: string[]): string {
    const id = this.#define((name) => `<clipPath id="${name}"><path d="${outline}"/></clipPath>`);
    return `<g clip-path="url(#${id})">${parts.join('')}</g>`;
  }

  /** The soft shadow a standing thing casts on its table. */
  ground(cx: number, cy: number, rx: number, ry = rx * 0.16): string {
    return (
      oval(cx + rx * 0.12, cy + 4, n(rx * 1.3), n(ry * 1.5), this.fade('#33261b', 0.34)) +
      oval(cx + rx * 0.02, cy, n(rx * 0.94), n(ry * 0.62), this.fade('#2a1e15', 0.5))
    );
  }

  /** The shadow of something that lies flat or hangs close to a wall. */
  lying(outline: string): string {
    return [
      [18, 24, 0.06],
      [12, 16, 0.08],
      [6, 8, 0.1],
    ]
      .map(([x, y, opacity]) => path(outline, '#33261b', `opacity="${opacity}" transform="translate(${x} ${y})"`))
      .join('');
  }
}
