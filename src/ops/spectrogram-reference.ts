/** @file The definition of the short-time Fourier transform in double precision, written for reading. */
import type { FrameGeometry } from "../kernels/fourier/geometry.ts";

/**
 * The discrete Fourier transform of real or complex numbers, Σ x[n]·e^(-2πi·kn/N), as [real parts, imaginary parts]. Of
 * an even count, the transforms of the even and of the odd samples, and one butterfly for each pair of bins (Cooley and Tukey
 * 1965); of an odd one, the sum as it stands.
 */
export function fourierTransform(re: Float64Array, im: Float64Array): [Float64Array, Float64Array] {
  const size = re.length;
  if (size % 2 === 1) return directTransform(re, im);
  const half = size / 2;
  const every2nd = (list: Float64Array, first: number) =>
    Float64Array.from({ length: half }, (_, i) => list[2 * i + first]);
  const [evenRe, evenIm] = fourierTransform(every2nd(re, 0), every2nd(im, 0));
  const [oddRe, oddIm] = fourierTransform(every2nd(re, 1), every2nd(im, 1));
  const resultRe = new Float64Array(size);
  const resultIm = new Float64Array(size);
  for (let bin = 0; bin < half; bin++) {
    const cos = Math.cos((2 * Math.PI * bin) / size);
    const sin = Math.sin((2 * Math.PI * bin) / size);
    const turnedRe = cos * oddRe[bin] + sin * oddIm[bin];
    const turnedIm = cos * oddIm[bin] - sin * oddRe[bin];
    resultRe[bin] = evenRe[bin] + turnedRe;
    resultIm[bin] = evenIm[bin] + turnedIm;
    resultRe[bin + half] = evenRe[bin] - turnedRe;
    resultIm[bin + half] = evenIm[bin] - turnedIm;
  }
  return [resultRe, resultIm];
}

function directTransform(re: Float64Array, im: Float64Array): [Float64Array, Float64Array] {
  const size = re.length;
  const resultRe = new Float64Array(size);
  const resultIm = new Float64Array(size);
  for (let bin = 0; bin < size; bin++) {
    for (let n = 0; n < size; n++) {
      const angle = (2 * Math.PI * ((bin * n) % size)) / size;
      resultRe[bin] += re[n] * Math.cos(angle) + im[n] * Math.sin(angle);
      resultIm[bin] += im[n] * Math.cos(angle) - re[n] * Math.sin(angle);
    }
  }
  return [resultRe, resultIm];
}

/** Where position `at` of a padded waveform comes from; undefined for a zero. */
export function sourceOf(at: number, { samples, padMode }: FrameGeometry): number | undefined {
  if (at >= 0 && at < samples) return at;
  if (padMode === "constant") return undefined;
  return at < 0 ? -at : 2 * (samples - 1) - at;
}

/** Calls `visit` with the bins 0 … fftSize / 2 of every windowed frame, example by example. */
export function forEachFrame(
  waveforms: Float64Array,
  window: Float64Array,
  geometry: FrameGeometry,
  visit: (frame: number, re: Float64Array, im: Float64Array) => void,
): void {
  const { batch, samples, frames, fftSize, hopLength, padding } = geometry;
  for (let example = 0; example < batch; example++) {
    for (let frame = 0; frame < frames; frame++) {
      const windowed = Float64Array.from({ length: fftSize }, (_, n) => {
        const source = sourceOf(frame * hopLength - padding + n, geometry);
        return source === undefined ? 0 : window[n] * waveforms[example * samples + source];
      });
      const [re, im] = fourierTransform(windowed, new Float64Array(fftSize));
      visit(example * frames + frame, re.subarray(0, fftSize / 2 + 1), im.subarray(0, fftSize / 2 + 1));
    }
  }
}
