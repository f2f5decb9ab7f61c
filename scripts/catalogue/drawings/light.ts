import { tone } from '../colour.ts';
import { box, disc, group, line, n, oval, path, times } from '../pen.ts';
import type { Recipe } from './recipe.ts';

const FLAME = '#ffd98a';

const flame = (x: number, y: number, size = 1): string =>
  `<g transform="translate(${x} ${y}) scale(${size})">${path('M0 0 C-30 -20 -22 -58 0 -96 C22 -58 30 -20 0 0 Z', '#f5a742')}${path('M0 -4 C-15 -16 -11 -40 0 -62 C11 -40 15 -16 0 -4 Z', '#fff0c2')}</g>`;

const paperLantern: Recipe = (pen, ink) => {
  const ribs = times(9, (at) => {
    const y = 252 + at * 40;
    const half = Math.sqrt(Math.max(0, 1 - ((y - 412) / 196) ** 2)) * 212;
    return line(
      `M${n(400 - half)} ${y} C${n(400 - half * 0.5)} ${y + 24} ${n(400 + half * 0.5)} ${y + 24} ${n(400 + half)} ${y}`,
      ink.dark,
      4,
      'opacity="0.55"',
    );
  });
  return [
    oval(400, 412, 350, 340, pen.fade(FLAME, 0.55)),
    line('M400 0 V210', tone(ink.deep, -0.15), 5),
    oval(400, 412, 212, 196, pen.ball(ink.main)),
    oval(400, 440, 150, 130, pen.fade('#fff3cf', 0.9)),
    ribs,
    box(352, 206, 96, 20, 8, tone(ink.accent, -0.05)),
    box(352, 598, 96, 20, 8, tone(ink.accent, -0.05)),
    line('M400 618 V690', ink.accent, 5),
    disc(400, 700, 13, ink.accent),
    times(7, (at) => line(`M${388 + at * 4} 712 L${380 + at * 7} 770`, ink.accent, 4)),
  ].join('');
};

const deskLamp: Recipe = (pen, ink) => {
  const head = 'M420 196 C470 172 540 204 566 268 L610 372 L404 452 L364 342 C346 276 366 220 420 196 Z';
  return [
    path('M404 452 L610 372 L760 640 L300 640 Z', pen.blend('#fff0c4', '#fff8e6'), 'opacity="0.42"'),
    pen.ground(300, 642, 140, 20),
    path('M196 626 C196 596 240 586 300 586 C360 586 404 596 404 626 L404 640 L196 640 Z', pen.round(ink.main)),
    line('M300 590 L204 400', tone(ink.accent, -0.08), 20),
    line('M297 590 L202 400', ink.accent, 11),
    line('M204 400 L424 252', tone(ink.accent, -0.08), 20),
    line('M203 396 L424 248', ink.accent, 11),
    disc(204, 400, 21, pen.ball(ink.deep)),
    oval(507, 412, 110, 34, '#fff3cf', 'transform="rotate(-21 507 412)"'),
    disc(508, 420, 34, '#fffbe9'),
    path(head, pen.fall(ink.main)),
    line('M404 452 L610 372', ink.deep, 9),
    line('M398 300 C396 258 416 236 440 226', '#ffffff', 11, 'opacity="0.4"'),
    disc(424, 250, 17, ink.accent),
  ].join('');
};

const mosaicLamp: Recipe = (pen, ink) => {
  const glass =
    'M268 400 C268 300 330 250 400 250 C470 250 532 300 532 400 C532 484 470 520 400 520 C330 520 268 484 268 400 Z';
  const colours = [ink.main, ink.accent, '#f0c558', '#e9efe4', tone(ink.main, -0.12), tone(ink.accent, 0.1)];
  const petals = (cy: number, r: number, count: number, turn: number): string =>
    times(count, (at) => {
      const angle = (at / count) * 360 + turn;
      return `<g transform="translate(400 ${cy}) rotate(${n(angle)})">${path(`M0 ${-r} L${n(r * 0.22)} ${n(-r * 0.62)} L0 ${n(-r * 0.28)} L${n(-r * 0.22)} ${n(-r * 0.62)} Z`, colours[at % colours.length]!)}</g>`;
    });
  return group(
    'translate(400 644) scale(1.15) translate(-400 -644)',
    oval(400, 390, 330, 320, pen.fade(FLAME, 0.6)),
    pen.ground(400, 644, 120, 18),
    path('M384 516 H416 L424 590 C470 596 496 612 498 640 H302 C304 612 330 596 376 590 Z', pen.metal('#a87a3e')),
    path(glass, '#3b2d2a'),
    pen.inside(
      glass,
      times(12, (row) =>
        times(14, (at) =>
          disc(256 + at * 22 + (row % 2) * 11, 252 + row * 25, 9.4, colours[(at * 5 + row * 3) % colours.length]!),
        ),
      ),
      disc(400, 386, 96, '#3b2d2a'),
      petals(386, 94, 12, 0),
      disc(400, 386, 24, '#f7e7b8'),
      petals(386, 24, 6, 30),
      oval(352, 330, 130, 110, pen.fade('#ffffff', 0.35)),
    ),
    path('M352 258 C360 226 440 226 448 258 C430 268 370 268 352 258 Z', pen.metal('#a87a3e')),
    disc(400, 224, 12, '#a87a3e'),
    box(340, 512, 120, 18, 9, pen.metal('#a87a3e')),
  );
};

const pendant: Recipe = (pen, ink) => {
  const dome = 'M170 480 C170 330 270 240 400 240 C530 240 630 330 630 480 Z';
  return [
    path('M190 480 L610 480 L780 800 L20 800 Z', pen.blend('#fff1c9', '#fff9ea'), 'opacity="0.28"'),
    line('M400 0 V210', '#2d2a28', 6),
    box(374, 184, 52, 62, 12, pen.metal(ink.accent)),
    path(dome, pen.round(ink.main)),
    line('M214 440 C222 356 268 306 320 282', '#ffffff', 14, 'opacity="0.35"'),
    oval(400, 480, 230, 38, ink.accentLight),
    oval(400, 482, 214, 30, '#fff1c4'),
    disc(400, 492, 40, '#fffdf2'),
    oval(400, 500, 150, 90, pen.fade('#ffffff', 0.6)),
  ].join('');
};

const tinLantern: Recipe = (pen, ink) => {
  const star = (x: number, y: number, r: number): string =>
    path(
      `M${Array.from({ length: 16 }, (_, at) => {
        const angle = (at / 16) * Math.PI * 2;
        const reach = at % 2 === 0 ? r : r * 0.5;
        return `${n(x + Math.sin(angle) * reach)} ${n(y - Math.cos(angle) * reach)}`;
      }).join('L')}Z`,
      FLAME,
    );
  return [
    oval(400, 450, 330, 320, pen.fade(FLAME, 0.55)),
    pen.ground(400, 648, 150, 20),
    line('M400 200 m-34 -34 a34 34 0 1 1 68 0 a34 34 0 1 1 -68 0', pen.metal(ink.main), 11),
    path('M400 190 C452 220 494 262 506 318 H294 C306 262 348 220 400 190 Z', pen.metal(ink.main)),
    times(5, (at) => disc(336 + at * 32, 296 - Math.abs(2 - at) * -2, 7, FLAME)),
    times(3, (at) => disc(368 + at * 32, 264, 6, FLAME)),
    box(276, 314, 248, 26, 8, pen.metal(tone(ink.main, -0.06))),
    path('M288 340 H512 L500 596 H300 Z', pen.metal(ink.main)),
    star(400, 466, 76),
    disc(400, 466, 22, pen.metal(ink.main)),
    [
      [322, 382],
      [478, 382],
      [326, 552],
      [474, 552],
    ]
      .map(([x, y]) => star(x!, y!, 24))
      .join(''),
    times(6, (at) => disc(342 + at * 23, 366, 5, FLAME) + disc(342 + at * 23, 574, 5, FLAME)),
    box(278, 592, 244, 28, 8, pen.metal(tone(ink.main, -0.06))),
    [296, 400, 504].map((x) => box(x - 14, 618, 28, 26, 8, tone(ink.main, -0.16))).join(''),
  ].join('');
};

const candles: Recipe = (pen, ink) => {
  const candle = (x: number, top: number, wide: number): string =>
    oval(x, top - 66, 150, 150, pen.fade(FLAME, 0.5)) +
    box(x - wide / 2, top, wide, 640 - top, 12, pen.round(ink.main)) +
    oval(x, top + 6, wide / 2, wide * 0.1, ink.light) +
    path(`M${x - wide / 2 + 10} ${top + 8} q6 ${60} 14 ${60} q10 0 8 -54 Z`, ink.light) +
    line(`M${x} ${top} V${top - 20}`, '#3b2a20', 5) +
    flame(x, top - 16, 0.9);
  return [pen.ground(400, 642, 240, 30), candle(270, 330, 120), candle(540, 410, 132), candle(404, 470, 124)].join('');
};

const candlestick: Recipe = (pen, ink) => {
  const brass = pen.metal(ink.main);
  return [
    oval(400, 120, 190, 190, pen.fade(FLAME, 0.55)),
    pen.ground(400, 642, 150, 22),
    box(378, 160, 44, 190, 8, pen.round(ink.accent)),
    line('M400 162 V142', '#3b2a20', 5),
    flame(400, 146, 0.9),
    path('M338 340 C344 380 370 388 384 396 H416 C430 388 456 380 462 340 Z', brass),
    oval(400, 340, 62, 13, ink.light),
    box(386, 392, 28, 150, 10, brass),
    oval(400, 430, 34, 17, brass),
    oval(400, 494, 42, 22, brass),
    path('M380 540 H420 C430 580 520 590 536 622 L538 640 H262 L264 622 C280 590 370 580 380 540 Z', brass),
    line('M540 600 C610 580 620 650 560 640', ink.main, 13),
  ].join('');
};

export const light = { paperLantern, deskLamp, mosaicLamp, pendant, tinLantern, candles, candlestick };
