/** @file The frequency response of a filter. Browser-safe. */

/** The usual number of points of a response, from 0 Hz to half the sample rate, both included. */
export const RESPONSE_POINTS = 129;

/**
 * The magnitude response |H(f)| = |Σ h[n] e^(-2πi f n)| of a filter's taps (Oppenheim and Schafer, Discrete-Time Signal
 * Processing, 2.6), at frequencies f = k / (2 (points - 1)) of the sample rate.
 * @param points at least 2; a filter of n taps has its detail at about 2 n of them. Default {@link RESPONSE_POINTS}.
 */
export function magnitudeResponse(taps: ArrayLike<number>, points = RESPONSE_POINTS): Float64Array {
  return Float64Array.from({ length: points }, (_, k) => {
    const step = (Math.PI * k) / (points - 1);
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
