/** @file Gradients of the operations in ../gated-activation.ts. */
import { sigmoid, softplus } from "../activation.ts";
import { add, multiply, subtract } from "../arithmetic.ts";
import { applyElementwise, type ElementwiseParameters } from "../elementwise.ts";
import { exp, tanh } from "../exponential.ts";
import { CUBIC, ROOT } from "../gated-activation.ts";
import {
  geluDerivativePrimitive,
  geluTanhDerivativePrimitive,
  mishDerivativePrimitive,
  siluDerivativePrimitive,
} from "../gated-derivatives.ts";
import type { OperationGradient } from "./operation-gradient.ts";

export const siluGradient: OperationGradient<ElementwiseParameters> = (gradient, [x]) => [
  multiply(gradient, applyElementwise(siluDerivativePrimitive, [x])),
];

// (x·s)″ = s'·(2 + x·(1 - 2s)) with s' = s·(1 - s).
export const siluDerivativeGradient: OperationGradient<ElementwiseParameters> = (gradient, [x]) => {
  const s = sigmoid(x);
  const slope = multiply(s, subtract(1, s));
  const curve = add(2, multiply(x, subtract(1, multiply(2, s))));
  return [multiply(gradient, multiply(slope, curve))];
};

export const mishGradient: OperationGradient<ElementwiseParameters> = (gradient, [x]) => [
  multiply(gradient, applyElementwise(mishDerivativePrimitive, [x])),
];

// With the gate t, s = sigmoid(x) and q = 1 - t²: (x·t)″ = q·s·(2 + x·(1 - s - 2·t·s)).
export const mishDerivativeGradient: OperationGradient<ElementwiseParameters> = (gradient, [x]) => {
  const gate = tanh(softplus(x));
  const s = sigmoid(x);
  const slope = multiply(subtract(1, multiply(gate, gate)), s);
  const bend = subtract(subtract(1, s), multiply(2, multiply(gate, s)));
  return [multiply(gradient, multiply(slope, add(2, multiply(x, bend))))];
};

export const geluTanhGradient: OperationGradient<ElementwiseParameters> = (gradient, [x]) => [
  multiply(gradient, applyElementwise(geluTanhDerivativePrimitive, [x])),
];

// (x·s(u))″ = s'·(2u' + x·u″ + x·u'²·(1 - 2s)).
export const geluTanhDerivativeGradient: OperationGradient<ElementwiseParameters> = (gradient, [x]) => {
  const square = multiply(x, x);
  const s = sigmoid(multiply(x, add(multiply(square, 2 * ROOT * CUBIC), 2 * ROOT)));
  const slope = add(multiply(square, 6 * ROOT * CUBIC), 2 * ROOT);
  const bend = multiply(square, 12 * ROOT * CUBIC);
  const curve = multiply(multiply(x, multiply(slope, slope)), subtract(1, multiply(2, s)));
  const total = add(add(multiply(2, slope), bend), curve);
  return [multiply(gradient, multiply(multiply(s, subtract(1, s)), total))];
};

export const geluGradient: OperationGradient<ElementwiseParameters> = (gradient, [x]) => [
  multiply(gradient, applyElementwise(geluDerivativePrimitive, [x])),
];

// (x·Φ)″ = φ·(2 - x²).
export const geluDerivativeGradient: OperationGradient<ElementwiseParameters> = (gradient, [x]) => {
  const square = multiply(x, x);
  const density = multiply(exp(multiply(square, -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return [multiply(gradient, multiply(density, subtract(2, square)))];
};
