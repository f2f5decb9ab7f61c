import { tone } from '../colour.ts';
import { box, disc, group, line, oval, path, times } from '../pen.ts';
import { decorated, type Recipe } from './recipe.ts';

const LEAF = '#5f8a57';

const leaf = (x: number, y: number, turn: number, size: number, colour: string): string =>
  group(
    `translate(${x} ${y}) rotate(${turn}) scale(${size})`,
    path('M0 0 C46 -40 52 -120 0 -190 C-52 -120 -46 -40 0 0 Z', colour),
    line('M0 0 V-160', tone(colour, 0.1), 5),
  );

const pot: Recipe = (pen, ink, motif) => {
  const body = 'M252 438 H548 L512 610 Q506 640 474 640 H326 Q294 640 288 610 Z';
  return [
    pen.ground(400, 644, 190),
    line('M400 380 C396 300 402 240 400 190', tone(LEAF, -0.1), 9),
    leaf(400, 390, -48, 1, tone(LEAF, -0.07)),
    leaf(400, 390, 50, 1, LEAF),
    leaf(398, 330, -24, 0.98, tone(LEAF, 0.05)),
    leaf(402, 330, 26, 0.92, tone(LEAF, -0.04)),
    leaf(400, 250, 0, 0.8, tone(LEAF, 0.08)),
    path(body, pen.round(ink.main)),
    decorated(pen, ink, motif, body),
    path('M252 438 H548 L544 462 H256 Z', ink.deep, 'opacity="0.5"'),
    box(230, 376, 340, 70, 14, pen.round(ink.main)),
    box(244, 388, 312, 10, 5, ink.light, 'opacity="0.7"'),
    line('M300 484 L316 590', '#ffffff', 11, 'opacity="0.22"'),
  ].join('');
};

const planter: Recipe = (pen, ink, motif) => {
  const body = 'M220 400 C200 520 260 640 330 640 H470 C540 640 600 520 580 400 Z';
  const spikes = [-52, -36, -20, -6, 8, 22, 38, 54];
  return [
    pen.ground(400, 644, 200),
    ...spikes.map((turn, at) =>
      group(
        `translate(400 410) rotate(${turn})`,
        path(
          `M-24 0 C-26 -90 -14 -170 0 -${220 + (at % 3) * 36} C14 -170 26 -90 24 0 Z`,
          at % 2 ? '#6c9476' : '#4d7a62',
        ),
        line('M0 -10 V-180', '#8fb492', 4),
      ),
    ),
    path(body, pen.round(ink.main)),
    decorated(pen, ink, motif, body),
    motif === 'dip'
      ? pen.inside(
          body,
          path(
            'M190 400 H610 V470 C560 500 540 460 500 486 C470 520 440 470 400 490 C360 510 330 466 300 488 C260 510 240 470 190 490 Z',
            pen.round(ink.accent),
          ),
        )
      : '',
    oval(400, 400, 180, 34, ink.light),
    oval(400, 403, 164, 26, '#4a3628'),
    ...spikes
      .slice(2, 6)
      .map((turn) =>
        group(
          `translate(400 416) rotate(${turn * 1.2})`,
          path('M-20 0 C-22 -70 -10 -120 0 -160 C10 -120 22 -70 20 0 Z', '#7fa886'),
        ),
      ),
    path(
      'M226 412 C300 442 500 442 574 412 C576 424 576 430 575 436 C500 462 300 462 225 436 Z',
      pen.round(motif === 'dip' ? ink.accent : ink.light),
    ),
    line('M252 478 C258 540 280 584 310 612', '#ffffff', 12, 'opacity="0.3"'),
  ].join('');
};

const wateringCan: Recipe = (pen, ink) => {
  const body = 'M250 350 H510 L530 600 Q532 640 490 640 H270 Q228 640 230 600 Z';
  return [
    pen.ground(390, 644, 200),
    line('M262 380 C130 380 130 560 246 590', ink.deep, 26),
    line('M262 376 C140 376 140 552 246 582', ink.main, 14),
    line('M300 352 C300 210 480 210 470 352', ink.deep, 22),
    line('M298 350 C300 216 474 216 468 350', ink.main, 12),
    path('M516 540 L650 330 L684 346 L524 610 Z', pen.fall(ink.dark)),
    group(
      'translate(672 328) rotate(32)',
      path('M-24 10 L-58 -44 H58 L24 10 Z', pen.round(ink.main)),
      oval(0, -44, 58, 17, ink.light),
      times(5, (at) => disc(-34 + at * 17, -44, 4, ink.deep)),
    ),
    path(body, pen.round(ink.main)),
    oval(380, 350, 130, 27, ink.light),
    path('M262 352 C262 336 320 326 380 326 C400 326 420 327 440 330 L430 366 C350 372 262 368 262 352 Z', ink.dark),
    oval(440, 352, 60, 14, ink.deep),
    path('M238 470 H522 L524 492 H236 Z M234 560 H528 L529 574 H233 Z', ink.accent),
    line('M282 400 L272 590', '#ffffff', 13, 'opacity="0.35"'),
  ].join('');
};

const trowel: Recipe = (pen, ink) =>
  group(
    'translate(400 400) rotate(38)',
    pen.lying(
      'M0 -330 C70 -280 104 -200 96 -110 C90 -60 50 -40 22 -36 L30 60 L34 120 C40 200 34 260 30 300 Q26 326 0 326 Q-26 326 -30 300 C-34 260 -40 200 -34 120 L-30 60 L-22 -36 C-50 -40 -90 -60 -96 -110 C-104 -200 -70 -280 0 -330 Z',
    ),
    path(
      'M0 -330 C70 -280 104 -200 96 -110 C90 -60 50 -40 22 -36 L16 40 H-16 L-22 -36 C-50 -40 -90 -60 -96 -110 C-104 -200 -70 -280 0 -330 Z',
      pen.metal(ink.accent),
    ),
    path('M0 -300 C30 -240 34 -140 0 -70 C-34 -140 -30 -240 0 -300 Z', ink.accentDark, 'opacity="0.55"'),
    path(
      'M-22 30 H22 L34 120 C40 200 34 260 30 300 Q26 326 0 326 Q-26 326 -30 300 C-34 260 -40 200 -34 120 Z',
      pen.round(ink.main),
    ),
    path(
      'M-22 30 H22 L34 120 C40 200 34 260 30 300 Q26 326 0 326 Q-26 326 -30 300 C-34 260 -40 200 -34 120 Z',
      pen.grain(ink.deep, 90),
    ),
    box(-26, 20, 52, 34, 6, pen.metal('#c9a45a')),
    disc(0, 296, 9, ink.deep),
    line('M0 296 C-36 350 36 370 0 306', '#8a3b2c', 7),
  );

const seeds: Recipe = (pen, ink) => {
  const packet = (x: number, y: number, turn: number, colour: string, picture: string): string => {
    const outline =
      'M-110 -150 L-96 -162 L-82 -150 L-68 -162 L-54 -150 L-40 -162 L-26 -150 L-12 -162 L2 -150 L16 -162 L30 -150 L44 -162 L58 -150 L72 -162 L86 -150 L100 -162 L110 -150 V160 H-110 Z';
    return group(
      `translate(${x} ${y}) rotate(${turn})`,
      pen.lying(outline),
      path(outline, pen.fall(colour)),
      path('M-80 110 V-20 A80 80 0 0 1 80 -20 V110 Z', ink.paper),
      picture,
      line('M-60 134 H60', ink.paper, 9),
    );
  };
  const flower =
    line('M0 104 C-4 60 4 30 0 0', LEAF, 8) +
    leaf(0, 90, -46, 0.34, LEAF) +
    leaf(0, 76, 46, 0.3, LEAF) +
    times(9, (at) => group(`translate(0 -10) rotate(${at * 40})`, oval(0, -34, 13, 28, '#e39a3c'))) +
    disc(0, -10, 20, '#7a4a28');
  const tomato =
    disc(0, 30, 52, pen.ball('#c8503a')) +
    path('M0 -18 l10 -20 l4 18 l20 -6 l-14 16 l-20 4 l-20 -4 l-14 -16 l20 6 l4 -18 Z', LEAF);
  const herb =
    line('M0 104 V-60', LEAF, 7) +
    times(4, (at) => leaf(0, 90 - at * 36, -58, 0.32, LEAF) + leaf(0, 90 - at * 36, 58, 0.32, tone(LEAF, 0.05))) +
    leaf(0, -50, 0, 0.28, LEAF);
  return (
    packet(258, 380, -13, ink.main, flower) +
    packet(548, 372, 12, ink.accent, tomato) +
    packet(402, 450, -1, tone(ink.main, -0.13), herb)
  );
};

const birdhouse: Recipe = (pen, ink) =>
  [
    line('M400 0 V160', '#8a6844', 6),
    path('M252 330 L400 190 L548 330 V600 Q548 620 528 620 H272 Q252 620 252 600 Z', pen.round(ink.main)),
    path('M252 330 L400 190 L548 330 V600 Q548 620 528 620 H272 Q252 620 252 600 Z', pen.grain(ink.deep, 90)),
    path(
      'M400 150 L604 342 Q616 356 600 368 L584 380 L400 206 L216 380 L200 368 Q184 356 196 342 Z',
      pen.fall(ink.accent),
    ),
    disc(400, 396, 56, tone(ink.deep, -0.15)),
    disc(403, 400, 50, '#2d221b'),
    line('M400 500 V540', '#8a6844', 15),
    disc(400, 500, 11, '#a37e55'),
    group(
      'translate(486 464)',
      path('M-40 30 C-60 0 -40 -40 -4 -40 C20 -40 34 -22 34 -4 C34 24 6 40 -16 40 L-60 58 Z', '#4f7fa0'),
      path('M-30 10 C-30 34 10 34 20 8 C6 -2 -16 -4 -30 10 Z', '#e9c48f'),
      disc(14, -16, 5, '#20180f'),
      path('M32 -12 L54 -4 L32 4 Z', '#d9963f'),
      line('M-14 40 V56 M-2 38 V56', '#6d5238', 4),
    ),
    box(240, 600, 320, 28, 10, tone(ink.main, -0.12)),
  ].join('');

const snips: Recipe = (pen, ink) =>
  group(
    'translate(400 380) rotate(-24)',
    pen.lying('M-8 -270 C40 -180 50 -60 34 50 L-24 50 C-30 -60 -26 -180 -8 -270 Z'),
    path('M-8 -270 C30 -180 34 -60 20 50 L-24 50 C-30 -60 -26 -180 -8 -270 Z', pen.metal(ink.accent)),
    path('M10 -250 C44 -180 52 -60 34 50 L4 50 C10 -60 12 -160 10 -250 Z', pen.metal(tone(ink.accent, -0.06))),
    line('M-12 40 C-110 60 -140 170 -110 230 C-90 270 -40 260 -34 210 C-30 150 -10 120 -4 70', ink.deep, 30),
    line('M-12 40 C-110 60 -140 170 -110 230 C-90 270 -40 260 -34 210 C-30 150 -10 120 -4 70', ink.main, 19),
    line('M22 40 C120 60 150 170 120 230 C100 270 50 260 44 210 C40 150 20 120 14 70', ink.deep, 30),
    line('M22 40 C120 60 150 170 120 230 C100 270 50 260 44 210 C40 150 20 120 14 70', ink.main, 19),
    disc(5, 44, 19, pen.ball('#c9a45a')),
    line('M-7 44 H17', '#7d5c22', 4),
  ) +
  leaf(610, 700, 24, 0.8, LEAF) +
  leaf(590, 690, -16, 0.6, tone(LEAF, 0.06));

export const garden = { pot, planter, wateringCan, trowel, seeds, birdhouse, snips };
