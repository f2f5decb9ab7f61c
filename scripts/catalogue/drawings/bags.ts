import { tone } from '../colour.ts';
import { box, dashed, disc, group, line, oval, path, times } from '../pen.ts';
import { decorated, type Recipe } from './recipe.ts';

const BRASS = '#c9a45a';

const tote: Recipe = (pen, ink, motif) => {
  const body = 'M212 330 H588 L612 612 Q614 644 582 644 H218 Q186 644 188 612 Z';
  return [
    pen.ground(400, 646, 230),
    line('M310 340 C306 120 494 120 490 340', ink.accentDark, 20),
    path(body, pen.fall(ink.main)),
    decorated(pen, ink, motif, body),
    path(body, pen.weave(ink.deep)),
    path('M212 330 H588 L590 360 H210 Z', ink.deep, 'opacity="0.25"'),
    line('M300 420 C296 130 504 130 500 420', ink.accent, 22),
    [300, 500]
      .map(
        (x) =>
          box(x - 20, 400, 40, 66, 6, ink.accent) +
          line(`M${x - 12} 410 l24 44 M${x + 12} 410 l-24 44`, ink.accentLight, 3),
      )
      .join(''),
    dashed('M206 610 H594', ink.light, 4, '11 9'),
  ].join('');
};

const weekender: Recipe = (pen, ink) => {
  const body =
    'M140 420 C140 350 200 326 260 322 H540 C600 326 660 350 660 420 V590 Q660 640 610 640 H190 Q140 640 140 590 Z';
  return [
    pen.ground(400, 644, 270, 30),
    line('M270 350 C262 190 538 190 530 350', ink.accentDark, 20),
    path(body, pen.fall(ink.main)),
    path(body, pen.weave(ink.deep)),
    path('M140 560 H660 V590 Q660 640 610 640 H190 Q140 640 140 590 Z', pen.fall(ink.accent)),
    path('M140 420 C140 380 160 356 190 342 C214 420 214 540 190 640 Q140 640 140 590 Z', ink.accent),
    path('M660 420 C660 380 640 356 610 342 C586 420 586 540 610 640 Q660 640 660 590 Z', ink.accentDark),
    line('M216 344 H584', '#4b4038', 11),
    line('M216 344 H584', BRASS, 4, 'stroke-dasharray="4 7"'),
    line('M262 560 C262 180 538 180 538 560', ink.accent, 22),
    dashed('M262 556 C262 190 538 190 538 556', ink.accentLight, 3, '9 8'),
    [262, 538].map((x) => disc(x, 552, 11, BRASS)).join(''),
    box(352, 430, 96, 60, 8, ink.accentDark),
    dashed('M362 440 H438 V480 H362 Z', ink.accentLight, 3, '8 7'),
  ].join('');
};

const wallet: Recipe = (pen, ink) => {
  const back = 'M180 240 Q180 216 204 216 H596 Q620 216 620 240 V560 Q620 584 596 584 H204 Q180 584 180 560 Z';
  return group(
    'rotate(-6 400 400)',
    pen.lying(back),
    box(240, 176, 320, 120, 12, ink.paper),
    box(260, 196, 320, 120, 12, ink.accent),
    path(back, pen.fall(ink.main)),
    path('M180 300 H620 V560 Q620 584 596 584 H204 Q180 584 180 560 Z', pen.fall(tone(ink.main, -0.04))),
    line('M180 300 C320 300 360 348 400 348 C440 348 480 300 620 300', ink.deep, 4),
    dashed('M196 318 C320 318 360 366 400 366 C440 366 480 318 604 318 V568 H196 Z', tone(ink.main, 0.2), 4, '12 9'),
    disc(400, 470, 20, pen.ball(BRASS)),
    path('M210 236 H420', 'none', 'stroke="#ffffff" stroke-width="8" stroke-linecap="round" opacity="0.25"'),
  );
};

const satchel: Recipe = (pen, ink) => {
  const body = 'M188 300 Q188 276 212 276 H588 Q612 276 612 300 V606 Q612 640 578 640 H222 Q188 640 188 606 Z';
  const flap =
    'M176 290 Q176 260 206 260 H594 Q624 260 624 290 V430 C624 496 540 520 400 520 C260 520 176 496 176 430 Z';
  return [
    pen.ground(400, 644, 230),
    line('M200 300 C120 40 680 40 600 300', ink.deep, 17),
    path(body, pen.fall(ink.dark)),
    path(flap, ink.deep, 'opacity="0.35" transform="translate(0 10)"'),
    path(flap, pen.fall(ink.main)),
    dashed(
      'M190 296 Q190 274 210 274 H590 Q610 274 610 296 V428 C610 484 530 506 400 506 C270 506 190 484 190 428 Z',
      tone(ink.main, 0.18),
      4,
      '12 9',
    ),
    [290, 510]
      .map(
        (x) =>
          box(x - 22, 400, 44, 170, 8, ink.accent) +
          box(x - 30, 500, 60, 42, 6, 'none', `stroke="${BRASS}" stroke-width="8"`) +
          line(`M${x} 504 V536`, BRASS, 5) +
          disc(x, 420, 5, BRASS),
      )
      .join(''),
    line('M340 250 C340 210 460 210 460 250', ink.deep, 20),
  ].join('');
};

const keyFob: Recipe = (pen, ink) =>
  [
    group(
      'translate(430 380) rotate(18)',
      pen.lying('M-60 -40 H60 V240 C60 300 -60 300 -60 240 Z'),
      path('M-60 -20 Q-60 -60 0 -60 Q60 -60 60 -20 V230 C60 300 -60 300 -60 230 Z', pen.fall(ink.main)),
      dashed('M-46 -16 Q-46 -46 0 -46 Q46 -46 46 -16 V226 C46 284 -46 284 -46 226 Z', tone(ink.main, 0.22), 4, '11 8'),
      path('M-28 170 V120 A28 28 0 0 1 28 120 V170 Z', ink.deep, 'opacity="0.5"'),
      disc(0, -22, 13, BRASS),
      disc(0, -22, 5, ink.deep),
    ),
    line('M438 354 m-110 -120 a110 110 0 1 1 120 110', pen.metal(BRASS), 15),
    group(
      'translate(300 330) rotate(30)',
      disc(0, 0, 52, pen.ball('#b9bec2')),
      disc(0, -16, 16, '#8d949a'),
      box(-13, 46, 26, 200, 4, pen.metal('#b9bec2')),
      box(8, 150, 40, 20, 3, '#a3a9ae'),
      box(8, 190, 30, 22, 3, '#a3a9ae'),
      box(8, 226, 42, 18, 3, '#a3a9ae'),
    ),
    group(
      'translate(246 286) rotate(66)',
      disc(0, 0, 42, pen.ball(ink.accent)),
      disc(0, -12, 13, ink.accentDark),
      box(-10, 38, 20, 150, 4, pen.metal(ink.accent)),
      box(6, 130, 30, 16, 3, ink.accentDark),
      box(6, 160, 38, 16, 3, ink.accentDark),
    ),
  ].join('');

const basket: Recipe = (pen, ink) => {
  const body = 'M170 380 H630 L584 606 Q576 640 540 640 H260 Q224 640 216 606 Z';
  const weave = pen.tile(
    56,
    40,
    box(0, 0, 56, 40, 0, ink.main) +
      path('M2 4 Q14 -2 26 4 V17 Q14 23 2 17 Z', ink.light) +
      path('M30 24 Q42 18 54 24 V37 Q42 43 30 37 Z', ink.light) +
      path('M30 4 H54 V17 H30 Z M2 24 H26 V37 H2 Z', ink.dark),
  );
  return [
    pen.ground(400, 644, 220),
    line('M250 390 C240 130 560 130 550 390', ink.accentDark, 26),
    line('M250 388 C242 136 558 136 550 388', ink.accent, 15),
    path(body, ink.main),
    path(body, weave),
    pen.inside(
      body,
      path('M170 470 H630 V520 H170 Z', ink.accent, 'opacity="0.85"'),
      path('M500 360 H640 V660 H500 Z', ink.deep, 'opacity="0.22"'),
      path('M170 360 H250 V660 H170 Z', '#ffffff', 'opacity="0.1"'),
    ),
    times(19, (at) =>
      group(`translate(${176 + at * 24.8} 380) rotate(24)`, oval(0, 0, 11, 23, at % 2 ? ink.light : ink.dark)),
    ),
    times(14, (at) =>
      group(`translate(${238 + at * 25} 634) rotate(24)`, oval(0, 0, 9, 15, at % 2 ? ink.dark : ink.deep)),
    ),
  ].join('');
};

const belt: Recipe = (pen, ink) => {
  const coil =
    'M330 408 C330 340 470 340 470 408 C470 500 262 500 262 400 C262 250 540 250 540 404 C540 590 196 590 196 398 C196 300 260 214 380 206';
  const tongue = 'M372 176 H668 Q704 206 668 236 H372 Z';
  return [
    line(coil, '#33261b', 50, 'opacity="0.13" transform="translate(10 16)"'),
    line(coil, ink.deep, 50),
    line(coil, pen.fall(ink.main), 43),
    dashed(coil, tone(ink.main, 0.2), 3, '11 9'),
    pen.lying(tongue),
    path(tongue, pen.fall(ink.main)),
    dashed('M380 186 H662 Q686 206 662 226 H380', tone(ink.main, 0.2), 3, '11 9'),
    times(5, (at) => oval(520 + at * 32, 206, 6, 6, tone(ink.deep, -0.15))),
    box(420, 158, 26, 96, 7, ink.deep),
    box(296, 148, 92, 116, 22, 'none', `stroke="${ink.accentDark}" stroke-width="20"`),
    box(296, 148, 92, 116, 22, 'none', `stroke="${ink.accent}" stroke-width="14"`),
    line('M392 206 H312', ink.accentDark, 13),
    line('M392 204 H312', ink.accentLight, 7),
  ].join('');
};

const backpack: Recipe = (pen, ink) => {
  const body =
    'M236 300 C236 262 270 250 310 250 H490 C530 250 564 262 564 300 L582 590 Q584 644 530 644 H270 Q216 644 218 590 Z';
  return [
    pen.ground(400, 646, 210),
    line('M232 380 C170 420 170 560 220 610 M568 380 C630 420 630 560 580 610', ink.accentDark, 24),
    line('M362 160 C362 120 438 120 438 160', ink.accent, 13),
    path(body, pen.fall(ink.main)),
    path(body, pen.weave(ink.deep)),
    path('M250 164 Q250 150 268 150 H532 Q550 150 550 164 L566 300 H234 Z', pen.fall(ink.light)),
    path('M250 164 Q250 150 268 150 H532 Q550 150 550 164 L552 190 H248 Z', ink.deep, 'opacity="0.35"'),
    line('M236 300 H564', ink.deep, 5, 'opacity="0.5"'),
    path(
      'M270 440 H530 V590 Q530 616 504 616 H296 Q270 616 270 590 Z',
      ink.deep,
      'opacity="0.25" transform="translate(4 6)"',
    ),
    path('M270 440 H530 V590 Q530 616 504 616 H296 Q270 616 270 590 Z', ink.light),
    path('M264 440 H536 V486 C480 510 320 510 264 486 Z', ink.main),
    box(384, 180, 32, 330, 6, ink.accent),
    box(374, 330, 52, 40, 6, 'none', `stroke="${BRASS}" stroke-width="8"`),
    line('M400 334 V366', BRASS, 5),
    disc(400, 496, 9, BRASS),
  ].join('');
};

export const bags = { tote, weekender, wallet, satchel, keyFob, basket, belt, backpack };
