/**
 * @file Sines and powers of two out of + - × ÷ alone. JavaScript engines may differ in the last bit of Math.sin,
 * Math.exp and Math.pow; nothing in this folder's sound uses them, so the same seed gives the same bytes everywhere.
 * Browser-safe.
 */

/** sin(2πx) for any x up to about a million, within 1e-9. Taylor's series on a quarter of the circle. */
export function sine(x: number): number {
  let y = x - Math.floor(x + 0.5);
  if (y > 0.25) y = 0.5 - y;
  else if (y < -0.25) y = -0.5 - y;
  const z = y * 2 * Math.PI;
  const s = z * z;
  let sum = 1 - s / 210;
  sum = 1 - (s / 156) * sum;
  sum = 1 - (s / 110) * sum;
  sum = 1 - (s / 72) * sum;
  sum = 1 - (s / 42) * sum;
  sum = 1 - (s / 20) * sum;
  return z * (1 - (s / 6) * sum);
}

/** cos(2πx), see `sine`. */
export function cosine(x: number): number {
  return sine(x + 0.25);
}

/** 2ˣ for x from -1000 to 1000, within 1e-9 of its value. Taylor's series on -1/2 … 1/2. */
export function powerOfTwo(x: number): number {
  const whole = Math.floor(x + 0.5);
  const z = (x - whole) * Math.LN2;
  let sum = 1;
  for (let term = 11; term >= 1; term--) sum = 1 + (z / term) * sum;
  const factor = whole < 0 ? 0.5 : 2;
  for (let i = Math.abs(whole); i > 0; i--) sum *= factor;
  return sum;
}

/** log2(10) / 20: powers of two in one decibel of amplitude. */
const TWOS_PER_DECIBEL = 0.16609640474436813;

/** The factor of amplitude that so many decibels are. */
export function decibels(value: number): number {
  return powerOfTwo(value * TWOS_PER_DECIBEL);
}

/** Hertz of a MIDI note number, which need not be whole: 69 is 440 Hz, and 12 are an octave. */
export function hertz(pitch: number): number {
  return 440 * powerOfTwo((pitch - 69) / 12);
}

/** The factor by which a sample follows another in a decay of 60 dB in so many seconds (reverberation's T60). */
export function decayFactor(seconds: number, sampleRate: number): number {
  return decibels(-60 / (seconds * sampleRate));
}
