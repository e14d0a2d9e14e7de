import { describe, expect, it } from "vitest";
import { compile } from "../graph/compile.ts";
import { inputTensor } from "../graph/sources.ts";
import type { Tensor } from "../graph/tensor.ts";
import { KERNEL_TARGETS } from "../testing/check-operation.ts";
import { fixtureCases } from "../testing/fixtures.ts";
import { floatArray } from "../tensor/array.ts";
import { sizeOf } from "../tensor/shape.ts";
import { testValues } from "../testing/values.ts";
import {
  add,
  batchNorm,
  batchNormTraining,
  conv2d,
  gradients,
  maxPool2d,
  multiply,
  relu,
  sum,
  tanh,
} from "./index.ts";
import { checkFixture, describeTolerance, expectWithin } from "./testing/check-fixture.ts";

/** Gradients are differences of sums of numbers near 1: hence the absolute part. */
const TOLERANCE = { relative: 2e-6, absolute: 2e-6 };
/**
 * 72 numbers near 100, whose sum float32 rounds to 5e-4 at each step: the mean is known to about 2e-5, so at deviations
 * of 0.5 and gamma 1.4 the output to 6e-5, and gamma's gradient to 2e-5 / 0.5 of Σ dy.
 */
const LARGE_MEAN = { relative: 5e-5, absolute: 1e-4 };

describe("batchNormTraining", () => {
  it.each(
    fixtureCases("normalization", "batchNorm").map(
      (one) =>
        [one.name, describeTolerance(one.name === "large-mean" ? LARGE_MEAN : TOLERANCE), one] as const,
    ),
  )("equals PyTorch in value and gradients: %s, within %s", (name, _, one) => {
    const tolerance = name === "large-mean" ? LARGE_MEAN : TOLERANCE;
    const epsilon = Number(one.params.epsilon);
    const axis = Number(one.params.axis ?? -1);
    checkFixture(
      one,
      ([x, gamma, beta]) => batchNormTraining(x, { gamma, beta, epsilon, axis }).output,
      tolerance,
    );
    for (const target of KERNEL_TARGETS) {
      const run = compile(
        (x) => {
          const { mean, variance } = batchNormTraining(x, { epsilon, axis });
          return { mean, variance };
        },
        [one.inputs[0].shape],
        { target, threads: 1 },
      );
      const statistics = run(one.inputs[0]);
      const { mean, variance } = one.auxiliaryOutputs ?? {};
      expectWithin(statistics.mean.data, mean.data, TOLERANCE, `mean on ${target}`);
      expectWithin(statistics.variance.data, variance.data, TOLERANCE, `variance on ${target}`);
    }
  });
});

describe("batchNorm", () => {
  it.each(fixtureCases("normalization", "batchNormInference").map((one) => [one.name, one] as const))(
    `equals PyTorch in value and gradients within ${describeTolerance(TOLERANCE)}: %s`,
    (_, one) => {
      const epsilon = Number(one.params.epsilon);
      checkFixture(
        one,
        ([x, gamma, beta, mean, variance]) => batchNorm(x, { gamma, beta, mean, variance, epsilon }),
        TOLERANCE,
      );
    },
  );

  it("without gamma and beta gives (x - mean) / √(variance + 0.001), along any axis", () => {
    for (const target of KERNEL_TARGETS) {
      const run = compile(
        (x, mean, variance) => batchNorm(x, { mean, variance, axis: 0 }),
        [[2, 3], [2], [2]],
        {
          target,
          threads: 1,
        },
      );
      const result = run(
        { shape: [2, 3], data: Float32Array.of(1, 2, 3, 10, 20, 30) },
        { shape: [2], data: Float32Array.of(2, 10) },
        { shape: [2], data: Float32Array.of(3.999, 99.999) },
      );
      // (1 - 2) / √4 = -0.5; (20 - 10) / √100 = 1.
      expectWithin(result.data, [-0.5, 0, 0.5, 0, 1, 2], { relative: 1e-6, absolute: 0 }, target);
    }
  });

  it("behind a convolution is y·scale + shift of its sums, within 4 units in the last place of what they add up", () => {
    // 1 + 0.001·k times filters near 1: sums near 36, with deviations of some hundredths.
    const [image, filter] = [
      [1, 8, 8, 4],
      [3, 3, 4, 16],
    ];
    const x = floatArray(
      Array.from({ length: sizeOf(image) }, (_, i) => 1 + 0.001 * ((i * 7) % 13)),
      image,
    );
    const w = floatArray(
      Array.from({ length: sizeOf(filter) }, (_, i) => 1 + 0.01 * ((i * 5) % 7)),
      filter,
    );
    const channels = (first: number, step: number) =>
      floatArray(
        Array.from({ length: 16 }, (_, i) => first + step * i),
        [16],
      );
    const bias = channels(-2, 0.3);
    const statistics = { gamma: channels(0.5, 0.1), beta: channels(3, -0.2), mean: channels(35, 0.2) };
    const arrays = [x, w, bias, ...Object.values(statistics), channels(0.01, 0.005)];
    for (const withBias of [true, false]) {
      const network = (...inputs: Tensor[]) => {
        const [image, filters, added, gamma, beta, mean, variance] = inputs;
        const sums = conv2d(image, filters);
        return batchNorm(withBias ? add(sums, added) : sums, { gamma, beta, mean, variance, epsilon: 1e-3 });
      };
      const shapes = arrays.map(({ shape }) => shape);
      const expected = compile(network, shapes, { target: "reference" })(...arrays).data;
      for (const target of KERNEL_TARGETS) {
        const run = compile(network, shapes, { target, threads: 1 });
        const convolution = run.report.calls.find(({ multiplyAdds }) => multiplyAdds > 0);
        expect(convolution?.label).toBe("convolution + broadcastTo + multiply + add");
        const actual = run(...arrays).data;
        actual.forEach((value, i) => {
          const scale = (0.5 + 0.1 * (i % 16)) / Math.sqrt(0.01 + 0.005 * (i % 16) + 1e-3);
          expect(Math.abs(value - expected[i]), `${target}, ${i}`).toBeLessThan(4 * 2 ** -23 * 40 * scale);
        });
      }
    }
  });

  it("names the vector whose length is not the number of channels", () => {
    const x = inputTensor([4, 3], "float32");
    const wrong = inputTensor([4], "float32");
    expect(() => batchNormTraining(x, { gamma: wrong })).toThrow(/batchNorm: gamma must be \[3\].*got \[4\]/);
  });
});

describe("a training step of convolution, batch normalisation, ReLU and max pooling", () => {
  it("reads and writes the large tensors five times, besides the convolution", () => {
    const shape = [4, 32, 32, 32];
    const program = compile(
      (x, filters, bias, gamma, beta) => {
        const convolved = add(conv2d(x, filters, { padding: "same" }), bias);
        const { output } = batchNormTraining(convolved, { gamma, beta });
        const loss = sum(tanh(maxPool2d(relu(output), { poolSize: 2 })));
        return [loss, ...gradients(loss, [filters, gamma, beta])];
      },
      [shape, [3, 3, 32, 32], [32], [32], [32]],
      { target: "wasm", threads: 1 },
    );
    const backwards = "relu + repeat + index + toFloat + whereEqual + positiveOnly";
    const passes = program.report.calls
      .filter(({ label }) => !label.includes("convolution"))
      .map(({ label, bytes }) => [label, Math.floor(bytes / (4 * sizeOf(shape)))] as const)
      .filter(([, count]) => count > 0);
    expect(passes).toEqual([
      ["channelMean + channelVariance", 1],
      // Pooling computes its input as it reads, and writes quarters: the maxima and where they are.
      ["broadcastTo + subtract + multiply + add + relu + maxPool + maxPoolWinner", 1],
      // Both sums, with the gradient given to the maxima and ReLU's output computed again, here and below.
      [`sum + broadcastTo + subtract + multiply + add + ${backwards}`, 1],
      [`broadcastTo + multiply + subtract + add + ${backwards}`, 2],
    ]);
  });
});

describe("batchNormTraining's gradient", () => {
  it("is 0 for a bias before it, which changes nothing, and takes no pass to find out", () => {
    const shape = [2, 9, 16];
    const program = compile(
      (x, bias, dy) => {
        const { output } = batchNormTraining(add(x, bias));
        return gradients(sum(multiply(output, dy)), [bias, x]);
      },
      [shape, [16], shape],
      { target: "wasm", threads: 1 },
    );
    const arrays = [shape, [16], shape].map((one, i) => testValues("normal", one, i));
    const [byBias, byInput] = program(...arrays);
    expect([...byBias.data]).toEqual(new Array<number>(16).fill(0));
    for (let channel = 0; channel < 16; channel++) {
      const ofChannel = Array.from(byInput.data).filter((_, i) => i % 16 === channel);
      const sumOfGradients = ofChannel.reduce((total, value) => total + value, 0);
      expect(Math.abs(sumOfGradients)).toBeLessThan(1e-5);
    }
    // x + bias, both moments, both sums, dx; no sum for the bias.
    const large = program.report.calls.filter(({ bytes }) => bytes >= 4 * sizeOf(shape));
    expect(large.length).toBe(4);
  });

  it("takes two kernels over the whole input (both sums, dx), the forward pass two (moments, output)", () => {
    const shape = [64, 9, 16];
    const program = compile(
      (x, gamma, beta, dy) => {
        const { output } = batchNormTraining(x, { gamma, beta });
        return [output, ...gradients(sum(multiply(output, dy)), [x, gamma, beta])];
      },
      [shape, [16], [16], shape],
      { target: "wasm", threads: 1 },
    );
    const whole = program.report.calls.filter(({ bytes }) => bytes >= 4 * sizeOf(shape));
    expect(whole.length).toBe(4);
  });
});
