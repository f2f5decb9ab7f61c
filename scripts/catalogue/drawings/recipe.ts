import { box, disc, type Inks, line, type Pen, path } from '../pen.ts';

/** How a surface is decorated. Each recipe says in its own way what a motif means on it. */
export type Motif = 'plain' | 'stripes' | 'dots' | 'checks' | 'kilim' | 'speckle' | 'dip' | 'leaf' | 'sun';

/** Draws one thing on a field of 800 × 800; standing things rest on y = 640. */
export type Recipe = (pen: Pen, ink: Inks, motif: Motif) => string;

/** A motif as fills that are laid one over the other. */
export function surface(pen: Pen, ink: Inks, motif: Motif): string[] {
  switch (motif) {
    case 'stripes':
      return [pen.stripes(ink.accent, 26, 44)];
    case 'dots':
      return [pen.dots(ink.accent, 9, 56)];
    case 'checks':
      return [withOpacity(pen, ink.accent, 0), withOpacity(pen, ink.accent, 90)];
    case 'kilim':
      return [kilim(pen, ink)];
    case 'speckle':
      return [pen.speckle(ink.accent)];
    case 'leaf':
      return [leaves(pen, ink)];
    case 'sun':
      return [suns(pen, ink)];
    case 'plain':
    case 'dip':
      return [];
  }
}

function withOpacity(pen: Pen, colour: string, turn: number): string {
  return pen.tile(64, 64, box(0, 0, 30, 64, 0, colour, 'opacity="0.45"'), turn);
}

function kilim(pen: Pen, ink: Inks): string {
  return pen.tile(
    96,
    96,
    path('M48 4 L92 48 L48 92 L4 48 Z', ink.accent) +
      path('M48 22 L74 48 L48 74 L22 48 Z', ink.paper) +
      path('M48 36 L60 48 L48 60 L36 48 Z', ink.deep) +
      path(
        'M0 -14 L14 0 L0 14 L-14 0 Z M96 -14 L110 0 L96 14 L82 0 Z M0 82 L14 96 L0 110 L-14 96 Z M96 82 L110 96 L96 110 L82 96 Z',
        ink.deep,
      ),
  );
}

function leaves(pen: Pen, ink: Inks): string {
  const leaf = 'M0 0 C14 -26 14 -46 0 -62 C-14 -46 -14 -26 0 0 Z';
  const sprig = (x: number, y: number, turn: number): string =>
    `<g transform="translate(${x} ${y}) rotate(${turn})">${path(leaf, ink.accent)}${line('M0 0 V-50', ink.accentLight, 2)}</g>`;
  return pen.tile(
    120,
    120,
    sprig(34, 62, 28) + sprig(92, 112, -34) + sprig(96, 30, 120).replace('rotate(120)', 'rotate(120) scale(0.6)'),
  );
}

function suns(pen: Pen, ink: Inks): string {
  const rays = Array.from(
    { length: 8 },
    (_, at) => `<g transform="rotate(${at * 45})">${line('M0 -22 V-30', ink.accent, 5)}</g>`,
  ).join('');
  return pen.tile(110, 110, `<g transform="translate(55 55)">${disc(0, 0, 14, ink.accent)}${rays}</g>`);
}

/** Lays a motif over an outline. */
export function decorated(pen: Pen, ink: Inks, motif: Motif, outline: string): string {
  return surface(pen, ink, motif)
    .map((fill) => path(outline, fill))
    .join('');
}
