/** @file Loudness of a signal. Browser-safe. */

/** Root mean square. */
export function rootMeanSquare(signal: Float32Array): number {
  let power = 0;
  for (let i = 0; i < signal.length; i++) power += signal[i] * signal[i];
  return Math.sqrt(power / signal.length);
}

/** Scales a signal in place to a root mean square; silence stays silence. */
export function scaleTo(signal: Float32Array, target: number): void {
  const level = rootMeanSquare(signal);
  const gain = level > 0 ? target / level : 0;
  for (let i = 0; i < signal.length; i++) signal[i] *= gain;
}

/** Adds `gain` times `source` to `target`, as far as both reach. */
export function addScaled(target: Float32Array, source: Float32Array, gain: number): void {
  const end = Math.min(target.length, source.length);
  for (let i = 0; i < end; i++) target[i] += gain * source[i];
}
