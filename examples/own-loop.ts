/** @file A custom loss and training loop: no layers, no optimizer, only operations and their gradients. */
import { compile, floatArray } from "auricle";
import { add, matmul, mean, multiply, square, subtract, valueAndGrad } from "auricle/ops";

// y = 2·a - b + 0.5, to be found again from 64 examples.
const examples = Array.from({ length: 64 }, (_, i) => [Math.sin(i), Math.cos(2 * i)]);
const x = floatArray(examples.flat(), [64, 2]);
const y = floatArray(
  examples.map(([a, b]) => 2 * a - b + 0.5),
  [64, 1],
);

/** One step of gradient descent, traced and compiled once. */
const step = compile(
  (weights, bias, inputs, targets) => {
    const loss = valueAndGrad((w, b) => mean(square(subtract(add(matmul(inputs, w), b), targets))));
    const [value, [byWeights, byBias]] = loss(weights, bias);
    return [value, subtract(weights, multiply(byWeights, 0.3)), subtract(bias, multiply(byBias, 0.3))];
  },
  [[2, 1], [1], [64, 2], [64, 1]],
);

let weights = floatArray([0, 0], [2, 1]);
let bias = floatArray([0], [1]);
for (let i = 0; i < 200; i++) {
  const [, newWeights, newBias] = step(weights, bias, x, y);
  weights = floatArray(Float32Array.from(newWeights.data), [2, 1]);
  bias = floatArray(Float32Array.from(newBias.data), [1]);
}
export const found = { weights: [...weights.data], bias: bias.data[0] };
console.log(found);
