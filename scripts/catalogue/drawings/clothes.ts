import { tone } from '../colour.ts';
import { box, dashed, disc, group, line, oval, path, times } from '../pen.ts';
import { decorated, type Recipe } from './recipe.ts';

const BUTTON = '#efe6d4';

const shirt: Recipe = (pen, ink, motif) => {
  const body =
    'M292 168 L350 146 H450 L508 168 C560 184 596 210 612 260 L676 470 L596 500 L556 380 V650 Q556 664 542 664 H258 Q244 664 244 650 V380 L204 500 L124 470 L188 260 C204 210 240 184 292 168 Z';
  return [
    pen.lying(body),
    path(body, pen.fall(ink.main)),
    decorated(pen, ink, motif, body),
    path(body, pen.weave(ink.deep)),
    line('M244 380 C236 340 240 290 250 260 M556 380 C564 340 560 290 550 260', ink.deep, 5, 'opacity="0.45"'),
    line('M124 470 L204 500 M676 470 L596 500', ink.deep, 7, 'opacity="0.6"'),
    path('M350 146 C372 176 428 176 450 146 L462 158 L400 226 L338 158 Z', ink.deep),
    path('M350 146 L322 162 L362 236 L400 190 Z', ink.light),
    path('M450 146 L478 162 L438 236 L400 190 Z', ink.light),
    line('M386 214 V664 M414 214 V664', ink.dark, 4),
    times(6, (at) => disc(400, 254 + at * 72, 8, BUTTON) + disc(400, 254 + at * 72, 3, ink.dark)),
    path('M452 320 H526 V392 L489 410 L452 392 Z', ink.light),
    dashed('M458 330 H520', ink.dark, 3, '8 6'),
    dashed('M256 648 H544', ink.dark, 3, '8 6'),
  ].join('');
};

const tee: Recipe = (pen, ink, motif) => {
  const body =
    'M298 176 L352 156 C372 190 428 190 448 156 L502 176 C552 190 588 214 610 256 L668 372 L580 420 L548 366 V640 Q548 656 532 656 H268 Q252 656 252 640 V366 L220 420 L132 372 L190 256 C212 214 248 190 298 176 Z';
  return [
    pen.lying(body),
    path(body, pen.fall(ink.main)),
    decorated(pen, ink, motif, body),
    line('M252 366 C246 320 250 280 258 256 M548 366 C554 320 550 280 542 256', ink.deep, 5, 'opacity="0.45"'),
    line('M352 156 C372 190 428 190 448 156', ink.deep, 15),
    line('M345 162 C368 206 432 206 455 162', ink.light, 9),
    dashed('M146 368 L222 410 M654 368 L578 410 M266 640 H534', ink.dark, 3.5, '9 7'),
    line('M300 460 C310 520 300 580 306 630 M494 440 C486 520 500 570 492 630', ink.deep, 4, 'opacity="0.25"'),
  ].join('');
};

const jumper: Recipe = (pen, ink, motif) => {
  const body =
    'M296 180 L350 158 C372 186 428 186 450 158 L504 180 C560 194 596 226 612 280 L672 560 L590 586 L552 410 V624 H248 V410 L210 586 L128 560 L188 280 C204 226 240 194 296 180 Z';
  return [
    pen.lying(body),
    path(body, pen.fall(ink.main)),
    path(body, pen.knit(ink.dark, 20)),
    motif === 'plain'
      ? ''
      : pen.inside(
          body,
          box(100, 300, 600, 20, 0, ink.accent),
          times(18, (at) => path(`M${100 + at * 34} 366 l17 -30 l17 30 l-17 30 Z`, ink.accent)),
          box(100, 412, 600, 20, 0, ink.accent),
          path(body, pen.knit(ink.deep, 20), 'opacity="0.5"'),
        ),
    line('M248 410 C240 360 244 310 254 280 M552 410 C560 360 556 310 546 280', ink.deep, 6, 'opacity="0.5"'),
    path('M246 616 H554 V660 Q554 670 544 670 H256 Q246 670 246 660 Z', pen.stripes(ink.deep, 5, 9)),
    path('M246 616 H554 V660 Q554 670 544 670 H256 Q246 670 246 660 Z', ink.main, 'opacity="0.55"'),
    group(
      'rotate(16.5 169 573)',
      box(122, 560, 92, 46, 8, ink.dark),
      box(122, 560, 92, 46, 8, pen.stripes(ink.deep, 4, 8)),
    ),
    group(
      'rotate(-16.5 631 573)',
      box(586, 560, 92, 46, 8, ink.dark),
      box(586, 560, 92, 46, 8, pen.stripes(ink.deep, 4, 8)),
    ),
    line('M350 158 C372 186 428 186 450 158', ink.deep, 22),
    line('M340 166 C366 214 434 214 460 166', ink.light, 19),
    dashed('M340 166 C366 214 434 214 460 166', ink.dark, 19, '2 8'),
  ].join('');
};

const choreJacket: Recipe = (pen, ink) => {
  const body =
    'M290 170 L346 148 H454 L510 170 C562 186 598 216 614 268 L676 560 L592 584 L556 400 V646 Q556 660 542 660 H258 Q244 660 244 646 V400 L208 584 L124 560 L186 268 C202 216 238 186 290 170 Z';
  const pocket = (x: number, y: number, w: number, h: number): string =>
    path(`M${x} ${y} h${w} v${h - 22} q0 22 -22 22 h${44 - w} q-22 0 -22 -22 Z`, ink.light) +
    dashed(
      `M${x + 8} ${y + 14} h${w - 16} M${x + 8} ${y + 24} v${h - 44} q0 12 14 12 h${w - 44} q14 0 14 -12 v${44 - h}`,
      tone(ink.main, 0.22),
      3,
      '8 6',
    );
  return [
    pen.lying(body),
    path(body, pen.fall(ink.main)),
    path(body, pen.weave(ink.deep)),
    line('M244 400 C236 350 240 300 250 270 M556 400 C564 350 560 300 550 270', ink.deep, 5, 'opacity="0.5"'),
    path('M346 148 C372 180 428 180 454 148 L448 210 L400 240 L352 210 Z', ink.deep),
    path('M346 148 L306 172 L350 262 L400 214 Z', ink.light),
    path('M454 148 L494 172 L450 262 L400 214 Z', ink.light),
    line('M400 216 V660', ink.deep, 5),
    times(5, (at) => disc(414, 286 + at * 80, 10, ink.accent) + disc(414, 286 + at * 80, 4, ink.accentDark)),
    pocket(270, 500, 112, 124),
    pocket(430, 500, 112, 124),
    pocket(438, 320, 90, 96),
    line('M130 538 L212 562 M670 538 L588 562', ink.deep, 5),
  ].join('');
};

const scarf: Recipe = (pen, ink, motif) => {
  const loop =
    'M400 130 C540 130 600 220 580 310 C560 390 480 420 400 420 C320 420 240 390 220 310 C200 220 260 130 400 130 Z M400 220 C340 220 316 258 326 292 C336 326 370 336 400 336 C430 336 464 326 474 292 C484 258 460 220 400 220 Z';
  const tail = (d: string): string =>
    path(d, pen.fall(ink.main)) + decorated(pen, ink, motif, d) + path(d, pen.weave(ink.deep));
  return [
    pen.lying('M290 360 H440 L420 690 H300 Z'),
    tail('M420 370 L520 350 L566 660 L452 676 Z'),
    times(9, (at) => line(`M${460 + at * 12} ${674 - at * 1.6} l4 38`, ink.main, 6)),
    path('M420 370 L470 360 L486 560 L440 560 Z', ink.deep, 'opacity="0.2"'),
    tail('M290 370 L410 380 L400 690 L268 684 Z'),
    times(10, (at) => line(`M${276 + at * 13} 686 l-2 38`, ink.main, 6)),
    path(loop, pen.ball(ink.main), 'fill-rule="evenodd"'),
    surfaceOver(pen, ink, motif, loop),
    path(loop, pen.weave(ink.deep), 'fill-rule="evenodd"'),
    line(
      'M232 300 C280 360 340 372 400 372 C470 372 530 350 566 300 M262 200 C300 170 350 160 400 162',
      ink.deep,
      6,
      'opacity="0.35"',
    ),
    path('M268 624 L404 630 L403 646 L267 640 Z M268 652 L402 658 L402 666 L267 660 Z', ink.accent),
    path('M448 624 L560 608 L562 624 L450 640 Z', ink.accent),
  ].join('');
};

function surfaceOver(
  pen: Parameters<Recipe>[0],
  ink: Parameters<Recipe>[1],
  motif: Parameters<Recipe>[2],
  outline: string,
): string {
  return decorated(pen, ink, motif, outline).replaceAll('<path ', '<path fill-rule="evenodd" ');
}

const beanie: Recipe = (pen, ink) => {
  const dome = 'M196 500 C196 320 290 220 400 220 C510 220 604 320 604 500 Z';
  return [
    pen.ground(400, 640, 210, 26),
    path(dome, pen.ball(ink.main)),
    path(dome, pen.knit(ink.dark, 24)),
    line(
      'M400 226 V500 M300 260 C262 340 256 420 258 500 M500 260 C538 340 544 420 542 500',
      ink.deep,
      5,
      'opacity="0.3"',
    ),
    path(
      'M176 490 Q176 470 200 470 H600 Q624 470 624 490 V610 Q624 636 598 636 H202 Q176 636 176 610 Z',
      pen.round(ink.light),
    ),
    path(
      'M176 490 Q176 470 200 470 H600 Q624 470 624 490 V610 Q624 636 598 636 H202 Q176 636 176 610 Z',
      pen.stripes(ink.dark, 6, 16),
    ),
    box(500, 530, 66, 50, 6, ink.accent),
    times(30, (at) =>
      line(
        `M400 196 l${Math.round(Math.cos(at * 0.84) * (40 + (at % 4) * 9))} ${Math.round(Math.sin(at * 0.84) * (40 + (at % 4) * 9))}`,
        at % 3 ? ink.accent : ink.accentLight,
        10,
      ),
    ),
  ].join('');
};

const socks: Recipe = (pen, ink, motif) => {
  const outline = 'M-70 -250 H60 V60 C60 110 100 130 150 150 C196 170 196 240 140 244 H10 C-50 244 -76 200 -74 150 Z';
  const sock = (transform: string): string =>
    group(
      transform,
      pen.lying(outline),
      path(outline, pen.fall(ink.main)),
      decorated(pen, ink, motif, outline),
      pen.inside(
        outline,
        path('M-90 -260 H80 V-186 H-90 Z', ink.accent),
        path('M-90 -260 H80 V-186 H-90 Z', pen.stripes(ink.accentDark, 4, 10)),
        path('M120 120 H220 V260 H104 C130 220 110 160 120 120 Z', ink.accent),
        path('M-80 120 C-20 110 20 180 -20 250 H-90 Z', ink.accent),
      ),
    );
  return sock('translate(440 380) rotate(8)') + sock('translate(300 420) rotate(-4)');
};

const hat: Recipe = (pen, ink) => {
  const straw = pen.tile(18, 14, line('M0 4 Q9 10 18 4', ink.dark, 2.4) + line('M0 11 Q9 16 18 11', ink.light, 2));
  const crown = 'M268 520 C268 360 300 276 400 276 C500 276 532 360 532 520 Z';
  return [
    pen.ground(400, 628, 290, 30),
    oval(400, 556, 296, 76, ink.deep),
    oval(400, 546, 296, 74, pen.round(ink.main)),
    oval(400, 546, 296, 74, straw),
    oval(400, 542, 180, 40, ink.deep, 'opacity="0.3"'),
    path(crown, pen.round(ink.main)),
    path(crown, straw),
    path(
      'M346 288 C370 318 430 318 454 288',
      'none',
      `stroke="${ink.deep}" stroke-width="8" opacity="0.4" stroke-linecap="round"`,
    ),
    path('M268 470 C330 500 470 500 532 470 V524 C470 556 330 556 268 524 Z', pen.round(ink.accent)),
    path('M520 486 L584 470 L572 512 L596 536 L522 522 Z', ink.accentDark),
  ].join('');
};

const trousers: Recipe = (pen, ink) => {
  const outline =
    'M272 130 H528 C544 300 562 480 576 664 Q576 678 562 678 H450 Q438 678 436 664 L404 330 Q400 316 396 330 L364 664 Q362 678 350 678 H238 Q224 678 224 664 C238 480 256 300 272 130 Z';
  return [
    pen.lying(outline),
    path(outline, pen.fall(ink.main)),
    path(outline, pen.weave(ink.deep)),
    path('M272 130 H528 L532 182 H268 Z', ink.dark),
    times(20, (at) => line(`M${280 + at * 12.6} 136 v40`, ink.deep, 3, 'opacity="0.6"')),
    line('M400 182 V318', ink.deep, 5, 'opacity="0.6"'),
    line('M286 190 C288 250 270 280 262 292 M514 190 C512 250 530 280 538 292', ink.deep, 6, 'opacity="0.6"'),
    line('M388 168 C370 220 360 230 366 262 M412 168 C430 220 446 236 438 274', ink.accent, 8),
    disc(366, 266, 8, ink.accentDark),
    disc(438, 278, 8, ink.accentDark),
    line('M320 330 C310 440 300 540 296 660 M480 330 C490 440 500 540 504 660', ink.deep, 4, 'opacity="0.25"'),
    dashed('M232 656 H356 M444 656 H568', ink.dark, 3.5, '9 7'),
  ].join('');
};

export const clothes = { shirt, tee, jumper, choreJacket, scarf, beanie, socks, hat, trousers };
