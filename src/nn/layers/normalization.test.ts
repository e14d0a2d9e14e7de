import { describe, expect, it } from "vitest";
import type { Dataset } from "../../data/dataset.ts";
import { compile } from "../../graph/compile.ts";
import { floatArray } from "../../tensor/array.ts";
import { modelFromBytes, modelToBytes } from "../checkpoint/index.ts";
import type { Layer } from "../layer.ts";
import { sequential } from "../model.ts";
import { sequentialNetwork } from "../network-builders.ts";
import { dense, exampleNormalization, flatten, normalization } from "./index.ts";
import { featureStatistics, statisticsAccumulator } from "./normalization-statistics.ts";

function run(layer: Layer, batch: number, data: readonly number[]): number[] {
  const network = sequentialNetwork([layer]);
  const shape = [batch, ...network.inputShapes[0]];
  const program = compile((x) => network.apply([x], { training: false }), [shape], { arena: network.arena });
  return [...program(floatArray(data, shape)).data];
}

function windows(inputShape: readonly number[], examples: readonly (readonly number[])[]): Dataset {
  return {
    name: "windows",
    length: examples.length,
    inputShape,
    targetShape: [2],
    targetDtype: "float32",
    read(indices, inputs) {
      Array.from(indices).forEach((index, i) => inputs.set(examples[index], i * examples[index].length));
    },
  };
}

describe("normalization", () => {
  it("subtracts the mean and divides by the root of the variance, for each frequency", () => {
    const layer = normalization({ axis: 2, mean: [1, -2], variance: [4, 0.25], inputShape: [2, 2, 1] });
    // (5 - 1) / 2, (-1 + 2) / 0.5, (1 - 1) / 2, (-3 + 2) / 0.5
    expect(run(layer, 1, [5, -1, 1, -3])).toEqual([2, 2, 0, -2]);
  });

  it("divides by epsilon where the variance is less than its square", () => {
    expect(run(normalization({ variance: 0, epsilon: 0.25, inputShape: [1] }), 1, [2])).toEqual([8]);
  });

  it("keeps its statistics as weights that nothing trains", () => {
    const network = sequentialNetwork([normalization({ axis: 2, mean: [1, -2], inputShape: [3, 2, 1] })]);
    expect(network.parameters.length).toBe(0);
    expect(network.getWeights().get("normalization_1/mean")).toEqual(floatArray([1, -2], [2]));
    expect(network.getWeights().get("normalization_1/variance")).toEqual(floatArray([1, 1], [2]));
  });

  it.each([
    { axis: 2, mean: [1, -2], variance: [4, 9] },
    { axis: [], mean: 1, variance: 4 },
  ])("keeps them in a model file: %o", async (statistics) => {
    const model = sequential(
      [normalization({ ...statistics, inputShape: [3, 2, 1] }), flatten(), dense({ units: 2 })],
      { threads: 1 },
    );
    const again = modelFromBytes(modelToBytes(model), "normalized.safetensors", { threads: 1 });
    expect(again.getWeights()).toEqual(model.getWeights());
    const x = floatArray([1, 2, 3, 4, 5, 6], [1, 3, 2, 1]);
    expect(await again.predict(x)).toEqual(await model.predict(x));
  });

  it("refuses the batch axis, lists of the wrong length and variances below 0", () => {
    expect(() => run(normalization({ axis: 0, inputShape: [2] }), 1, [1, 2])).toThrow(
      /layer normalization_1: normalization: axis must not be 0, the batch; got \[0\]/,
    );
    expect(() => sequentialNetwork([normalization({ mean: [1, 2], inputShape: [3] })])).toThrow(
      /mean must be one number or 3, one for each index of the axes \[3\]; got 2/,
    );
    expect(() => normalization({ variance: [1, -1] })).toThrow(/variance must be .* 0 or more; got \[1,-1\]/);
    expect(() => normalization({ epsilon: 0 })).toThrow(/epsilon must be/);
  });
});

describe("exampleNormalization", () => {
  it("gives each example mean 0 and variance 1", () => {
    const layer = exampleNormalization({ epsilon: 0, inputShape: [2, 2, 1] });
    // 1, 3, 1, 3: mean 2, variance 1; -10, -10, -10, -6: mean -9, variance (3·1 + 9) / 4 = 3
    const [a, b] = [-1 / Math.sqrt(3), 3 / Math.sqrt(3)];
    const expected = [-1, 1, -1, 1, a, a, a, b];
    run(layer, 2, [1, 3, 1, 3, -10, -10, -10, -6]).forEach((value, i) =>
      expect(value).toBeCloseTo(expected[i], 6),
    );
  });

  it("gives each channel of each example its own", () => {
    const layer = exampleNormalization({ epsilon: 0, perChannel: true, inputShape: [2, 2] });
    // Channel 0: 1, 3; channel 1: 10, -10.
    expect(run(layer, 1, [1, 10, 3, -10])).toEqual([-1, 1, 1, -1]);
  });

  it("leaves silence silent", () => {
    expect(run(exampleNormalization({ inputShape: [4, 1] }), 1, [-80, -80, -80, -80])).toEqual([0, 0, 0, 0]);
  });

  it("refuses channels that have but one value", () => {
    expect(() => sequentialNetwork([exampleNormalization({ perChannel: true, inputShape: [3] })])).toThrow(
      /perChannel needs examples with another axis than the channels; got \[1,3\]/,
    );
  });
});

describe("featureStatistics", () => {
  // Two windows of two frames and two frequencies: frequency 0 has 1, 2, 3, 6, frequency 1 has -4 four times.
  const data = windows(
    [2, 2, 1],
    [
      [1, -4, 2, -4],
      [3, -4, 6, -4],
    ],
  );

  it("has a mean and a biased variance for each frequency, and for a constant one the floor", async () => {
    // Mean 3, variance (4 + 1 + 0 + 9) / 4. The mean variance is half of that, and the floor a hundredth of it.
    expect(await featureStatistics(data, { axis: 2 })).toEqual({
      axis: [2],
      mean: [3, -4],
      variance: [3.5, 0.01 * 1.75],
    });
  });

  it("has one of all values", async () => {
    // Mean -0.5; squares 2.25 + 6.25 + 12.25 + 42.25 + 4·12.25 = 112; over 8.
    const all = { axis: [], mean: [-0.5], variance: [14] };
    expect(await featureStatistics(data, { axis: [] })).toEqual(all);
    expect(await featureStatistics(data)).toEqual({ ...all, axis: [-1] });
  });

  it("are options of the layer: what they were taken from gets mean 0 and variance 1", async () => {
    const layer = normalization({ ...(await featureStatistics(data, { axis: 2 })), inputShape: [2, 2, 1] });
    const root = Math.sqrt(3.5);
    [-2 / root, 0, -1 / root, 0].forEach((value, i) =>
      expect(run(layer, 1, [1, -4, 2, -4])[i]).toBeCloseTo(value, 6),
    );
  });

  it("takes examples of any number of frames", () => {
    const accumulator = statisticsAccumulator({ axis: 2 });
    accumulator.add(floatArray([1, 10, 2, 20, 6, 60], [3, 2, 1]));
    accumulator.add(floatArray([3, 30], [1, 2, 1]));
    // As above, and ten times as much: variances 3.5 and 350.
    expect(accumulator.result()).toEqual({ axis: [2], mean: [3, 30], variance: [3.5, 350] });
  });

  it("keeps its digits where the mean is large against the deviations", () => {
    const accumulator = statisticsAccumulator();
    for (let i = 0; i < 10_000; i++) accumulator.add(floatArray([1e6, 1e6 + 0.5], [2, 1]));
    // Deviations ± 0.25. Sums of squares, 2e16, would be spaced 4 apart.
    expect(accumulator.result().variance[0]).toBeCloseTo(0.0625, 9);
  });

  it("separates axes that are not next to each other", () => {
    const accumulator = statisticsAccumulator({ axis: [1, 3] });
    accumulator.add(floatArray([1, 2, 3, 4, 5, 6, 7, 8], [2, 2, 2]));
    // [0,:,0] = 1, 3; [0,:,1] = 2, 4; [1,:,0] = 5, 7; [1,:,1] = 6, 8
    expect(accumulator.result()).toEqual({ axis: [1, 3], mean: [2, 3, 6, 7], variance: [1, 1, 1, 1] });
  });

  it("compares features of one channel alone: columns of a table keep their units", () => {
    const accumulator = statisticsAccumulator();
    accumulator.add(floatArray([-1, 1e-6, 1, -1e-6, 1, 1e-6, -1, -1e-6], [4, 2]));
    const { variance } = accumulator.result();
    expect(variance[0]).toBe(1);
    expect(variance[1]).toBeCloseTo(1e-12, 18);
  });

  it("gives a constant channel the deviation of all features, and a constant whole the magnitude of its means, or 1", () => {
    const variancesOf = (values: readonly number[], axis: readonly number[]) => {
      const accumulator = statisticsAccumulator({ axis });
      accumulator.add(floatArray(values, [values.length / 4, 2, 2]));
      return accumulator.result().variance;
    };
    // Channel 0 is 1 and 5 at frequency 0 (variance 4), -3 and 1 at frequency 1 (4); channel 1 is 7. Mean of all: 2.
    expect(variancesOf([1, 7, -3, 7, 5, 7, 1, 7], [2, 3])).toEqual([4, 2, 4, 2]);
    // (80² + 60²) / 2
    expect(variancesOf([-80, -80, -60, -60, -80, -80, -60, -60], [2])).toEqual([5000, 5000]);
    expect(variancesOf(new Array<number>(8).fill(0), [2])).toEqual([1, 1]);
  });

  it("takes the range where it is asked for, to which the layer holds what it is given", async () => {
    const statistics = await featureStatistics(data, { axis: 2, range: true });
    expect(statistics).toMatchObject({ minimum: [1, -4], maximum: [6, -4] });
    const layer = normalization({ ...statistics, inputShape: [1, 2, 1] });
    const root = Math.sqrt(3.5);
    [0, 0, 3 / root, 0, -2 / root, 0].forEach((value, i) =>
      expect(run(layer, 3, [3, -4, 100, 70, -100, -90])[i]).toBeCloseTo(value, 6),
    );
  });

  it("refuses nothing, NaN, and other numbers of frequencies", async () => {
    await expect(featureStatistics(windows([1, 1], []))).rejects.toThrow(/needs at least one example/);
    await expect(featureStatistics(windows([1, 1], [[NaN]]))).rejects.toThrow(/every feature must be finite/);
    const accumulator = statisticsAccumulator({ axis: 2 });
    accumulator.add(floatArray([1, 2], [1, 2, 1]));
    expect(() => accumulator.add(floatArray([1, 2, 3], [1, 3, 1]))).toThrow(/got \[3\] after \[2\]/);
  });
});
