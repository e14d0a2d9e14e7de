/** @file The derivatives of the activations in gated-activation.ts, as operations. */
import type { Cases } from "../graph/case.ts";
import type { KernelBuilder } from "../machine/builder.ts";
import type { VectorExpression } from "../machine/ir.ts";
import { logistic } from "./activation.ts";
import { defineElementwise, type ElementwiseParameters } from "./elementwise.ts";
import {
  commonCases,
  emitMishParts,
  emitTanhFormArgument,
  softplusOf,
  tanhFormArgument,
} from "./gated-activation.ts";
import { normalCumulative, normalDensity } from "./normal-distribution.ts";
import { emitNormal, emitSigmoid } from "./transcendental.ts";

/** s·(1 + slope·x·(1 - s)): the derivative of x·s(u(x)) with the sigmoid s and u' = slope. */
function gateDerivative(
  k: KernelBuilder,
  gate: VectorExpression,
  x: VectorExpression,
  slope: VectorExpression,
): VectorExpression {
  const bound = k.let(gate);
  const rest = k.binary(
    "multiply",
    k.binary("subtract", k.constant(1), bound),
    k.binary("multiply", x, slope),
  );
  return k.multiplyAdd(bound, rest, bound);
}

export const siluDerivativePrimitive = defineElementwise({
  name: "siluDerivative",
  cost: 33,
  scalar: ([x]) => logistic(x) * (1 + x * logistic(-x)),
  emit: (k, [x]) => {
    const argument = k.let(x);
    return gateDerivative(k, emitSigmoid(k, argument), argument, k.constant(1));
  },
});

export const siluDerivativeCases: Cases<ElementwiseParameters> = commonCases;

export const mishDerivativePrimitive = defineElementwise({
  name: "mishDerivative",
  cost: 34,
  scalar: ([x]) => {
    const gate = Math.tanh(softplusOf(x));
    return gate + x * (1 - gate * gate) * logistic(x);
  },
  // x·(1 - tanh²)·sigmoid = 4·x·w·(1 + w) / (n + 2)².
  emit: (k, [x]) => {
    const { bounded, w, inverse, gate } = emitMishParts(k, k.let(x));
    const rise = k.binary("multiply", k.multiplyAdd(w, w, w), k.binary("multiply", inverse, inverse));
    return k.multiplyAdd(k.binary("multiply", bounded, k.constant(4)), rise, gate);
  },
});

export const mishDerivativeCases: Cases<ElementwiseParameters> = commonCases;

export const geluTanhDerivativePrimitive = defineElementwise({
  name: "geluTanhDerivative",
  cost: 38,
  scalar: ([x]) => {
    const { argument, slope } = tanhFormArgument(x);
    return logistic(argument) * (1 + x * slope * logistic(-argument));
  },
  emit: (k, [x]) => {
    const bound = k.let(x);
    const { argument, slope } = emitTanhFormArgument(k, bound);
    return gateDerivative(k, emitSigmoid(k, argument), bound, slope);
  },
});

export const geluTanhDerivativeCases: Cases<ElementwiseParameters> = commonCases;

export const geluDerivativePrimitive = defineElementwise({
  name: "geluDerivative",
  cost: 43,
  scalar: ([x]) => normalCumulative(x) + x * normalDensity(x),
  emit: (k, [x]) => {
    const bound = k.let(x);
    const { cumulative, density } = emitNormal(k, bound);
    return k.multiplyAdd(bound, density, cumulative);
  },
});

export const geluDerivativeCases: Cases<ElementwiseParameters> = commonCases;
