import { describe, expect, it } from "vitest";
import { compile, type InputSpec } from "../../graph/compile.ts";
import type { Tensor } from "../../graph/tensor.ts";
import { gradients } from "../../ops/gradients.ts";
import { multiply, subtract } from "../../ops/arithmetic.ts";
import { dtypeOf, floatArray, intArray, type NumericArray } from "../../tensor/array.ts";
import { KERNEL_TARGETS } from "../../testing/check-operation.ts";
import { expectClose } from "../../testing/compare.ts";
import { fixtureCases, type FixtureCase } from "../../testing/fixtures.ts";
import {
  binaryCrossEntropy,
  categoricalHinge,
  cosineSimilarity,
  hinge,
  huber,
  isLossName,
  klDivergence,
  logCosh,
  LOSS_NAMES,
  lossOf,
  meanAbsoluteError,
  meanSquaredError,
  poisson,
  softmaxCrossEntropy,
  squaredHinge,
  type LossName,
  type LossOptions,
} from "./index.ts";

type LossCall = (targets: Tensor, outputs: Tensor, options: LossOptions) => Tensor;

/** Losses without parameters. */
const PLAIN: Readonly<Record<string, LossCall>> = {
  categoricalHinge,
  cosineSimilarity,
  hinge,
  klDivergence,
  logCosh,
  meanAbsoluteError,
  meanSquaredError,
  poisson,
  squaredHinge,
};

const WITH_PARAMETERS: Readonly<Record<string, (params: FixtureCase["params"]) => LossCall>> = {
  softmaxCrossEntropy: (params) => (targets, outputs, options) =>
    softmaxCrossEntropy(targets, outputs, {
      labelSmoothing: Number(params.labelSmoothing),
      ...(Array.isArray(params.classWeights) && { classWeights: params.classWeights.map(Number) }),
      ...(params.ignoreIndex !== null && { ignoreIndex: Number(params.ignoreIndex) }),
      ...options,
    }),
  binaryCrossEntropy: (params) => (targets, outputs, options) =>
    binaryCrossEntropy(targets, outputs, { labelSmoothing: Number(params.labelSmoothing), ...options }),
  huber: (params) => (targets, outputs, options) =>
    huber(targets, outputs, { delta: Number(params.delta), ...options }),
};

function lossFor(op: string, params: FixtureCase["params"]) {
  const call = Object.hasOwn(PLAIN, op) ? PLAIN[op] : WITH_PARAMETERS[op](params);
  return (targets: Tensor, outputs: Tensor, sampleWeights: Tensor | undefined): Tensor =>
    call(targets, outputs, { sampleWeights });
}

const specOf = (array: NumericArray): InputSpec => ({ shape: array.shape, dtype: dtypeOf(array) });

const OPS = [...Object.keys(WITH_PARAMETERS), ...Object.keys(PLAIN)];
const CASES = OPS.flatMap((op) => fixtureCases("loss", op).map((one) => [`${op} ${one.name}`, one] as const));

describe.each([...KERNEL_TARGETS, "reference" as const])(
  "losses on %s, within 2e-6 of PyTorch's and Keras'",
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
    expect(build(softmaxCrossEntropy, { shape: [4], dtype: "int32" }, [4, 6, 3])).toThrow(
      /must be \[4,6\] for logits \[4,6,3\]; got \[4\]; for one label for each example put flatten\(\)/,
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

describe("ignoreIndex", () => {
  const specs: InputSpec[] = [[2, 3], { shape: [2], dtype: "int32" }];

  it("gives 0 and no gradient where all positions are ignored", () => {
    const run = compile(
      (z, y) => {
        const loss = softmaxCrossEntropy(y, z, { ignoreIndex: 255 });
        return [loss, ...gradients(loss, [z])];
      },
      specs,
      { threads: 1 },
    );
    const [loss, gradient] = run(floatArray([1, 2, 3, 4, 5, 6], [2, 3]), intArray([255, 255], [2]));
    expect(loss.data[0]).toBe(0);
    expect([...gradient.data].map(Math.abs)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it("is a whole number and goes with labels", () => {
    const build = (spec: InputSpec, ignoreIndex: number) => () =>
      compile((z, y) => softmaxCrossEntropy(y, z, { ignoreIndex }), [[2, 3], spec], { threads: 1 });
    expect(build(specs[1], 0.5)).toThrow("softmaxCrossEntropy: ignoreIndex must be a whole number");
    expect(build([2, 3], 1)).toThrow("ignoreIndex needs int32 labels; got float32 targets");
  });
});

describe("the gradient of cosineSimilarity", () => {
  it("is finite for a vector of zeros", () => {
    const run = compile(
      (z, y) => gradients(cosineSimilarity(y, z), [z]),
      [
        [1, 2],
        [1, 2],
      ],
      { threads: 1 },
    );
    const [gradient] = run(floatArray([0, 0], [1, 2]), floatArray([3, 4], [1, 2]));
    // Divided by 1e-7 in place of the length: -(3, 4) / 5 / 1e-7.
    expectClose(gradient.data, [-6e6, -8e6], 1e-6, "gradient");
  });
});

describe("losses by name", () => {
  it("are each checked against another tool's, and so are all their other names", () => {
    expect(new Set(LOSS_NAMES.filter(isLossName).map((name) => lossOf(name).name))).toEqual(
      // That of LeNet-5, which no other tool has, is computed by hand beside its layer.
      new Set([...OPS, "radialBasis"]),
    );
  });

  it.each(OPS)("%s refuses options that it does not have", (op) => {
    const options: object = { smoothing: 1 };
    const call = Object.hasOwn(PLAIN, op) ? PLAIN[op] : WITH_PARAMETERS[op]({});
    expect(() =>
      compile(
        (z, y) => call(y, z, options),
        [
          [2, 3],
          [2, 3],
        ],
        { threads: 1 },
      ),
    ).toThrow(new RegExp(`^${op}: options are .*; got "smoothing"`));
  });

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
    const name = "focal" as LossName;
    expect(() => lossOf(name)).toThrow(/name must be one of softmaxCrossEntropy, .*; got "focal"$/);
    const misspelt = "meanSquareError" as LossName;
    expect(() => lossOf(misspelt)).toThrow('got "meanSquareError"; did you mean "meanSquaredError"?');
    expect(() => lossOf({ name: "meanSquaredError", delta: 1 })).toThrow(
      'loss meanSquaredError: has no options; got "delta"',
    );
    const none: unknown = undefined;
    expect(() => lossOf(none as LossName)).toThrow(/^loss: must be a name, .*; got nothing/);
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
