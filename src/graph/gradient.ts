/** @file Reverse-mode differentiation of a traced graph. The result is more graph. */
import { AuricleError } from "../errors.ts";
import { formatShape, sameShape, sizeOf } from "../tensor/shape.ts";
import { filledTensor } from "./sources.ts";
import { describeTensor, type Tensor, withScope } from "./tensor.ts";

/** Every tensor that `roots` depend on, each after its inputs. */
export function topologicalOrder(roots: readonly Tensor[]): Tensor[] {
  const order: Tensor[] = [];
  const seen = new Set<Tensor>();
  // Not recursive: a deep network's graph is deeper than the call stack.
  const stack: { tensor: Tensor; next: number }[] = [];
  const push = (tensor: Tensor) => {
    if (seen.has(tensor)) return;
    seen.add(tensor);
    stack.push({ tensor, next: 0 });
  };
  for (const root of roots) {
    push(root);
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      if (top.next < top.tensor.inputs.length) {
        push(top.tensor.inputs[top.next++]);
      } else {
        order.push(top.tensor);
        stack.pop();
      }
    }
  }
  return order;
}

/** The rules of differentiation, given by ops/, which stands above this folder. */
export interface GradientRules {
  add(a: Tensor, b: Tensor): Tensor;
  /** The gradient for each input of the operation that gave `output`; undefined where none flows. */
  inputGradients(outputGradient: Tensor, output: Tensor): readonly (Tensor | undefined)[];
}

/**
 * d output / d x for each x in `sources`, by the chain rule in reverse. `output` must be a scalar; a source that it
 * does not depend on has a gradient of zeros.
 * @throws AuricleError "shape" when the output is no scalar.
 */
export function differentiate(output: Tensor, sources: readonly Tensor[], rules: GradientRules): Tensor[] {
  if (sizeOf(output.shape) !== 1) {
    throw new AuricleError(
      "shape",
      `gradients: the differentiated value must be a scalar; got ${formatShape(output.shape)} from ${describeTensor(output)}; take its mean or sum`,
    );
  }
  const order = topologicalOrder([output]);
  const needed = new Set<Tensor>(sources);
  for (const tensor of order) {
    const inputs = tensor.facts.gradientRule?.inputs ?? tensor.inputs;
    if (inputs.some((input) => needed.has(input))) needed.add(tensor);
  }
  const gradients = new Map<Tensor, Tensor>([[output, filledTensor(output.shape, 1)]]);
  const wanted = new Set(sources);
  for (const tensor of order.reverse()) {
    const gradient = gradients.get(tensor);
    if (!gradient || !needed.has(tensor)) continue;
    // What a source is made of does not matter unless another source lies behind it.
    if (!wanted.has(tensor)) gradients.delete(tensor);
    const rule = tensor.facts.gradientRule;
    const inputs = rule?.inputs ?? tensor.inputs;
    if (!inputs.some((input) => needed.has(input))) continue;
    const inputGradients = withScope(tensor.scope, () =>
      rule ? rule.gradient(gradient, tensor) : rules.inputGradients(gradient, tensor),
    );
    inputs.forEach((input, i) => {
      const inputGradient = inputGradients[i];
      if (!inputGradient || !needed.has(input)) return;
      if (!sameShape(inputGradient.shape, input.shape)) {
        throw new AuricleError(
          "shape",
          `${describeTensor(tensor)}: gradient of input ${i} must be ${formatShape(input.shape)}; got ${formatShape(inputGradient.shape)}`,
        );
      }
      const before = gradients.get(input);
      gradients.set(input, before ? rules.add(before, inputGradient) : inputGradient);
    });
  }
  return sources.map((source) => gradients.get(source) ?? filledTensor(source.shape, 0));
}
