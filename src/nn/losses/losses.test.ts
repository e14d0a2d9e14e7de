import { describe, expect, it } from "vitest";
import { compile, type InputSpec } from "../../graph/compile.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { gradients } from "../../ops/gradients.ts";
import { multiply, subtract } from "../../ops/arithmetic.ts";
import { dtypeOf, floatArray, type NumericArray } from "../../tensor/array.ts";
import { KERNEL_TARGETS } from "../../testing/check-operation.ts";
import { expectClose } from "../../testing/compare.ts";
import { fixtureCases, type FixtureCase } from "../../testing/fixtures.ts";
import {
  binaryCrossEntropy,
  huber,
  lossOf,
  meanAbsoluteError,
  meanSquaredError,
  softmaxCrossEntropy,
  type LossName,
} from "./index.ts";

function lossFor(op: string, params: FixtureCase["params"]) {
  const number = (name: string) => Number(params[name]);
  const weightsOf = (value: unknown) => (Array.isArray(value) ? value.map(Number) : undefined);
  return (targets: Tensor, outputs: Tensor, sampleWeights: Tensor | undefined): Tensor => {
    switch (op) {
      case "softmaxCrossEntropy":
        return softmaxCrossEntropy(targets, outputs, {
          labelSmoothing: number("labelSmoothing"),
          classWeights: weightsOf(params.classWeights),
          sampleWeights,
        });
      case "binaryCrossEntropy":
        return binaryCrossEntropy(targets, outputs, {
          labelSmoothing: number("labelSmoothing"),
          sampleWeights,
        });
      case "huber":
        return huber(targets, outputs, { delta: number("delta"), sampleWeights });
      case "meanSquaredError":
        return meanSquaredError(targets, outputs, { sampleWeights });
      default:
        return meanAbsoluteError(targets, outputs, { sampleWeights });
    }
  };
}

const specOf = (array: NumericArray): InputSpec => ({ shape: array.shape, dtype: dtypeOf(array) });

const OPS = ["softmaxCrossEntropy", "binaryCrossEntropy", "meanSquaredError", "meanAbsoluteError", "huber"];
const CASES = OPS.flatMap((op) => fixtureCases("loss", op).map((one) => [`${op} ${one.name}`, one] as const));

describe.each([...KERNEL_TARGETS, "reference" as const])(
  "losses on %s, within 2e-6 of PyTorch's",
  (target) => {
    it.each(CASES)("%s", (title, { op, params, inputs, output, outputGradient, inputGradients = [] }) => {
      const loss = lossFor(op, params);
      const run = compile(
        (prediction, targets, ...weights) => {
          const value = loss(targets, prediction, weights[0]);
          // The fixture's gradient is that of loss · outputGradient.
          const scaled = multiply(value, outputGradient?.data[0] ?? NaN);
          return [value, ...gradients(scaled, [prediction])];
        },
        inputs.map(specOf),
        { target, threads: 1 },
      );
      const [value, gradient] = run(...inputs);
      expectClose(value.data, output.data, 2e-6, title);
      expectClose(gradient.data, inputGradients[0]?.data ?? [], 2e-6, `gradient of ${title}`);
    });
  },
);

describe("losses", () => {
  it("softmax cross-entropy's gradient takes one kernel, and one for the log-probabilities that both read", () => {
    const specs: InputSpec[] = [[8, 10], { shape: [8], dtype: "int32" }];
    const forward = compile((z, y) => softmaxCrossEntropy(y, z), specs, { threads: 1 });
    const both = compile(
      (z, y) => {
        const loss = softmaxCrossEntropy(y, z);
        return [loss, ...gradients(loss, [z])];
      },
      specs,
      { threads: 1 },
    );
    expect(both.report.calls.length).toBeLessThanOrEqual(forward.report.calls.length + 2);
  });

  it("takes targets [N] for outputs [N,1] instead of broadcasting them to [N,N]", () => {
    const run = compile((y, z) => meanSquaredError(y, z), [[2], [2, 1]], { threads: 1 });
    // ((3 - 1)² + (5 - 2)²) / 2 = 6.5
    expect(run(floatArray([1, 2], [2]), floatArray([3, 5], [2, 1])).data[0]).toBe(6.5);
  });

  it("says which shapes fit", () => {
    const build = (loss: (y: Tensor, z: Tensor) => Tensor, y: InputSpec, z: InputSpec) => () =>
      compile(loss, [y, z], { threads: 1 });
    const labels: InputSpec = { shape: [4, 1], dtype: "int32" };
    expect(build(softmaxCrossEntropy, labels, [4, 3])).toThrow(
      "softmaxCrossEntropy: int32 labels must be [4] for logits [4,3]; got [4,1]",
    );
    expect(build(softmaxCrossEntropy, [4], [4, 3])).toThrow(/float32 targets .* must be \[4,3\]/);
    expect(build(meanSquaredError, [4, 2], [4, 3])).toThrow(
      "meanSquaredError: targets must have the outputs' shape [4,3]; got [4,2]",
    );
  });

  it("refuses parameters out of range", () => {
    const build = (make: (y: Tensor, z: Tensor) => Tensor) => () =>
      compile(
        make,
        [
          [2, 2],
          [2, 2],
        ],
        { threads: 1 },
      );
    expect(build((y, z) => softmaxCrossEntropy(y, z, { labelSmoothing: 2 }))).toThrow(/in 0 … 1; got 2/);
    expect(build((y, z) => softmaxCrossEntropy(y, z, { classWeights: [1] }))).toThrow(/must be 2 numbers/);
    expect(build((y, z) => huber(y, z, { delta: 0 }))).toThrow(/delta must be above 0; got 0/);
  });
});

describe("losses by name", () => {
  it("knows TensorFlow.js' and Keras' spellings", () => {
    const names: [LossName, string][] = [
      ["categoricalCrossentropy", "softmaxCrossEntropy"],
      ["sparseCategoricalCrossentropy", "softmaxCrossEntropy"],
      ["binaryCrossentropy", "binaryCrossEntropy"],
      ["mean_squared_error", "meanSquaredError"],
      ["mae", "meanAbsoluteError"],
    ];
    for (const [alias, name] of names) expect(lossOf(alias).name).toBe(name);
  });

  it("passes parameters on and stores them", () => {
    const loss = lossOf({ name: "huber", delta: 2 });
    expect(lossOf({ ...loss.config, name: "huber" }).config).toEqual({ name: "huber", delta: 2 });
    const run = compile((y, z) => loss.call(y, z), [[1], [1]], { threads: 1 });
    // |error| 5 is beyond delta 2: 2·(5 - 1) = 8
    expect(run(floatArray([0], [1]), floatArray([5], [1])).data[0]).toBe(8);
  });

  it("refuses unknown names and parameters", () => {
    const name = "hinge" as LossName;
    expect(() => lossOf(name)).toThrow(/name must be one of softmaxCrossEntropy, .*; got "hinge"/);
    expect(() => lossOf({ name: "meanSquaredError", delta: 1 })).toThrow(
      "loss meanSquaredError: has no parameters; got delta",
    );
  });

  it("weighs a function's losses per example, and refuses to weigh a scalar", () => {
    const perExample = lossOf((y, z) => subtract(z, y));
    const run = compile((y, z, w) => perExample.call(y, z, w), [[2], [2], [2]], { threads: 1 });
    // (2·(3 - 1) + 0.5·(8 - 2)) / 2 = 3.5
    const result = run(floatArray([1, 2], [2]), floatArray([3, 8], [2]), floatArray([2, 0.5], [2]));
    expect(result.data[0]).toBe(3.5);
    const scalar = lossOf((y, z) => meanSquaredError(y, z));
    expect(() => compile((y, z, w) => scalar.call(y, z, w), [[2], [2], [2]], { threads: 1 })).toThrow(
      /returns a scalar, which cannot be weighted/,
    );
  });
});
