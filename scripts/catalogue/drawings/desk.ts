import { tone } from '../colour.ts';
import { box, disc, group, line, oval, path, times } from '../pen.ts';
import { decorated, type Recipe } from './recipe.ts';

const rect = (x: number, y: number, w: number, h: number, r: number): string =>
  `M${x + r} ${y} H${x + w - r} Q${x + w} ${y} ${x + w} ${y + r} V${y + h - r} Q${x + w} ${y + h} ${x + w - r} ${y + h} H${x + r} Q${x} ${y + h} ${x} ${y + h - r} V${y + r} Q${x} ${y} ${x + r} ${y} Z`;

const notebook: Recipe = (pen, ink, motif) => {
  const cover = rect(-170, -240, 340, 480, 16);
  return group(
    'translate(400 400) rotate(-7)',
    pen.lying(rect(-170, -240, 352, 490, 16)),
    path(rect(-160, -230, 344, 484, 12), ink.deep),
    path(rect(-164, -234, 342, 480, 8), '#f3ead8'),
    times(5, (at) => line(`M${172 + at * 2.4} ${-226 + at * 2} V${240 + at * 2}`, '#d9cdb4', 1)),
    path(cover, pen.fall(ink.main)),
    decorated(pen, ink, motif, cover),
    path(cover, pen.weave(ink.deep)),
    box(-170, -240, 46, 480, 14, ink.deep, 'opacity="0.35"'),
    box(106, -240, 16, 480, 0, ink.accent),
    box(-76, -150, 150, 96, 6, ink.paper),
    line('M-50 -116 H46 M-50 -88 H16', ink.dark, 6),
    path('M-30 240 L-30 300 L-18 284 L-6 300 L-6 240 Z', ink.accent),
  );
};

const notebooks: Recipe = (pen, ink) => {
  const one = (x: number, y: number, turn: number, colour: string, mark: string): string => {
    const cover = rect(-120, -170, 240, 340, 12);
    return group(
      `translate(${x} ${y}) rotate(${turn})`,
      pen.lying(cover),
      path(rect(-116, -166, 242, 342, 10), '#efe5d2'),
      path(cover, pen.fall(colour)),
      times(9, (at) => line(`M-112 ${-140 + at * 35} v18`, tone(colour, 0.2), 4)),
      mark,
    );
  };
  const sun = disc(10, -20, 44, ink.paper);
  const wave = [0, 26, 52].map((y) => line(`M-60 ${-40 + y} q18 -22 36 0 t36 0 t36 0 t36 0`, ink.paper, 8)).join('');
  const arch = path('M-46 50 V-30 A56 56 0 0 1 66 -30 V50 Z', ink.paper);
  return (
    one(282, 360, -14, ink.main, arch) +
    one(520, 380, 11, ink.accent, sun) +
    one(398, 450, -3, tone(ink.main, -0.17), wave)
  );
};

const fountainPen: Recipe = (pen, ink) =>
  group(
    'translate(400 400) rotate(-38)',
    pen.lying('M-300 -26 H220 L330 0 L220 26 H-300 Z'),
    path('M-300 -20 Q-316 0 -300 20 L-60 28 V-28 Z', pen.blend(ink.light, ink.deep)),
    path('M-70 -32 H40 V32 H-70 Z', pen.blend(ink.accentLight, ink.accentDark)),
    path('M40 -28 L214 -18 V18 L40 28 Z', pen.blend(ink.light, ink.deep)),
    path('M214 -18 C260 -22 300 -8 338 0 C300 8 260 22 214 18 Z', pen.blend('#f3d99a', '#b58b3d')),
    line('M250 0 H330', '#7d5c22', 3),
    disc(250, 0, 5, '#7d5c22'),
    box(-250, -40, 200, 13, 6, pen.blend(ink.accentLight, ink.accentDark)),
    disc(-56, -33, 10, ink.accent),
    line('M-280 -10 L-80 -15', '#ffffff', 6, 'opacity="0.5"'),
  ) + line('M520 640 C560 600 590 668 630 628 C650 608 668 640 700 620', tone(ink.deep, -0.1), 6);

const pencils: Recipe = (pen, ink) => {
  const colours = [ink.main, ink.accent, '#d9a441', '#7d9a7a', '#b95f4b', '#3f5d7a'];
  return times(6, (at) =>
    group(
      `translate(${210 + at * 76} 400) rotate(${-6 + at * 2.4})`,
      pen.lying('M-25 -190 L0 -260 L25 -190 V250 H-25 Z'),
      path('M-25 -190 L0 -262 L25 -190 Z', '#e7c79b'),
      path('M-8 -238 L0 -262 L8 -238 Z', tone(colours[at]!, -0.1)),
      path('M-25 -190 Q-16 -204 -8 -190 Q0 -204 8 -190 Q16 -204 25 -190 V240 H-25 Z', colours[at]!),
      box(-8, -190, 16, 430, 0, tone(colours[at]!, 0.07)),
      box(8, -190, 17, 430, 0, tone(colours[at]!, -0.07)),
      box(-25, 214, 50, 36, 4, '#d8b46a'),
      line('M-25 226 H25 M-25 238 H25', '#a9833c', 2),
    ),
  );
};

const inkBottle: Recipe = (pen, ink) => {
  const glass =
    'M250 420 Q250 392 290 386 L338 372 V330 H462 V372 L510 386 Q550 392 550 420 V604 Q550 640 514 640 H286 Q250 640 250 604 Z';
  return [
    pen.ground(400, 642, 190),
    path(glass, '#dfe7e8', 'opacity="0.9"'),
    path(
      'M276 440 Q276 420 304 414 H496 Q524 420 524 440 V596 Q524 616 504 616 H296 Q276 616 276 596 Z',
      pen.round(ink.main),
    ),
    box(308, 462, 184, 112, 8, ink.paper),
    path('M400 478 C424 508 432 526 416 544 C406 554 394 554 384 544 C368 526 376 508 400 478 Z', ink.main),
    line('M264 430 V600', '#ffffff', 9, 'opacity="0.7"'),
    box(322, 246, 156, 94, 14, pen.round(ink.accent)),
    times(8, (at) => line(`M${338 + at * 18} 258 V328`, ink.accentDark, 4, 'opacity="0.7"')),
    path('M560 630 C580 596 640 600 660 618 C690 622 690 650 650 648 C610 660 560 650 560 630 Z', ink.main),
    disc(700, 612, 9, ink.main),
  ].join('');
};

const envelopes: Recipe = (pen, ink) => {
  const sheet = rect(-170, -150, 340, 400, 4);
  const envelope = rect(-220, -140, 440, 290, 10);
  return [
    group(
      'translate(430 330) rotate(9)',
      pen.lying(sheet),
      path(sheet, ink.paper),
      line('M-126 -96 H70 M-126 -56 H126 M-126 -16 H110', ink.dark, 5, 'opacity="0.5"'),
      line('M60 -140 C100 -150 150 -130 160 -140', ink.accent, 0),
    ),
    group(
      'translate(390 470) rotate(-5)',
      pen.lying(envelope),
      path(envelope, pen.fall(ink.main)),
      path('M-220 150 L-20 -10 H20 L220 150 Z', ink.light),
      path('M-218 -134 L-12 36 Q0 44 12 36 L218 -134 Q214 -140 206 -140 H-206 Q-214 -140 -218 -134 Z', ink.dark),
      path('M-210 -140 L-10 22 Q0 30 10 22 L210 -140 Z', pen.fall(ink.main)),
      disc(0, 26, 34, pen.ball(ink.accent)),
      path('M-14 38 V22 A14 14 0 0 1 14 22 V38 Z', ink.accentDark),
    ),
  ].join('');
};

const book: Recipe = (pen, ink, motif) => {
  const sprig = (y: number, turn: number): string =>
    group(`translate(422 ${y}) rotate(${turn})`, path('M0 0 C18 -20 18 -52 0 -72 C-18 -52 -18 -20 0 0 Z', ink.main));
  const emblem =
    motif === 'leaf'
      ? [
          line('M422 466 V316', ink.main, 6),
          ...[458, 420, 382].flatMap((y) => [sprig(y, 48), sprig(y, -48)]),
          sprig(344, 0),
        ]
      : [
          path('M360 400 H484 C484 450 456 466 422 466 C388 466 360 450 360 400 Z', pen.round(ink.main)),
          oval(422, 400, 62, 12, ink.dark),
          line('M404 376 C392 356 414 344 404 324 M440 376 C428 356 450 344 440 324', ink.accent, 6),
        ];
  const cover = rect(226, 130, 348, 520, 10);
  return [
    pen.ground(410, 652, 210, 26),
    path('M574 140 L604 160 V640 L574 650 Z', '#efe6d3'),
    times(5, (at) => line(`M${580 + at * 5} ${148 + at * 3} V${646 - at * 2}`, '#d2c5a9', 1.5)),
    path('M574 650 L604 640 L600 648 L574 654 Z', ink.deep),
    path(cover, pen.fall(ink.main)),
    box(226, 130, 38, 520, 8, ink.deep, 'opacity="0.4"'),
    path('M322 470 V330 A100 100 0 0 1 522 330 V470 Z', ink.accent),
    path('M342 470 V334 A80 80 0 0 1 502 334 V470 Z', ink.paper),
    ...emblem,
    line('M322 520 H522', ink.paper, 13),
    line('M350 556 H494', ink.paper, 9),
    line('M380 606 H464', ink.accentLight, 6),
  ].join('');
};

const wrap: Recipe = (pen, ink) => {
  const roll = (x: number, colour: string, print: string, turn: number): string =>
    group(
      `translate(${x} 400) rotate(${turn})`,
      pen.lying('M-46 -270 H46 V270 H-46 Z'),
      box(-46, -270, 92, 540, 8, pen.round(colour)),
      box(-46, -270, 92, 540, 8, print),
      box(-50, -40, 100, 66, 4, ink.paper),
      oval(0, -270, 46, 13, tone(colour, 0.1)),
      oval(0, -270, 26, 7, '#b99b74'),
    );
  return (
    roll(254, ink.main, pen.dots(ink.accentLight, 9, 46), -6) +
    roll(400, ink.accent, pen.stripes(ink.accentLight, 12, 22, 30), 0) +
    roll(546, tone(ink.main, -0.14), pen.tile(54, 54, path('M27 5 L49 27 L27 49 L5 27 Z', ink.accent)), 6)
  );
};

export const desk = { notebook, notebooks, fountainPen, pencils, inkBottle, envelopes, book, wrap };
