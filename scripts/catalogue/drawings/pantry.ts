import { tone } from '../colour.ts';
import { box, disc, group, line, oval, path, times } from '../pen.ts';
import { decorated, type Recipe } from './recipe.ts';

const teaTin: Recipe = (pen, ink, motif) => {
  const body = 'M262 300 H538 V612 Q538 640 500 640 H300 Q262 640 262 612 Z';
  const arch = 'M322 560 V440 A78 78 0 0 1 478 440 V560 Z';
  return [
    pen.ground(400, 642, 190),
    path(body, pen.round(ink.main)),
    decorated(pen, ink, motif, body),
    path(arch, ink.paper),
    line(arch, ink.accent, 6),
    group(
      'translate(400 520)',
      path('M0 24 C-8 -20 -4 -60 0 -96', 'none', `stroke="${ink.deep}" stroke-width="5"`),
      leafPair(ink.main, 0),
      leafPair(ink.main, -36),
      path('M0 -74 C14 -92 12 -112 0 -128 C-12 -112 -14 -92 0 -74 Z', ink.main),
    ),
    oval(400, 300, 138, 22, ink.deep),
    path('M254 240 H546 V296 C500 322 300 322 254 296 Z', pen.metal(ink.accent)),
    oval(400, 240, 146, 24, ink.accentLight),
    oval(400, 238, 120, 17, ink.accent),
    disc(400, 226, 17, pen.ball(ink.accent)),
  ].join('');
};

const leafPair = (colour: string, y: number): string =>
  path(`M0 ${y} C22 ${y - 12} 46 ${y - 26} 54 ${y - 46} C28 ${y - 44} 6 ${y - 30} 0 ${y} Z`, colour) +
  path(`M0 ${y} C-22 ${y - 12} -46 ${y - 26} -54 ${y - 46} C-28 ${y - 44} -6 ${y - 30} 0 ${y} Z`, tone(colour, -0.06));

const jar: Recipe = (pen, ink, motif) => {
  const glass =
    'M276 330 C250 348 244 372 244 404 V592 Q244 640 296 640 H504 Q556 640 556 592 V404 C556 372 550 348 524 330 Z';
  return [
    pen.ground(400, 642, 190),
    path(glass, '#f4f4ef', 'opacity="0.75"'),
    pen.inside(
      glass,
      path('M230 376 C320 366 480 386 570 376 V660 H230 Z', pen.round(ink.main)),
      motif === 'plain' ? '' : decorated(pen, ink, motif, 'M230 400 H570 V660 H230 Z'),
    ),
    line(glass, '#ffffff', 5, 'opacity="0.8"'),
    box(282, 432, 236, 140, 12, ink.paper),
    box(294, 444, 212, 116, 8, 'none', `stroke="${ink.accent}" stroke-width="4"`),
    disc(400, 486, 24, ink.main),
    path('M400 464 C408 448 424 442 438 446 C432 462 416 470 400 464 Z', '#6f8a4c'),
    line('M344 530 H456', ink.deep, 7),
    line('M366 548 H434', ink.dark, 5, 'opacity="0.7"'),
    path('M262 278 L282 250 H518 L538 278 L530 336 H270 Z', pen.round(ink.accent)),
    path(
      'M248 318 C300 300 500 300 552 318 L560 350 C520 336 508 356 480 342 C450 356 430 338 400 348 C370 338 350 356 320 342 C292 356 280 336 240 350 Z',
      pen.round(ink.accentLight),
    ),
    line('M268 316 C340 304 460 304 532 316', ink.paper, 8),
    line('M262 410 V580', '#ffffff', 12, 'opacity="0.45"'),
  ].join('');
};

const bottle: Recipe = (pen, ink) => {
  const body =
    'M362 150 V262 C362 318 290 330 290 408 V600 Q290 640 330 640 H470 Q510 640 510 600 V408 C510 330 438 318 438 262 V150 Z';
  return [
    pen.ground(400, 642, 140, 24),
    path(body, pen.round(ink.main)),
    line('M312 420 V596', '#ffffff', 11, 'opacity="0.35"'),
    path('M290 426 H510 V586 H290 Z', ink.paper),
    path('M290 426 H510 V440 H290 Z M290 572 H510 V586 H290 Z', ink.accent),
    line('M346 540 C360 490 420 470 462 460', '#6b7a3c', 6),
    times(4, (at) =>
      oval(
        360 + at * 28,
        512 - at * 13,
        17,
        9,
        '#8c9c55',
        `transform="rotate(${-58 + at * 4} ${360 + at * 28} ${512 - at * 13})"`,
      ),
    ),
    oval(392, 530, 13, 17, pen.ball('#4c4f3a')),
    oval(430, 512, 13, 17, pen.ball('#5d6b34')),
    box(354, 132, 92, 44, 8, pen.metal(ink.accent)),
    box(370, 96, 60, 44, 10, pen.round('#b98a5a')),
  ].join('');
};

const pouch: Recipe = (pen, ink, motif) => {
  const body = 'M258 214 H542 L560 600 Q562 640 520 640 H280 Q238 640 240 600 Z';
  return [
    pen.ground(400, 642, 190),
    path(body, pen.round(ink.main)),
    decorated(pen, ink, motif, body),
    path('M258 214 H542 L546 292 H254 Z', ink.dark, 'opacity="0.55"'),
    line('M256 292 H544', ink.deep, 4, 'opacity="0.5"'),
    box(246, 196, 308, 34, 8, ink.deep),
    box(380, 240, 40, 34, 8, ink.accent),
    disc(400, 452, 104, ink.paper),
    disc(400, 452, 94, 'none', `stroke="${ink.accent}" stroke-width="4"`),
    bean(366, 440, -28, ink.main),
    bean(432, 430, 24, ink.dark),
    bean(404, 492, 80, ink.deep),
    line('M262 600 C320 622 480 622 540 600', ink.deep, 4, 'opacity="0.5"'),
  ].join('');
};

const bean = (x: number, y: number, turn: number, colour: string): string =>
  group(
    `translate(${x} ${y}) rotate(${turn})`,
    oval(0, 0, 25, 35, colour),
    line('M-3 -28 C10 -10 -10 10 3 28', tone(colour, 0.2), 5),
  );

const spiceJar: Recipe = (pen, ink) => {
  const glass =
    'M300 330 H500 C520 350 524 370 524 396 V600 Q524 640 484 640 H316 Q276 640 276 600 V396 C276 370 280 350 300 330 Z';
  return [
    pen.ground(400, 642, 160, 26),
    path(glass, '#f3f2ea', 'opacity="0.8"'),
    pen.inside(
      glass,
      path('M260 412 C330 386 420 436 540 400 V660 H260 Z', pen.round(ink.main)),
      path('M260 412 C330 386 420 436 540 400 V660 H260 Z', pen.speckle(ink.accent)),
      path('M260 412 C330 386 420 436 540 400 V660 H260 Z', pen.dots(ink.light, 3, 23)),
    ),
    line(glass, '#ffffff', 5, 'opacity="0.8"'),
    path('M318 466 H482 L496 480 V570 L482 584 H318 L304 570 V480 Z', ink.paper),
    line('M342 510 H458', ink.deep, 7),
    line('M362 534 H438', ink.dark, 5),
    path('M294 238 Q294 216 316 216 H484 Q506 216 506 238 V334 H294 Z', pen.round('#c59b6d')),
    path('M294 238 H506 V334 H294 Z', pen.grain('#8a6238')),
    line('M300 440 V590', '#ffffff', 10, 'opacity="0.5"'),
    oval(586, 634, 52, 13, ink.main),
    oval(580, 628, 34, 8, ink.light),
  ].join('');
};

const giftBox: Recipe = (pen, ink) => {
  const rows = times(3, (row) =>
    times(5, (at) => {
      const [x, y] = [236 + at * 82, 380 + row * 82];
      return `<g transform="translate(${x} ${y})">${oval(3, 6, 32, 37, ink.accentDark, 'opacity="0.6"')}${oval(0, 0, 31, 36, pen.ball(ink.main))}${line('M-13 -14 C-6 -4 -12 8 -8 20 M6 -24 C12 -8 4 4 10 22', ink.deep, 3, 'opacity="0.6"')}</g>`;
    }),
  );
  const lid = 'M168 150 H632 Q648 150 648 166 V300 H152 V166 Q152 150 168 150 Z';
  const tray = 'M152 318 H648 V620 Q648 644 624 644 H176 Q152 644 152 620 Z';
  return [
    pen.lying(`${tray} ${lid}`),
    path(tray, pen.fall(ink.accent)),
    box(174, 336, 452, 286, 10, ink.accentDark),
    times(3, (row) => times(5, (at) => disc(236 + at * 82, 384 + row * 82, 38, ink.paper, 'opacity="0.9"'))),
    rows,
    path(lid, pen.fall(ink.accent)),
    path('M172 168 H628 V282 H172 Z', 'none', `stroke="${ink.accentLight}" stroke-width="4"`),
    group(
      'translate(400 272)',
      times(7, (at) =>
        group(
          `rotate(${-66 + at * 22})`,
          path('M0 0 C15 -30 12 -62 0 -88 C-12 -62 -15 -30 0 0 Z', at % 2 ? ink.accentLight : ink.paper),
        ),
      ),
    ),
  ].join('');
};

export const pantry = { teaTin, jar, bottle, pouch, spiceJar, giftBox };
