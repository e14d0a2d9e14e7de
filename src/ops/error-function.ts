import type { Cases } from "../graph/case.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { KernelBuilder } from "../machine/builder.ts";
import type { VectorExpression } from "../machine/ir.ts";
import {
  applyElementwise,
  defineElementwise,
  type ElementwisePrimitive,
  type TensorLike,
  type ElementwiseParameters,
} from "./elementwise.ts";
import { emitExp, polynomial } from "./transcendental.ts";

/**
 * Below 0.93 x + x·P(x²), above 1 - e^(P(x)); from 4.2 on it is 1. The polynomials are those of N. Juffa's erff, which are within
 * an ulp with fused multiply-adds.
 */
function emitErf(k: KernelBuilder, x: VectorExpression): VectorExpression {
  const argument = k.let(x);
  const sign = k.let(k.binary("and", argument, k.intConstant(0x80000000)));
  const magnitude = k.let(k.binary("min", k.binary("xor", argument, sign), k.constant(4.2)));
  const squared = k.let(k.binary("multiply", magnitude, magnitude));
  const tail = polynomial(
    k,
    squared,
    [1.28379166e-1, -3.76125336e-1, 1.12819925e-1, -2.67681349e-2, 4.99119423e-3, -5.96761703e-4],
  );
  const near = k.multiplyAdd(tail, magnitude, magnitude);
  const exponent = polynomial(
    k,
    magnitude,
    [
      -1.28717512e-1, -6.34846687e-1, -1.06777877e-1, 2.42546219e-2, -3.88396438e-3, 3.83197126e-4,
      -1.7285347e-5,
    ],
  );
  const power = emitExp(k, k.multiplyAdd(exponent, magnitude, k.unary("negate", magnitude)));
  const far = k.binary("subtract", k.constant(1), power);
  const value = k.select(k.binary("less", magnitude, k.constant(0.927734375)), near, far);
  return k.binary("or", value, sign);
}

export const erfPrimitive: ElementwisePrimitive = defineElementwise({
  name: "erf",
  cost: 56,
  scalar: ([x]) => erfOf(x),
  emit: (k, [x]) => emitErf(k, x),
});

export const erfCases: Cases<ElementwiseParameters> = () => [
  { shapes: [[37]], parameters: { values: [] } },
  { shapes: [[2053]], parameters: { values: [] } },
];

/** 2/√π·Σ (-1)ⁿ·x^(2n+1) / (n!·(2n + 1)), written without alternating signs: 2/√π·e^(-x²)·Σ 2ⁿ·x^(2n+1) / (1·3·…·(2n + 1)). */
function erfOf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > Math.abs(total) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

/** The error function 2/√π·∫₀ˣ e^(-t²) dt. Relative error below 2e-7. */
export function erf(x: TensorLike): Tensor {
  return applyElementwise(erfPrimitive, [x]);
}
