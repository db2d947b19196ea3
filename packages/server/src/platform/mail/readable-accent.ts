type Rgb = readonly [number, number, number];

const DEFAULT: Rgb = [15, 118, 110];
const LEAST_CONTRAST = 4.5;
/** The ground of pages: what can be read on it can be read on white. */
const LIGHT_GROUND: Rgb = [246, 245, 242];

/** A brand colour as light and dark surfaces can bear it, each at least 4.5:1 against its ground (WCAG 2.2, 1.4.3). */
export interface ReadableAccent {
  /** Text on white and on the ground of pages, and the ground of a filled button with white text. */
  readonly onLight: string;
  /** Text on the dark surface. */
  readonly onDark: string;
}

/** Corrects a colour (`#rgb` or `#rrggbb`) step by step until it can be read. Anything else means the house's own. */
export function readableAccent(hex: string | undefined): ReadableAccent {
  const colour = parseHex(hex ?? '') ?? DEFAULT;
  return { onLight: correct(colour, LIGHT_GROUND, 0), onDark: correct(colour, [28, 29, 30], 255) };
}

function correct(colour: Rgb, ground: Rgb, target: number): string {
  for (let step = 0; step <= 50; step += 1) {
    const mixed = mix(colour, target, step / 50);
    if (contrast(mixed, ground) >= LEAST_CONTRAST) return toHex(mixed);
  }
  return toHex([target, target, target]);
}

function mix(colour: Rgb, target: number, share: number): Rgb {
  const channel = (value: number) => Math.round(value + (target - value) * share);
  return [channel(colour[0]), channel(colour[1]), channel(colour[2])];
}

/** Contrast of two colours by WCAG: 1 to 21. */
function contrast(one: Rgb, other: Rgb): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function parseHex(hex: string): Rgb | null {
  const short = /^#[0-9a-f]{3}$/i.test(hex);
  if (!short && !/^#[0-9a-f]{6}$/i.test(hex)) return null;
  const digits = short
    ? [...hex.slice(1)].map((digit) => digit + digit)
    : [hex.slice(1, 3), hex.slice(3, 5), hex.slice(5)];
  const [red = 0, green = 0, blue = 0] = digits.map((pair) => Number.parseInt(pair, 16));
  return [red, green, blue];
}

function toHex(colour: Rgb): string {
  return `#${colour.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
