import { describe, expect, it } from "vitest";
import { add, exp, gradients, multiply, reshape, stack, sum, tanh } from "../ops/index.ts";
import { floatArray } from "../tensor/array.ts";
import { compile, type CompileOptions } from "./compile.ts";
import { withGradient, type Tensor } from "./tensor.ts";

const OPTIONS: CompileOptions = { threads: 1 };

function valuesOf(fn: (x: Tensor) => readonly Tensor[], numbers: readonly number[]): number[][] {
  return compile(
    fn,
    [[numbers.length]],
    OPTIONS,
  )(floatArray(numbers, [numbers.length])).map(({ data }) => [...data]);
}

describe("gradients", () => {
  it("are zeros for a source that the loss does not depend on", () => {
    const fn = (x: Tensor) => gradients(sum(x), [multiply(x, 2), x]);
    expect(valuesOf(fn, [1, 2])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it("are one for the loss itself", () => {
    const fn = (x: Tensor) => {
      const loss = sum(multiply(x, x));
      return gradients(loss, [loss, x]);
    };
    expect(valuesOf(fn, [3, 4])).toEqual([[1], [6, 8]]);
  });

  it("of a source that is made of another source are both whole", () => {
    const fn = (x: Tensor) => {
      const y = multiply(x, x);
      // loss = Σ 3y + x: dy = 3, dx = 3·2x + 1.
      return gradients(sum(add(multiply(y, 3), x)), [x, y, x]);
    };
    expect(valuesOf(fn, [1, 2])).toEqual([
      [7, 13],
      [3, 3],
      [7, 13],
    ]);
  });

  it("add up over all uses, through views too", () => {
    const fn = (x: Tensor) => gradients(sum(multiply(reshape(x, [2, 1]), stack([x, x]))), [x]);
    // Σ x_i Σ x_j = (Σ x)²: gradient 2·Σ x, from [2,1]·[2,2].
    expect(valuesOf(fn, [1, 2])).toEqual([[6, 6]]);
  });

  it("of gradients are second derivatives", () => {
    const fn = (x: Tensor) => {
      const [first] = gradients(sum(multiply(multiply(x, x), x)), [x]);
      return [first, ...gradients(sum(first), [x])];
    };
    expect(valuesOf(fn, [1, 2])).toEqual([
      [3, 12],
      [6, 12],
    ]);
  });

  it("follow a rule that replaces those of the operations inside", () => {
    const straightThrough = (x: Tensor) => {
      return withGradient(exp(multiply(x, 100)), [x], (dy) => [multiply(dy, 5)]);
    };
    const fn = (x: Tensor) => gradients(sum(straightThrough(multiply(x, 2))), [x]);
    expect(valuesOf(fn, [0, 1])).toEqual([[10, 10]]);
  });

  it("stop where a rule gives none", () => {
    const stopped = (x: Tensor) => {
      return withGradient(multiply(x, 1.5), [x], () => [undefined]);
    };
    expect(valuesOf((x) => gradients(sum(add(stopped(x), x)), [x]), [1, 2])).toEqual([[1, 1]]);
  });

  it("refuse a rule whose gradient has another shape than its input", () => {
    const fn = (x: Tensor) => {
      const y = withGradient(multiply(x, 2), [x], (dy) => [sum(dy)]);
      return gradients(sum(y), [x]);
    };
    expect(() => compile(fn, [[3]])).toThrow(/multiply: gradient of input 0 must be \[3\]; got \[\]/);
  });

  it("refuse a loss that is no scalar", () => {
    expect(() => compile((x) => gradients(multiply(x, 2), [x]), [[3]])).toThrow(
      /must be a scalar; got \[3\] from multiply; take its mean or sum/,
    );
  });

  it("pass through thousands of operations in a row", () => {
    const deep = (x: Tensor) => {
      let y = x;
      for (let i = 0; i < 2500; i++) y = add(multiply(y, 0.5), 0.25);
      const mixed = tanh(y);
      const loss = sum(add(mixed, multiply(x, 3)));
      return [y, ...gradients(loss, [x])];
    };
    const [y, dx] = valuesOf(deep, [0.25, 7]);
    // y converges to 0.25 / (1 - 0.5); its derivative 0.5^2500 is 0.
    expect(y).toEqual([0.5, 0.5]);
    expect(dx).toEqual([3, 3]);
  });
});
