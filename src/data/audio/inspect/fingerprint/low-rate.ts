/**
 * @file Sound at the low rate at which recordings are compared. Much cheaper than the resampler that models hear
 * through, since only frequencies up to 2 kHz have to be right. Browser-safe.
 */

import { HalfRate } from "./half-rate.ts";

/** In Hz: a quarter of 22,050 and an eighth of 44,100. */
export const LOW_RATE = 5512.5;

/** Up to here frequencies pass unchanged; what would fold onto them is 45 dB down. In Hz. */
const PASS = 2000;

/** The middle of the slope: what lies above LOW_RATE - PASS folds to below PASS. In Hz. */
const CUTOFF = LOW_RATE / 2;

/** The Kaiser window's beta, by Kaiser's formula for 45 dB. */
const BETA = 3.98;
/** Kaiser's estimate of the taps for 45 dB is this, divided by the slope's width as a part of the sample rate. */
const TAPS_TIMES_WIDTH = 2.58;

/** Places between two samples for which there are filters; an output is taken at the nearest. */
const PHASES = 128;

/** Rates from this one on are halved first, in Hz: what then folds below PASS is 45 dB down too. */
const HALVED = 22_050;

/**
 * Low-pass and change of the rate to `LOW_RATE`, in pieces. Output i is the sound at i / LOW_RATE seconds; how the input
 * is cut into pieces makes no difference to a single bit.
 */
export class LowRateConverter {
  private readonly halvings: readonly HalfRate[];
  private readonly sampleRate: number;
  /** The ratio of the rate after the halvings to LOW_RATE. */
  private readonly ratio: number;
  private readonly taps: number;
  /** `PHASES + 1` filters of `taps` numbers. */
  private readonly filters: Float32Array;
  private buffer: Float32Array;
  private buffered: number;
  /** Number of the halved input that the buffer begins with; negative: silence before the recording. */
  private first: number;
  private samples = 0;
  private outputs = 0;

  /** @param sampleRate the sample rate of the input, in Hz */
  constructor(sampleRate: number) {
    const halvings: HalfRate[] = [];
    let rate = sampleRate;
    for (; rate >= HALVED; rate /= 2) halvings.push(new HalfRate());
    this.halvings = halvings;
    this.sampleRate = sampleRate;
    this.ratio = rate / LOW_RATE;
    const width = (2 * (CUTOFF - PASS)) / rate;
    this.taps = 4 * Math.max(2, Math.ceil(TAPS_TIMES_WIDTH / width / 4));
    this.filters = filterTable(this.taps, Math.min(0.5, CUTOFF / rate));
    this.buffer = new Float32Array(2 ** 16);
    this.buffered = this.taps / 2 - 1;
    this.first = -this.buffered;
  }

  /** The output that is settled once `samples` follow those of earlier calls. */
  push(samples: Float32Array): Float32Array {
    this.samples += samples.length;
    return this.convert(samples, Infinity);
  }

  /** The rest: altogether ceil(samples · LOW_RATE / sampleRate). */
  finish(): Float32Array {
    // As many zeros as the filters reach, and more for each halving.
    const silence = new Float32Array((this.taps + 16) * 2 ** this.halvings.length);
    return this.convert(silence, Math.ceil((this.samples * LOW_RATE) / this.sampleRate));
  }

  /** @param limit so many outputs there are altogether, at most */
  private convert(samples: Float32Array, limit: number): Float32Array {
    this.append(this.halvings.reduce((halved, halving) => halving.push(halved), samples));
    return this.filter(limit);
  }

  private append(samples: Float32Array): void {
    const length = this.buffered + samples.length;
    if (length > this.buffer.length) {
      const larger = new Float32Array(2 * length);
      larger.set(this.buffer.subarray(0, this.buffered));
      this.buffer = larger;
    }
    this.buffer.set(samples, this.buffered);
    this.buffered = length;
  }

  /** All outputs before number `limit` whose input is there. */
  private filter(limit: number): Float32Array {
    const { taps, ratio, filters, buffer } = this;
    // Output i lies between the inputs floor(i · ratio) and the next; taps / 2 inputs on either side take part.
    const last = Math.floor((this.first + this.buffered - taps / 2 - 1) / ratio);
    const count = Math.max(0, Math.min(last + 1, limit) - this.outputs);
    const result = new Float32Array(count);
    for (let i = 0; i < count; i++) {
      const position = (this.outputs + i) * ratio;
      const sample = Math.floor(position);
      const filter = Math.round((position - sample) * PHASES) * taps;
      const start = sample - (taps / 2 - 1) - this.first;
      // Four sums, so that one addition need not wait for the one before.
      let [a, b, c, d] = [0, 0, 0, 0];
      for (let k = 0; k < taps; k += 4) {
        a += filters[filter + k] * buffer[start + k];
        b += filters[filter + k + 1] * buffer[start + k + 1];
        c += filters[filter + k + 2] * buffer[start + k + 2];
        d += filters[filter + k + 3] * buffer[start + k + 3];
      }
      result[i] = a + b + (c + d);
    }
    this.outputs += count;
    this.forget();
    return result;
  }

  /** Drops the inputs that no further output needs. */
  private forget(): void {
    const needed = Math.floor(this.outputs * this.ratio) - (this.taps / 2 - 1);
    const dropped = Math.min(needed - this.first, this.buffered);
    if (dropped <= 0) return;
    this.buffer.copyWithin(0, dropped, this.buffered);
    this.buffered -= dropped;
    this.first += dropped;
  }
}

/** Windowed sinc filters for positions 0, 1/PHASES … 1 behind the tap of number taps / 2 - 1. */
function filterTable(taps: number, cutoff: number): Float32Array {
  const table = new Float32Array((PHASES + 1) * taps);
  for (let phase = 0; phase <= PHASES; phase++) {
    const center = taps / 2 - 1 + phase / PHASES;
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const x = k - center;
      const weight = sinc(2 * cutoff * x) * kaiser(x / (taps / 2));
      table[phase * taps + k] = weight;
      sum += weight;
    }
    // Every phase passes a constant as it is.
    for (let k = 0; k < taps; k++) table[phase * taps + k] /= sum;
  }
  return table;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser's window on -1 … 1, but for a factor. */
function kaiser(x: number): number {
  return Math.abs(x) > 1 ? 0 : bessel(BETA * Math.sqrt(1 - x * x));
}

/** The modified Bessel function of the first kind and order 0, by its power series. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
