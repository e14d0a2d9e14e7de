/** @file Reverse-mode differentiation of a traced graph. The result is more graph. */
import { AuricleError } from "../errors.ts";
import { formatShape, sameShape, sizeOf } from "../tensor/shape.ts";
import { describeTensor, type Tensor, withScope } from "./tensor.ts";

/** The two operations that differentiation itself needs; given by ops/, which stands above this folder. */
export interface GradientArithmetic {
  add(a: Tensor, b: Tensor): Tensor;
  onesLike(tensor: Tensor): Tensor;
  zerosLike(tensor: Tensor): Tensor;
}

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

/**
 * d output / d x for each x in `sources`, by the chain rule in reverse. `output` must be a scalar; a source that it
 * does not depend on has a gradient of zeros.
 * @throws AuricleError "shape" when the output is no scalar.
 */
export function differentiate(
  output: Tensor,
  sources: readonly Tensor[],
  arithmetic: GradientArithmetic,
): Tensor[] {
  if (sizeOf(output.shape) !== 1) {
    throw new AuricleError(
      "shape",
      `gradients: the differentiated value must be a scalar; got ${formatShape(output.shape)} from ${describeTensor(output)}; take its mean or sum`,
    );
  }
  const order = topologicalOrder([output]);
  const needed = new Set<Tensor>(sources);
  for (const tensor of order) {
    const inputs = tensor.gradientRule?.inputs ?? tensor.inputs;
    if (inputs.some((input) => needed.has(input))) needed.add(tensor);
  }
  const gradients = new Map<Tensor, Tensor>([[output, arithmetic.onesLike(output)]]);
  const wanted = new Set(sources);
  for (const tensor of order.reverse()) {
    const gradient = gradients.get(tensor);
    if (!gradient || !needed.has(tensor)) continue;
    // What a source is made of does not matter unless another source lies behind it.
    if (!wanted.has(tensor)) gradients.delete(tensor);
    const rule = tensor.gradientRule;
    const inputs = rule?.inputs ?? tensor.inputs;
    if (!inputs.some((input) => needed.has(input))) continue;
    const inputGradients = withScope(tensor.scope, () => (rule ?? tensor.operation).gradient(gradient));
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
      gradients.set(input, before ? arithmetic.add(before, inputGradient) : inputGradient);
    });
  }
  return sources.map((source) => gradients.get(source) ?? arithmetic.zerosLike(source));
}
