import { describe, expect, it } from "vitest";
import { deriveKey, Generator } from "../../random/generator.ts";
import { floatArray } from "../../tensor/array.ts";
import { fitLinearHead, type LinearHead, type LinearLoss } from "./linear-head.ts";

/** Features of different scales, one of them constant, and targets that depend on two of them. */
function problem(examples: number, outputs: number, loss: LinearLoss, seed = 1) {
  const random = new Generator(deriveKey(seed, "linear head"));
  const features = new Float32Array(examples * 4);
  const targets = new Float32Array(examples * outputs);
  for (let row = 0; row < examples; row++) {
    const [a, b] = [random.uniform() - 0.5, random.uniform() - 0.5];
    features.set([100 * a + 7, 0.01 * b, random.uniform(), 3], 4 * row);
    const answers = Array.from({ length: outputs }, (_, i) => a * Math.cos(2 * i) + b * Math.sin(2 * i));
    const best = answers.indexOf(Math.max(...answers));
    answers.forEach((answer, i) => {
      targets[row * outputs + i] = {
        softmax: i === best ? 1 : 0,
        sigmoid: answer > 0 ? 1 : 0,
        squared: answer,
      }[loss];
    });
  }
  return { x: floatArray(features, [examples, 4]), y: floatArray(targets, [examples, outputs]) };
}

/** The mean loss with the penalty on standardised features, as the documentation says it, from the layer's own weights. */
function objective(
  { x, y }: ReturnType<typeof problem>,
  head: Pick<LinearHead, "kernel" | "bias">,
  loss: LinearLoss,
  l2: number,
) {
  const [examples, width] = x.shape;
  const [, outputs] = y.shape;
  let sum = 0;
  for (let row = 0; row < examples; row++) {
    const answers = Array.from(head.bias.data, (bias, output) => {
      let answer = bias;
      for (let i = 0; i < width; i++)
        answer += x.data[row * width + i] * head.kernel.data[i * outputs + output];
      return answer;
    });
    const total = Math.log(answers.reduce((all, answer) => all + Math.exp(answer), 0));
    answers.forEach((answer, i) => {
      const target = y.data[row * outputs + i];
      if (loss === "softmax") sum += target * (total - answer);
      if (loss === "sigmoid") sum += (Math.log1p(Math.exp(answer)) - target * answer) / outputs;
      if (loss === "squared") sum += (answer - target) ** 2 / outputs;
    });
  }
  let penalty = 0;
  for (let i = 0; i < width; i++) {
    const column = Array.from({ length: examples }, (_, row) => x.data[row * width + i]);
    const mean = column.reduce((all, one) => all + one, 0) / examples;
    const variance = column.reduce((all, one) => all + (one - mean) ** 2, 0) / examples;
    for (let output = 0; output < outputs; output++)
      penalty += variance * head.kernel.data[i * outputs + output] ** 2;
  }
  return sum / examples + (l2 / 2) * penalty;
}

describe.each<LinearLoss>(["softmax", "sigmoid", "squared"])("a linear head, %s", (loss) => {
  it("has weights that no small change makes better, for features of any scale", () => {
    const given = problem(60, 3, loss);
    const head = fitLinearHead(given.x, given.y, { loss, l2: 0.05, tolerance: 1e-8 });
    expect(head.converged).toBe(true);
    const least = objective(given, head, loss, 0.05);
    const deviations = [29, 0.0029, 0.29, 1];
    for (const sign of [-1, 1]) {
      for (let at = 0; at < 12; at++) {
        const changed = floatArray(head.kernel.data.slice(), head.kernel.shape);
        changed.data[at] += (sign * 0.01) / deviations[Math.floor(at / 3)];
        expect(objective(given, { ...head, kernel: changed }, loss, 0.05)).toBeGreaterThan(least - 1e-9);
      }
      for (let at = 0; at < 3; at++) {
        const bias = floatArray(head.bias.data.slice(), head.bias.shape);
        bias.data[at] += sign * 0.01;
        expect(objective(given, { ...head, bias }, loss, 0.05)).toBeGreaterThan(least - 1e-9);
      }
    }
    // What is the same for all examples tells nothing.
    expect([...head.kernel.data.subarray(9)]).toEqual([0, 0, 0]);
  });

  it("is the same to the bit each time, and wherever the search begins the same to rounding", () => {
    const { x, y } = problem(40, 3, loss);
    const options = { loss, l2: 0.1, tolerance: 1e-8 };
    const head = fitLinearHead(x, y, options);
    expect(fitLinearHead(x, y, options)).toEqual(head);
    const other = fitLinearHead(x, y, { ...options, from: fitLinearHead(x, y, { ...options, l2: 10 }) });
    other.kernel.data.forEach((value, i) => expect(value).toBeCloseTo(head.kernel.data[i], 3));
    expect(other.loss).toBeCloseTo(head.loss, 6);
  });

  it("counts an example of weight 2 as two of weight 1", () => {
    const { x, y } = problem(20, 2, loss);
    const twice = (data: Float32Array, width: number) =>
      Float32Array.of(...data, ...data.subarray(0, 5 * width));
    const weights = new Float32Array(20).fill(1).fill(2, 0, 5);
    const options = { loss, l2: 0.1, tolerance: 1e-9 };
    const weighted = fitLinearHead(x, y, { ...options, sampleWeight: weights });
    const repeated = fitLinearHead(
      floatArray(twice(x.data, 4), [25, 4]),
      floatArray(twice(y.data, 2), [25, 2]),
      options,
    );
    expect(weighted.loss).toBeCloseTo(repeated.loss, 6);
  });
});

it.each<LinearLoss>(["softmax", "sigmoid", "squared"])(
  "is the same for more features than examples, %s",
  (loss) => {
    // Copies of four features with a penalty k times as strong are those features k times as wide, with a head that has a k-th part of the weight in each.
    const { x, y } = problem(6, 3, loss);
    const copies = 3;
    const wide = Float32Array.from(
      { length: 6 * 4 * copies },
      (_, i) => x.data[4 * Math.floor(i / (4 * copies)) + (i % 4)],
    );
    const options = { loss, tolerance: 1e-7 };
    const head = fitLinearHead(x, y, { ...options, l2: 0.1 });
    const other = fitLinearHead(floatArray(wide, [6, 4 * copies]), y, { ...options, l2: 0.1 * copies });
    expect(other.kernel.shape).toEqual([4 * copies, 3]);
    other.kernel.data.forEach((value, i) => {
      const [feature, output] = [Math.floor(i / 3) % 4, i % 3];
      const own = head.kernel.data[feature * 3 + output];
      expect(Math.abs(value * copies - own) * [29, 0.0029, 0.29, 1][feature]).toBeLessThan(1e-5);
    });
    expect(other.loss).toBeCloseTo(head.loss, 6);
    const again = fitLinearHead(floatArray(wide, [6, 4 * copies]), y, {
      loss,
      tolerance: 1e-6,
      l2: 0.1 * copies,
      from: other,
    });
    expect(again.iterations).toBe(0);
    expect(again.loss).toBeCloseTo(other.loss, 9);
  },
);

it("is ridge regression for numbers: half of l2 is its strength for the mean of squares", () => {
  // x of mean 0 and deviation 1, y = 2x: the minimum of (2 - w)² + l2 w² / 2 is w = 4 / (2 + l2).
  const x = floatArray(Float32Array.of(-1, 1), [2, 1]);
  const y = floatArray(Float32Array.of(-2, 2), [2, 1]);
  const { kernel, bias } = fitLinearHead(x, y, { loss: "squared", l2: 2, tolerance: 1e-10 });
  expect(kernel.data[0]).toBeCloseTo(1, 6);
  expect(bias.data[0]).toBeCloseTo(0, 6);
});

it("refuses what does not fit", () => {
  const { x, y } = problem(4, 2, "softmax");
  const options = { loss: "softmax", l2: 0.1 } as const;
  expect(() => fitLinearHead(x, floatArray(y.data.subarray(0, 6), [3, 2]), options)).toThrow(
    /got \[4,4\] and \[3,2\]/,
  );
  expect(() => fitLinearHead(x, y, { ...options, l2: 0 })).toThrow("l2 must be a number above 0; got 0");
  const broken = floatArray(x.data.with(5, NaN), x.shape);
  expect(() => fitLinearHead(broken, y, options)).toThrow(
    "every feature must be finite; got NaN in example 1",
  );
});
