/**
 * @file A real Fourier transform of any length L by its definition, in double precision: what is left of a size when all
 * factors of 4 are taken out.
 *
 *   fold      p[i] = x[i] + x[L - i] and m[i] = x[i] - x[L - i], which halves the products
 *   for bins k, several at once:
 *     re = x[0] ± x[L / 2] + Σ p[i]·cos(2πik/L), im = -Σ m[i]·sin(2πik/L)
 */
import type { KernelBuilder } from "../../machine/builder.ts";
import type { IntExpression, VectorExpression } from "../../machine/ir.ts";
import { DOUBLE_BYTES, FLOAT_BYTES } from "../kernel.ts";
import type { Complex, DoubleArithmetic } from "./butterflies.ts";
import { complexBins } from "./transform-plan.ts";

/** Sums that are computed side by side, for one alone would wait for each of its additions. */
const BINS_AT_ONCE = 4;
const ROOT_BYTES = 2 * DOUBLE_BYTES;

export interface DirectTransform {
  /** Address of cos, sin of 2π·i / L, i = 0 … L - 1. */
  readonly roots: IntExpression;
  /** Address of L vectors for p[i], at i, and m[i], at L - i. */
  readonly folded: IntExpression;
  /** Sample 0 … L - 1 of every frame. */
  sampleAt(number: number | IntExpression): VectorExpression;
  /** Takes bin 0 … L / 2. */
  store(bin: Complex, number: number | IntExpression, hasImaginary: boolean): void;
}

export function writeDirectTransform(
  k: KernelBuilder,
  v: DoubleArithmetic,
  length: number,
  { roots, folded, sampleAt, store }: DirectTransform,
): void {
  const vectorBytes = k.machine.lanes * FLOAT_BYTES;
  const count = complexBins(length);
  k.loop(1, count + 1, 1, (i) => {
    const [x, y] = [sampleAt(i), sampleAt(k.subtract(length, i))];
    k.store(k.add(folded, k.multiply(i, vectorBytes)), 0, v.add(x, y));
    k.store(k.add(folded, k.multiply(k.subtract(length, i), vectorBytes)), 0, v.subtract(x, y));
  });
  const first = k.let(sampleAt(0));
  const middle = length % 2 === 0 ? k.let(sampleAt(length / 2)) : undefined;
  /** x[0] and, with the sign that e^(-πik) gives it, x[L / 2]. */
  const real = (isOdd: boolean) =>
    middle ? (isOdd ? v.subtract(first, middle) : v.add(first, middle)) : first;
  const sums = (bins: readonly Bin[]) => writeSums(k, length, bins, roots, folded);
  const [bin0] = sums([{ number: k.int(0), re: real(false) }]);
  store(bin0, 0, false);
  if (middle) {
    const [last] = sums([{ number: k.int(length / 2), re: real((length / 2) % 2 === 1) }]);
    store(last, length / 2, false);
  }
  const even = k.let(real(false));
  const odd = k.let(real(true));
  const block = (number: IntExpression, bins: number) => {
    const numbers = Array.from({ length: bins }, (_, i) => k.intVariable(k.add(number, i)));
    // The first bin of a block is odd.
    const results = sums(numbers.map((bin, i) => ({ number: bin, re: i % 2 === 0 ? odd : even, im: true })));
    results.forEach((bin, i) => store(bin, numbers[i], true));
  };
  const whole = count - (count % BINS_AT_ONCE);
  k.loop(1, whole + 1, BINS_AT_ONCE, (number) => block(number, BINS_AT_ONCE));
  if (count > whole) block(k.int(whole + 1), count - whole);
}

interface Bin {
  readonly number: IntExpression;
  /** The initial value of the real part. */
  readonly re: VectorExpression;
  /** Whether the imaginary part is wanted. */
  readonly im?: boolean;
}

function writeSums(
  k: KernelBuilder,
  length: number,
  bins: readonly Bin[],
  roots: IntExpression,
  folded: IntExpression,
): Complex[] {
  const vectorBytes = k.machine.lanes * FLOAT_BYTES;
  const sums = bins.map(({ number, re, im }) => ({
    re: k.vectorVariable(re),
    im: im ? k.vectorVariable(k.doubleConstant(0)) : undefined,
    root: k.intVariable(0),
    step: k.intVariable(k.multiply(number, ROOT_BYTES)),
  }));
  const up = k.intVariable(k.add(folded, vectorBytes));
  const down = k.intVariable(k.add(folded, (length - 1) * vectorBytes));
  const product = (a: VectorExpression, b: VectorExpression) => k.binary("doubleMultiply", a, b);
  k.loop(0, complexBins(length), 1, () => {
    const plus = k.let(k.load(up));
    const minus = k.let(k.load(down));
    for (const { re, im, root, step } of sums) {
      // Modulo length: a difference below 0 is a very large unsigned number.
      const next = k.intVariable(k.add(root, step));
      k.setInt(root, k.minimum(next, k.add(next, -length * ROOT_BYTES)));
      const at = k.intVariable(k.add(roots, root));
      k.setVector(re, k.binary("doubleAdd", re, product(plus, k.broadcastDouble(at))));
      if (im)
        k.setVector(im, k.binary("doubleSubtract", im, product(minus, k.broadcastDouble(at, DOUBLE_BYTES))));
    }
    k.increment(up, vectorBytes);
    k.increment(down, -vectorBytes);
  });
  return sums.map(({ re, im }) => ({ re, im: im ?? k.doubleConstant(0) }));
}
