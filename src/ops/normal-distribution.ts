/** @file The normal distribution in double precision, for reference loops and tables. */

/** Φ in double precision: the Taylor series of erf near 0, Lentz's continued fraction of erfc beyond. */
export function normalCumulative(x: number): number {
  const z = Math.abs(x) / Math.SQRT2;
  let tail: number;
  if (z < 2) {
    // erf z = 2/√π · e^(-z²) · Σ 2ⁿ z^(2n+1) / (2n+1)!!
    let term = z;
    let sum = z;
    for (let n = 1; n < 80; n++) {
      term *= (2 * z * z) / (2 * n + 1);
      sum += term;
    }
    tail = 0.5 - (sum * Math.exp(-z * z)) / Math.sqrt(Math.PI);
  } else {
    // erfc z = e^(-z²)/√π · 1 / (z + ½ / (z + 1 / (z + 3⁄2 / (z + …
    let fraction = z;
    for (let n = 120; n > 0; n--) fraction = z + n / 2 / fraction;
    tail = Math.exp(-z * z) / (2 * Math.sqrt(Math.PI) * fraction);
  }
  return x < 0 ? tail : 1 - tail;
}

/** φ in double precision. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}
