/** @file The windows that frames are weighted with. */

/** Σ (-1)^k c_k cos(2πkn / N): the coefficients of each. */
const COSINES = {
  hann: [0.5, 0.5],
  hamming: [0.54, 0.46],
  blackman: [0.42, 0.5, 0.08],
  rectangular: [1],
} as const;

export type WindowName = keyof typeof COSINES;

/** The names that {@link windowOf} takes. */
export const WINDOW_NAMES = ["hann", "hamming", "blackman", "rectangular"] as const satisfies WindowName[];

/**
 * A periodic window of `length` numbers: one period of a symmetric window of length + 1, without its last number, as
 * scipy.signal.get_window(name, length) gives it.
 */
export function windowOf(name: WindowName, length: number): Float64Array {
  return Float64Array.from({ length }, (_, n) =>
    COSINES[name].reduce<number>(
      (sum, c, k) => sum + (-1) ** k * c * Math.cos((2 * Math.PI * k * n) / length),
      0,
    ),
  );
}

/** The periodic Hann window, ½ - ½ cos(2πn / length). */
export function hannWindow(length: number): Float64Array {
  return windowOf("hann", length);
}

/** `window` in the middle of `size` zeros, as librosa.util.pad_center and torch.stft do it. */
export function centerWindow(window: Float64Array, size: number): Float64Array {
  const padded = new Float64Array(size);
  padded.set(window, Math.floor((size - window.length) / 2));
  return padded;
}
