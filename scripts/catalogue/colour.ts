/** Colours are mixed in OKLab, so that a darker blue stays as blue as a darker yellow stays yellow. */
interface Lab {
  l: number;
  a: number;
  b: number;
}

const toLinear = (v: number): number => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
const toGamma = (v: number): number => (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055);

function toLab(hex: string): Lab {
  if (!/^#[0-9a-f]{6}$/i.test(hex)) throw new RangeError(`“${hex}” is not a colour like #a1b2c3.`);
  const [r, g, b] = [1, 3, 5].map((at) => toLinear(Number.parseInt(hex.slice(at, at + 2), 16) / 255)) as [
    number,
    number,
    number,
  ];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {
    l: 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    a: 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    b: 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  };
}

function toHex({ l, a, b }: Lab): string {
  const l3 = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m3 = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s3 = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const rgb = [
    4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3,
    -1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3,
    -0.0041960863 * l3 - 0.7034186147 * m3 + 1.707614701 * s3,
  ];
  return `#${rgb
    .map((v) =>
      Math.round(255 * Math.min(1, Math.max(0, toGamma(Math.max(0, v)))))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

/** Lightness 0 (black) to 1 (white), as the eye sees it. */
export const lightness = (hex: string): number => toLab(hex).l;

/** Lighter (`by` > 0) or darker (`by` < 0). Shadows drift a little towards blue, light towards yellow, as daylight does. */
export function tone(hex: string, by: number): string {
  const lab = toLab(hex);
  return toHex({ l: Math.min(0.99, Math.max(0.05, lab.l + by)), a: lab.a, b: lab.b + by * 0.06 });
}

export function mix(one: string, other: string, share: number): string {
  const [p, q] = [toLab(one), toLab(other)];
  return toHex({ l: p.l + (q.l - p.l) * share, a: p.a + (q.a - p.a) * share, b: p.b + (q.b - p.b) * share });
}

/** How far two colours lie apart; 0.1 is plainly visible, 0.3 is a strong contrast. */
export function distance(one: string, other: string): number {
  const [p, q] = [toLab(one), toLab(other)];
  return Math.hypot(p.l - q.l, p.a - q.a, p.b - q.b);
}
