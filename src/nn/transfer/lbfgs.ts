/** @file The minimum of a smooth convex function of many variables, in double precision. Browser-safe. */

/** Steps whose curvature is remembered. */
const MEMORY = 12;

/** The part of the expected decrease that a step must bring (Armijo). */
const SUFFICIENT = 1e-4;

/** Halvings of a step before the search counts as ended by rounding. */
const MOST_HALVINGS = 40;

/** A function's value; the gradient is written to the second array. */
export type ValueAndGradient = (at: Float64Array, gradient: Float64Array) => number;

export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** Whether the gradient became small enough, or rounding let the value become no less. */
  readonly converged: boolean;
}

export interface MinimizeOptions {
  /** The largest element of the gradient at which the search ends. Default 1e-6. */
  readonly tolerance?: number;
  /** Default 1000. */
  readonly maxIterations?: number;
}

/**
 * Finds the minimum by L-BFGS (Nocedal 1980; Nocedal and Wright, Numerical Optimization, algorithm 7.5) with backtracking.
 * One thread computes it in one order, so that the result is the same to the bit each time.
 */
export function minimize(
  evaluate: ValueAndGradient,
  start: Float64Array,
  { tolerance = 1e-6, maxIterations = 1000 }: MinimizeOptions = {},
): Minimum {
  let at = start.slice();
  let gradient = new Float64Array(at.length);
  let value = evaluate(at, gradient);
  const memory = new Curvature();
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    if (largest(gradient) <= tolerance) return { at, value, iterations: iteration, converged: true };
    const direction = memory.direction(gradient);
    const slope = dot(direction, gradient);
    // The first step has no curvature to go by: it is as long as 1 at most.
    let step = memory.isEmpty ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    const next = new Float64Array(at.length);
    const nextGradient = new Float64Array(at.length);
    let nextValue = Infinity;
    for (let halving = 0; ; halving++) {
      for (let i = 0; i < at.length; i++) next[i] = at[i] + step * direction[i];
      nextValue = evaluate(next, nextGradient);
      if (nextValue <= value + SUFFICIENT * step * slope) break;
      if (halving === MOST_HALVINGS) return { at, value, iterations: iteration, converged: true };
      step /= 2;
    }
    memory.add(difference(next, at), difference(nextGradient, gradient));
    at = next;
    gradient = nextGradient;
    value = nextValue;
  }
  return { at, value, iterations: maxIterations, converged: largest(gradient) <= tolerance };
}

/** The last steps and the changes of the gradient along them. */
class Curvature {
  private readonly pairs: {
    readonly step: Float64Array;
    readonly change: Float64Array;
    readonly product: number;
  }[] = [];

  get isEmpty(): boolean {
    return this.pairs.length === 0;
  }

  add(step: Float64Array, change: Float64Array): void {
    const product = dot(step, change);
    // Rounding can hide the curvature of a very short step.
    if (!(product > 0)) return;
    this.pairs.push({ step, change, product });
    if (this.pairs.length > MEMORY) this.pairs.shift();
  }

  /** The two-loop recursion: minus the inverse of the estimated second derivatives, times the gradient. */
  direction(gradient: Float64Array): Float64Array {
    const found = gradient.map((one) => -one);
    const factors = this.pairs.map(() => 0);
    for (let i = this.pairs.length - 1; i >= 0; i--) {
      const { step, change, product } = this.pairs[i];
      factors[i] = dot(step, found) / product;
      addTimes(found, change, -factors[i]);
    }
    const last = this.pairs.at(-1);
    if (last) {
      const scale = last.product / dot(last.change, last.change);
      for (let i = 0; i < found.length; i++) found[i] *= scale;
    }
    this.pairs.forEach(({ step, change, product }, i) => {
      addTimes(found, step, factors[i] - dot(change, found) / product);
    });
    return found;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function addTimes(to: Float64Array, what: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] += factor * what[i];
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((one, i) => one - b[i]);
}

function largest(values: Float64Array): number {
  let found = 0;
  for (const value of values) found = Math.max(found, Math.abs(value));
  return found;
}
