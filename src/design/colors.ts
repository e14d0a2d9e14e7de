/** @file The colours of pictures. Browser-safe. */

export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Matplotlib's magma (Nathaniel Smith and Stéfan van der Walt, CC0) at 64 of its 256 places: equal steps look equally
 * large, also in grey and to the colour-blind. 64 levels are more than the eye tells apart in a noisy picture and take
 * a quarter less room.
 */
const MAGMA =
  "00000402010903031206051a0a08220e0b2b130d34180f3d1d114722115029115a31116538106c3f0f724510774c117a" +
  "52137c59157e5f187f651a806b1d81721f817822817e24828426818b2981912b81982d809e2f7fa5317eab337cb2357b" +
  "ba3878c03a76c73d73cd4071d3436ed9466bdf4a68e44f64e95462ed5a5ff1605df4675cf66e5cf8765cfa7d5efb8560" +
  "fc8c63fd9467fd9b6bfea36ffeaa74feb47bfebb81fec287feca8dfed194fed89afde0a1fde7a9fceeb0fcf6b8fcfdbf";

/** From silence (black) to the loudest (light yellow). */
export const MAGMA_COLORS: readonly Rgb[] = (MAGMA.match(/.{6}/g) ?? []).map(rgbOfHex);

/** From blue, negative, over the paper's near-white, zero, to vermilion, positive; an odd number of colours. */
export const DIVERGING_COLORS: readonly Rgb[] = diverging("0b62a4", "f7f5f1", "c44a0a");

/** The same on dark paper: zero is dark, and the ends are light. */
export const DARK_DIVERGING_COLORS: readonly Rgb[] = diverging("6db5f0", "23262c", "ff9a66");

function diverging(negative: string, zero: string, positive: string): readonly Rgb[] {
  return Array.from({ length: 65 }, (_, i) => {
    const position = i / 32 - 1;
    return mix(rgbOfHex(zero), rgbOfHex(position < 0 ? negative : positive), Math.abs(position));
  });
}

function rgbOfHex(hex: string): Rgb {
  const value = Number.parseInt(hex, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function mix(from: Rgb, to: Rgb, part: number): Rgb {
  const at = (channel: 0 | 1 | 2) => Math.round(from[channel] + part * (to[channel] - from[channel]));
  return [at(0), at(1), at(2)];
}
