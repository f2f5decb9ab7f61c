import { tone } from '../colour.ts';
import { box, disc, group, line, n, oval, path, times } from '../pen.ts';
import { decorated, type Recipe } from './recipe.ts';

const soap: Recipe = (pen, ink, motif) => {
  const bar = 'M224 470 Q224 436 262 436 H538 Q576 436 576 470 V566 Q576 604 538 604 H262 Q224 604 224 566 Z';
  const upper = 'M262 330 Q262 296 298 296 H520 Q556 296 556 330 V404 Q556 440 520 440 H298 Q262 440 262 404 Z';
  return [
    pen.ground(400, 638, 260, 28),
    times(6, (at) => box(190 + at * 72, 604, 60, 36, 8, pen.round('#b78b5d'))),
    box(180, 600, 440, 14, 7, '#9a7148'),
    path(bar, pen.fall(tone(ink.main, -0.05))),
    decorated(pen, ink, motif, bar),
    path(upper, pen.fall(ink.main)),
    decorated(pen, ink, motif, upper),
    path('M330 296 H490 V440 H330 Z', ink.paper),
    path('M330 296 H490 V308 H330 Z M330 428 H490 V440 H330 Z', ink.accent),
    group(
      'translate(410 404)',
      path('M0 6 C0 -20 0 -50 0 -80', 'none', `stroke="${ink.accentDark}" stroke-width="4"`),
      times(3, (at) =>
        path(
          `M0 ${-6 - at * 22} C20 ${-12 - at * 22} 36 ${-24 - at * 22} 40 ${-40 - at * 22} C18 ${-38 - at * 22} 4 ${-26 - at * 22} 0 ${-6 - at * 22} Z M0 ${-6 - at * 22} C-20 ${-12 - at * 22} -36 ${-24 - at * 22} -40 ${-40 - at * 22} C-18 ${-38 - at * 22} -4 ${-26 - at * 22} 0 ${-6 - at * 22} Z`,
          ink.accent,
        ),
      ),
    ),
    line('M250 462 H320', '#ffffff', 9, 'opacity="0.5"'),
    [
      [610, 560, 24],
      [650, 520, 15],
      [622, 500, 10],
    ]
      .map(
        ([x, y, r]) =>
          disc(x!, y!, r!, '#ffffff', 'opacity="0.55"') + disc(x! - r! * 0.3, y! - r! * 0.3, r! * 0.25, '#ffffff'),
      )
      .join(''),
  ].join('');
};

const hammamTowel: Recipe = (pen, ink) => {
  const cloth =
    'M246 150 C300 142 500 142 554 150 C548 320 560 480 552 616 C480 626 320 606 248 616 C240 470 252 320 246 150 Z';
  const bars = (y: number, height: number, colour: string): string =>
    path(
      `M230 ${y} C320 ${y - 8} 480 ${y + 8} 570 ${y} V${y + height} C480 ${y + height + 8} 320 ${y + height - 8} 230 ${y + height} Z`,
      colour,
    );
  return [
    line('M130 150 H670', '#7b5a3c', 22),
    line('M130 144 H670', '#b08658', 9),
    pen.lying(cloth),
    path(cloth, pen.fall(ink.main)),
    pen.inside(
      cloth,
      bars(190, 16, ink.accent),
      bars(220, 8, ink.accent),
      bars(250, 70, ink.accent),
      bars(340, 8, ink.accent),
      bars(500, 8, ink.accent),
      bars(522, 46, ink.accent),
      bars(582, 8, ink.accent),
    ),
    path(cloth, pen.weave(ink.deep)),
    line('M330 160 C324 320 338 480 330 606 M456 160 C462 320 446 470 458 608', ink.deep, 6, 'opacity="0.2"'),
    path('M244 150 C300 128 500 128 556 150 L556 172 C500 160 300 160 244 172 Z', ink.light),
    times(
      18,
      (at) =>
        line(`M${258 + at * 17} ${n(614 + Math.sin(at / 3) * 3)} v44`, ink.main, 6) +
        disc(258 + at * 17, 636, 6, tone(ink.main, -0.04)),
    ),
  ].join('');
};

const bathBrush: Recipe = (pen, ink) => {
  const outline =
    'M0 -286 C70 -286 112 -220 112 -130 C112 -60 66 -4 26 24 C20 120 26 220 26 284 Q24 312 0 312 Q-24 312 -26 284 C-26 220 -20 120 -26 24 C-66 -4 -112 -60 -112 -130 C-112 -220 -70 -286 0 -286 Z';
  const cushion =
    'M0 -258 C52 -258 84 -204 84 -130 C84 -58 50 -10 0 -10 C-50 -10 -84 -58 -84 -130 C-84 -204 -52 -258 0 -258 Z';
  return group(
    'translate(400 400) rotate(34)',
    pen.lying(outline),
    path(outline, pen.round(ink.main)),
    path(outline, pen.grain(ink.deep, 90)),
    disc(0, 284, 9, ink.deep),
    line('M0 284 C-40 330 40 360 0 300', '#6e5238', 6),
    path(cushion, ink.accentDark),
    pen.inside(
      cushion,
      times(17, (row) =>
        times(11, (at) =>
          line(
            `M${-80 + at * 16 + (row % 2) * 8} ${-248 + row * 15} l-3 -11`,
            at % 2 ? ink.accent : ink.accentLight,
            6,
          ),
        ),
      ),
    ),
    line(cushion, ink.deep, 4, 'opacity="0.5"'),
  );
};

const soapDish: Recipe = (pen, ink, motif) => {
  const dish = 'M166 520 C180 590 240 636 300 638 H500 C560 636 620 590 634 520 Z';
  return [
    pen.ground(400, 640, 240, 28),
    path(dish, pen.round(ink.main)),
    decorated(pen, ink, motif, dish),
    oval(400, 520, 234, 52, ink.light),
    oval(400, 524, 214, 43, ink.dark),
    times(7, (at) => line(`M${250 + at * 50} 500 V548`, ink.deep, 8, 'opacity="0.6"')),
    path(
      'M272 462 Q276 428 320 426 H480 Q524 428 528 462 L534 500 Q530 534 484 536 H316 Q270 534 266 500 Z',
      pen.fall(ink.accent),
    ),
    path('M290 446 Q296 436 324 436 H476 Q504 436 510 446 Q500 466 400 466 Q300 466 290 446 Z', ink.accentLight),
    [
      [556, 452, 15],
      [580, 424, 9],
      [244, 470, 11],
    ]
      .map(([x, y, r]) => disc(x!, y!, r!, '#ffffff', 'opacity="0.6"'))
      .join(''),
  ].join('');
};

const towels: Recipe = (pen, ink) => {
  const one = (y: number, height: number, colour: string, inset: number): string => {
    const outline = `M${190 + inset} ${y} H${590 - inset} Q${634 - inset} ${y} ${634 - inset} ${y + height / 2} Q${634 - inset} ${y + height} ${590 - inset} ${y + height} H${190 + inset} Q${172 + inset} ${y + height} ${172 + inset} ${y + height - 18} V${y + 18} Q${172 + inset} ${y} ${190 + inset} ${y} Z`;
    return (
      path(outline, pen.fall(colour)) +
      path(
        outline,
        pen.tile(24, 24, box(3, 3, 18, 18, 4, tone(colour, -0.05)) + box(6, 6, 12, 12, 3, tone(colour, 0.02))),
      ) +
      line(`M${180 + inset} ${y + height / 2} H${600 - inset}`, tone(colour, -0.14), 5, 'opacity="0.7"')
    );
  };
  return [
    pen.ground(400, 644, 260, 28),
    one(540, 102, ink.main, 0),
    one(444, 96, ink.light, 8),
    one(356, 88, tone(ink.main, -0.06), 14),
    one(290, 66, ink.main, 46),
    line('M420 290 C440 420 420 540 430 640', ink.accent, 13),
    line(
      'M420 292 C392 250 350 262 362 286 C372 302 404 300 420 292 C440 256 486 250 486 276 C484 300 440 304 420 292',
      ink.accent,
      9,
    ),
    path('M420 292 C450 330 470 320 480 350', 'none', `stroke="${ink.accent}" stroke-width="9" stroke-linecap="round"`),
  ].join('');
};

const washBag: Recipe = (pen, ink, motif) => {
  const body = 'M190 340 Q196 300 240 300 H560 Q604 300 610 340 L640 590 Q644 640 590 640 H210 Q156 640 160 590 Z';
  return [
    pen.ground(400, 642, 250),
    line('M206 330 C150 330 130 420 176 452', ink.accentDark, 20),
    path(body, pen.fall(ink.main)),
    decorated(pen, ink, motif, body),
    path(body, pen.weave(ink.deep)),
    path('M190 340 Q196 300 240 300 H560 Q604 300 610 340 L613 366 H187 Z', ink.deep, 'opacity="0.3"'),
    line('M206 334 H594', '#5a5048', 13),
    line('M206 334 H594', '#c8b48a', 5, 'stroke-dasharray="4 7"'),
    box(560, 324, 70, 22, 8, pen.metal('#c9a45a')),
    line('M628 336 L668 372', ink.accent, 11),
    box(330, 470, 140, 70, 8, ink.accent),
    line('M360 498 H440 M376 516 H424', ink.accentLight, 5),
  ].join('');
};

const saltJar: Recipe = (pen, ink) => {
  const glass = 'M258 340 H542 V596 Q542 640 498 640 H302 Q258 640 258 596 Z';
  return [
    pen.ground(400, 642, 190),
    path(glass, '#f1f3f0', 'opacity="0.85"'),
    pen.inside(
      glass,
      path('M240 404 C320 380 440 424 560 392 V660 H240 Z', pen.round(ink.main)),
      path(
        'M240 404 C320 380 440 424 560 392 V660 H240 Z',
        pen.tile(
          30,
          30,
          path('M6 4 l8 -3 l6 7 l-5 8 l-9 -3 Z', ink.light) + path('M20 20 l7 -2 l3 7 l-7 4 Z', ink.dark),
        ),
      ),
    ),
    line(glass, '#ffffff', 6, 'opacity="0.9"'),
    box(306, 456, 188, 116, 58, ink.paper),
    line('M350 502 H450 M366 528 H434', ink.deep, 6),
    path('M244 344 Q244 316 272 312 H528 Q556 316 556 344 Z', pen.round('#e9e3d6')),
    box(272, 262, 256, 56, 16, pen.round('#c59b6d')),
    path('M272 262 H528 V318 H272 Z', pen.grain('#8a6238')),
    line('M560 250 C640 300 640 380 600 430', ink.accent, 7),
    group('translate(600 430) rotate(24)', oval(0, 34, 24, 34, pen.ball('#c59b6d')), oval(0, 30, 16, 22, '#8a6238')),
  ].join('');
};

export const bath = { soap, hammamTowel, bathBrush, soapDish, towels, washBag, saltJar };
