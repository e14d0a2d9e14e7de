/**
 * @file The low-pass of a change of rate: a sinc in Kaiser's window. Nothing but additions, multiplications, divisions and roots,
 * which are the same to the last bit in every engine, as `Math.sin` is not. Browser-safe.
 */

/** Attenuation of what lies above the band, in dB: Kaiser's formula is an estimate, and 120 are promised. */
const ATTENUATION = 122;

/** Samples of the narrower rate on each side of an output that take part in it. */
const REACH = 160;

/** Kaiser's formula for the window's parameter. */
const BETA = 0.1102 * (ATTENUATION - 8.7);

/** The width of the slope by Kaiser's formula, as a part of the narrower band. It ends where the band does. */
const SLOPE = (ATTENUATION - 7.95) / (2.285 * Math.PI * 2 * REACH);

/** The middle of the slope. */
const CUTOFF = 1 - SLOPE / 2;

/** Terms of the window's power series and of the sine's: more change nothing that a 32-bit number holds. */
const WINDOW_TERMS = 24;
const SINE_TERMS = 10;

/** The impulse response of the low-pass between two rates. */
export interface LowPass {
  /** Beyond so many samples of the input the response is 0. */
  readonly reach: number;
  /** @param t from the response's middle, in samples of the input */
  at(t: number): number;
}

/** A low-pass that keeps 0.95 of the narrower band, and leaves nothing above it that would fold back. */
export function lowPassBetween(from: number, to: number): LowPass {
  const narrowing = Math.max(1, from / to);
  const reach = REACH * narrowing;
  const cutoff = CUTOFF / narrowing;
  return {
    reach,
    at(t) {
      const x = t / reach;
      return Math.abs(x) >= 1 ? 0 : cutoff * sinc(cutoff * t) * kaiser(1 - x * x);
    },
  };
}

const SCALE = besselSeries((BETA / 2) ** 2);

/** Kaiser's window, I0(β √u) / I0(β), where u is 1 - x² for x in -1 … 1. */
function kaiser(u: number): number {
  return besselSeries((BETA / 2) ** 2 * u) / SCALE;
}

/** The modified Bessel function I0 of 2 √z: Σ z^k / (k!)². */
function besselSeries(z: number): number {
  let sum = 1;
  for (let k = WINDOW_TERMS; k > 0; k--) sum = 1 + (sum * z) / (k * k);
  return sum;
}

/** sin(πx) / (πx). */
function sinc(x: number): number {
  const nearest = Math.round(x);
  if (nearest === 0) return sineQuotient(Math.PI * x);
  const rest = x - nearest;
  const sine = Math.PI * rest * sineQuotient(Math.PI * rest);
  return (nearest % 2 === 0 ? sine : -sine) / (Math.PI * x);
}

/** sin(a) / a for a in -π/2 … π/2: 1 - a²/3! + a⁴/5! - … */
function sineQuotient(a: number): number {
  const square = a * a;
  let sum = 1;
  for (let k = SINE_TERMS; k > 0; k--) sum = 1 - (sum * square) / (2 * k * (2 * k + 1));
  return sum;
}
