import { tone } from '../colour.ts';
import { box, dashed, disc, line, n, path, times } from '../pen.ts';
import { decorated, type Recipe } from './recipe.ts';

const fringe = (x: number, y: number, width: number, length: number, colour: string, step = 13): string =>
  times(Math.floor(width / step), (at) =>
    line(
      `M${n(x + step / 2 + at * step)} ${y} l${at % 2 ? 2 : -2} ${length - (at % 3) * 3}`,
      at % 2 ? colour : tone(colour, -0.05),
      5,
    ),
  );

const throwBlanket: Recipe = (pen, ink, motif) => {
  const layer = (y: number, inset: number): string => {
    const outline = `M${150 + inset} ${y} H${620 - inset} Q${656 - inset} ${y} ${656 - inset} ${y + 36} Q${656 - inset} ${y + 72} ${620 - inset} ${y + 72} H${150 + inset} Z`;
    return (
      path(outline, pen.fall(ink.main)) +
      decorated(pen, ink, motif, outline) +
      path(outline, pen.weave(ink.deep)) +
      line(`M${150 + inset} ${y + 71} H${622 - inset}`, ink.deep, 4, 'opacity="0.6"')
    );
  };
  const front = 'M196 356 H430 V618 H196 Z';
  return [
    pen.ground(400, 642, 270, 30),
    layer(570, 0),
    layer(498, 6),
    layer(426, 2),
    layer(354, 8),
    path(front, ink.deep, 'opacity="0.25" transform="translate(8 8)"'),
    path(front, pen.fall(ink.light)),
    decorated(pen, ink, motif, front),
    path(front, pen.weave(ink.deep)),
    path('M196 540 H430 V560 H196 Z M196 574 H430 V584 H196 Z', ink.accent),
    fringe(196, 616, 234, 44, ink.light),
  ].join('');
};

const cushion: Recipe = (pen, ink, motif) => {
  const outline =
    'M182 196 C240 226 560 226 618 196 C640 186 650 200 640 222 C612 300 612 520 640 600 C650 622 640 636 618 626 C560 596 240 596 182 626 C160 636 150 622 160 600 C188 520 188 300 160 222 C150 200 160 186 182 196 Z';
  return [
    pen.ground(400, 630, 250, 34),
    path(outline, pen.ball(ink.main)),
    decorated(pen, ink, motif, outline),
    path(outline, pen.weave(ink.deep)),
    line(outline, ink.accent, 7),
    line('M220 260 C250 300 250 340 244 380', ink.deep, 5, 'opacity="0.25"'),
    line('M578 568 C552 530 548 490 556 450', ink.deep, 5, 'opacity="0.3"'),
    [
      [170, 206],
      [630, 206],
      [170, 616],
      [630, 616],
    ]
      .map(
        ([x, y]) =>
          disc(x!, y!, 13, ink.accent) +
          times(5, (at) => line(`M${x! - 8 + at * 4} ${y! + 10} l${(at - 2) * 4} 34`, ink.accent, 5)),
      )
      .join(''),
  ].join('');
};

const teaTowel: Recipe = (pen, ink, motif) => {
  const back = 'M384 150 H566 V560 H384 Z';
  const front = 'M236 150 H470 C468 300 474 480 470 640 C400 634 300 646 236 640 C240 480 232 300 236 150 Z';
  return [
    line('M120 150 H680', '#8a6440', 20),
    line('M120 145 H680', '#b38a5e', 8),
    pen.lying(back),
    path(back, pen.fall(ink.accentLight)),
    path(back, pen.weave(ink.accentDark)),
    path('M384 470 H566 V486 H384 Z M384 500 H566 V530 H384 Z', ink.main),
    pen.lying(front),
    path(front, pen.fall(ink.main)),
    decorated(pen, ink, motif, front),
    path(front, pen.weave(ink.deep)),
    line('M310 160 C304 300 316 480 308 636 M400 160 C396 330 406 470 398 634', ink.deep, 5, 'opacity="0.22"'),
    path('M233 540 H472 V556 H233 Z M233 572 H472 V604 H233 Z', ink.accent),
    path('M236 138 Q236 128 246 128 H556 Q566 128 566 138 V160 H236 Z', ink.light),
    path('M384 150 V160 H236 V150 Z', ink.deep, 'opacity="0.15"'),
  ].join('');
};

const apron: Recipe = (pen, ink, motif) => {
  const outline =
    'M314 200 H486 C492 270 520 310 582 330 L600 660 Q600 676 584 676 H216 Q200 676 200 660 L218 330 C280 310 308 270 314 200 Z';
  return [
    line('M318 206 C300 90 500 90 482 206', ink.accentDark, 15),
    line('M582 338 C640 350 660 400 690 420 M218 338 C160 350 140 400 110 420', ink.accentDark, 13),
    pen.lying(outline),
    path(outline, pen.fall(ink.main)),
    decorated(pen, ink, motif, outline),
    path(outline, pen.weave(ink.deep)),
    dashed('M324 212 H476', ink.light, 4, '10 9'),
    path(
      'M280 430 H520 V560 Q520 590 490 590 H310 Q280 590 280 560 Z',
      ink.deep,
      'opacity="0.2" transform="translate(5 6)"',
    ),
    path('M280 430 H520 V560 Q520 590 490 590 H310 Q280 590 280 560 Z', ink.light),
    dashed('M290 446 H510 M400 446 V584', ink.deep, 4, '10 9'),
    line('M470 400 L462 470', '#b38a5e', 13),
    path('M456 400 C450 360 462 340 474 340 C488 340 496 362 484 402 Z', '#c9a070'),
  ].join('');
};

const runner: Recipe = (pen, ink, motif) => {
  const outline = 'M286 90 H514 V700 H286 Z';
  return [
    pen.lying(outline),
    path(outline, pen.fall(ink.main)),
    decorated(pen, ink, motif, outline),
    path(outline, pen.weave(ink.deep)),
    path(
      'M286 120 H514 V134 H286 Z M286 146 H514 V154 H286 Z M286 656 H514 V670 H286 Z M286 636 H514 V644 H286 Z',
      ink.accent,
    ),
    fringe(286, 700, 228, 40, ink.main),
    times(17, (at) => line(`M${293 + at * 13} 90 v-34`, ink.main, 5)),
  ].join('');
};

const rug: Recipe = (pen, ink) => {
  const outline = 'M170 170 H630 V630 H170 Z';
  const diamond = (y: number, size: number, colour: string): string =>
    path(`M400 ${y - size} L${400 + size * 1.25} ${y} L400 ${y + size} L${400 - size * 1.25} ${y} Z`, colour);
  const teeth = (y: number, turn: 1 | -1): string =>
    times(13, (at) => path(`M${192 + at * 32} ${y} l16 ${turn * 26} l16 ${-turn * 26} Z`, ink.accent));
  return [
    `<g transform="translate(400 400) skewX(-4) translate(-400 -400)">`,
    pen.lying(outline),
    times(
      35,
      (at) => line(`M${176 + at * 13.1} 170 v-36`, ink.paper, 4) + line(`M${176 + at * 13.1} 630 v36`, ink.paper, 4),
    ),
    path(outline, ink.main),
    box(192, 192, 416, 416, 0, ink.deep),
    teeth(192, 1),
    teeth(608, -1),
    box(192, 232, 416, 14, 0, ink.paper),
    box(192, 554, 416, 14, 0, ink.paper),
    diamond(400, 142, ink.accent),
    diamond(400, 112, ink.paper),
    diamond(400, 86, ink.main),
    diamond(400, 50, ink.accent),
    diamond(400, 22, ink.paper),
    [
      [236, 290],
      [564, 290],
      [236, 510],
      [564, 510],
    ]
      .map(
        ([x, y]) =>
          path(`M${x} ${y! - 36} l34 36 l-34 36 l-34 -36 Z`, ink.main) +
          path(`M${x} ${y! - 16} l15 16 l-15 16 l-15 -16 Z`, ink.paper),
      )
      .join(''),
    path(outline, pen.tile(6, 6, line('M0 3 H6', tone(ink.deep, -0.1), 1.4, 'opacity="0.3"'))),
    '</g>',
  ].join('');
};

const mitts: Recipe = (pen, ink, motif) => {
  const outline =
    'M-84 220 L-92 -60 C-96 -170 -50 -214 6 -214 C66 -214 98 -160 92 -70 L84 -10 C110 -50 150 -60 166 -30 C180 0 150 44 96 92 L86 220 Z';
  const one = (transform: string): string =>
    `<g transform="${transform}">${pen.lying(outline)}${path(outline, pen.fall(ink.main))}${decorated(pen, ink, motif, outline)}${line('M-60 -120 C-40 0 -50 100 -56 180 M20 -190 C24 -60 16 80 20 190', ink.deep, 4, 'opacity="0.3" stroke-dasharray="10 9"')}${box(-96, 186, 194, 62, 16, ink.accent)}${dashed('M-84 204 H86 M-84 230 H86', ink.accentLight, 4, '10 9')}${line('M86 226 C130 230 130 280 92 270', ink.accentDark, 9)}</g>`;
  return one('translate(290 400) rotate(-10) scale(-1 1)') + one('translate(520 420) rotate(9)');
};

export const textiles = { throwBlanket, cushion, teaTowel, apron, runner, rug, mitts };
