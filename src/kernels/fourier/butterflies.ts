/**
 * @file The arithmetic of the real transform on half-complex vectors of float64; see transform-plan.ts for where bins lie. Each
 * vector holds the same sample or bin of `lanes` / 2 frames.
 */
import type { KernelBuilder } from "../../machine/builder.ts";
import type { VectorExpression } from "../../machine/ir.ts";

type Vector = VectorExpression;

export interface Complex {
  readonly re: Vector;
  readonly im: Vector;
}

/** Expressions of one kernel in double precision, each bound to a variable as it is made. */
export class DoubleArithmetic {
  private readonly k: KernelBuilder;

  constructor(k: KernelBuilder) {
    this.k = k;
  }

  add(a: Vector, b: Vector): Vector {
    return this.k.let(this.k.binary("doubleAdd", a, b));
  }

  subtract(a: Vector, b: Vector): Vector {
    return this.k.let(this.k.binary("doubleSubtract", a, b));
  }

  multiply(a: Vector, b: Vector): Vector {
    return this.k.let(this.k.binary("doubleMultiply", a, b));
  }

  scale(a: Vector, factor: number): Vector {
    return this.multiply(a, this.k.doubleConstant(factor));
  }

  /** a · (cos - i·sin). */
  turn({ re, im }: Complex, cos: Vector, sin: Vector): Complex {
    const { k } = this;
    const product = (a: Vector, b: Vector) => k.binary("doubleMultiply", a, b);
    return {
      re: k.let(k.binary("doubleAdd", product(re, cos), product(im, sin))),
      im: k.let(k.binary("doubleSubtract", product(im, cos), product(re, sin))),
    };
  }
}

/** The transform of 4 real samples, half-complex: re 0, re 1, re 2, im 1. */
export function leafOf4(v: DoubleArithmetic, [x0, x1, x2, x3]: readonly Vector[]): Vector[] {
  const even = v.add(x0, x2);
  const odd = v.add(x1, x3);
  return [v.add(even, odd), v.subtract(x0, x2), v.subtract(even, odd), v.subtract(x3, x1)];
}

/** The transform of 8 real samples, half-complex: re 0 … re 4, im 3, im 2, im 1. */
export function leafOf8(v: DoubleArithmetic, x: readonly Vector[]): Vector[] {
  const sum04 = v.add(x[0], x[4]);
  const difference04 = v.subtract(x[0], x[4]);
  const sum26 = v.add(x[2], x[6]);
  const difference26 = v.subtract(x[2], x[6]);
  const sum15 = v.add(x[1], x[5]);
  const difference15 = v.subtract(x[1], x[5]);
  const sum37 = v.add(x[3], x[7]);
  const difference37 = v.subtract(x[3], x[7]);
  const even = v.add(sum04, sum26);
  const odd = v.add(sum15, sum37);
  // Odd samples' bin 1 is difference15 - i·difference37; an eighth of a turn mixes them.
  const re = v.scale(v.subtract(difference15, difference37), Math.SQRT1_2);
  const im = v.scale(v.add(difference15, difference37), -Math.SQRT1_2);
  return [
    v.add(even, odd),
    v.add(difference04, re),
    v.subtract(sum04, sum26),
    v.subtract(difference04, re),
    v.subtract(even, odd),
    v.add(im, difference26),
    v.subtract(sum37, sum15),
    v.subtract(im, difference26),
  ];
}

/**
 * From bin j of the four parts, the last three turned by the twiddles of q = 1, 2, 3: bins j, m + j, 2m - j and m - j of
 * the whole, 0 < j < m/2.
 */
export function combine(v: DoubleArithmetic, [a, b, c, d]: readonly Complex[]): Complex[] {
  const sumRe = v.add(a.re, c.re);
  const sumIm = v.add(a.im, c.im);
  const differenceRe = v.subtract(a.re, c.re);
  const differenceIm = v.subtract(a.im, c.im);
  const oddRe = v.add(b.re, d.re);
  const oddIm = v.add(b.im, d.im);
  const crossRe = v.subtract(d.re, b.re);
  const crossIm = v.subtract(b.im, d.im);
  return [
    { re: v.add(sumRe, oddRe), im: v.add(sumIm, oddIm) },
    { re: v.add(differenceRe, crossIm), im: v.add(differenceIm, crossRe) },
    { re: v.subtract(sumRe, oddRe), im: v.subtract(oddIm, sumIm) },
    { re: v.subtract(differenceRe, crossIm), im: v.subtract(crossRe, differenceIm) },
  ];
}

/** From the parts' bins m/2, which are real: bins m/2 and 3m/2. */
export function combineMiddle(v: DoubleArithmetic, [a, b, c, d]: readonly Vector[]): Complex[] {
  const re = v.scale(v.subtract(b, d), Math.SQRT1_2);
  const im = v.scale(v.add(b, d), -Math.SQRT1_2);
  return [
    { re: v.add(a, re), im: v.subtract(im, c) },
    { re: v.subtract(a, re), im: v.add(im, c) },
  ];
}
