/** @file The frequency response of a filter. Browser-safe. */

/** Points of a response, from 0 Hz to half the sample rate, both included. */
export const RESPONSE_POINTS = 129;

/**
 * The magnitude response |H(f)| = |Σ h[n] e^(-2πi f n)| of a filter's taps (Oppenheim and Schafer, Discrete-Time Signal
 * Processing, 2.6), at {@link RESPONSE_POINTS} frequencies f = k / (2 (points - 1)) of the sample rate.
 */
export function magnitudeResponse(taps: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: RESPONSE_POINTS }, (_, k) => {
    const step = (Math.PI * k) / (RESPONSE_POINTS - 1);
    let [real, imaginary] = [0, 0];
    for (let n = 0; n < taps.length; n++) {
      real += taps[n] * Math.cos(step * n);
      imaginary -= taps[n] * Math.sin(step * n);
    }
    return Math.hypot(real, imaginary);
  });
}

/** In decibels below the greatest, at least -60; all -60 for a filter of zeros. */
export function relativeDecibels(magnitudes: Float64Array): Float64Array {
  const greatest = magnitudes.reduce((a, b) => Math.max(a, b));
  return magnitudes.map((magnitude) =>
    magnitude > 0 ? Math.max(-60, 20 * Math.log10(magnitude / greatest)) : -60,
  );
}
