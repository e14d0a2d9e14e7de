/** @file One layer's passes as programs of their own. */
import { compileGraph } from "../dist/graph/compile.js";
import { inputTensor } from "../dist/graph/sources.js";
import { sum, withGradient } from "../dist/ops/index.js";

/** The tensors of a stage, traced anew for each program: [x, …weights], output, gradient of the output. */
export function trace(stage) {
  const inputs = [stage.inputShape, ...stage.weightShapes].map((shape) => inputTensor(shape, "float32"));
  const output = stage.apply(inputs);
  const gradient = inputTensor(output.shape, "float32");
  // A scalar whose gradient with respect to the output is whatever is given.
  const loss = withGradient(sum(output), [output], () => [gradient]);
  return { inputs, output, gradient, loss };
}

export function programOf(inputs, outputs, options) {
  const program = compileGraph({ inputs, outputs, assignments: [] }, options);
  inputs.forEach((_, i) => {
    const view = program.inputView(i);
    // Numbers in [-1, 1] that repeat at no power of two.
    for (let k = 0; k < view.length; k++) view[k] = ((k * 7919) % 2003) / 1001.5 - 1;
  });
  return program;
}
