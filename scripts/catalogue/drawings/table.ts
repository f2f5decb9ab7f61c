import { tone } from '../colour.ts';
import { disc, group, line, n, oval, path, times } from '../pen.ts';
import { decorated, type Recipe } from './recipe.ts';

const CLAY = '#c9a583';

const mug: Recipe = (pen, ink, motif) => {
  const body = 'M262 318 L282 596 Q286 640 334 640 L450 640 Q498 640 502 596 L522 318 Z';
  const steam = (x: number): string =>
    line(`M${x} 262 C${x - 26} 228 ${x + 26} 204 ${x} 168`, '#ffffff', 9, 'opacity="0.55"');
  return [
    pen.ground(400, 640, 190),
    steam(350),
    steam(420),
    line('M512 372 C604 352 626 404 616 456 C606 520 560 552 500 556', ink.dark, 34),
    line('M512 366 C598 348 618 400 608 450 C598 512 556 544 500 548', pen.round(ink.main), 22),
    path(body, pen.round(ink.main)),
    decorated(pen, ink, motif, body),
    motif === 'dip'
      ? pen.inside(
          body,
          path('M240 520 C300 506 330 534 400 522 C460 512 490 530 560 514 V700 H240 Z', pen.round(CLAY)),
          path(
            'M240 520 C300 506 330 534 400 522 C460 512 490 530 560 514 V526 C490 542 460 524 400 534 C330 546 300 518 240 532 Z',
            ink.deep,
            'opacity="0.35"',
          ),
        )
      : '',
    oval(392, 318, 130, 31, ink.light),
    oval(392, 321, 115, 24, ink.deep),
    oval(392, 328, 106, 17, '#5b3a26'),
    line('M300 370 L310 540', '#ffffff', 12, 'opacity="0.28"'),
  ].join('');
};

const cup: Recipe = (pen, ink, motif) => {
  const body = 'M284 418 C288 540 326 606 400 606 C474 606 512 540 516 418 Z';
  return [
    pen.ground(400, 640, 250, 34),
    oval(400, 622, 232, 40, ink.dark),
    oval(400, 612, 232, 40, pen.round(ink.main)),
    oval(400, 610, 130, 20, ink.dark, 'opacity="0.5"'),
    line('M508 448 C580 436 590 494 552 520 C534 532 516 536 496 538', ink.dark, 24),
    line('M508 444 C572 434 582 490 548 513', ink.light, 13),
    path(body, pen.round(ink.main)),
    decorated(pen, ink, motif, body),
    pen.inside(body, path('M260 424 H540 V452 C470 470 330 470 260 452 Z', ink.accent)),
    oval(400, 418, 116, 27, ink.light),
    oval(400, 421, 102, 20, ink.deep),
    oval(400, 427, 92, 13, '#4a2c1b'),
    line('M314 470 C320 520 332 550 350 570', '#ffffff', 10, 'opacity="0.3"'),
    line('M400 372 C376 344 424 322 400 290', '#ffffff', 8, 'opacity="0.5"'),
  ].join('');
};

const bowl: Recipe = (pen, ink, motif) => {
  const body = 'M168 396 C176 540 262 628 340 632 L460 632 C538 628 624 540 632 396 Z';
  return [
    pen.ground(400, 646, 210),
    path('M318 620 L482 620 L470 648 L330 648 Z', ink.deep),
    path(body, pen.round(ink.main)),
    decorated(pen, ink, motif, body),
    motif === 'dip'
      ? pen.inside(
          body,
          path('M140 512 C240 530 300 500 400 514 C500 528 560 502 660 512 V700 H140 Z', pen.round(CLAY)),
        )
      : '',
    oval(400, 396, 232, 54, ink.light),
    oval(400, 400, 214, 45, pen.blend(ink.deep, ink.main)),
    oval(400, 416, 160, 26, ink.dark, 'opacity="0.5"'),
    line('M206 450 C222 510 248 552 282 580', '#ffffff', 13, 'opacity="0.3"'),
  ].join('');
};

const plates: Recipe = (pen, ink, motif) => {
  const plate = (y: number): string =>
    path(
      `M168 ${y} C190 ${y + 58} 300 ${y + 66} 330 ${y + 70} H470 C500 ${y + 66} 610 ${y + 58} 632 ${y} Z`,
      pen.round(ink.dark),
    ) +
    oval(400, y, 232, 50, ink.deep, 'opacity="0.5"') +
    oval(400, y - 4, 232, 50, pen.round(ink.main));
  const dots = times(26, (at) => {
    const angle = (at / 26) * Math.PI * 2;
    return disc(n(400 + Math.cos(angle) * 201), n(452 + Math.sin(angle) * 41), 6, ink.accent);
  });
  return [
    pen.ground(400, 644, 200, 30),
    plate(574),
    plate(536),
    plate(498),
    plate(456),
    oval(400, 452, 232, 50, ink.light),
    motif === 'plain' ? '' : dots,
    oval(400, 456, 166, 33, ink.dark, 'opacity="0.55"'),
    oval(400, 460, 158, 29, ink.main),
    path('M352 450 C372 404 424 386 478 392 C458 440 412 464 352 450 Z', '#7f9a5a'),
    line('M352 450 C394 434 434 414 478 392', '#566f3a', 4),
    disc(342, 454, 16, pen.ball('#c1553b')),
    disc(318, 462, 13, pen.ball('#d98a4a')),
  ].join('');
};

const board: Recipe = (pen, ink) => {
  const outline =
    'M252 250 C300 226 352 246 366 214 L372 130 Q374 96 404 96 Q434 96 434 130 L436 214 C452 244 520 232 552 262 C596 306 574 560 556 622 C540 676 282 684 262 634 C234 566 214 286 252 250 Z';
  return [
    pen.lying(outline),
    path(outline, ink.deep, 'transform="translate(5 8)"'),
    path(outline, pen.round(ink.main, 0.8)),
    path(outline, pen.grain(ink.deep, 84)),
    line('M292 320 C330 420 300 520 330 640', ink.deep, 5, 'opacity="0.5"'),
    line('M470 262 C500 380 450 470 500 640', ink.dark, 7, 'opacity="0.6"'),
    oval(418, 456, 26, 44, ink.dark, 'opacity="0.75"'),
    oval(418, 456, 13, 24, ink.deep, 'opacity="0.8"'),
    disc(404, 134, 15, tone(ink.deep, -0.12)),
    line('M404 134 C380 84 430 60 412 30', '#8a6844', 7),
  ].join('');
};

const cezve: Recipe = (pen, ink) => {
  const body =
    'M232 352 C252 400 262 430 240 486 C212 566 240 640 300 640 L452 640 C512 640 540 566 512 486 C490 430 500 400 520 352 Z';
  return [
    pen.ground(380, 640, 180),
    line('M500 408 L704 300', tone(ink.accent, -0.06), 34),
    line('M504 402 L704 296', ink.accent, 20),
    disc(702, 299, 7, ink.accentDark),
    path(body, pen.metal(ink.main)),
    pen.inside(
      body,
      times(9, (row) =>
        times(10, (at) => disc(220 + at * 36 + (row % 2) * 18, 470 + row * 20, 6, ink.light, 'opacity="0.35"')),
      ),
    ),
    path('M232 352 L196 340 C206 372 226 384 246 384 Z', pen.metal(ink.main)),
    oval(376, 352, 144, 30, ink.light),
    oval(376, 355, 128, 22, tone(ink.deep, -0.1)),
    oval(376, 361, 114, 15, '#3d2416'),
    oval(360, 359, 64, 7, '#8a5a36'),
    line('M246 408 C330 424 430 424 506 408', ink.deep, 5, 'opacity="0.55"'),
  ].join('');
};

const jug: Recipe = (pen, ink, motif) => {
  const body =
    'M302 206 C296 300 232 360 232 476 C232 580 290 640 340 640 L450 640 C500 640 556 580 556 476 C556 360 494 300 492 206 Z';
  return [
    pen.ground(396, 640, 180),
    line('M496 262 C620 230 640 330 616 404 C600 456 570 486 540 494', ink.deep, 34),
    line('M496 256 C612 226 630 326 608 398 C592 448 566 476 540 484', pen.round(ink.main), 22),
    path(body, pen.round(ink.main)),
    decorated(pen, ink, motif, body),
    motif === 'dip'
      ? pen.inside(
          body,
          path('M200 520 C300 500 360 544 440 520 C500 504 540 530 600 516 V700 H200 Z', pen.round(ink.accent)),
        )
      : '',
    path('M302 206 C280 190 262 172 252 176 C258 216 282 236 306 240 Z', pen.round(ink.main)),
    path('M252 176 C300 190 470 178 492 206 C470 226 330 228 302 210 C284 198 268 184 252 176 Z', ink.light),
    path('M278 188 C330 196 450 190 474 206 C450 216 330 218 306 206 Z', ink.deep),
    line('M262 440 C258 510 276 560 306 594', '#ffffff', 13, 'opacity="0.28"'),
  ].join('');
};

const teapot: Recipe = (pen, ink, motif) => {
  const body =
    'M206 470 C206 370 290 326 400 326 C510 326 594 370 594 470 C594 570 520 636 470 640 L330 640 C280 636 206 570 206 470 Z';
  return [
    pen.ground(400, 640, 210),
    line('M256 360 C250 190 550 190 544 360', tone(ink.accent, -0.08), 24),
    line('M258 354 C254 186 546 186 542 354', ink.accent, 13),
    path('M568 430 C640 426 640 350 700 330 L722 356 C690 400 690 520 560 560 Z', pen.fall(ink.main)),
    oval(711, 343, 19, 10, ink.deep, 'transform="rotate(48 711 343)"'),
    path(body, pen.ball(ink.main)),
    decorated(pen, ink, motif, body),
    path('M306 338 C320 306 480 306 494 338 C470 352 330 352 306 338 Z', pen.round(ink.light)),
    line('M306 339 C340 354 460 354 494 339', ink.deep, 5, 'opacity="0.6"'),
    disc(400, 298, 21, pen.ball(ink.accent)),
    disc(256, 362, 15, ink.deep),
    disc(544, 362, 15, ink.deep),
    line('M248 446 C252 510 274 556 304 586', '#ffffff', 13, 'opacity="0.28"'),
  ].join('');
};

const spoons: Recipe = (pen, ink) => {
  const spoon =
    'M0 -250 C50 -250 66 -190 58 -140 C52 -100 24 -84 18 -40 L22 250 Q20 276 0 276 Q-20 276 -22 250 L-18 -40 C-24 -84 -52 -100 -58 -140 C-66 -190 -50 -250 0 -250 Z';
  const spatula =
    'M-50 -244 Q0 -262 50 -244 L44 -96 Q26 -70 18 -40 L22 250 Q20 276 0 276 Q-20 276 -22 250 L-18 -40 Q-26 -70 -44 -96 Z';
  const one = (x: number, turn: number, outline: string, detail: string): string =>
    group(
      `translate(${x} 400) rotate(${turn})`,
      pen.lying(outline),
      path(outline, pen.round(ink.main)),
      pen.inside(outline, path(outline, pen.grain(ink.deep, 90))),
      detail,
    );
  const hollow = oval(0, -172, 36, 52, ink.dark, 'opacity="0.75"') + oval(3, -168, 30, 46, ink.main, 'opacity="0.6"');
  const slots = times(
    3,
    (at) => `<rect x="${-27 + at * 21}" y="-210" width="11" height="96" rx="5" fill="${ink.deep}"/>`,
  );
  return [
    one(260, -12, spoon, hollow),
    one(400, 0, spatula, slots),
    one(542, 12, spoon, hollow + oval(0, -172, 13, 19, tone(ink.deep, -0.08))),
  ].join('');
};

export const table = { mug, cup, bowl, plates, board, cezve, jug, teapot, spoons };
