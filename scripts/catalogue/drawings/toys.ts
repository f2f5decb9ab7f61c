import { tone } from '../colour.ts';
import { box, disc, group, line, n, oval, path, times } from '../pen.ts';
import { decorated, type Recipe } from './recipe.ts';

const BEECH = '#dcb88a';

const wheel = (x: number, y: number, r: number, colour: string): string =>
  disc(x, y, r, tone(colour, -0.1)) +
  disc(x - 2, y - 2, r * 0.86, colour) +
  disc(x, y, r * 0.3, BEECH) +
  disc(x, y, r * 0.12, tone(BEECH, -0.25));

const camel: Recipe = (pen, ink) => {
  const body =
    'M196 560 L204 440 C206 390 236 360 268 352 C280 300 340 270 380 300 C392 260 460 250 488 300 C500 330 510 346 536 340 C560 334 566 300 568 260 C570 216 604 192 644 200 C676 206 688 224 684 244 C680 262 650 262 636 266 C640 330 626 420 566 442 L572 560 H508 L496 470 H300 L270 560 Z';
  return [
    pen.ground(420, 644, 250, 26),
    box(160, 552, 470, 30, 12, pen.round(tone(ink.main, -0.12))),
    path(body, ink.deep, 'transform="translate(6 8)"'),
    path(body, pen.fall(ink.main)),
    path(body, pen.grain(ink.deep, 4)),
    path('M310 300 C350 270 480 260 500 330 L520 420 C460 440 360 440 300 420 Z', ink.accent),
    path('M312 380 C370 398 450 398 512 380 L516 402 C450 420 370 420 306 402 Z', ink.paper),
    times(8, (at) => path(`M${320 + at * 24} 392 l8 -9 l8 9 l-8 9 Z`, ink.accentDark)),
    times(9, (at) => line(`M${308 + at * 26} 424 v22`, ink.accentDark, 5)),
    disc(640, 228, 7, '#2d221b'),
    path('M598 202 C590 180 602 170 614 178 L620 200 Z', ink.dark),
    line('M682 240 C700 260 640 330 590 350', ink.accentDark, 6),
    line('M204 440 C176 450 170 490 184 516', ink.dark, 9),
    wheel(230, 604, 40, ink.accent),
    wheel(560, 604, 40, ink.accent),
  ].join('');
};

const rainbow: Recipe = (pen, ink) => {
  const colours = [ink.main, '#e08e4e', '#ebbf5b', '#86a873', ink.accent, '#8a6d9b'];
  return (
    pen.ground(400, 642, 270, 26) +
    colours
      .map((colour, at) => {
        const r = 272 - at * 43;
        const arc = (reach: number): string =>
          `M${400 - reach} 640 V${560} A${reach} ${reach} 0 0 1 ${400 + reach} 560 V640`;
        const outline = `${arc(r)} H${400 + r - 37} V560 A${r - 37} ${r - 37} 0 0 0 ${400 - r + 37} 560 V640 Z`;
        return path(outline, pen.round(colour, 0.8)) + line(arc(r - 6), tone(colour, 0.09), 4, 'opacity="0.7"');
      })
      .join('') +
    ''
  );
};

const blocks: Recipe = (pen, ink) => {
  const cube = (x: number, y: number, s: number, colour: string, mark: string): string =>
    box(x, y, s, s, 12, pen.fall(colour)) +
    box(x + 12, y + 12, s - 24, s - 24, 8, 'none', `stroke="${tone(colour, 0.1)}" stroke-width="5"`) +
    group(`translate(${x + s / 2} ${y + s / 2})`, mark);
  const star = path('M0 -40 L12 -13 L40 -11 L18 8 L26 38 L0 21 L-26 38 L-18 8 L-40 -11 L-12 -13 Z', ink.paper);
  const moon = path('M8 -40 A40 40 0 1 0 38 18 A32 32 0 1 1 8 -40 Z', ink.paper);
  const archMark = path('M-34 36 V-4 A34 34 0 0 1 34 -4 V36 Z', ink.paper);
  return [
    pen.ground(400, 642, 260, 26),
    cube(150, 490, 150, ink.main, star),
    cube(316, 490, 150, ink.accent, archMark),
    path('M482 640 V560 A78 78 0 0 1 638 560 V640 H600 V566 A40 40 0 0 0 520 566 V640 Z', pen.round(BEECH)),
    cube(232, 332, 150, '#e2b04e', moon),
    path('M396 484 L520 484 L396 360 Z', pen.fall('#86a873')),
    group(
      'rotate(-14 300 240)',
      box(244, 214, 118, 110, 12, pen.fall(tone(ink.main, -0.1))),
      disc(303, 269, 26, ink.paper),
    ),
    disc(560, 440, 40, pen.ball(ink.accent)),
  ].join('');
};

const backgammon: Recipe = (pen, ink) => {
  const frame = 'M140 190 Q140 170 160 170 H640 Q660 170 660 190 V610 Q660 630 640 630 H160 Q140 630 140 610 Z';
  const points = times(12, (at) => {
    const x = 172 + at * 35.4 + (at > 5 ? 32 : 0);
    const [up, down] = at % 2 ? [ink.accent, ink.deep] : [ink.deep, ink.accent];
    return path(`M${n(x)} 202 h34 l-17 170 Z`, up) + path(`M${n(x)} 598 h34 l-17 -170 Z`, down);
  });
  const stack = (x: number, y: number, count: number, step: number, colour: string): string =>
    times(
      count,
      (at) =>
        disc(x + 2, y + at * step + 4, 17, '#3a2618', 'opacity="0.4"') +
        disc(x, y + at * step, 17, pen.ball(colour)) +
        disc(x, y + at * step, 9, 'none', `stroke="${tone(colour, -0.12)}" stroke-width="2.5"`),
    );
  return [
    pen.lying(frame),
    path(frame, pen.fall(tone(ink.deep, -0.08))),
    path(frame, pen.grain(tone(ink.deep, -0.2))),
    box(168, 198, 218, 404, 4, ink.main),
    box(414, 198, 218, 404, 4, ink.main),
    points,
    stack(189, 222, 5, 35, ink.paper),
    stack(189, 578, 5, -35, '#3c2a20'),
    stack(366, 222, 3, 35, '#3c2a20'),
    stack(366, 578, 3, -35, ink.paper),
    stack(434, 222, 4, 35, '#3c2a20'),
    stack(434, 578, 4, -35, ink.paper),
    stack(612, 222, 2, 35, ink.paper),
    group(
      'translate(500 400) rotate(18)',
      box(-22, -22, 44, 44, 9, '#fdf8ec'),
      disc(-9, -9, 4.5, '#3c2a20'),
      disc(9, 9, 4.5, '#3c2a20'),
      disc(0, 0, 4.5, '#3c2a20'),
    ),
    group(
      'translate(566 404) rotate(-22)',
      box(-22, -22, 44, 44, 9, '#fdf8ec'),
      times(2, (at) => disc(-9 + at * 18, -9, 4.5, '#3c2a20') + disc(-9 + at * 18, 9, 4.5, '#3c2a20')),
    ),
  ].join('');
};

const spinningTop: Recipe = (pen, ink) =>
  group(
    'rotate(9 400 640)',
    pen.ground(400, 646, 110, 18),
    path('M206 420 C230 520 330 590 388 628 L400 646 L412 628 C470 590 570 520 594 420 Z', pen.round(ink.main)),
    path('M216 452 C300 480 500 480 584 452 L570 486 C490 510 310 510 230 486 Z', ink.paper),
    path('M252 524 C330 546 470 546 548 524 L526 550 C460 566 340 566 274 550 Z', ink.accent),
    oval(400, 420, 194, 46, ink.light),
    oval(400, 418, 150, 34, ink.accent),
    oval(400, 416, 104, 23, ink.paper),
    oval(400, 414, 56, 13, ink.main),
    path('M384 414 L380 270 Q380 250 400 250 Q420 250 420 270 L416 414 Z', pen.round(BEECH)),
    oval(400, 252, 30, 13, pen.round(tone(BEECH, -0.06))),
  );

const puzzle: Recipe = (pen, ink) => {
  const knob = 'a24 24 0 1 1 40 0';
  const piece = (x: number, y: number, turn: number, colour: string, print: string): string => {
    const outline = `M0 0 H60 ${knob} H160 V60 a24 24 0 1 1 0 40 V160 H100 a24 24 0 1 0 -40 0 H0 V100 a24 24 0 1 0 0 -40 Z`;
    return group(
      `translate(${x} ${y}) rotate(${turn} 80 80)`,
      pen.lying(outline),
      path(outline, pen.fall(colour)),
      print ? path(outline, print) : '',
      line(outline, tone(colour, 0.1), 3),
    );
  };
  return (
    piece(180, 190, -4, ink.main, pen.dots(ink.light, 6, 40)) +
    piece(352, 182, 3, ink.accent, '') +
    piece(530, 210, 14, '#e2b04e', '') +
    piece(176, 366, 2, '#e9e0cd', pen.stripes(ink.accent, 8, 22, 45)) +
    piece(350, 362, -2, tone(ink.main, -0.14), '') +
    piece(250, 540, -18, '#86a873', '') +
    piece(520, 450, -24, ink.main, pen.stripes(ink.light, 10, 20))
  );
};

const rabbit: Recipe = (pen, ink, motif) => {
  const body =
    'M400 370 C500 370 540 470 540 560 C540 630 480 644 400 644 C320 644 260 630 260 560 C260 470 300 370 400 370 Z';
  const ear = (x: number, turn: number): string =>
    group(
      `translate(${x} 190) rotate(${turn})`,
      path('M0 60 C-52 20 -50 -110 0 -140 C50 -110 52 20 0 60 Z', pen.fall(ink.main)),
      path('M0 30 C-26 10 -26 -80 0 -104 C26 -80 26 10 0 30 Z', ink.accentLight),
    );
  const cloth =
    'M278 470 C330 500 470 500 522 470 C536 520 542 590 536 610 C470 650 330 650 264 610 C258 590 264 520 278 470 Z';
  return [
    pen.ground(400, 646, 200),
    ear(346, -13),
    ear(456, 16),
    oval(268, 620, 58, 30, pen.ball(ink.main)),
    oval(532, 620, 58, 30, pen.ball(ink.main)),
    path(body, pen.ball(ink.main)),
    path(cloth, ink.accent),
    decorated(pen, { ...ink, accent: ink.paper }, motif, cloth),
    oval(256, 500, 34, 76, pen.ball(ink.main), 'transform="rotate(22 256 500)"'),
    oval(544, 500, 34, 76, pen.ball(ink.main), 'transform="rotate(-22 544 500)"'),
    oval(400, 310, 122, 108, pen.ball(ink.main)),
    disc(354, 302, 10, '#34271f'),
    disc(446, 302, 10, '#34271f'),
    oval(322, 340, 22, 14, ink.accentLight, 'opacity="0.6"'),
    oval(478, 340, 22, 14, ink.accentLight, 'opacity="0.6"'),
    path('M388 328 H412 L400 342 Z', ink.accentDark),
    line('M400 342 V356 C392 368 378 366 374 360 M400 356 C408 368 422 366 426 360', '#34271f', 4),
  ].join('');
};

const kite: Recipe = (pen, ink) =>
  group(
    'rotate(12 400 360)',
    pen.lying('M400 80 L570 290 L400 570 L230 290 Z'),
    path('M400 80 L570 290 H400 Z', ink.main),
    path('M400 80 L230 290 H400 Z', ink.light),
    path('M230 290 L400 570 V290 Z', ink.accent),
    path('M570 290 L400 570 V290 Z', ink.accentDark),
    disc(400, 290, 62, ink.paper),
    disc(400, 290, 36, '#e2b04e'),
    line('M400 80 V570 M230 290 H570', '#8a6844', 6),
    line('M400 570 C360 630 460 650 410 710 C390 740 420 760 400 790', '#6b5138', 5),
    [
      [392, 624, 20],
      [432, 674, -30],
      [402, 738, 24],
    ]
      .map(([x, y, turn], at) =>
        group(
          `translate(${x} ${y}) rotate(${turn})`,
          path('M0 0 L-36 -17 V17 Z M0 0 L36 -17 V17 Z', at % 2 ? ink.main : '#e2b04e'),
        ),
      )
      .join(''),
  );

export const toys = { camel, rainbow, blocks, backgammon, spinningTop, puzzle, rabbit, kite };
