/**
 * @file 32 bits for every 11.6 ms of sound that survive another gain, codec, sample rate, equalisation and some noise:
 * Haitsma, Kalker: A Highly Robust Audio Fingerprinting System, ISMIR 2002. Browser-safe.
 *
 * Bit m of frame n is 1 where E(n, m) - E(n, m + 1) > E(n - 1, m) - E(n - 1, m + 1), and E are the energies of 33 bands
 * between 300 and 2000 Hz in frames of 0.37 s. As there, frames overlap by 31/32; the bands are triangles, equally
 * spaced in mel.
 */

import { frontEndConfig } from "../../../../audio/front-end/config.ts";
import { ClipExtractor } from "../../features/workers/clip-extractor.ts";
import { LOW_RATE } from "./low-rate.ts";

const FFT_SIZE = 2048;
const HOP_LENGTH = 64;
const BANDS = 33;

/** Sub-fingerprints a second. */
export const FRAME_RATE = LOW_RATE / HOP_LENGTH;

/** The sub-fingerprint of a frame in which there is nothing to hear. */
export const SILENCE = 0;

/** Band-limited sound below this root mean square, -80 dB below full scale, is none. */
const SILENT_AMPLITUDE = 1e-4;
/** Parseval: the sum over the bins of a windowed frame, half of the spectrum, of a sound with a mean square of 1. */
const ENERGY_OF_ONE = (FFT_SIZE / 2) * (3 / 8) * FFT_SIZE;
const SILENT_ENERGY = SILENT_AMPLITUDE ** 2 * ENERGY_OF_ONE;

const BAND_ENERGIES = frontEndConfig({
  kind: "melSpectrogram",
  sampleRate: LOW_RATE,
  fftSize: FFT_SIZE,
  hopLength: HOP_LENGTH,
  melBands: BANDS,
  minFrequency: 300,
  maxFrequency: 2000,
  melScale: "htk",
  melNorm: "none",
});

/** Samples that are computed at once: 24 s. */
const SEGMENT_SAMPLES = 2 ** 17;

/** Compiled once, for one recording after the other. */
export class SubFingerprinter {
  private readonly extractor = new ClipExtractor(BAND_ENERGIES, 1, SEGMENT_SAMPLES);
  private readonly previous = new Float32Array(BANDS);
  private words = new Uint32Array(0);
  private count = 0;

  begin(): void {
    this.words = new Uint32Array(4096);
    this.count = 0;
    this.previous.fill(0);
    this.extractor.begin({ append: (energies) => this.append(energies) });
  }

  /** @param samples at `LOW_RATE` */
  push(samples: Float32Array): void {
    this.extractor.push(samples);
  }

  /** One number for each frame; number n is that around n / FRAME_RATE seconds. */
  finish(): Uint32Array {
    this.extractor.finish();
    return this.words.slice(0, this.count);
  }

  private append(energies: Float32Array): void {
    const frames = energies.length / BANDS;
    if (this.count + frames > this.words.length) {
      const larger = new Uint32Array(2 * (this.count + frames));
      larger.set(this.words.subarray(0, this.count));
      this.words = larger;
    }
    for (let frame = 0; frame < frames; frame++) {
      const current = energies.subarray(frame * BANDS, (frame + 1) * BANDS);
      this.words[this.count++] = subFingerprint(current, this.previous);
      this.previous.set(current);
    }
  }
}

function subFingerprint(current: Float32Array, previous: Float32Array): number {
  let word = 0;
  let energy = current[BANDS - 1];
  for (let band = 0; band < BANDS - 1; band++) {
    energy += current[band];
    const change = current[band] - previous[band] - (current[band + 1] - previous[band + 1]);
    word = (word << 1) | (change > 0 ? 1 : 0);
  }
  if (energy < SILENT_ENERGY) return SILENCE;
  return word === SILENCE ? 1 : word >>> 0;
}

/** How many bits are 1. */
export function countBits(word: number): number {
  let pairs = word - ((word >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
