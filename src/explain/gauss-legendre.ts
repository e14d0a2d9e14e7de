/** @file Gauss and Legendre's quadrature. Browser-safe. */

/** Places and weights for an integral from 0 to 1; the weights add up to 1. */
export interface Quadrature {
  readonly places: Float64Array;
  readonly weights: Float64Array;
}

/** Newton's method doubles the correct digits with each step; from the usual first guess four suffice for double precision. */
const NEWTON_STEPS = 6;

/** The rule with `count` places, exact for polynomials below degree 2·count (Abramowitz and Stegun, 25.4.29 and 25.4.30). */
export function gaussLegendre(count: number): Quadrature {
  const places = new Float64Array(count);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 1;
    for (let step = 0; step < NEWTON_STEPS; step++) {
      const { value, derivative } = legendre(count, x);
      slope = derivative;
      x -= value / derivative;
    }
    places[count - 1 - i] = (1 + x) / 2;
    weights[count - 1 - i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { places, weights };
}

/** Legendre's polynomial of a degree, by its recurrence, and its derivative. */
function legendre(degree: number, x: number): { readonly value: number; readonly derivative: number } {
  let [before, value] = [1, x];
  for (let k = 2; k <= degree; k++) {
    [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k];
  }
  return { value, derivative: (degree * (x * value - before)) / (x * x - 1) };
}
