/**
 * @file Gains over time and frequency, applied to samples: a short-time Fourier transform, and back by overlap and addition with
 * the squared window divided out, which is exact where all gains are 1 (Griffin and Lim 1984). Browser-safe.
 */
import type { MonoAudio } from "../../audio/audio.ts";
import { hannWindow } from "../../audio/front-end/index.ts";
import { compile } from "../../graph/compile.ts";
import { inputTensor } from "../../graph/sources.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { multiply } from "../../ops/arithmetic.ts";
import { gradients } from "../../ops/gradients.ts";
import { spectrogram } from "../../ops/spectrogram.ts";
import { sum } from "../../ops/sum.ts";
import type { FloatArray } from "../../tensor/array.ts";
import { readMap, type SoundMap } from "./sound-map.ts";

/** The least length of a frame: it resolves tones a semitone apart from about 400 Hz on. */
const FRAME_SECONDS = 0.04;

/** Frames that are transformed at once: a recording of any length takes no more memory than this many. */
const BLOCK = 128;

type Filter = (samples: FloatArray, gains: FloatArray) => Float32Array;

const FILTERS = new Map<number, Filter>();

/** The samples with each part multiplied by its gain. */
export function applyGains({ samples, sampleRate }: MonoAudio, gains: SoundMap): Float32Array {
  const size = Math.min(32_768, Math.max(64, 2 ** Math.ceil(Math.log2(FRAME_SECONDS * sampleRate))));
  const hop = size / 4;
  const bins = size / 2 + 1;
  const window = hannWindow(size);
  const filter = filterOf(size);
  // Frames begin a whole frame before the first sample and end one after the last, so that all samples are in as many.
  const frames = Math.ceil((samples.length + size) / hop) + 1;
  const sums = new Float64Array(samples.length);
  const weights = new Float64Array(samples.length);
  for (let first = 0; first < frames; first += BLOCK) {
    const start = first * hop - size;
    const block = { shape: [1, (BLOCK - 1) * hop + size], data: new Float32Array((BLOCK - 1) * hop + size) };
    const from = Math.max(0, start);
    block.data.set(samples.subarray(from, start + block.data.length), from - start);
    const factors = { shape: [1, BLOCK, bins, 1], data: new Float32Array(BLOCK * bins) };
    for (let frame = 0; frame < Math.min(BLOCK, frames - first); frame++) {
      const begin = start + frame * hop;
      for (let bin = 0; bin < bins; bin++) {
        const seconds = (begin + size / 2) / sampleRate;
        factors.data[frame * bins + bin] = readMap(gains, seconds, (bin * sampleRate) / size);
      }
      for (let i = Math.max(0, -begin); i < Math.min(size, samples.length - begin); i++) {
        weights[begin + i] += window[i] * window[i];
      }
    }
    const filtered = filter(block, factors);
    for (let i = from; i < Math.min(samples.length, start + filtered.length); i++)
      sums[i] += filtered[i - start];
  }
  return Float32Array.from(sums, (value, i) => value / weights[i]);
}

/** Transforms a block of frames, multiplies, and transforms back; frames are windowed both times and added up. */
function filterOf(size: number): Filter {
  const known = FILTERS.get(size);
  if (known) return known;
  const length = (BLOCK - 1) * (size / 4) + size;
  const bins = size / 2 + 1;
  const options = {
    fftSize: size,
    hopLength: size / 4,
    window: hannWindow(size),
    center: false,
    output: "complex",
  } as const;
  // A real transform has every bin but the first and the last twice.
  const shares = Float32Array.from(
    { length: bins },
    (_, bin) => (bin === 0 || bin === bins - 1 ? 1 : 2) / size,
  );
  const program = compile(
    (samples: Tensor, gains: Tensor, counts: Tensor) => {
      const kept = multiply(multiply(spectrogram(samples, options), gains), counts);
      // The inverse of a transform that is linear and orthogonal but for these counts is its gradient.
      const other = inputTensor([1, length], "float32");
      return gradients(sum(multiply(spectrogram(other, options), kept)), [other])[0];
    },
    [
      [1, length],
      [1, BLOCK, bins, 1],
      [1, 1, bins, 1],
    ],
  );
  const filter: Filter = (samples, gains) =>
    Float32Array.from(program(samples, gains, { shape: [1, 1, bins, 1], data: shares }).data);
  FILTERS.set(size, filter);
  return filter;
}
